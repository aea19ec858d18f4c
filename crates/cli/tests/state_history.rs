//! What is kept of states: listed, checked, fetched, put back.

use snapbox::{assert_data_eq, str};

use crate::project::{CHAIN, Project};

/// A project that was applied twice.
fn applied_twice() -> Project {
    let project = Project::of(CHAIN);
    project.stdout(&["apply", "--yes"]);
    project.stdout(&["apply", "--yes", "--var", "greeting=moin"]);
    project
}

#[test]
fn the_history_says_who_wrote_which_state() {
    let project = Project::of(CHAIN);
    assert_data_eq!(
        project.run(&["state", "history"]),
        str![[r#"
exit 0
--- stdout
--- stderr
main has not been applied in environment default.

"#]]
    );
    project.stdout(&["apply", "--yes"]);
    project.stdout(&["state", "rm", "terraform_data.second"]);
    assert_data_eq!(
        project.run(&["state", "history", "main"]),
        str![[r#"
exit 0
--- stdout
serial  when                     who  command   run           resources  hash
     2  [WHEN]  tester on [HOST]  state rm  [RUN]          1  [SHORT]
     1  [WHEN]  tester on [HOST]  apply     [RUN]          2  [SHORT]
     0  [WHEN]  tester on [HOST]  apply     [RUN]          0  [SHORT]
--- stderr

"#]]
    );
    assert_data_eq!(
        project.run(&["state", "history", "-n", "1"]),
        str![[r#"
exit 0
--- stdout
serial  when                     who  command   run           resources  hash
     2  [WHEN]  tester on [HOST]  state rm  [RUN]          1  [SHORT]
older ones are kept as well
--- stderr

"#]]
    );
    assert_data_eq!(
        project.run(&["state", "history", "--json"]),
        str![[r#"
exit 0
--- stdout
{"format_version":"1.0","missing":[],"more":false,"snapshots":[{"command":"state rm","hash":"[HASH]","in_doubt":0,"name":"state","plan":null,"resources":1,"run":"[RUN]","serial":2,"since":"[WHEN]","tool":"lowtide 0.1.0","who":"tester on [HOST]"},{"command":"apply","hash":"[HASH]","in_doubt":0,"name":"snapshots/00000000000000000001-[SHORT]","plan":"[HASH]","resources":2,"run":"[RUN]","serial":1,"since":"[WHEN]","tool":"lowtide 0.1.0","who":"tester on [HOST]"},{"command":"apply","hash":"[HASH]","in_doubt":0,"name":"snapshots/00000000000000000000-[SHORT]","plan":null,"resources":0,"run":"[RUN]","serial":0,"since":"[WHEN]","tool":"lowtide 0.1.0","who":"tester on [HOST]"}],"stack":"main","strays":[],"unreadable":[],"whole":true}
--- stderr

"#]]
    );
    assert_data_eq!(
        project.run(&["state", "history", "--verify"]),
        str![[r#"
exit 0
--- stdout
serial  when                     who  command   run           resources  hash
     2  [WHEN]  tester on [HOST]  state rm  [RUN]          1  [SHORT]
     1  [WHEN]  tester on [HOST]  apply     [RUN]          2  [SHORT]
     0  [WHEN]  tester on [HOST]  apply     [RUN]          0  [SHORT]
--- stderr
3 snapshots verified, back to serial 0: each is what was written, and follows the one before it.

"#]]
    );
}

#[test]
fn a_damaged_snapshot_is_named() {
    let project = applied_twice();
    let snapshot = project.files("state").into_iter().find(|name| name.contains("snapshots/00000000000000000001")).expect("it is kept");
    project.write(&snapshot, &project.read(&snapshot).replace("terraform_data.second", "terraform_data.secone"));
    assert_data_eq!(
        project.run(&["state", "history", "--verify"]),
        str![[r#"
exit 1
--- stdout
serial  when                     who  command  run           resources  hash
     2  [WHEN]  tester on [HOST]  apply    [RUN]          2  [SHORT]
     !  snapshots/00000000000000000001-[SHORT]: its content does not match its checksum
     0  [WHEN]  tester on [HOST]  apply    [RUN]          0  [SHORT]
--- stderr
error: History not verified
  Not every snapshot of `main` can be shown to be what was written: the list says which, and why.
  hint: nothing was changed; the state itself is the newest one, and whether it is good says:
        lowtide state list

1 error.

"#]]
    );
    assert!(project.run(&["state", "history"]).starts_with("exit 0"), "whoever only lists them is not refused");
    let told = project.run(&["state", "history", "--verify", "--json"]);
    assert!(told.starts_with("exit 1") && told.contains(r#""unreadable":[{"name":"snapshots/00000000000000000001-"#), "{told}");
}

#[test]
fn an_earlier_state_becomes_the_next_one() {
    let project = Project::of(CHAIN);
    project.stdout(&["apply", "--yes"]);
    project.stdout(&["state", "rm", "terraform_data.second"]);
    assert_data_eq!(
        project.run(&["state", "restore", "1"]),
        str![[r#"
exit 1
--- stdout
The state of main, serial 2, would be followed by serial 1 ([SHORT]).

Remembered again:
   + terraform_data.second [[ID]]
--- stderr
error: Approval needed
  There is no terminal on which to ask whether to go on. Nothing was done.
  hint: if that is what you want, add --yes

1 error.

"#]]
    );
    assert_data_eq!(
        project.run(&["state", "restore", "main", "1", "--yes"]),
        str![[r#"
exit 0
--- stdout
The state of main, serial 2, would be followed by serial 1 ([SHORT]).

Remembered again:
   + terraform_data.second [[ID]]
--- stderr
main is at serial 3 now, with what serial 1 ([SHORT]) says. To see what an apply would change: lowtide plan main

"#]]
    );
    assert!(project.run(&["plan"]).contains("No changes."));
    assert_data_eq!(
        project.run(&["state", "history"]),
        str![[r#"
exit 0
--- stdout
serial  when                     who  command        run           resources  hash
     3  [WHEN]  tester on [HOST]  state restore  [RUN]          2  [SHORT]
     2  [WHEN]  tester on [HOST]  state rm       [RUN]          1  [SHORT]
     1  [WHEN]  tester on [HOST]  apply          [RUN]          2  [SHORT]
     0  [WHEN]  tester on [HOST]  apply          [RUN]          0  [SHORT]
--- stderr

"#]]
    );
    assert_data_eq!(
        project.run(&["state", "restore", "3"]),
        str![[r#"
exit 0
--- stdout
--- stderr
This is the state of main already, serial 3.

"#]]
    );
    assert_data_eq!(
        project.run(&["state", "restore", "17"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Unknown state
  No state of `main` that is kept and can be read has the serial or the hash `17`.
  hint: see which there are: lowtide state history main --all

1 error.

"#]]
    );
    let hash = project.stdout(&["state", "history", "--json"]).split("\"hash\":\"").nth(2).expect("two").to_owned();
    let told = project.run(&["state", "restore", &hash[..10], "--yes", "--allow-orphans"]);
    assert!(told.starts_with("exit 0") && told.contains("main is at serial 4 now, with what serial 2"), "{told}");
}

#[test]
fn what_an_earlier_state_does_not_know_is_not_orphaned() {
    let project = Project::of(CHAIN);
    project.stdout(&["apply", "--yes", "--target", "terraform_data.first"]);
    project.stdout(&["apply", "--yes"]);
    assert_data_eq!(
        project.run(&["state", "restore", "1", "--yes"]),
        str![[r#"
exit 1
--- stdout
The state of main, serial 2, would be followed by serial 1 ([SHORT]).

Forgotten; these stay in AWS:
   - terraform_data.second [[ID]]
--- stderr
error: Things would be orphaned
  That state does not know of terraform_data.second [[ID]]: it
  would stay in AWS without anybody knowing. Nothing was done.
  hint: destroy them first, if they are not wanted; or import them again afterwards
  hint: to go ahead all the same, add --allow-orphans

1 error.

"#]]
    );
    assert!(project.run(&["plan"]).contains("No changes."));
    assert_data_eq!(
        project.run(&["state", "restore", "1", "--yes", "--allow-orphans"]),
        str![[r#"
exit 0
--- stdout
The state of main, serial 2, would be followed by serial 1 ([SHORT]).

Forgotten; these stay in AWS:
   - terraform_data.second [[ID]]
--- stderr
main is at serial 3 now, with what serial 1 ([SHORT]) says. To see what an apply would change: lowtide plan main

"#]]
    );
}

#[test]
fn a_state_is_fetched_and_put_back() {
    let project = Project::of(CHAIN);
    assert_data_eq!(
        project.run(&["state", "pull"]),
        str![[r#"
exit 1
--- stdout
--- stderr
main has not been applied in environment default.

"#]]
    );
    project.stdout(&["apply", "--yes"]);
    let first = project.stdout(&["state", "pull"]);
    assert!(first.starts_with(r#"{"author":{"doing":"apply","#) && !first.contains("correct horse"), "{first}");
    project.write("first.json", &first);
    assert_data_eq!(
        project.run(&["state", "push", "first.json"]),
        str![[r#"
exit 0
--- stdout
--- stderr
This is the state of main already, serial 1.

"#]]
    );
    project.stdout(&["apply", "--yes", "--var", "greeting=moin"]);
    project.write("second.json", &project.stdout(&["state", "pull", "main"]));
    assert_data_eq!(
        project.run(&["state", "push", "first.json", "--yes"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Older state
  The file is serial 1. The state of `main`, serial 2, is newer. Nothing was done.
  hint: to go back to an earlier state that is kept: lowtide state restore main 1

1 error.

"#]]
    );
    project.write("changed.json", &project.read("second.json").replace("moin", "main"));
    assert_data_eq!(
        project.run(&["state", "push", "changed.json", "--yes"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Damaged state
  `changed.json` is no state as it was written: its content does not match its checksum. Nothing
  was done.
  hint: push what `lowtide state pull` printed, unchanged; to change addresses there are `lowtide
        state mv` and `state rm`

1 error.

"#]]
    );
    project.write("newer.json", &project.read("second.json").replace("\"format\":5", "\"format\":6"));
    assert_data_eq!(
        project.run(&["state", "push", "newer.json", "--yes"]),
        str![[r#"
exit 0
--- stdout
--- stderr
This is the state of main already, serial 2.

"#]]
    );
    let other = Project::of(CHAIN);
    other.stdout(&["apply", "--yes"]);
    project.write("other.json", &other.stdout(&["state", "pull"]));
    assert_data_eq!(
        project.run(&["state", "push", "other.json", "--yes"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: Another lineage
  The file is of lineage [ID], and the state of `main` is of
  lineage [ID]: they are about different things in AWS. Nothing
  was done.
  hint: push it to the stack and environment that it was pulled from

1 error.

"#]]
    );
    // Where nothing is, there is no lineage to go on with.
    std::fs::remove_dir_all(project.path("state")).expect("it was there");
    assert_data_eq!(
        project.run(&["state", "push", "second.json", "--yes"]),
        str![[r#"
exit 1
--- stdout
--- stderr
error: No state
  `main` has no state in environment default, so there is no lineage to go on with.
  hint: if a place was lost, put back its files from a copy; if the state is elsewhere, move it:
        lowtide init --migrate-state

1 error.

"#]]
    );
}

#[test]
fn a_place_that_was_put_back_takes_a_newer_state() {
    let project = Project::of(CHAIN);
    project.stdout(&["apply", "--yes"]);
    let files: Vec<_> = project.files("state").into_iter().map(|name| (project.read(&name), name)).collect();
    project.stdout(&["apply", "--yes", "--var", "greeting=moin"]);
    project.stdout(&["apply", "--yes", "--var", "greeting=hi"]);
    project.write("newest.json", &project.stdout(&["state", "pull"]));
    for (text, name) in &files {
        project.write(name, text);
    }
    for name in project.files("state/demo/default/main/snapshots").iter().filter(|name| !files.iter().any(|(_, kept)| kept == *name)) {
        std::fs::remove_file(project.path(name)).expect("it is there");
    }
    assert_data_eq!(
        project.run(&["state", "push", "main", "newest.json", "--yes"]),
        str![[r#"
exit 0
--- stdout
The state of main, serial 1, would be followed by serial 3 from newest.json.

Remembered in another way:
   ~ terraform_data.first [[ID]]
   ~ terraform_data.second [[ID]]
--- stderr
main is at serial 4 now, with what serial 3 from newest.json says. To see what an apply would change: lowtide plan main

"#]]
    );
    assert!(project.run(&["plan", "--var", "greeting=hi"]).contains("No changes."));
    assert_data_eq!(
        project.run(&["state", "history", "--verify"]),
        str![[r#"
exit 0
--- stdout
serial  when                     who  command     run           resources  hash
     4  [WHEN]  tester on [HOST]  state push  [RUN]          2  [SHORT]
     1  [WHEN]  tester on [HOST]  apply       [RUN]          2  [SHORT]
     0  [WHEN]  tester on [HOST]  apply       [RUN]          0  [SHORT]
--- stderr
3 snapshots verified, back to serial 0: each is what was written, and follows the one before it.

"#]]
    );
}
