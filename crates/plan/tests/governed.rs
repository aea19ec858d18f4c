//! What another resource moves within a range.

use insta::assert_snapshot;
use lowtide_model::{Observation, Value};

use crate::case::Case;

const SCALER: &str = "[resource.toy_scaler.s]\nof = 'net/main'\nleast = 2\nmost = 8\n";

fn net(size: i64) -> String {
    format!("[resource.toy_net.main]\ncidr = '10.0.0.0/16'\nsize = {size}\n")
}

/// A net of size 3, as it was asked for, that has another now.
fn moved(spec: &str, now: i64) -> Case {
    Case::applied(&format!("{}{SCALER}", net(3))).then(spec).seen("toy_net.main", |seen: &mut Observation| {
        seen.outputs.set("id", Value::text("arn:aws:toy:eu-west-1:111122223333:net/main"));
        seen.inputs.set("size", now.into());
    })
}

#[test]
fn what_moved_inside_its_range_stays_and_is_no_drift() {
    let plan = moved(&format!("{}{SCALER}", net(3)), 6).plan().expect("a plan");
    assert!(plan.is_empty() && plan.drift.is_empty(), "{plan:?}");
    // What is asked for is where it begins, so that another beginning moves nothing.
    assert!(moved(&format!("{}{SCALER}", net(4)), 6).plan().expect("a plan").is_empty());
}

#[test]
fn what_left_its_range_is_set_right() {
    assert_snapshot!(moved(&format!("{}{SCALER}", net(3)), 9).shown(), @r#"
0 update toy_net.main (net-2), changed
    size: 9 → 3
same toy_scaler.s
drift toy_net.main
    size: 3 → 9
"#);
}

#[test]
fn an_update_of_something_else_leaves_it_where_it_is() {
    let spec = format!("{}tags = {{ more = 'yes' }}\n{SCALER}", net(3));
    let plan = moved(&spec, 6).plan().expect("a plan");
    assert_eq!(plan.steps.len(), 1);
    assert_eq!(plan.steps[0].wish.get("size"), Some(&Value::from(6).into()));
}

#[test]
fn what_nothing_moves_any_more_is_set_right() {
    assert_snapshot!(moved(&net(3), 6).shown(), @r#"
0 delete toy_scaler.s (scaler-1), not declared
1 update toy_net.main (net-2), changed
    size: 6 → 3
drift toy_net.main
    size: 3 → 6
"#);
}
