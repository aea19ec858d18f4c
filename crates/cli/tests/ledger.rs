use crate::project::{CHAIN, Project};
use lowtide_ledger::LocalLedger;
use lowtide_state::{Ledger, StackKey};

const STATE: &str = "state/demo/default/main/state";

#[test]
fn a_state_in_use_is_left_to_who_uses_it() {
    let project = Project::of(CHAIN);
    project.stdout(&["apply", "--yes"]);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let ledger = LocalLedger::new(project.path("state")).known_as("somebody");
    let key = StackKey { project: "demo".to_owned(), environment: "default".to_owned(), stack: "main".to_owned() };
    let held = runtime.block_on(ledger.open(&key, "apply")).expect("it is free");
    let said = project.run(&["state", "rm", "terraform_data.first"]);
    let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words
            .starts_with("exit 4 --- stdout --- stderr error: State in use The state of demo/default/main is in use by somebody, process "),
        "{said}"
    );
    assert!(project.run(&["apply", "--yes", "--var", "greeting=moin"]).starts_with("exit 4\n"));
    assert!(project.run(&["plan"]).starts_with("exit 0\n"));
    drop(held);
    assert!(project.run(&["apply", "--yes", "--var", "greeting=moin"]).starts_with("exit 0\n"));
}

#[test]
fn a_damaged_state_is_never_taken_for_none() {
    let project = Project::of(CHAIN);
    project.stdout(&["apply", "--yes"]);
    let whole = project.read(STATE);
    for (damaged, what) in [("", "empty"), (&whole[..whole.len() / 2], "half"), ("nonsense", "nonsense")] {
        project.write(STATE, damaged);
        for command in [&["plan"][..], &["apply", "--yes"], &["destroy", "--yes"], &["output"], &["show"], &["state", "list"]] {
            let said = project.run(command);
            assert!(said.starts_with("exit 1\n") && said.contains("error: Damaged state"), "{what} {command:?}: {said}");
        }
        assert_eq!(project.read(STATE), damaged, "{what}: it is left alone");
    }
}
