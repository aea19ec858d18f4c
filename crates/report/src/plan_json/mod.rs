//! A plan in the shape of Terraform's documented JSON plan, so that scanners, cost tools and summarisers read it as it is.
//!
//! Sensitive values are null, with `true` in `before_sensitive` or `after_sensitive`. What Terraform has no place for
//! (kept and blocked resources, warnings) stands in `lowtide`, which its readers leave alone.

mod change;
mod configuration;
mod drift;

use std::collections::BTreeMap;

use lowtide_diagnostic::Sources;
use lowtide_model::{Address, Planned};
use lowtide_plan::{Action, Plan, Unchanged};
use lowtide_spec::Schema;
use lowtide_state::State;
use serde_json::{Map, Value as Json, json};

use crate::{
    diagnostics_json::diagnostic_json,
    json::{VERSION, identified, masked_type, modules, record_values, sensitives, values},
    state_json::state_json,
};

/// The version of the format; Terraform's.
const FORMAT: &str = "1.2";

/// One stack's plan, with what a plan does not hold.
#[derive(Clone, Copy, Debug)]
pub struct PlanDocument<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The state it was made from; nothing where the stack has never been applied.
    pub state: Option<&'a State>,
    /// What is known of the kinds.
    pub schema: &'a Schema,
    /// The variables' values.
    pub variables: &'a BTreeMap<String, Planned>,
    /// The texts that warnings point into.
    pub sources: &'a Sources,
}

/// Returns one plan in Terraform's shape, or several under `stacks`.
pub fn plan_json(documents: &[PlanDocument<'_>]) -> Json {
    match documents {
        [only] => document(only),
        several => {
            let stacks = several.iter().map(|one| (one.plan.stack.stack.clone(), document(one))).collect::<Map<_, _>>();
            json!({ "format_version": FORMAT, "lowtide_version": VERSION, "stacks": stacks })
        }
    }
}

fn document(input: &PlanDocument<'_>) -> Json {
    let plan = input.plan;
    let mut out = json!({
        "format_version": FORMAT,
        "lowtide_version": VERSION,
        "planned_values": planned_values(input),
        "resource_changes": change::resource_changes(input),
        "output_changes": output_changes(plan),
        "configuration": configuration::configuration(plan),
        "applyable": !plan.is_empty(),
        "complete": plan.blocked.is_empty(),
        "errored": false,
        "lowtide": beside(input),
    });
    if !input.variables.is_empty() {
        out["variables"] = input.variables.iter().map(|(name, value)| (name.clone(), json!({ "value": values(value) }))).collect();
    }
    if !plan.drift.is_empty() {
        out["resource_drift"] = drift::resource_drift(input);
    }
    if let Some(state) = input.state.filter(|state| !state.records.is_empty() || !state.outputs.is_empty()) {
        out["prior_state"] = state_json(state, input.schema);
    }
    out
}

/// Returns what Terraform's format has no place for.
fn beside(input: &PlanDocument<'_>) -> Json {
    let plan = input.plan;
    let reasons = |all: &mut dyn Iterator<Item = (&Address, &String)>| -> Json {
        all.map(|(address, why)| json!({ "address": address.to_string(), "why": why })).collect()
    };
    json!({
        "project": plan.stack.project,
        "environment": plan.stack.environment,
        "stack": plan.stack.stack,
        "destroy": plan.destroy,
        "lineage": plan.lineage,
        "serial": plan.serial,
        "kept": reasons(&mut plan.kept.iter().map(|kept| (&kept.address, &kept.why))),
        "blocked": reasons(&mut plan.blocked.iter().map(|blocked| (&blocked.address, &blocked.why))),
        "warnings": plan.warnings.iter().map(|one| diagnostic_json(one, input.sources)).collect::<Vec<_>>(),
    })
}

/// Returns all resources and outputs as they will be.
fn planned_values(input: &PlanDocument<'_>) -> Json {
    let plan = input.plan;
    let steps = plan.steps.iter().filter(|step| !matches!(step.action, Action::Delete | Action::Forget) && !step.after.is_null());
    let mut all: Vec<_> = steps.map(|step| (step.address.clone(), resource(&step.address, &step.after))).collect();
    all.extend(plan.unchanged.iter().map(|Unchanged { address, values }| (address.clone(), resource(address, values))));
    let kept = plan.kept.iter().filter_map(|kept| {
        let record = input.state?.current(&kept.address)?;
        Some((kept.address.clone(), resource(&kept.address, &record_values(record, input.schema.of(&kept.address.declared)))))
    });
    all.extend(kept);
    json!({ "outputs": planned_outputs(plan), "root_module": modules(all) })
}

/// Returns a resource with its values.
pub(crate) fn resource(address: &Address, all: &Planned) -> Json {
    let mut fields = identified(address);
    fields.remove("module_address");
    fields.insert("schema_version".to_owned(), 0.into());
    fields.insert("values".to_owned(), values(all).unwrap_or_default());
    fields.insert("sensitive_values".to_owned(), sensitives(all));
    fields.into()
}

fn planned_outputs(plan: &Plan) -> Json {
    let stay = plan.outputs.iter().filter(|output| !output.after.is_null());
    stay.map(|output| {
        let after = output.after.clone().marked(output.sensitive);
        let mut fields = json!({ "sensitive": after.holds_sensitive() });
        if after.is_wholly_known() {
            fields["type"] = masked_type(&after).to_json();
            fields["value"] = values(&after).unwrap_or_default();
        }
        (output.name.clone(), fields)
    })
    .collect()
}

fn output_changes(plan: &Plan) -> Json {
    let change = |output: &lowtide_plan::OutputChange| {
        let actions = match (output.changed, output.before.is_null(), output.after.is_null()) {
            (false, _, _) => "no-op",
            (true, true, _) => "create",
            (true, false, true) => "delete",
            (true, false, false) => "update",
        };
        let sides = [&output.before, &output.after].map(|side| side.clone().marked(output.sensitive && !side.is_null()));
        (output.name.clone(), change::sides(&[actions], &sides[0], &sides[1], true))
    };
    plan.outputs.iter().map(change).collect()
}
