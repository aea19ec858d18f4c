//! Tides of several stacks: those that require each other, and one whose mistakes leave the others alone.

use snapbox::{assert_data_eq, str};

use crate::{
    project::Project,
    tides::{NIGHT, NOON, tidal},
};

/// Two stacks that come and go, of which `top` requires `ground`.
fn chained() -> Project {
    let project = tidal();
    let schedule = "timezone = \"America/New_York\"\nup = \"0 8 * * MON-FRI\"\ndown = \"0 20 * * MON-FRI\"\n\n";
    project.write(
        "ground.toml",
        &format!("[stack]\nlifecycle = \"ephemeral\"\n\n[stack.schedule]\n{schedule}{}", project.read("ground.toml")),
    );
    project
}

#[test]
fn what_is_still_needed_stays_even_if_the_spec_that_needs_it_is_broken() {
    let project = tidal();
    project.stdout(&["apply", "--yes"]);
    project.write("top.toml", &(project.read("top.toml") + "\n[resource.terraform_data.bad]\nnothing = 1\n"));
    assert_data_eq!(
        project.run(&["destroy", "ground", "--allow-persistent", "--yes"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Stack still needed
  Stack `top` requires `ground` and still has resources.
  hint: destroy it first: lowtide destroy top

1 error.

"#]]
    );
}

#[test]
fn what_requires_another_comes_after_it_and_goes_before_it() {
    let project = chained();
    let gone = |project: &Project| ["ground", "top"].map(|stack| project.stdout(&["state", "list", stack]).is_empty());
    let lines = project.stdout(&["tide", "run", "--once", "--json", "--at", NOON]);
    assert_eq!(turns(&lines), ["ground up", "top up"]);
    assert_eq!(gone(&project), [false, false]);
    let lines = project.stdout(&["tide", "run", "--once", "--json", "--at", NIGHT]);
    assert_eq!(turns(&lines), ["top down", "ground down"]);
    assert_eq!(gone(&project), [true, true]);
}

/// Returns which stacks went where, in order.
fn turns(lines: &str) -> Vec<String> {
    let lines = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let tides = lines.filter(|line| line["type"] == "tide");
    tides.map(|line| format!("{} {}", line["stack"].as_str().expect("a stack"), line["action"].as_str().expect("an action"))).collect()
}

#[test]
fn what_is_required_stays_up_while_what_requires_it_is_held() {
    let project = chained();
    project.stdout(&["tide", "run", "--once", "--json", "--at", NOON]);
    project.stdout(&["tide", "hold", "top", "--until", "23:00", "--at", NIGHT]);
    assert_data_eq!(
        project.run(&["tide", "run", "--once", "--at", NIGHT]),
        str![[r#"
exit 0
--- stdout
--- stderr
ground: stays up, as top, which requires it, stays up
top: is up, held until Fri 2026-11-27 23:00 EST

"#]]
    );
}

#[test]
fn nothing_is_brought_up_on_what_is_held_down() {
    let project = chained();
    project.stdout(&["tide", "hold", "ground", "--until", "23:00", "--at", NOON]);
    assert_data_eq!(
        project.run(&["tide", "run", "--once", "--at", NOON]),
        str![[r#"
exit 0
--- stdout
--- stderr
ground: is down, held until Fri 2026-11-27 23:00 EST
top: stays down, as ground, which it requires, stays down

"#]]
    );
}

#[test]
fn a_mistake_in_one_stack_does_not_stop_the_others() {
    let project = tidal();
    project.stdout(&["apply", "ground", "--yes"]);
    project.write("lowtide.toml", &(project.read("lowtide.toml") + "\n[stacks.bad]\nspec = \"bad.toml\"\n"));
    project.write(
        "bad.toml",
        "[stack]\nlifecycle = \"ephemeral\"\n\n[stack.schedule]\ntimezone = \"Mars/Olympus\"\nup = \"0 8 * * *\"\ndown = \"0 20 * * *\"\n",
    );
    assert_data_eq!(
        project.run(&["tide", "run", "--once", "--at", NOON]),
        str![[r#"
exit 1
--- stdout
top  demo

   + terraform_data.user will be created
        input: "[ID]"
        and 1 more, known after apply

Outputs:
   + greeting: "HELLO"

Plan: 1 to create, 0 to update, 0 to replace, 0 to destroy.

Outputs of top:
  greeting: "HELLO"
--- stderr
error: Invalid schedule
 --> bad.toml:4:1
  |
4 | [stack.schedule]
  | ^^^^^^^^^^^^^^^^
  There is no time zone `Mars/Olympus`.
  hint: write for example "0 8 * * MON-FRI", or cron(0 8 ? * MON-FRI *) as AWS has it
  hint: a time zone is named as in "Europe/Berlin" or "UTC"

1 error.
top: goes up
top: taking 1 step…
terraform_data.user: creating…
terraform_data.user: created in [TIME] [[ID]]

Apply complete: 1 created, 0 updated, 0 replaced, 0 destroyed in [TIME].

"#]]
    );
}
