use std::os::unix::fs::PermissionsExt;

use snapbox::{assert_data_eq, str};

use crate::project::{CHAIN, Project};

#[test]
fn a_kept_plan_is_applied_without_a_question_once() {
    let project = Project::of(CHAIN);
    assert!(project.run(&["plan", "--out", "it.plan"]).contains("--- stderr\nThe plan is kept. To apply it: lowtide apply it.plan\n"));
    assert_eq!(project.path("it.plan").metadata().expect("a file").permissions().mode() & 0o777, 0o600);
    assert!(!project.read("it.plan").contains("correct horse"));
    assert_data_eq!(
        project.run(&["show", "it.plan"]),
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
    assert!(project.run(&["apply", "it.plan"]).starts_with("exit 0\n"));
    assert_data_eq!(
        project.run(&["apply", "it.plan"]),
        str![[r#"
exit 1
--- stdout
--- stderr
main: looking at 2 resources…
error: Plan is stale
  The state of `main` has moved on from serial 0 to 1.
  hint: make a new plan with --out, look at it, and apply that one

1 error.

"#]]
    );
}

#[test]
fn a_plan_is_stale_when_its_text_has_changed() {
    let project = Project::of(CHAIN);
    project.stdout(&["plan", "--out", "it.plan"]);
    project.write("main.toml", &CHAIN.replace("hello", "moin"));
    assert_data_eq!(
        project.run(&["apply", "it.plan"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Plan is stale
  `main.toml` has changed since the plan was made.
  hint: make a new plan with --out, look at it, and apply that one

1 error.

"#]]
    );
    assert!(!project.files("state").iter().any(|name| name.ends_with("/state")));
}

#[test]
fn a_plan_remembers_its_environment() {
    let project = Project::of_two();
    project.stdout(&["plan", "-e", "dev", "--out", "it.plan"]);
    project.stdout(&["apply", "it.plan"]);
    assert_eq!(project.stdout(&["output", "top", "greeting", "-e", "dev"]), "MOIN\n");
    assert_data_eq!(
        project.run(&["state", "list", "ground"]),
        str![[r#"
exit 0
--- stdout
--- stderr
ground has not been applied in environment default.

"#]]
    );
}

#[test]
fn what_is_no_plan_is_told_so() {
    let project = Project::of(CHAIN);
    project.write("other.json", "{}");
    project.write("newer.json", "{\"lowtide_plan\": 99}");
    assert_data_eq!(
        project.run(&["apply", "other.json"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: No plan file
  The file is not one that `lowtide plan --out` wrote.
  hint: make one with: lowtide plan --out FILE

1 error.

"#]]
    );
    assert_data_eq!(
        project.run(&["apply", "newer.json"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Plan of a newer version
  The plan file has format 99; this version reads up to 1.
  hint: use the Lowtide that made it

1 error.

"#]]
    );
    assert_data_eq!(
        project.run(&["apply", "gone.json"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: No such plan file
  `gone.json` is neither a stack of the project nor a plan file.
  hint: make one with: lowtide plan --out FILE

1 error.

"#]]
    );
    assert_data_eq!(
        project.run(&["apply", "main", "other.json"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Plan file beside stacks
  `other.json` is a plan file, and a plan file says itself which stacks it is about.
  hint: name it alone: other.json

1 error.

"#]]
    );
    assert_data_eq!(
        project.run(&["plan", "--out", "no/such/folder.plan"]),
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
error: Plan not kept
  `no/such/folder.plan` can't be written: entity not found. The plan was not kept, and nothing was
  changed.

1 error.

"#]]
    );
}

#[test]
fn a_plan_remembers_its_variables_but_for_sensitive_ones() {
    let project = Project::of(CHAIN);
    project.write("values.toml", "greeting = \"moin\"\n");
    project.stdout(&["plan", "--var-file", "values.toml", "--var", "password=open sesame", "--out", "it.plan"]);
    assert!(!project.read("it.plan").contains("sesame"));
    assert_data_eq!(
        project.run(&["apply", "it.plan"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Missing variable
  The plan was made with a value for `password` that is sensitive, and so not in its file.
  hint: give it again: --var password=…

1 error.

"#]]
    );
    assert!(project.run(&["apply", "it.plan", "--var", "password=another"]).contains("error: Plan is stale"));
    assert!(project.run(&["apply", "it.plan", "--var", "password=open sesame"]).starts_with("exit 0\n"));
    assert_eq!(project.stdout(&["output", "greeting"]), "moin\n");
    project.stdout(&["plan", "--var", "greeting=hey", "--out", "it.plan", "--var", "password=open sesame"]);
    assert!(project.run(&["apply", "it.plan", "--target", "terraform_data.first"]).contains("error: Options beside a plan file"));
    project.stdout(&["apply", "it.plan", "--var", "password=open sesame"]);
    assert_eq!(project.stdout(&["output", "greeting"]), "hey\n");
}
