use snapbox::{assert_data_eq, str};

use crate::project::Project;

#[test]
fn a_new_project_is_valid() {
    let project = Project::empty();
    assert_data_eq!(
        project.run(&["init", "shop"]),
        str![[r#"
exit 0
--- stdout
--- stderr
wrote shop/lowtide.toml
wrote shop/specs/base.toml
wrote shop/specs/runtime.toml
wrote shop/environments/dev.toml
wrote shop/.gitignore

To see what it would make: lowtide -C shop plan -e dev

"#]]
    );
    assert_eq!(
        project.files("."),
        ["shop/.gitignore", "shop/environments/dev.toml", "shop/lowtide.toml", "shop/specs/base.toml", "shop/specs/runtime.toml"]
    );
    assert_data_eq!(
        project.run(&["-C", "shop", "validate"]),
        str![[r#"
exit 0
--- stdout
--- stderr
Valid: 2 stacks.

"#]]
    );
    assert_data_eq!(
        project.run(&["-C", "shop/specs", "validate", "-e", "dev"]),
        str![[r#"
exit 0
--- stdout
--- stderr
Valid: 2 stacks.

"#]]
    );
    assert_data_eq!(
        project.run(&["init", "shop"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Files in the way
  `shop/lowtide.toml`, `shop/specs/base.toml`, `shop/specs/runtime.toml`,
  `shop/environments/dev.toml` are there already, and init overwrites nothing. Nothing was
  written.
  hint: name another folder: lowtide init DIR

1 error.

"#]]
    );
}

#[test]
fn a_project_is_drawn() {
    let project = Project::empty();
    project.stdout(&["init"]);
    assert_data_eq!(
        project.run(&["graph"]),
        str![[r##"
exit 0
--- stdout
digraph lowtide {
  rankdir = "LR"
  node [shape = "box", style = "rounded,filled", fillcolor = "white", fontname = "sans-serif"]
  "runtime" [label = "stack runtime"]
  "base" [label = "stack base"]
  subgraph cluster_1 {
    label = "base"
    color = "#8c959f"
    "base/aws_vpc.main" [label = "aws_vpc.main"]
    "base/data.aws_availability_zones.available" [label = "data.aws_availability_zones.available"]
    "base/aws_subnet.private" [label = "aws_subnet.private"]
  }
  subgraph cluster_2 {
    label = "runtime"
    color = "#8c959f"
    "runtime/aws_security_group.app" [label = "aws_security_group.app"]
    "runtime/aws_vpc_security_group_egress_rule.https" [label = "aws_vpc_security_group_egress_rule.https"]
    "runtime/aws_cloudwatch_log_group.app" [label = "aws_cloudwatch_log_group.app"]
  }
  "base/aws_subnet.private" -> "base/aws_vpc.main"
  "base/aws_subnet.private" -> "base/data.aws_availability_zones.available"
  "runtime/aws_vpc_security_group_egress_rule.https" -> "runtime/aws_security_group.app"
  "runtime" -> "base"
}
--- stderr

"##]]
    );
    assert_data_eq!(
        project.run(&["graph", "base", "--format", "mermaid"]),
        str![[r#"
exit 0
--- stdout
flowchart LR
  subgraph g0["base"]
    n0["aws_vpc.main"]
    n1["data.aws_availability_zones.available"]
    n2["aws_subnet.private"]
  end
  n2 --> n0
  n2 --> n1
--- stderr

"#]]
    );
}

#[test]
fn what_is_there_stays_as_it_is() {
    let project = Project::empty();
    project.write(".gitignore", "/target\n");
    project.write("specs/base.toml", "mine");
    assert_data_eq!(
        project.run(&["init"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Files in the way
  `specs/base.toml` is there already, and init overwrites nothing. Nothing was written.
  hint: name another folder: lowtide init DIR

1 error.

"#]]
    );
    assert_eq!(project.files("."), [".gitignore", "specs/base.toml"]);
    std::fs::remove_file(project.path("specs/base.toml")).expect("it is there");
    assert!(project.run(&["init"]).contains("left .gitignore as it is; it should hold the line: /state/\n"));
    assert_eq!(project.read(".gitignore"), "/target\n");
}
