//! What a stack publishes when everything is done.

use std::collections::BTreeMap;

use lowtide_model::{Planned, Type};
use lowtide_plan::{Action, Step, output_path, output_value, published_type};
use lowtide_state::{Entry, OutputValue};

use super::Going;

impl Going<'_> {
    /// Publishes what outputs are now. Those that can't be told stay as they were: of a step that failed, was skipped or interrupted nobody
    /// knows what it would have made or changed, so outputs of that keep their former value, and have none if they had none.
    pub(super) fn publish_outputs(&mut self) {
        self.take_back();
        let mut outputs: BTreeMap<String, OutputValue> = BTreeMap::new();
        let whole = self.applied.failures.is_empty() && !self.applied.interrupted;
        for (name, output) in &self.job.world.configuration.outputs {
            let node = lowtide_graph::Node::Output(name.clone());
            let now = match self.job.world.refresh_locals(&node) {
                Ok(()) if !self.job.plan.destroy => output_value(output, self.job.world.scope()).ok(),
                _ => None,
            };
            let published = now.filter(|value| !value.is_null()).and_then(|value| Some((value.known()?, published_type(&value))));
            match published {
                Some((value, ty)) if output.sensitive => {
                    let kept = match self.state.outputs.get(&**name) {
                        Some(OutputValue::Sensitive { sensitive, .. })
                            if self.job.digester.is_of(sensitive, &output_path(name), &value) =>
                        {
                            Some(sensitive.clone())
                        }
                        _ => None,
                    };
                    let sensitive = kept.unwrap_or_else(|| self.job.digester.digest(&output_path(name), &value));
                    outputs.insert(name.to_string(), OutputValue::Sensitive { sensitive, ty });
                }
                Some((value, ty)) => drop(outputs.insert(name.to_string(), OutputValue::Clear { value, ty })),
                // In a partial destroy those that stay as they are, are not in the plan.
                None if !whole || (self.job.plan.destroy && !self.job.plan.outputs.iter().any(|change| change.name == **name)) => {
                    let former = self.state.outputs.get(&**name).cloned();
                    former.into_iter().for_each(|value| drop(outputs.insert(name.to_string(), value)));
                }
                None => {}
            }
        }
        let same = serde_json::to_value(&outputs).ok() == serde_json::to_value(&self.state.outputs).ok();
        if !same && self.applied.ledger.is_none() {
            self.write(Entry::Outputs { outputs });
        }
    }

    /// Takes back what steps were to do that are not done: expressions saw it as it was planned.
    fn take_back(&mut self) {
        let plan = self.job.plan;
        for step in plan.steps.iter().filter(|step| !matches!(step.action, Action::Delete | Action::Forget)) {
            if !self.queue.is_done(step.id) {
                self.make_seen(step, untouched(step));
            }
        }
    }
}

/// Returns what of a step's resource is as it was, however far the step came: nothing of what was to be made, and of what was to be changed
/// everything else.
fn untouched(step: &Step) -> Planned {
    let unknown = Planned::unknown(Type::Any);
    let (Some(before), true) = (step.before.as_members(), step.action != Action::Create) else { return unknown };
    let stays = |name: &str, value: &Planned| step.after.as_members().and_then(|after| after.get(name)) == Some(value);
    let members = before.iter().map(|(name, value)| (name.clone(), if stays(name, value) { value.clone() } else { unknown.clone() }));
    Planned::object(members).marked(step.before.sensitive)
}
