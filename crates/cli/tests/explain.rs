use snapbox::{assert_data_eq, str};

use crate::project::Project;

#[test]
fn a_kind_and_its_attributes_are_explained() {
    let project = Project::empty();
    assert_data_eq!(
        project.run(&["explain", "terraform_data"]),
        str![[r#"
exit 0
--- stdout
terraform_data  Resource of builtin, in the state alone.
A value that lives in the state: it carries data along, and gives other resources something to
follow.

Arguments
  input  any value
      Any value; `output` is the same once it is applied.
  triggers_replace  any value
      Any value; when it changes, the resource is replaced, and with it what is told to follow.
      A change replaces the resource.

Outputs
  id  string
      Its id.
  output  any value
      The value of `input`.
      Known before apply where its parts are. Renewed when input changes.

Import
  lowtide import terraform_data.NAME ID
--- stderr

"#]]
    );
    assert_data_eq!(
        project.run(&["explain", "terraform_data", "--format", "markdown"]),
        str![[r#"
exit 0
--- stdout
# terraform_data

A value that lives in the state: it carries data along, and gives other resources something to follow.

_Resource of builtin, in the state alone._

## Arguments

- `input` (any value): Any value; `output` is the same once it is applied.
- `triggers_replace` (any value): Any value; when it changes, the resource is replaced, and with it what is told to follow. A change replaces the resource.

## Outputs

- `id` (string): Its id.
- `output` (any value): The value of `input`. Known before apply where its parts are. Renewed when `input` changes.

## Import

```sh
lowtide import terraform_data.NAME ID
```
--- stderr

"#]]
    );
    assert_data_eq!(
        project.run(&["explain", "terraform_data.triggers_replace"]),
        str![[r#"
exit 0
--- stdout
terraform_data.triggers_replace  any value
Any value; when it changes, the resource is replaced, and with it what is told to follow.
A change replaces the resource.
--- stderr

"#]]
    );
    assert_data_eq!(
        project.run(&["explain", "data.aws_partition.partition"]),
        str![[r#"
exit 0
--- stdout
aws_partition.partition  string
The partition, as ARNs have it: `aws`, `aws-cn`, `aws-us-gov`…
--- stderr

"#]]
    );
}

#[test]
fn a_slip_is_recognised() {
    let project = Project::empty();
    assert_data_eq!(
        project.run(&["explain", "aws_vcp"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Unknown kind
  There is no kind `aws_vcp`.
  hint: did you mean `aws_vpc`?

1 error.

"#]]
    );
    assert_data_eq!(
        project.run(&["explain", "aws_vpc.cidr_blok"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Unknown attribute
  `aws_vpc` has no attribute `cidr_blok`.
  hint: did you mean `cidr_block`?

1 error.

"#]]
    );
    assert_data_eq!(
        project.run(&["explain", "banana"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Unknown kind
  There is no kind `banana`.
  hint: see what there is: lowtide explain

1 error.

"#]]
    );
}

#[test]
fn all_kinds_are_listed() {
    let text = Project::empty().stdout(&["explain"]);
    for line in ["Resources", "  aws_vpc ", "  terraform_data ", "Data sources", "  aws_caller_identity "] {
        assert!(text.lines().any(|found| found.starts_with(line)), "{line}: {text}");
    }
}
