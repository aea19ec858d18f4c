use snapbox::{assert_data_eq, str};

use crate::project::{CHAIN, Project};

#[test]
fn outputs_are_shown_and_secrets_masked() {
    let project = Project::of(CHAIN);
    assert_data_eq!(
        project.run(&["output"]),
        str![[r#"
exit 0
--- stdout
--- stderr
main has published nothing in environment default.

"#]]
    );
    assert_data_eq!(
        project.run(&["output", "greeting"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Nothing published
  Stack `main` has not been applied in environment default, so it has no outputs.
  hint: apply it first: lowtide apply main

1 error.

"#]]
    );
    project.stdout(&["apply", "--yes"]);
    assert_data_eq!(
        project.run(&["output"]),
        str![[r#"
exit 0
--- stdout
greeting: "hello"
id:       "[ID]"
names:    ["a", "b"]
password: (sensitive value)
--- stderr

"#]]
    );
    assert_data_eq!(
        project.run(&["output", "--json"]),
        str![[r#"
exit 0
--- stdout
{"greeting":{"sensitive":false,"type":"string","value":"hello"},"id":{"sensitive":false,"type":"string","value":"[ID]"},"names":{"sensitive":false,"type":["list","string"],"value":["a","b"]},"password":{"sensitive":true,"type":"string","value":null}}
--- stderr

"#]]
    );
}

#[test]
fn one_output_is_shown_as_it_is() {
    let project = Project::of(CHAIN);
    project.stdout(&["apply", "--yes"]);
    assert_eq!(project.stdout(&["output", "greeting"]), "hello\n");
    assert_eq!(project.stdout(&["output", "main", "greeting", "--raw"]), "hello");
    assert_eq!(project.stdout(&["output", "greeting", "--json"]), "\"hello\"\n");
    assert_eq!(project.stdout(&["output", "names", "--json"]), "[\"a\",\"b\"]\n");
    assert_data_eq!(
        project.run(&["output", "greting"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Unknown output
  Stack `main` has published no output `greting`.
  hint: did you mean `greeting`?

1 error.

"#]]
    );
    assert_data_eq!(
        project.run(&["output", "names", "--raw"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: No raw form
  `names` is no text, number or bool, and so has no raw form.
  hint: ask for JSON: lowtide output names --json

1 error.

"#]]
    );
    assert_data_eq!(
        project.run(&["output", "--raw"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: No output named
  --raw prints one output as it is, and no output is named.
  hint: write: lowtide output STACK NAME --raw

1 error.

"#]]
    );
}

#[test]
fn a_secret_asked_for_by_name_is_learned_from_the_spec() {
    let project = Project::of(CHAIN);
    project.stdout(&["apply", "--yes", "--var", "password=another"]);
    assert_eq!(project.stdout(&["output", "password", "--var", "password=another"]), "another\n");
    assert_data_eq!(
        project.run(&["output", "password"]),
        str![[r#"
exit 1
--- stdout
--- stderr
main: looking at 2 resources…
error: Output not known
  Only a digest of `password` is kept, and what its spec says now is another value, or not known
  yet.
  hint: apply the stack, then ask again: lowtide apply main

1 error.

"#]]
    );
}

#[test]
fn several_stacks_show_their_outputs_one_after_the_other() {
    let project = Project::of_two();
    project.stdout(&["apply", "--yes"]);
    assert_data_eq!(
        project.run(&["output"]),
        str![[r#"
exit 0
--- stdout
ground
  greeting: "hello"
  id:       "[ID]"

top
  greeting: "HELLO"
--- stderr

"#]]
    );
    assert_data_eq!(
        project.run(&["output", "--json"]),
        str![[r#"
exit 0
--- stdout
{"format_version":"1.0","stacks":{"ground":{"greeting":{"sensitive":false,"type":"string","value":"hello"},"id":{"sensitive":false,"type":"string","value":"[ID]"}},"top":{"greeting":{"sensitive":false,"type":"string","value":"HELLO"}}}}
--- stderr

"#]]
    );
    assert_data_eq!(
        project.run(&["output", "tpo"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Unknown stack
  The project has no stack `tpo`.
  hint: did you mean `top`?

1 error.

"#]]
    );
}
