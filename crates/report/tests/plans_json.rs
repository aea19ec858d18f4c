//! Plans as JSON.

use std::collections::BTreeMap;

use insta::assert_snapshot;
use lowtide_diagnostic::Sources;
use lowtide_plan::Plan;
use lowtide_report::{PlanDocument, plan_json};

use crate::{kinds::schema, sample, states};

fn document(plans: &[Plan]) -> serde_json::Value {
    let (schema, state, sources) = (schema(), states::state(), Sources::default());
    let variables = BTreeMap::from([("environment".to_owned(), sample::text("dev")), ("token".to_owned(), sample::secret("hunter2"))]);
    let one = |plan| PlanDocument { plan, state: Some(&state), schema: &schema, variables: &variables, sources: &sources };
    plan_json(&plans.iter().map(one).collect::<Vec<_>>())
}

#[test]
fn a_plan_has_terraforms_shape() {
    assert_snapshot!(format!("{:#}", document(&[sample::everything()])));
}

#[test]
fn several_plans_stand_under_stacks() {
    let both = document(&[sample::plan("base", Vec::new()), sample::plan("runtime", Vec::new())]);
    assert_eq!(both["stacks"]["runtime"]["lowtide"]["stack"], "runtime");
    assert_eq!(both["stacks"]["base"]["applyable"], false);
}
