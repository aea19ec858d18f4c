//! Tides of a stack that comes and goes.

use snapbox::{assert_data_eq, str};

use crate::project::Project;

/// Friday noon, and Friday night, in New York.
pub const NOON: &str = "2026-11-27T17:00:00Z";
pub const NIGHT: &str = "2026-11-28T02:00:00Z";

/// Two stacks, of which `top` comes and goes.
pub fn tidal() -> Project {
    let project = Project::of_two();
    let top = project.read("top.toml").replace(
        "requires = [\"ground\"]\n",
        "requires = [\"ground\"]\n\n[stack.schedule]\ntimezone = \"America/New_York\"\nup = \"0 8 * * MON-FRI\"\ndown = \"cron(0 20 ? * MON-FRI *)\"\n",
    );
    project.write("top.toml", &top);
    project
}

#[test]
fn up_and_down_are_for_what_comes_and_goes() {
    let project = tidal();
    project.stdout(&["apply", "ground", "--yes"]);
    let ground = project.read("state/demo/default/ground/state");
    assert_data_eq!(
        project.run(&["up", "--yes"]),
        str![[r#"
exit 0
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
top: taking 1 step…
terraform_data.user: creating…
terraform_data.user: created in [TIME] [[ID]]

Apply complete: 1 created, 0 updated, 0 replaced, 0 destroyed in [TIME].

"#]]
    );
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
    assert_data_eq!(
        project.run(&["down", "ground"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Persistent stack
 --> ground.toml:1:1
  |
1 | [variable.greeting]
  | ^
  Stack `ground` stays: up and down are for ephemeral stacks.
  hint: what you want may be: lowtide destroy ground

1 error.

"#]]
    );
    assert_data_eq!(
        project.run(&["down", "--yes"]),
        str![[r#"
exit 0
--- stdout
top  demo

   - terraform_data.user will be destroyed  [[ID]]

Outputs:
   - greeting: "HELLO"

Plan: 0 to create, 0 to update, 0 to replace, 1 to destroy.
--- stderr
top: looking at 1 resource…
top: taking 1 step…
terraform_data.user: destroying…
terraform_data.user: destroyed in [TIME]

Destroy complete: 1 destroyed in [TIME].

"#]]
    );
    assert_eq!(project.read("state/demo/default/ground/state"), ground, "what stays is not touched");
}

#[test]
fn the_tide_does_what_is_due_and_catches_up() {
    let project = tidal();
    project.stdout(&["apply", "ground", "--yes"]);
    assert_data_eq!(
        project.run(&["tide", "status", "--at", NOON]),
        str![[r#"
exit 0
--- stdout
top  down, should be up, 0 resources
  schedule up since Fri 2026-11-27 08:00 EST
  next     down at Fri 2026-11-27 20:00 EST
  hours    60.0 of 168 in a week up by the schedule, 64.3 % of them down
--- stderr

"#]]
    );
    assert_data_eq!(
        project.run(&["tide", "run", "--once", "--at", NOON]),
        str![[r#"
exit 0
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
top: goes up
top: taking 1 step…
terraform_data.user: creating…
terraform_data.user: created in [TIME] [[ID]]

Apply complete: 1 created, 0 updated, 0 replaced, 0 destroyed in [TIME].

"#]]
    );
    assert_data_eq!(
        project.run(&["tide", "run", "--once", "--at", NOON, "--json"]),
        str![[r#"
exit 0
--- stdout
{"action":"none","format_version":"1.0","phase":"up","stack":"top","type":"tide"}
--- stderr

"#]]
    );
    assert_data_eq!(
        project.run(&["tide", "hold", "--until", "23:00", "--at", NIGHT]),
        str![[r#"
exit 0
--- stdout
--- stderr
top stays up until Fri 2026-11-27 23:00 EST.

"#]]
    );
    assert_data_eq!(
        project.run(&["tide", "run", "--once", "--at", NIGHT]),
        str![[r#"
exit 0
--- stdout
--- stderr
top: is up, held until Fri 2026-11-27 23:00 EST

"#]]
    );
    assert_data_eq!(
        project.run(&["tide", "status", "--at", NIGHT]),
        str![[r#"
exit 0
--- stdout
top  up, as it should be, 1 resource
  held     up until Fri 2026-11-27 23:00 EST
  next     down at Fri 2026-11-27 23:00 EST
  hours    60.0 of 168 in a week up by the schedule, 64.3 % of them down
--- stderr

"#]]
    );
    assert_data_eq!(
        project.run(&["tide", "release"]),
        str![[r#"
exit 0
--- stdout
--- stderr
top follows its schedule again.

"#]]
    );
    assert_data_eq!(
        project.run(&["tide", "run", "--once", "--at", NIGHT]),
        str![[r#"
exit 0
--- stdout
top  demo

   - terraform_data.user will be destroyed  [[ID]]

Outputs:
   - greeting: "HELLO"

Plan: 0 to create, 0 to update, 0 to replace, 1 to destroy.
--- stderr
top: looking at 1 resource…
top: goes down
top: taking 1 step…
terraform_data.user: destroying…
terraform_data.user: destroyed in [TIME]

Destroy complete: 1 destroyed in [TIME].

"#]]
    );
    assert_data_eq!(
        project.run(&["tide", "status", "--json", "--at", NIGHT]),
        str![[r#"
exit 0
--- stdout
{"stacks":[{"actual":"down","desired":"down","held_until":null,"hours_up_per_week":60.0,"next":{"at":"2026-11-30T13:00:00Z","to":"up"},"open":0,"resources":0,"since":"2026-11-28T01:00:00Z","stack":"top"}],"version":"1.0"}
--- stderr

"#]]
    );
    assert_data_eq!(
        project.run(&["tide", "next", "-n", "3", "--at", NIGHT]),
        str![[r#"
exit 0
--- stdout
Mon 2026-11-30 08:00 EST  top  up
Mon 2026-11-30 20:00 EST  top  down
Tue 2026-12-01 08:00 EST  top  up
--- stderr

"#]]
    );
    assert_data_eq!(
        project.run(&["tide", "next", "-n", "1", "--json", "--at", NIGHT]),
        str![[r#"
exit 0
--- stdout
{"changes":[{"at":"2026-11-30T13:00:00Z","stack":"top","to":"up"}],"version":"1.0"}
--- stderr

"#]]
    );
}

#[test]
fn a_hold_says_where_the_tide_has_not_brought_a_stack_up_whole() {
    let project = tidal();
    project.stdout(&["apply", "--yes"]);
    assert_data_eq!(
        project.run(&["tide", "hold", "--until", "23:00", "--at", NIGHT]),
        str![[r#"
exit 0
--- stdout
--- stderr
top stays up until Fri 2026-11-27 23:00 EST; the next tick brings what it lacks.

"#]]
    );
}

#[test]
fn what_is_no_time_and_no_schedule_says_so() {
    let project = tidal();
    assert_data_eq!(
        project.run(&["tide", "hold", "--until", "yesterday"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Invalid time
  `yesterday`, given as --until, is no time that is to come.
  hint: write 22:00, 2026-11-27T22:00, 2026-11-27T22:00:00Z, or how long: 90m, 4h, 2d

1 error.

"#]]
    );
    assert_data_eq!(
        project.run(&["tide", "status", "ground"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: No schedule
  Stack `ground` has no schedule.
  hint: write [stack.schedule] with timezone, up and down in the spec of an ephemeral stack

1 error.

"#]]
    );
}

#[test]
fn a_fresh_apply_has_no_drift() {
    let project = tidal();
    project.stdout(&["apply", "--yes"]);
    assert_data_eq!(
        project.run(&["drift"]),
        str![[r#"
exit 0
--- stdout
ground

No drift: 0 resources looked at.

top

No drift: 0 resources looked at.
--- stderr
ground: looking at 1 resource…
top: looking at 1 resource…

"#]]
    );
    assert_data_eq!(
        project.run(&["drift", "--json"]),
        str![[r#"
exit 0
--- stdout
{"complete":true,"drift":false,"stacks":[{"changed":[],"drift":false,"environment":"default","looked_at":0,"missing":[],"stack":"ground","undeclared":[],"unseen":[]},{"changed":[],"drift":false,"environment":"default","looked_at":0,"missing":[],"stack":"top","undeclared":[],"unseen":[]}],"version":"1.0"}
--- stderr
ground: looking at 1 resource…
top: looking at 1 resource…

"#]]
    );
    assert_data_eq!(
        project.run(&["drift", "top", "--markdown"]),
        str![[r#"
exit 0
--- stdout
# Drift

## top

No drift: 0 resources looked at.
--- stderr
top: looking at 1 resource…

"#]]
    );
}
