//! State in S3, with the program itself and a simulator: set up, used, held, unlocked, followed.

use std::time::Duration;

use lowtide_state::Ledger;
use lowtide_testkit::{Fault, Match, What};
use snapbox::{assert_data_eq, str};

use crate::{
    project::{CHAIN, Project},
    shared::{Shared, flat, key},
};

#[test]
fn init_makes_what_state_needs_and_may_be_repeated() {
    let shared = Shared::new(true);
    let made = shared.run(&["init"]);
    assert_data_eq!(
        made,
        str![[r#"
exit 0
--- stdout
--- stderr
bucket lowtide-demo: done
versions of bucket lowtide-demo: done
encryption of bucket lowtide-demo: as it should be
no public access to bucket lowtide-demo: as it should be
policy of bucket lowtide-demo: encrypted connections, conditional writes: done
table lowtide-locks: done
deletion protection of table lowtide-locks: as it should be
point-in-time recovery of table lowtide-locks: done

State can be kept there. To see what would be made: lowtide plan

"#]]
    );
    assert_data_eq!(
        shared.run(&["init"]),
        str![[r#"
exit 0
--- stdout
--- stderr
bucket lowtide-demo: as it should be
versions of bucket lowtide-demo: as it should be
encryption of bucket lowtide-demo: as it should be
no public access to bucket lowtide-demo: as it should be
policy of bucket lowtide-demo: encrypted connections, conditional writes: as it should be
table lowtide-locks: as it should be
deletion protection of table lowtide-locks: as it should be
point-in-time recovery of table lowtide-locks: as it should be

State can be kept there. To see what would be made: lowtide plan

"#]]
    );
    shared.finish();
}

#[test]
fn a_bucket_of_that_name_in_another_account_is_refused() {
    for with_table in [true, false] {
        let shared = Shared::new(with_table);
        shared.configure(&shared.project, "bucket_owner = \"123456789012\"");
        assert!(shared.run(&["init"]).starts_with("exit 0\n"));
        assert!(shared.run(&["apply", "--yes"]).starts_with("exit 0\n"));
        let held = shared.held();
        shared.configure(&shared.project, "bucket_owner = \"210987654321\"");
        for (words, told) in [(&["apply", "--yes"][..], "AccessDenied"), (&["plan"], "AccessDenied"), (&["init"], "error: Wrong account")] {
            let said = shared.run(words);
            assert!(said.starts_with("exit 1\n") && said.contains(told), "{words:?}: {said}");
        }
        assert_eq!(shared.held(), held);
        shared.finish();
    }
}

#[test]
fn state_is_shared_by_all_who_have_the_project() {
    for with_table in [true, false] {
        let shared = Shared::new(with_table);
        let refused = flat(&shared.run(&["plan"]));
        assert!(refused.starts_with("exit 1") && refused.contains("`lowtide init` makes it"), "{refused}");
        assert!(shared.run(&["init"]).starts_with("exit 0"));
        let said = shared.run(&["apply", "--yes"]);
        assert!(said.starts_with("exit 0\n"), "{said}");
        let other = Project::of(CHAIN);
        shared.configure(&other, "lease = \"30s\"");
        let said = shared.run_in(&other, &["plan"]);
        assert!(said.starts_with("exit 0\n") && said.contains("No changes."), "{said}");
        assert!(shared.run_in(&other, &["output", "main"]).contains("hello"));
        let said = shared.run_in(&other, &["apply", "--yes", "--var", "greeting=moin"]);
        assert!(said.starts_with("exit 0\n"), "{said}");
        assert!(shared.run(&["output", "main"]).contains("moin"));
        let said = shared.run(&["destroy", "--yes"]);
        assert!(said.starts_with("exit 0\n"), "{said}");
        assert!(shared.run_in(&other, &["state", "list"]).ends_with("--- stdout\n--- stderr\n"));
        assert!(shared.project.files(".").iter().all(|file| !file.starts_with("state")), "nothing of it is kept here");
        shared.finish();
    }
}

#[test]
fn a_state_in_use_is_left_to_who_uses_it_until_it_is_taken_away() {
    let shared = Shared::new(true);
    assert!(shared.run(&["init"]).starts_with("exit 0"));
    assert!(shared.run(&["apply", "--yes"]).starts_with("exit 0"));
    assert_data_eq!(
        shared.run(&["unlock"]),
        str![[r#"
exit 0
--- stdout
--- stderr
main is free: nobody holds it.

"#]]
    );
    let held = shared.runtime.block_on(async { shared.ledger().open(&key(), "apply").await }).expect("it is free");
    let said = flat(&shared.run(&["state", "rm", "terraform_data.first"]));
    let expected = "exit 4 --- stdout --- stderr error: State in use The state of demo/default/main is in use by somebody, process [PID], doing \
                    apply since [DATE]. hint: wait until the other run is over; plan and show work meanwhile hint: a run that was killed is \
                    followed by itself, as soon as it has been silent for as long as its lease hint: if you know that it is dead and can't \
                    wait: lowtide unlock STACK 1 error.";
    assert_eq!(said, expected);
    assert!(shared.run(&["plan"]).starts_with("exit 0\n"), "who only reads needs no lock");
    assert_data_eq!(
        shared.run(&["unlock"]),
        str![[r#"
exit 1
--- stdout
--- stderr
main is held by somebody, process [PID], doing apply since [DATE] (epoch 2).
error: Approval needed
  There is no terminal on which to ask whether to take the stack away. Nothing was done.
  hint: if that run is dead: lowtide unlock main --epoch 2

1 error.

"#]]
    );
    assert_data_eq!(
        shared.run(&["unlock", "--epoch", "1"]),
        str![[r#"
exit 1
--- stdout
--- stderr
main is held by somebody, process [PID], doing apply since [DATE] (epoch 2).
error: Another run
  The run that holds the stack is of epoch 2, not of epoch 1. Nothing was done.
  hint: if that one is dead too: lowtide unlock main --epoch 2

1 error.

"#]]
    );
    assert_eq!(held.lease().check(), Ok(()));
    assert_data_eq!(
        shared.run(&["unlock", "--epoch", "2"]),
        str![[r#"
exit 0
--- stdout
--- stderr
main is held by somebody, process [PID], doing apply since [DATE] (epoch 2).
main is free. Should the run be alive, it stops at its next write. To find out what it was at: lowtide recover main

"#]]
    );
    let said = shared.run(&["state", "rm", "terraform_data.second"]);
    assert!(said.starts_with("exit 0\n"), "{said}");
    let lost = shared.runtime.block_on(held.finish()).expect_err("it was taken away");
    assert!(lost.to_string().contains("is lost"), "{lost}");
    shared.finish();
}

#[test]
fn a_killed_run_is_followed_by_itself() {
    let shared = Shared::new(true);
    shared.configure(&shared.project, "lease = \"3s\"");
    assert!(shared.run(&["init"]).starts_with("exit 0"));
    // The fourth item is the first result: head, fence, head with the first snapshot.
    let on = Match::operation("dynamodb", "PutItem").nth(4);
    shared.world.proxy().inject(Fault { on, what: What::Delay(Duration::from_secs(60)) });
    shared.world.proxy().clear();
    let mut killed = shared.start(&["apply", "--yes"]);
    while shared.world.proxy().count("dynamodb", "PutItem") < 4 {
        assert_eq!(killed.try_wait().expect("its end is told"), None, "it ended before it could be killed");
        std::thread::sleep(Duration::from_millis(10));
    }
    killed.kill().expect("it runs");
    killed.wait().expect("it ended");
    shared.world.proxy().clear_faults();
    let said = flat(&shared.run(&["apply", "--yes"]));
    assert!(said.starts_with("exit 0 "), "{said}");
    assert!(said.contains("of which nothing is heard. If that stays so for 3 s, this run takes over."), "{said}");
    assert!(said.contains("Apply complete: 2 created"), "{said}");
    assert!(shared.run(&["plan"]).contains("No changes."));
    shared.finish();
}

#[test]
fn a_state_moves_to_s3_and_back() {
    let shared = Shared::new(true);
    let former = Project::of(CHAIN);
    former.write("lowtide.toml", &shared.project.read("lowtide.toml"));
    shared.project.write("lowtide.toml", "[project]\nname = \"demo\"\n\n[stacks.main]\nspec = \"main.toml\"\n");
    let local = shared.project.read("lowtide.toml");
    assert!(shared.run(&["apply", "--yes"]).starts_with("exit 0"));
    let before = shared.run(&["show", "--json"]);
    shared.configure(&shared.project, "lease = \"30s\"");
    let said = shared.run(&["init", "--migrate-state"]);
    assert!(said.starts_with("exit 0") && said.contains("demo/default/main: moved, with 1 earlier state; it is at s3://"), "{said}");
    assert_eq!(shared.run(&["show", "--json"]), before);
    assert!(shared.run(&["plan"]).contains("No changes."));
    let same = shared.project.read("lowtide.toml").replace("prefix = \"team\"", "prefix = \"team/\"").replace("30s", "60s");
    shared.project.write("same/lowtide.toml", &same);
    let said = shared.run(&["init", "--migrate-state", "--from", "same"]);
    assert!(said.starts_with("exit 1") && said.contains("error: Nothing to move"), "{said}");
    shared.project.write("same/lowtide.toml", &same.replace("lock_table = \"lowtide-locks\"\n", ""));
    let said = shared.run(&["init", "--migrate-state", "--from", "same"]);
    assert!(said.starts_with("exit 1") && said.contains("error: Same prefix"), "{said}");
    assert_eq!(shared.run(&["show", "--json"]), before);
    shared.project.write("lowtide.toml", &local);
    let refused = flat(&shared.run(&["plan"]));
    assert!(refused.starts_with("exit 1") && refused.contains("it was moved to s3://"), "{refused}");
    let refused = shared.run(&["init", "--migrate-state"]);
    assert!(refused.contains("error: Former place unknown"), "{refused}");
    let from = former.path(".").display().to_string();
    let said = shared.run(&["init", "--migrate-state", "--from", &from]);
    assert!(said.starts_with("exit 0"), "{said}");
    assert_eq!(shared.run(&["show", "--json"]), before);
    assert!(shared.run(&["plan"]).contains("No changes."));
    shared.finish();
}
