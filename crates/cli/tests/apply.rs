use snapbox::{assert_data_eq, str};

use crate::project::{CHAIN, Project};

#[test]
fn apply_does_what_it_shows_and_then_nothing_is_left_to_do() {
    let project = Project::of(CHAIN);
    assert_data_eq!(
        project.run(&["apply", "--yes"]),
        str![[r#"
exit 0
--- stdout
main  demo

   + terraform_data.first will be created
        input: "hello"
        and 1 more, known after apply

   + terraform_data.second will be created
        input:
          greeting: "hello"
          password: (sensitive value)
        and 1 more, known after apply

Outputs:
   + greeting: "hello"
   + id:       (known after apply)
   + names:    ["a", "b"]
   + password: (sensitive value)

Plan: 2 to create, 0 to update, 0 to replace, 0 to destroy.

Outputs of main:
  greeting: "hello"
  id:       "[ID]"
  names:    ["a", "b"]
  password: (sensitive value)
--- stderr
main: taking 2 steps…
terraform_data.first: creating…
terraform_data.first: created in [TIME] [[ID]]
terraform_data.second: creating…
terraform_data.second: created in [TIME] [[ID]]

Apply complete: 2 created, 0 updated, 0 replaced, 0 destroyed in [TIME].

"#]]
    );
    assert_data_eq!(
        project.run(&["apply", "--yes"]),
        str![[r#"
exit 0
--- stdout
main  demo

No changes. main matches its spec.
--- stderr
main: looking at 2 resources…

"#]]
    );
    assert_data_eq!(
        project.run(&["destroy", "--yes"]),
        str![[r#"
exit 0
--- stdout
main  demo

   - terraform_data.second will be destroyed  [[ID]]

   - terraform_data.first will be destroyed  [[ID]]

Outputs:
   - greeting: "hello"
   - id:       "[ID]"
   - names:    ["a", "b"]
   - password: (sensitive value)

Plan: 0 to create, 0 to update, 0 to replace, 2 to destroy.
--- stderr
main: looking at 2 resources…
main: taking 2 steps…
terraform_data.second: destroying…
terraform_data.second: destroyed in [TIME]
terraform_data.first: destroying…
terraform_data.first: destroyed in [TIME]

Destroy complete: 2 destroyed in [TIME].

"#]]
    );
    assert_data_eq!(
        project.run(&["destroy", "--yes"]),
        str![[r#"
exit 0
--- stdout
main  demo

Nothing to destroy. main is empty.
--- stderr

"#]]
    );
}

#[test]
fn without_a_terminal_yes_must_be_said() {
    let project = Project::of(CHAIN);
    assert_data_eq!(
        project.run(&["apply"]),
        str![[r#"
exit 1
--- stdout
main  demo

   + terraform_data.first will be created
        input: "hello"
        and 1 more, known after apply

   + terraform_data.second will be created
        input:
          greeting: "hello"
          password: (sensitive value)
        and 1 more, known after apply

Outputs:
   + greeting: "hello"
   + id:       (known after apply)
   + names:    ["a", "b"]
   + password: (sensitive value)

Plan: 2 to create, 0 to update, 0 to replace, 0 to destroy.
--- stderr
error: Approval needed
  There is no terminal on which to ask whether to go on. Nothing was done.
  hint: if the plan is what you want, add --yes
  hint: or keep a plan, look at it, and apply that one: lowtide plan --out FILE, then lowtide
        apply FILE

1 error.

"#]]
    );
    assert!(!project.files("state").iter().any(|name| name.ends_with("/state")));
}

#[test]
fn what_happens_is_lines_of_json_for_programs() {
    let project = Project::of("[resource.terraform_data.one]\ninput = \"x\"\n");
    assert_data_eq!(
        project.run(&["apply", "--yes", "--json"]),
        str![[r#"
exit 0
--- stdout
{"format_version":"1.0","plan":{"applyable":true,"complete":true,"configuration":{"provider_config":{"aws":{"expressions":{"region":{"constant_value":""}},"full_name":"registry.terraform.io/hashicorp/aws","name":"aws"}},"root_module":{"resources":[{"address":"terraform_data.one","mode":"managed","name":"one","provider_config_key":"terraform","schema_version":0,"type":"terraform_data"}]}},"errored":false,"format_version":"1.2","lowtide":{"blocked":[],"destroy":false,"environment":"default","kept":[],"lineage":"","project":"demo","serial":0,"stack":"main","warnings":[]},"lowtide_version":"0.1.0","output_changes":{},"planned_values":{"outputs":{},"root_module":{"resources":[{"address":"terraform_data.one","mode":"managed","name":"one","provider_name":"terraform.io/builtin/terraform","schema_version":0,"sensitive_values":{},"type":"terraform_data","values":{"input":"x","output":"x","triggers_replace":null}}]}},"resource_changes":[{"address":"terraform_data.one","change":{"actions":["create"],"after":{"input":"x","output":"x","triggers_replace":null},"after_sensitive":{},"after_unknown":{"id":true},"before":null,"before_sensitive":false},"mode":"managed","name":"one","provider_name":"terraform.io/builtin/terraform","type":"terraform_data"}]},"type":"planned"}
{"format_version":"1.0","stack":"main","steps":1,"type":"applying"}
{"action":"create","address":"terraform_data.one","format_version":"1.0","step":0,"type":"started"}
{"action":"create","address":"terraform_data.one","elapsed_ms":[TIME],"format_version":"1.0","id":"[ID]","outcome":"done","step":0,"type":"ended"}
{"elapsed_ms":[TIME],"format_version":"1.0","stack":"main","type":"applied"}
--- stderr

Apply complete: 1 created, 0 updated, 0 replaced, 0 destroyed in [TIME].

"#]]
    );
}

#[test]
fn several_stacks_are_applied_in_order_and_destroyed_in_reverse() {
    let project = Project::of_two();
    assert_data_eq!(
        project.run(&["apply", "--yes", "-e", "dev"]),
        str![[r#"
exit 0
--- stdout
ground  demo, environment dev

   + terraform_data.base will be created
        input: "moin"
        and 1 more, known after apply

Outputs:
   + greeting: "moin"
   + id:       (known after apply)

Plan: 1 to create, 0 to update, 0 to replace, 0 to destroy.

top  demo, environment dev

   + terraform_data.user will be created
        input: (known after apply)
        and 2 more, known after apply

Outputs:
   + greeting: "MOIN"

Plan: 1 to create, 0 to update, 0 to replace, 0 to destroy.

2 stacks in all: 2 to create, 0 to update, 0 to replace, 0 to destroy.

Outputs of ground:
  greeting: "moin"
  id:       "[ID]"

Outputs of top:
  greeting: "MOIN"
--- stderr
ground: taking 1 step…
terraform_data.base: creating…
terraform_data.base: created in [TIME] [[ID]]
top: taking 1 step…
terraform_data.user: creating…
terraform_data.user: created in [TIME] [[ID]]

ground
Apply complete: 1 created, 0 updated, 0 replaced, 0 destroyed in [TIME].

top
Apply complete: 1 created, 0 updated, 0 replaced, 0 destroyed in [TIME].

"#]]
    );
    assert_data_eq!(
        project.run(&["destroy", "--yes", "-e", "dev"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Persistent stack
 --> ground.toml:1:1
  |
1 | [variable.greeting]
  | ^
  Stack `ground` is persistent: what it holds is meant to stay.
  hint: to destroy it all the same, add --allow-persistent
  hint: a stack that comes and goes says lifecycle = "ephemeral"

1 error.

"#]]
    );
    assert_data_eq!(
        project.run(&["destroy", "ground", "--allow-persistent", "--yes", "-e", "dev"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Stack still needed
  Stack `top` requires `ground` and still has resources.
  hint: destroy it first: lowtide destroy top -e dev

1 error.

"#]]
    );
    assert_data_eq!(
        project.run(&["destroy", "--allow-persistent", "--yes", "-e", "dev"]),
        str![[r#"
exit 0
--- stdout
top  demo, environment dev

   - terraform_data.user will be destroyed  [[ID]]

Outputs:
   - greeting: "MOIN"

Plan: 0 to create, 0 to update, 0 to replace, 1 to destroy.

ground  demo, environment dev

   - terraform_data.base will be destroyed  [[ID]]

Outputs:
   - greeting: "moin"
   - id:       "[ID]"

Plan: 0 to create, 0 to update, 0 to replace, 1 to destroy.

2 stacks in all: 0 to create, 0 to update, 0 to replace, 2 to destroy.
--- stderr
ground: looking at 1 resource…
top: looking at 1 resource…
top: taking 1 step…
terraform_data.user: destroying…
terraform_data.user: destroyed in [TIME]
ground: taking 1 step…
terraform_data.base: destroying…
terraform_data.base: destroyed in [TIME]

top
Destroy complete: 1 destroyed in [TIME].

ground
Destroy complete: 1 destroyed in [TIME].

"#]]
    );
}

#[test]
fn a_secret_is_in_no_file_in_clear() {
    let project = Project::of(CHAIN);
    project.stdout(&["apply", "--yes"]);
    let files = project.files("state");
    assert!(files.iter().any(|name| name.ends_with("/state")), "{files:?}");
    for name in files {
        let content = std::fs::read(project.path(&name)).expect("a file");
        assert!(!content.windows(7).any(|window| window == b"correct"), "{name}");
    }
}

#[test]
fn bad_input_is_told_at_once_and_nothing_is_written() {
    let project = Project::of("[resource.terraform_data.one]\ninputs = \"x\"\n");
    assert_data_eq!(
        project.run(&["apply", "mian", "-e", "dve", "--var", "nonsense", "--target", "nonsense", "--yes"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Invalid address
  `nonsense`, given as --target, is no address of a resource.
  hint: an address looks like aws_vpc.main, aws_subnet.public["a"] or aws_eip.nat[0]
  hint: a shell wants quotes around brackets and quotes: 'aws_subnet.public["a"]'

error: Invalid value
  --var needs a name, an equals sign and a value.
  hint: write it like --var region=eu-west-1

error: Unknown environment
  lowtide.toml lists no environment `dve`.
  hint: to add it, write: [environments.dve]

error: Unknown stack
  The project has no stack `mian`.
  hint: did you mean `main`?

4 errors.

"#]]
    );
    assert_data_eq!(
        project.run(&["apply", "--yes", "--replace", "terraform_data.none"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Unknown attribute
 --> main.toml:2:1
  |
2 | inputs = "x"
  | ^^^^^^
  terraform_data has no attribute `inputs`.
  hint: did you mean `input`?

1 error.

"#]]
    );
    assert_eq!(project.files("state"), Vec::<String>::new());
}

#[test]
fn what_was_made_with_a_file_is_destroyed_without_it() {
    let spec = r#"[stack]
lifecycle = "ephemeral"

[resource.terraform_data.it]
input = '${file("note.txt")}'

[resource.terraform_data.each]
for_each = '${toset(split(",", file("names.txt")))}'
"#;
    let project = Project::of(spec);
    project.write("note.txt", "hello");
    project.write("names.txt", "a,b");
    assert!(project.run(&["apply", "--yes"]).starts_with("exit 0"));
    std::fs::remove_file(project.path("note.txt")).expect("it is there");
    std::fs::remove_file(project.path("names.txt")).expect("it is there");
    assert_data_eq!(
        project.run(&["validate"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Invalid function argument
 --> main.toml:5:17
  |
5 | input = '${file("note.txt")}'
  |                 ^^^^^^^^^^
  `path` of file: `note.txt` is not there: make it first, or mend the path, which begins at the
  project's folder.

error: Invalid function argument
 --> main.toml:8:37
  |
8 | for_each = '${toset(split(",", file("names.txt")))}'
  |                                     ^^^^^^^^^^^
  `path` of file: `names.txt` is not there: make it first, or mend the path, which begins at the
  project's folder.

2 errors.

"#]]
    );
    let destroyed = project.run(&["down", "--yes"]);
    assert!(destroyed.contains("Destroy complete: 3 destroyed"), "{destroyed}");
}
