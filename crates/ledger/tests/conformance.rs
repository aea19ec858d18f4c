//! What every ledger promises.

use std::{collections::BTreeMap, pin::Pin, sync::Arc};

use lowtide_ledger::history;
use lowtide_model::{Type, Value};
use lowtide_state::{Entry, History, Ledger, LedgerFault, OutputValue, StackKey, State, format::read_snapshot};

use crate::samples::{forget, intent, interrupted, key, names, put, record, run, with_each};

/// A promise, held against an empty ledger.
pub type Promise = fn(Arc<dyn Ledger>) -> Pin<Box<dyn Future<Output = ()>>>;

/// Makes each promise a test of every ledger that needs no simulator, and a line of the list of all.
macro_rules! promises {
    ($(async fn $name:ident($ledger:ident) $body:block)*) => {
        /// All promises with their names.
        pub const PROMISES: &[(&str, Promise)] = &[$((stringify!($name), |ledger| Box::pin($name(ledger)))),*];

        $(async fn $name($ledger: Arc<dyn Ledger>) $body)*

        mod each {
            $(#[tokio::test(start_paused = true)]
            async fn $name() {
                super::with_each(super::$name).await;
            })*
        }
    };
}

promises! {
    async fn a_stack_that_was_never_applied_has_no_state(ledger) {
        assert_eq!(ledger.read(&key()).await, Ok(None));
        assert_eq!(ledger.list().await, Ok(vec![]));
        ledger.digester(&key()).await.unwrap();
        assert_eq!(ledger.read(&key()).await, Ok(None), "a key is no state");
        assert_eq!(ledger.list().await, Ok(vec![]));
    }

    async fn a_run_leaves_what_it_wrote_down(ledger) {
        let ended = run(&*ledger, &[put("a"), put("b"), forget("a")]).await;
        assert_eq!((ended.state.serial, names(&ended)), (1, vec!["b".to_owned()]));
        assert_eq!(ended.state.records.values().collect::<Vec<_>>(), [&record("b")]);
        assert_eq!(ledger.read(&key()).await, Ok(Some(ended)));
        assert_eq!(ledger.list().await, Ok(vec![key()]));
    }

    async fn serials_count_up_and_the_lineage_stays(ledger) {
        let first = run(&*ledger, &[put("a")]).await;
        let second = run(&*ledger, &[put("b")]).await;
        assert_eq!((first.state.serial, second.state.serial), (1, 2));
        assert_eq!(first.state.lineage, second.state.lineage);
        assert_eq!(first.state.lineage.parse::<uuid::Uuid>().map(|lineage| lineage.get_version_num()), Ok(4));
        assert_ne!(first.hash, second.hash);
        assert_eq!(names(&second), ["a", "b"]);
    }

    async fn a_run_that_writes_nothing_down_changes_nothing(ledger) {
        let before = run(&*ledger, &[put("a")]).await;
        let mut open = ledger.open(&key(), "apply").await.unwrap();
        open.append(&[]).await.unwrap();
        assert_eq!(open.finish().await, Ok(before.clone()));
        assert_eq!(ledger.read(&key()).await, Ok(Some(before)));
    }

    async fn a_first_run_that_is_interrupted_keeps_its_lineage(ledger) {
        let lineage = ledger.open(&key(), "apply").await.unwrap().loaded().state.lineage.clone();
        let again = run(&*ledger, &[put("a")]).await;
        assert_eq!((again.state.lineage, again.state.serial), (lineage, 1));
    }

    async fn results_of_an_interrupted_run_are_read_and_then_part_of_the_state(ledger) {
        run(&*ledger, &[put("a")]).await;
        interrupted(&*ledger, &[put("b"), put("c")]).await;
        let read = ledger.read(&key()).await.unwrap().unwrap();
        assert_eq!((read.state.serial, names(&read)), (2, vec!["a".to_owned(), "b".to_owned(), "c".to_owned()]));
        let open = ledger.open(&key(), "apply").await.unwrap();
        assert_eq!(*open.loaded(), read, "a plan made before the run began fits the run");
        assert_eq!(open.finish().await, Ok(read.clone()));
        assert_eq!(ledger.read(&key()).await, Ok(Some(read)));
    }

    async fn what_was_appended_is_read_while_the_run_goes_on(ledger) {
        let key = key();
        let mut open = ledger.open(&key, "apply").await.unwrap();
        open.append(&[put("a")]).await.unwrap();
        assert_eq!(names(&ledger.read(&key).await.unwrap().unwrap()), ["a"]);
        open.append(&[put("b")]).await.unwrap();
        let ended = open.finish().await.unwrap();
        assert_eq!(names(&ended), ["a", "b"]);
    }

    async fn only_one_run_at_a_time_may_write(ledger) {
        let key = key();
        let first = ledger.open(&key, "destroy").await.unwrap();
        let Err(LedgerFault::Held { stack, holder }) = ledger.open(&key, "apply").await.map(|_| ()) else { panic!("it should be held") };
        assert_eq!(stack, "durable/dev/base");
        assert!(holder.contains("destroy"), "{holder}");
        let other = StackKey { stack: "runtime".to_owned(), ..key.clone() };
        ledger.open(&other, "apply").await.expect("another stack is free");
        drop(first);
        ledger.open(&key, "apply").await.expect("it is free again").finish().await.unwrap();
        ledger.open(&key, "apply").await.expect("and again");
    }

    async fn stacks_that_look_alike_are_different_stacks(ledger) {
        let key = |project: &str, environment: &str, stack: &str| StackKey {
            project: project.to_owned(),
            environment: environment.to_owned(),
            stack: stack.to_owned(),
        };
        let mut keys = [key("p", "a/b", "c"), key("p", "a", "b"), key("P", "a", "b"), key("", "..", "."), key("é", "a b", "\0")];
        for key in &keys {
            assert_eq!(ledger.read(key).await, Ok(None));
            ledger.open(key, "apply").await.unwrap();
        }
        keys.sort();
        assert_eq!(ledger.list().await.as_deref(), Ok(&keys[..]));
    }

    async fn outputs_keep_their_types(ledger) {
        let set = Value::Set([Value::from("b"), Value::from("a")].into());
        let output = OutputValue::Clear { value: set, ty: Type::Set(Box::new(Type::String)) };
        let digester = ledger.digester(&key()).await.unwrap();
        let secret = OutputValue::Sensitive { sensitive: digester.digest("output.s", &"canary".into()), ty: Type::String };
        let outputs: BTreeMap<_, _> = [("ids".to_owned(), output), ("secret".to_owned(), secret)].into();
        run(&*ledger, &[Entry::Outputs { outputs: outputs.clone() }]).await;
        assert_eq!(ledger.read(&key()).await.unwrap().unwrap().state.outputs, outputs);
        assert_eq!(ledger.outputs(&key()).await, Ok(Some(outputs.clone())));
        interrupted(&*ledger, &[Entry::Outputs { outputs: BTreeMap::new() }]).await;
        assert_eq!(ledger.outputs(&key()).await, Ok(Some(BTreeMap::new())), "as the state says, results of a run included");
        run(&*ledger, &[Entry::Outputs { outputs: outputs.clone() }]).await;
        assert_eq!(ledger.outputs(&key()).await, Ok(Some(outputs)));
        assert!(history(&*ledger, &key(), None).await.unwrap().is_whole());
        assert_eq!(ledger.outputs(&StackKey { stack: "runtime".to_owned(), ..key() }).await, Ok(None));
    }

    async fn the_key_of_a_stack_stays_and_is_its_own(ledger) {
        let first = ledger.digester(&key()).await.unwrap();
        let other = ledger.digester(&StackKey { stack: "runtime".to_owned(), ..key() }).await.unwrap();
        let digest = first.digest("aws_db.main.password", &"canary".into());
        assert!(ledger.digester(&key()).await.unwrap().is_of(&digest, "aws_db.main.password", &"canary".into()));
        assert!(!other.is_of(&digest, "aws_db.main.password", &"canary".into()));
    }

    async fn every_state_is_kept_as_it_was_written(ledger) {
        assert_eq!(history(&*ledger, &key(), None).await, Ok(History::default()));
        let mut ended = Vec::new();
        for name in ["a", "b", "c"] {
            ended.push(run(&*ledger, &[put(name)]).await);
        }
        interrupted(&*ledger, &[put("d")]).await;
        ended.push(run(&*ledger, &[forget("a")]).await);
        let all = history(&*ledger, &key(), None).await.unwrap();
        assert!(all.is_whole() && all.strays.is_empty() && !all.more);
        let told: Vec<_> = all.kept().map(|kept| (kept.serial, kept.resources)).collect();
        assert_eq!(told, [(5, 3), (4, 4), (3, 3), (2, 2), (1, 1), (0, 0)]);
        assert!(all.kept().all(|kept| kept.author.as_ref().is_some_and(|author| author.doing == "apply" && author.since.len() == 20)));
        for one in &ended {
            let kept = all.kept().find(|kept| kept.hash == one.hash).unwrap();
            let text = ledger.kept_text(&key(), &kept.name).await.unwrap();
            let read = read_snapshot(&text).unwrap();
            assert_eq!((&read.document.state, &read.hash), (&one.state, &one.hash));
        }
        let newest = history(&*ledger, &key(), Some(2)).await.unwrap();
        assert_eq!((newest.kept().map(|kept| kept.serial).collect::<Vec<_>>(), newest.more), (vec![5, 4], true));
        assert!(ledger.kept_text(&key(), "00000000000000000001-0000000000000000").await.is_err());
        assert_eq!(ledger.list().await, Ok(vec![key()]));
    }

    async fn another_state_takes_the_place_of_this_one_at_once_and_whole(ledger) {
        let first = run(&*ledger, &[put("a"), put("b")]).await;
        let second = run(&*ledger, &[forget("a"), put("c")]).await;
        let key = key();
        let mut open = ledger.open(&key, "state restore").await.unwrap();
        open.replace(first.state.clone()).await.unwrap();
        assert_eq!(ledger.read(&key).await, Ok(Some(second.clone())), "not before the end");
        drop(open);
        let mut open = ledger.open(&key, "state restore").await.unwrap();
        assert_eq!(open.loaded(), &second);
        open.replace(first.state.clone()).await.unwrap();
        let third = open.finish().await.unwrap();
        assert_eq!(third.state, State { serial: 3, ..first.state.clone() });
        assert_eq!(ledger.read(&key).await, Ok(Some(third)));
        let mut open = ledger.open(&key, "state push").await.unwrap();
        open.replace(State { serial: 9, lineage: "another".to_owned(), ..second.state.clone() }).await.unwrap();
        let tenth = open.finish().await.unwrap();
        assert_eq!(tenth.state, State { serial: 10, ..second.state });
        assert_eq!(names(&run(&*ledger, &[put("d")]).await), ["b", "c", "d"]);
        let all = history(&*ledger, &key, None).await.unwrap();
        assert_eq!(all.kept().map(|kept| kept.serial).collect::<Vec<_>>(), [11, 10, 3, 2, 1, 0]);
        assert!(all.is_whole());
    }

    async fn a_run_goes_on_from_its_checkpoints(ledger) {
        let first = run(&*ledger, &[put("a")]).await;
        let key = key();
        let mut open = ledger.open(&key, "destroy").await.unwrap();
        open.checkpoint().await.unwrap();
        assert_eq!(ledger.read(&key).await, Ok(Some(first.clone())), "there was nothing to make one of");
        for (name, serial) in [("b", 2), ("c", 3), ("d", 4)] {
            open.append(&[put(name)]).await.unwrap();
            let before = ledger.read(&key).await.unwrap().unwrap();
            open.checkpoint().await.unwrap();
            let read = ledger.read(&key).await.unwrap().unwrap();
            assert_eq!((read.state.serial, &read), (serial, &before), "a state of its own, which says what was written down");
        }
        assert_eq!(open.loaded(), &first, "as it was when the run began");
        open.append(&[forget("a"), put("e")]).await.unwrap();
        let ended = open.finish().await.unwrap();
        assert_eq!((ended.state.serial, names(&ended)), (5, ["b", "c", "d", "e"].map(str::to_owned).to_vec()));
        let all = history(&*ledger, &key, None).await.unwrap();
        assert!(all.is_whole() && all.strays.is_empty());
        let told: Vec<_> = all.kept().map(|kept| (kept.serial, kept.author.as_ref().unwrap().doing.as_str())).collect();
        assert_eq!(told, [(5, "destroy"), (4, "destroy"), (3, "destroy"), (2, "destroy"), (1, "apply"), (0, "apply")]);
    }

    async fn what_follows_a_checkpoint_is_not_lost_and_what_is_open_stays_open(ledger) {
        let key = key();
        let mut open = ledger.open(&key, "apply").await.unwrap();
        let about = |name| Entry::Intent { intent: Box::new(intent(name)) };
        open.append(&[put("a"), about("b"), about("c")]).await.unwrap();
        open.checkpoint().await.unwrap();
        open.append(&[put("b"), about("d")]).await.unwrap();
        drop(open);
        let open = ledger.open(&key, "apply").await.unwrap();
        let found = open.loaded().clone();
        assert_eq!((found.state.serial, names(&found)), (2, ["a", "b"].map(str::to_owned).to_vec()));
        assert_eq!(found.state.pending.values().collect::<Vec<_>>(), [&intent("c"), &intent("d")]);
        drop(open);
        let mut open = ledger.open(&key, "apply").await.unwrap();
        open.append(&[put("c")]).await.unwrap();
        open.checkpoint().await.unwrap();
        let ended = open.finish().await.unwrap();
        assert_eq!((ended.state.serial, ledger.read(&key).await), (3, Ok(Some(ended.clone()))), "nothing was left to be written");
        assert!(history(&*ledger, &key, None).await.unwrap().is_whole());
    }

    async fn the_plan_that_a_run_carries_out_is_named(ledger) {
        let key = key();
        let mut open = ledger.open(&key, "apply").await.unwrap();
        open.carries_out("f00d").await.unwrap();
        open.append(&[put("a")]).await.unwrap();
        open.checkpoint().await.unwrap();
        open.append(&[put("b")]).await.unwrap();
        drop(open);
        run(&*ledger, &[put("c")]).await;
        let all = history(&*ledger, &key, None).await.unwrap();
        let plans: Vec<_> = all.kept().map(|kept| kept.author.as_ref().unwrap().plan.as_deref()).collect();
        assert_eq!(plans, [None, Some("f00d"), Some("f00d"), None], "even of a run that was interrupted");
    }

    async fn a_state_put_in_place_of_another_does_not_count_before_the_end(ledger) {
        let first = run(&*ledger, &[put("a")]).await;
        let second = run(&*ledger, &[put("b")]).await;
        let key = key();
        let mut open = ledger.open(&key, "state restore").await.unwrap();
        open.replace(first.state.clone()).await.unwrap();
        open.checkpoint().await.unwrap();
        assert_eq!(ledger.read(&key).await, Ok(Some(second)));
        assert_eq!(names(&open.finish().await.unwrap()), ["a"]);
    }

    async fn what_would_not_read_back_is_not_written(ledger) {
        let deep = (0..500).fold(Value::Null, |inner, _| Value::List(vec![inner]));
        let mut record = record("deep");
        record.inputs.set("deep", deep);
        let key = key();
        let mut open = ledger.open(&key, "apply").await.unwrap();
        open.append(&[Entry::Put { record: Box::new(record) }]).await.unwrap_err();
        open.append(&[put("a")]).await.expect("the run goes on");
        assert_eq!(names(&open.finish().await.unwrap()), ["a"]);
    }
}
