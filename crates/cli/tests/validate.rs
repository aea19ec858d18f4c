use snapbox::{assert_data_eq, str};

use crate::project::{CHAIN, Project};

const BAD: &str = r#"[resource.terraform_dat.one]
input = "x"

[resource.terraform_data.two]
inputs = "x"

[resource.terraform_data.three]
input = "${terraform_data.fuor.output} ${var.nothing}"

[resource.aws_vpc.main]
cidr_block = "10.0.0.0/33"
"#;

#[test]
fn a_good_spec_is_valid() {
    assert_data_eq!(
        Project::of(CHAIN).run(&["validate"]),
        str![[r#"
exit 0
--- stdout
--- stderr
Valid: 1 stack.

"#]]
    );
}

#[test]
fn every_mistake_is_told_with_its_place() {
    assert_data_eq!(
        Project::of(BAD).run(&["validate"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Unknown kind
 --> main.toml:1:25
  |
1 | [resource.terraform_dat.one]
  |                         ^^^
  There is no resource kind `terraform_dat`.
  hint: did you mean `terraform_data`?

error: Unknown attribute
 --> main.toml:5:1
  |
5 | inputs = "x"
  | ^^^^^^
  terraform_data has no attribute `inputs`.
  hint: did you mean `input`?

error: Unknown resource
 --> main.toml:8:12
  |
8 | input = "${terraform_data.fuor.output} ${var.nothing}"
  |            ^^^^^^^^^^^^^^^^^^^^^^^^^^
  No resource `terraform_data.fuor` is declared in this stack.
  hint: declare it: [resource.terraform_data.fuor]

error: Unknown variable
 --> main.toml:8:42
  |
8 | input = "${terraform_data.fuor.output} ${var.nothing}"
  |                                          ^^^^^^^^^^^
  No variable `nothing` is declared in this stack.
  hint: declare it: [variable.nothing]

error: Invalid CIDR block
  --> main.toml:11:14
   |
11 | cidr_block = "10.0.0.0/33"
   |              ^^^^^^^^^^^^^
  `cidr_block` must be a block of addresses, such as 10.0.0.0/16; "10.0.0.0/33" is none.
  hint: the length behind the slash goes from 0 to 32

5 errors.

"#]]
    );
}

#[test]
fn mistakes_are_json_for_programs() {
    let project = Project::of("[resource.terraform_data.two]\ninputs = \"x\"\n");
    assert_data_eq!(
        project.run(&["validate", "--json"]),
        str![[r#"
exit 1
--- stdout
{"diagnostics":[{"detail":"terraform_data has no attribute `inputs`.","hints":["did you mean `input`?"],"range":{"end":{"byte":36,"column":7,"line":2},"filename":"main.toml","start":{"byte":30,"column":1,"line":2}},"severity":"error","snippet":{"code":"inputs = /"x/"","context":null,"highlight_end_offset":6,"highlight_start_offset":0,"start_line":2,"values":[]},"summary":"Unknown attribute"}],"error_count":1,"format_version":"1.0","valid":false,"warning_count":0}
--- stderr

"#]]
    );
    project.write("main.toml", CHAIN);
    assert_data_eq!(
        project.run(&["validate", "--json"]),
        str![[r#"
exit 0
--- stdout
{"diagnostics":[],"error_count":0,"format_version":"1.0","valid":true,"warning_count":0}
--- stderr

"#]]
    );
}

#[test]
fn files_of_variables_are_checked_too() {
    let project = Project::of_two();
    project.write("dev.toml", "greting = \"moin\"\nother = \n");
    assert_data_eq!(
        project.run(&["validate"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Invalid TOML
 --> dev.toml:2:9
  |
2 | other = 
  |         ^
  String values must be quoted, expected literal string.
  hint: strings stand in quotes; in '…' nothing needs to be escaped, which suits expressions with
        quotes of their own

1 error.

"#]]
    );
    project.write("dev.toml", "greting = \"moin\"\n");
    assert_data_eq!(
        project.run(&["validate"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Unknown variable
 --> dev.toml:1:1
  |
1 | greting = "****"
  | ^^^^^^^
  `greting` in a file of variables is given, and no stack declares the variable `greting`.
  hint: did you mean `greeting`?

1 error.

"#]]
    );
}

#[test]
fn values_of_sensitive_variables_are_hidden_where_their_place_is_shown() {
    let project = Project::of_two();
    project.write("ground.toml", "[variable.secret]\ntype = \"number\"\nsensitive = true\n");
    project.write("top.toml", "");
    project.write("dev.toml", "secret = \"c4n4ry\"\n");
    let told = project.run(&["plan", "-e", "dev"]) + &project.run(&["plan", "-e", "dev", "--json"]);
    assert!(told.contains("1 | secret = \"******\"") && !told.contains("c4n4ry"), "{told}");
    project.write("dev.toml", "secret = \"c4n4ry\" \"\n");
    let told = project.run(&["plan", "-e", "dev"]);
    assert!(told.contains("1 | secret = \"******\"") && !told.contains("c4n4ry"), "{told}");
}

#[test]
fn a_cycle_is_shown_as_a_path() {
    let project = Project::of(
        "[resource.terraform_data.a]\ninput = \"${terraform_data.b.id}\"\n\n[resource.terraform_data.b]\ninput = \"${terraform_data.a.id}\"\n",
    );
    assert_data_eq!(
        project.run(&["validate"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Cycle
 --> main.toml:2:12
  |
2 | input = "${terraform_data.b.id}"
  |            ^^^^^^^^^^^^^^^^^^^
...
5 | input = "${terraform_data.a.id}"
  |            ------------------- `terraform_data.b` refers to `terraform_data.a` here
  These refer to each other in a circle, so none of them can come first: `terraform_data.a` →
  `terraform_data.b` → `terraform_data.a`.
  hint: break the circle: take one of these references out, or split one of the resources in two

1 error.

"#]]
    );
}

#[test]
fn a_mistake_in_the_project_file_is_told() {
    let project = Project::of(CHAIN);
    project.write("lowtide.toml", "[project]\nname = \"demo\"\n\n[stack.main]\nspec = \"main.toml\"\n");
    assert_data_eq!(
        project.run(&["validate"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: No stacks
 --> lowtide.toml:1:1
  |
1 | [project]
  | ^
  The project lists no stack, so there is nothing to plan.
  hint: add [stacks.base] with spec = "specs/base.toml"

error: Unknown key
 --> lowtide.toml:4:2
  |
4 | [stack.main]
  |  ^^^^^
  The project file has no key `stack`.
  hint: did you mean `stacks`?

2 errors.

"#]]
    );
}

/// A network with a mistake that no resource makes alone.
const NETWORK: &str = r#"[variable.region]
type = "string"

[resource.aws_vpc.main]
cidr_block = "10.0.0.0/16"

[resource.aws_internet_gateway.main]
vpc_id = "${aws_vpc.main.id}"

[resource.aws_subnet.a]
vpc_id = "${aws_vpc.main.id}"
cidr_block = "10.0.0.0/20"
availability_zone = "${var.region}a"

[resource.aws_eip.nat]
domain = "vpc"

[resource.aws_nat_gateway.main]
subnet_id = "${aws_subnet.a.id}"
allocation_id = "${aws_eip.nat.id}"

[output.vpc_id]
value = "${aws_vpc.main.id}"
"#;

const USER: &str = r#"[stack]
requires = ["ground"]

[resource.aws_subnet.b]
vpc_id = "${stack.ground.vpc_id}"
cidr_block = "10.0.8.0/24"

[resource.aws_subnet.c]
vpc_id = "${stack.ground.vpc_id}"
cidr_block = "10.0.8.0/28"
"#;

fn network() -> Project {
    let project = Project::empty();
    project.write(
        "lowtide.toml",
        "[project]\nname = \"demo\"\n\n[stacks.ground]\nspec = \"ground.toml\"\n\n[stacks.top]\nspec = \"top.toml\"\n",
    );
    project.write("ground.toml", NETWORK);
    project.write("top.toml", USER);
    project
}

#[test]
fn resources_are_checked_beside_each_other_without_asking_anybody() {
    assert_data_eq!(
        network().run(&["validate"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Conflicting resources
  --> top.toml:6:14
   |
 6 | cidr_block = "10.0.8.0/24"
   |              ^^^^^^^^^^^^^
   |
  ::: ground.toml:10:22
   |
10 | [resource.aws_subnet.a]
   |                      - `ground/aws_subnet.a` is declared here
  `10.0.8.0/24` overlaps `10.0.0.0/20` of `ground/aws_subnet.a`, and no two subnets of a VPC may
  share addresses.
  hint: give each subnet a block of its own

error: Conflicting resources
  --> top.toml:10:14
   |
10 | cidr_block = "10.0.8.0/28"
   |              ^^^^^^^^^^^^^
   |
  ::: ground.toml:10:22
   |
10 | [resource.aws_subnet.a]
   |                      - `ground/aws_subnet.a` is declared here
  `10.0.8.0/28` overlaps `10.0.0.0/20` of `ground/aws_subnet.a`, and no two subnets of a VPC may
  share addresses.
  hint: give each subnet a block of its own

error: Conflicting resources
  --> top.toml:10:14
   |
 4 | [resource.aws_subnet.b]
   |                      - `aws_subnet.b` is declared here
...
10 | cidr_block = "10.0.8.0/28"
   |              ^^^^^^^^^^^^^
  `10.0.8.0/28` overlaps `10.0.8.0/24` of `aws_subnet.b`, and no two subnets of a VPC may share
  addresses.
  hint: give each subnet a block of its own

3 errors.

"#]]
    );
}

#[test]
fn a_stack_is_checked_without_those_it_requires() {
    assert_data_eq!(
        network().run(&["validate", "top"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Conflicting resources
  --> top.toml:10:14
   |
 4 | [resource.aws_subnet.b]
   |                      - `aws_subnet.b` is declared here
...
10 | cidr_block = "10.0.8.0/28"
   |              ^^^^^^^^^^^^^
  `10.0.8.0/28` overlaps `10.0.8.0/24` of `aws_subnet.b`, and no two subnets of a VPC may share
  addresses.
  hint: give each subnet a block of its own

1 error.

"#]]
    );
}

#[test]
fn what_nobody_writes_is_drawn_dashed() {
    assert_data_eq!(
        network().run(&["graph", "ground", "--format", "mermaid"]),
        str![[r#"
exit 0
--- stdout
flowchart LR
  subgraph g0["ground"]
    n0["aws_vpc.main"]
    n1["aws_subnet.a"]
    n2["aws_internet_gateway.main"]
    n3["aws_eip.nat"]
    n4["aws_nat_gateway.main"]
  end
  n1 --> n0
  n2 --> n0
  n4 --> n3
  n4 --> n1
  n3 -.-> n2
  n4 -.-> n2
--- stderr

"#]]
    );
}
