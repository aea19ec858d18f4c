//! What is kept of states in S3: listed, checked, fetched, put back, with DynamoDB and without.

use snapbox::{assert_data_eq, str};

use crate::{
    project::{CHAIN, Project},
    shared::Shared,
};

/// A stack that was applied twice.
fn applied_twice(with_table: bool) -> Shared {
    let shared = Shared::new(with_table);
    for words in [&["init"][..], &["apply", "--yes"], &["apply", "--yes", "--var", "greeting=moin"]] {
        let said = shared.run(words);
        assert!(said.starts_with("exit 0\n"), "{said}");
    }
    shared
}

#[test]
fn the_history_is_listed_and_checked() {
    for with_table in [true, false] {
        let shared = applied_twice(with_table);
        let before = shared.held();
        assert_data_eq!(
            shared.run(&["state", "history", "--verify"]),
            str![[r#"
exit 0
--- stdout
serial  when                     who  command  resources  hash
     2  [WHEN]  tester on [HOST]  apply            2  [SHORT]
     1  [WHEN]  tester on [HOST]  apply            2  [SHORT]
     0  [WHEN]  tester on [HOST]  apply            0  [SHORT]
--- stderr
3 snapshots verified, back to serial 0: each is what was written, and follows the one before it.

"#]]
        );
        assert_eq!(shared.held(), before, "who only looks writes nothing");
        shared.finish();
    }
}

#[test]
fn what_is_refused_changes_nothing() {
    for with_table in [true, false] {
        let shared = applied_twice(with_table);
        let second = shared.stdout(&["state", "pull"]);
        let other = Project::of(CHAIN);
        other.stdout(&["apply", "--yes"]);
        for (file, text) in [
            ("second.json", second.clone()),
            ("changed.json", second.replace("moin", "main")),
            ("newer.json", second.replace("\"format\":4", "\"format\":5")),
            ("other.json", other.stdout(&["state", "pull"])),
        ] {
            shared.project.write(file, &text);
        }
        let before = shared.held();
        for (words, code, told) in [
            (&["state", "push", "second.json"][..], 0, "This is the state of main already, serial 2."),
            (&["state", "push", "changed.json", "--yes"], 1, "error: Damaged state"),
            (&["state", "push", "newer.json", "--yes"], 1, "error: State of a newer version"),
            (&["state", "push", "other.json", "--yes"], 1, "error: Another lineage"),
            (&["state", "push", "none.json", "--yes"], 1, "error: File not read"),
            (&["state", "restore", "2", "--yes"], 0, "This is the state of main already, serial 2."),
            (&["state", "restore", "7", "--yes"], 1, "error: Unknown state"),
            (&["state", "restore", "0", "--yes"], 1, "error: Things would be orphaned"),
            (&["state", "restore", "1"], 1, "error: Approval needed"),
            (&["state", "encrypt"], 1, "error: No encryption"),
            (&["state", "decrypt"], 1, "error: No key"),
        ] {
            let said = shared.run(words);
            assert!(said.starts_with(&format!("exit {code}\n")) && said.contains(told), "{words:?}: {said}");
            assert_eq!(shared.held(), before, "{words:?}");
        }
        assert!(shared.run(&["unlock"]).contains("main is free"), "nothing is left held");
        shared.finish();
    }
}

#[test]
fn an_earlier_state_comes_back_as_the_next() {
    for with_table in [true, false] {
        let shared = applied_twice(with_table);
        assert_data_eq!(
            shared.run(&["state", "restore", "1", "--yes"]),
            str![[r#"
exit 0
--- stdout
The state of main, serial 2, would be followed by serial 1 ([SHORT]).

Remembered in another way:
   ~ terraform_data.first [[ID]]
   ~ terraform_data.second [[ID]]
--- stderr
main is at serial 3 now, with what serial 1 ([SHORT]) says. To see what an apply would change: lowtide plan main

"#]]
        );
        assert!(shared.run(&["plan"]).contains("No changes."), "serial 1 greets as the spec does");
        let said = shared.run(&["state", "history", "--verify"]);
        assert!(said.starts_with("exit 0\n") && said.contains("state restore"), "{said}");
        assert!(said.contains("4 snapshots verified, back to serial 0"), "{said}");
        shared.finish();
    }
}

#[test]
fn a_place_that_was_put_back_takes_a_newer_state() {
    for with_table in [true, false] {
        let shared = Shared::new(with_table);
        assert!(shared.run(&["init"]).starts_with("exit 0\n"));
        assert!(shared.run(&["apply", "--yes"]).starts_with("exit 0\n"));
        let copied = shared.held();
        assert!(shared.run(&["apply", "--yes", "--var", "greeting=moin"]).starts_with("exit 0\n"));
        let newest = shared.stdout(&["state", "pull"]);
        assert!(!newest.contains("correct horse") && newest.contains("moin"), "{newest}");
        let anew = Shared::new(with_table);
        assert!(anew.run(&["init"]).starts_with("exit 0\n"));
        anew.put_back(&copied);
        anew.project.write("newest.json", &newest);
        assert_data_eq!(
            anew.run(&["state", "push", "main", "newest.json", "--yes"]),
            str![[r#"
exit 0
--- stdout
The state of main, serial 1, would be followed by serial 2 from newest.json.

Remembered in another way:
   ~ terraform_data.first [[ID]]
   ~ terraform_data.second [[ID]]
--- stderr
main is at serial 3 now, with what serial 2 from newest.json says. To see what an apply would change: lowtide plan main

"#]]
        );
        assert!(anew.run(&["plan", "--var", "greeting=moin"]).contains("No changes."));
        let said = anew.run(&["state", "history", "--verify"]);
        assert!(said.starts_with("exit 0\n") && said.contains("3 snapshots verified, back to serial 0"), "{said}");
        assert!(anew.held().holding("correct horse").is_empty(), "a sensitive value is in no object");
        anew.finish();
    }
}
