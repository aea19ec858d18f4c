//! What is ignored stays as it is while the rest changes.

use crate::bench::{Bench, failures, run};

fn spec(setting: u8, ignored: &str) -> String {
    format!(
        "[resource.pretend_base.it]\npassword = 'p{setting}'\ntoken = 't{setting}'\nkeep_days = {setting}\n\
         storage = {{ size = {setting}, throughput = {setting} }}\ntags = {{ A = 'a{setting}', B = 'b{setting}' }}\n\
         [resource.pretend_base.it.lifecycle]\nignore_changes = {ignored}\n"
    )
}

#[test]
fn what_is_ignored_is_never_sent() {
    run(async {
        let bench = Bench::new();
        let ignored = "['password', 'storage[0].size', 'tags[\"A\"]']";
        assert_eq!(failures(&bench.apply(&spec(1, ignored)).await), None);
        assert_eq!(failures(&bench.apply(&spec(2, ignored)).await), None);
        bench.settled(&spec(2, ignored)).await.expect("nothing more to do");
        let thing = bench.pretend.things().remove(0);
        let storage = thing.inputs.get("storage").expect("storage").to_json().to_string();
        assert_eq!(storage, r#"{"device":"decided","size":1,"throughput":2}"#);
        assert_eq!(thing.inputs.text("password"), Some("p1"));
        assert_eq!((thing.tag("A"), thing.tag("B")), (Some("a1"), Some("b2")));
        assert_eq!(thing.inputs.text("token"), Some("t2"));
        // What is no longer ignored is set at once.
        assert_eq!(failures(&bench.apply(&spec(2, "[]")).await), None);
        bench.settled(&spec(2, "[]")).await.expect("nothing more to do");
        let thing = bench.pretend.things().remove(0);
        assert_eq!((thing.inputs.text("password"), thing.tag("A")), (Some("p2"), Some("a2")));
    });
}

#[test]
fn all_may_be_ignored() {
    run(async {
        let bench = Bench::new();
        assert_eq!(failures(&bench.apply(&spec(1, "'all'")).await), None);
        bench.settled(&spec(2, "'all'")).await.expect("nothing to do");
    });
}

#[test]
fn no_secret_is_kept_in_clear() {
    run(async {
        let bench = Bench::new();
        assert_eq!(failures(&bench.apply(&spec(1, "[]").replace("'p1'", "'hunter2'").replace("'t1'", "'hunter3'")).await), None);
        let text = bench.ledger.text(&bench.engine.key("all"));
        assert!(text.contains("pretend_base") && !text.contains("hunter"), "{text}");
    });
}
