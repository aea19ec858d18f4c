//! What is kept of states in S3: listed, checked, fetched, put back, with DynamoDB and without.

use lowtide_state::format::FORMAT;
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
serial  when                     who  command  run           resources  hash
     2  [WHEN]  tester on [HOST]  apply    [RUN]          2  [SHORT]
     1  [WHEN]  tester on [HOST]  apply    [RUN]          2  [SHORT]
     0  [WHEN]  tester on [HOST]  apply    [RUN]          0  [SHORT]
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
            ("newer.json", second.replace(&format!("\"format\":{FORMAT}"), &format!("\"format\":{}", FORMAT + 1))),
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

#[test]
fn a_state_that_went_back_is_warned_of_by_who_has_seen_more() {
    for with_table in [true, false] {
        let shared = Shared::new(with_table);
        let cache = tempfile::tempdir().expect("a folder");
        let knowing = [("XDG_CACHE_HOME", cache.path().to_str().expect("text"))];
        let run = |words: &[&str]| shared.run_knowing(&shared.project, words, &knowing).replace(knowing[0].1, "[CACHE]");
        assert!(run(&["init"]).starts_with("exit 0\n"));
        assert!(run(&["apply", "--yes"]).starts_with("exit 0\n"));
        let earlier = shared.held();
        let said = run(&["apply", "--yes", "--var", "greeting=moin"]);
        assert!(said.starts_with("exit 0\n") && !said.contains("went back"), "{said}");
        shared.put_back(&earlier);
        assert_data_eq!(
            run(&["state", "list"]),
            str![[r#"
exit 0
--- stdout
terraform_data.first
terraform_data.second
--- stderr
warning: State went back
  This machine has seen the state in s3://lowtide-demo/team/demo/default/main/ at serial 2 of
  epoch 2, and now it is at serial 1 of epoch 1. A state never goes back by itself: somebody has
  put back an older copy, or removed it. A plan made from it may miss what was made since.
  hint: look at `lowtide state history`, and at the versions that the bucket keeps of its objects
  hint: if it is meant to be so, delete
        [CACHE]/lowtide/seen/[HASH]

1 warning.

"#]]
        );
        assert!(!shared.run(&["state", "list"]).contains("went back"), "who has not seen it can't know");
        shared.finish();
    }
}
