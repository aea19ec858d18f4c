use snapbox::{assert_data_eq, str};

use crate::project::{CHAIN, Project};

#[test]
fn a_plan_shows_what_is_to_be_done() {
    let project = Project::of(CHAIN);
    assert_data_eq!(
        project.run(&["plan"]),
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
--- stderr

"#]]
    );
}

#[test]
fn a_plan_writes_nothing_that_is_remembered() {
    let project = Project::of(CHAIN);
    project.run(&["plan"]);
    assert!(
        !project.files("state").iter().any(|name| name.ends_with("/state") || name.ends_with("/journal")),
        "{:?}",
        project.files("state")
    );
}

#[test]
fn the_exit_code_tells_of_changes() {
    let project = Project::of(CHAIN);
    assert!(project.run(&["plan", "--detailed-exitcode"]).starts_with("exit 2\n"));
    project.stdout(&["apply", "--yes"]);
    assert_data_eq!(
        project.run(&["plan", "--detailed-exitcode"]),
        str![[r#"
exit 0
--- stdout
main  demo

No changes. main matches its spec.
--- stderr
main: looking at 2 resources…

"#]]
    );
    assert!(project.run(&["plan", "--detailed-exitcode", "--var", "greeting=moin"]).starts_with("exit 2\n"));
    assert!(project.run(&["plan", "--var", "greeting=moin"]).starts_with("exit 0\n"));
}

#[test]
fn a_plan_as_json_has_terraforms_shape_and_no_secret() {
    let project = Project::of(CHAIN);
    let text = project.stdout(&["plan", "--json"]);
    assert!(!text.contains("correct horse"), "{text}");
    let plan: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let actions: Vec<_> =
        plan["resource_changes"].as_array().expect("changes").iter().map(|one| one["change"]["actions"].to_string()).collect();
    assert_eq!(actions, ["[\"create\"]", "[\"create\"]"]);
    assert_eq!(plan["resource_changes"][1]["change"]["after_sensitive"]["input"], true);
    assert_eq!(plan["format_version"], "1.2");
}

#[test]
fn values_of_variables_are_taken_from_the_strongest() {
    let project = Project::of_two();
    project.write("one.toml", "greeting = \"file\"\n");
    let greeting = |arguments: &[&str], environment: &[(&str, &str)]| {
        let all = [&["plan", "ground"], arguments].concat();
        let text = project.run_with(&all, environment);
        text.lines().find_map(|line| line.trim().strip_prefix("input: ")).unwrap_or(&text).to_owned()
    };
    let variable = [("LOWTIDE_VAR_greeting", "variable")];
    assert_eq!(greeting(&[], &[]), "\"hello\"");
    assert_eq!(greeting(&[], &variable), "\"variable\"");
    assert_eq!(greeting(&["-e", "dev"], &variable), "\"moin\"");
    assert_eq!(greeting(&["-e", "dev", "--var-file", "one.toml"], &variable), "\"file\"");
    assert_eq!(greeting(&["-e", "dev", "--var", "greeting=flag", "--var-file", "one.toml"], &variable), "\"flag\"");
}

#[test]
fn several_stacks_are_planned_together() {
    assert_data_eq!(
        Project::of_two().run(&["plan"]),
        str![[r#"
exit 0
--- stdout
ground  demo

   + terraform_data.base will be created
        input: "hello"
        and 1 more, known after apply

Outputs:
   + greeting: "hello"
   + id:       (known after apply)

Plan: 1 to create, 0 to update, 0 to replace, 0 to destroy.

top  demo

   + terraform_data.user will be created
        input: (known after apply)
        and 2 more, known after apply

Outputs:
   + greeting: "HELLO"

Plan: 1 to create, 0 to update, 0 to replace, 0 to destroy.

2 stacks in all: 2 to create, 0 to update, 0 to replace, 0 to destroy.
--- stderr

"#]]
    );
}

#[test]
fn a_stack_whose_ground_is_missing_is_told_so() {
    assert_data_eq!(
        Project::of_two().run(&["plan", "top"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Required stack not applied
 --> top.toml:3:14
  |
3 | requires = ["ground"]
  |              ^^^^^^
  Stack `top` requires `ground`, which has not been applied in this environment.
  hint: apply it first: lowtide apply ground; or both in one run: lowtide apply ground top

1 error.

"#]]
    );
}

#[test]
fn a_target_leaves_the_rest_alone() {
    assert_data_eq!(
        Project::of(CHAIN).run(&["plan", "--target", "terraform_data.first"]),
        str![[r#"
exit 0
--- stdout
main  demo

   + terraform_data.first will be created
        input: "hello"
        and 1 more, known after apply

Outputs:
   + greeting: "hello"
   + id:       (known after apply)
   + names:    ["a", "b"]
   + password: (sensitive value)

Plan: 1 to create, 0 to update, 0 to replace, 0 to destroy.
--- stderr

"#]]
    );
}

#[test]
fn a_plan_to_destroy_is_shown() {
    let project = Project::of(CHAIN);
    project.stdout(&["apply", "--yes"]);
    assert_data_eq!(
        project.run(&["plan", "--destroy"]),
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

"#]]
    );
}

#[test]
fn a_program_reads_what_is_wrong_as_json() {
    let project = Project::of("[resource.terraform_data.two]\ninputs = 1\n");
    assert_data_eq!(
        project.run(&["plan", "--json"]),
        str![[r#"
exit 1
--- stdout
{"diagnostics":[{"detail":"terraform_data has no attribute `inputs`.","hints":["did you mean `input`?"],"range":{"end":{"byte":36,"column":7,"line":2},"filename":"main.toml","start":{"byte":30,"column":1,"line":2}},"severity":"error","snippet":{"code":"inputs = 1","context":null,"highlight_end_offset":6,"highlight_start_offset":0,"start_line":2,"values":[]},"summary":"Unknown attribute"}],"error_count":1,"format_version":"1.0","type":"diagnostics","valid":false,"warning_count":0}
--- stderr
error: Unknown attribute
 --> main.toml:2:1
  |
2 | inputs = 1
  | ^^^^^^
  terraform_data has no attribute `inputs`.
  hint: did you mean `input`?

1 error.

"#]]
    );
}
