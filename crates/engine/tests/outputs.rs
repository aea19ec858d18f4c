//! What is published of an apply that does not come through: what was done, and of the rest what was published before.

use lowtide_state::OutputValue;
use lowtide_testkit::pretend::{Trouble, Verb, What};

use crate::bench::{Bench, failures, run};

/// Returns what is published in clear, as JSON.
async fn published(bench: &Bench) -> Vec<(String, String)> {
    let outputs = bench.state().await.outputs;
    let clear = outputs.into_iter().filter_map(|(name, value)| match value {
        OutputValue::Clear { value, .. } => Some((name, value.to_json().to_string())),
        OutputValue::Sensitive { .. } => None,
    });
    clear.collect()
}

fn role(number: u8) -> String {
    format!(
        "[resource.pretend_role.role]\nname = 'r'\nnote = '{number}'\n\
         [resource.pretend_gate.gate]\nrole = '${{pretend_role.role.id}}'\nname = 'k'\nnote = '{number}'\n\
         [resource.pretend_task.task]\nfamily = 'f{number}'\n\
         [locals]\nnote = '${{pretend_role.role.note}}'\n\
         [output.note]\nvalue = '${{local.note}}'\n\
         [output.behind]\nvalue = '${{pretend_gate.gate.note}}'\n\
         [output.named]\nvalue = '${{pretend_gate.gate.id}}'\n\
         [output.beside]\nvalue = '${{pretend_task.task.family}}'\n"
    )
}

fn texts<const N: usize>(all: [(&str, &str); N]) -> Vec<(String, String)> {
    all.into_iter().map(|(name, value)| (name.to_owned(), format!("\"{value}\""))).collect()
}

#[test]
fn outputs_of_what_was_not_made_are_not_published() {
    run(async {
        let bench = Bench::new();
        bench.pretend.make_trouble(Trouble { kind: "pretend_role".to_owned(), verb: Verb::Create, nth: 1, what: What::Denied });
        assert!(failures(&bench.apply(&role(1)).await).is_some());
        assert_eq!(published(&bench).await, texts([("beside", "f1")]));
    });
}

#[test]
fn outputs_of_what_was_not_changed_are_as_they_were() {
    run(async {
        let bench = Bench::new();
        assert_eq!(failures(&bench.apply(&role(1)).await), None);
        let before = texts([("behind", "1"), ("beside", "f1"), ("named", "r:k"), ("note", "1")]);
        assert_eq!(published(&bench).await, before);
        bench.pretend.calm();
        bench.pretend.make_trouble(Trouble { kind: "pretend_role".to_owned(), verb: Verb::Update, nth: 1, what: What::Denied });
        assert!(failures(&bench.apply(&role(2)).await).is_some());
        assert_eq!(published(&bench).await, texts([("behind", "1"), ("beside", "f2"), ("named", "r:k"), ("note", "1")]));
        assert_eq!(failures(&bench.apply(&role(2)).await), None);
        assert_eq!(published(&bench).await, texts([("behind", "2"), ("beside", "f2"), ("named", "r:k"), ("note", "2")]));
    });
}
