//! Outputs: what the stack will publish, beside what it publishes now.

use std::sync::Arc;

use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_graph::Node;
use lowtide_model::{Planned, Type};
use lowtide_spec::{Output, expression::Scope};
use lowtide_state::OutputValue;

use crate::{Action, OutputChange, advance::Walk, draft::Draft};

/// Plans all outputs.
pub fn plan(walk: &mut Walk<'_>) -> Vec<OutputChange> {
    let published = &walk.input.state.outputs;
    let mut all = Vec::new();
    for (name, output) in &walk.input.spec.configuration.outputs {
        if walk.input.options.destroy && stays(walk, name) {
            continue;
        }
        let after = if walk.input.options.destroy { Ok(Planned::NULL) } else { value(output, walk.world.scope()) };
        match after {
            Ok(after) => all.push(change(walk, name, published.get(&**name), after, output.sensitive)),
            Err(wrong) => walk.wrong(wrong),
        }
    }
    for (name, published) in published.iter().filter(|(name, _)| !walk.input.spec.configuration.outputs.contains_key(name.as_str())) {
        all.push(change(walk, &name.as_str().into(), Some(published), Planned::NULL, false));
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

/// Returns whether nothing of what an output is made of goes in a partial destroy; it is then published as it is.
fn stays(walk: &Walk<'_>, name: &Arc<str>) -> bool {
    let options = &walk.input.options;
    if options.targets.is_empty() && options.excludes.is_empty() {
        return false;
    }
    let behind = walk.input.spec.graph.declarations_behind(&Node::Output(name.clone()));
    let goes = |draft: &Draft| matches!(draft.action, Action::Delete | Action::Forget) && behind.contains(&&draft.address.declared);
    !walk.drafts.iter().any(goes)
}

/// Evaluates one output.
///
/// # Errors
/// Returns what is wrong with it, its conditions included.
pub fn value(output: &Output, scope: &dyn Scope) -> Result<Planned, Diagnostics> {
    for condition in &output.preconditions {
        crate::condition::failed("Precondition not met", condition, scope)?;
    }
    let value = output.value.evaluate(scope)?;
    if value.holds_sensitive() && !output.sensitive {
        let detail = format!("Output `{}` holds a sensitive value, and would be shown and published in clear.", output.name);
        let wrong = Diagnostic::error("Sensitive output", detail).at(output.value.place.clone());
        return Err(wrong.hint("set sensitive = true on the output, or wrap the value in nonsensitive(…) if it may be shown").into());
    }
    Ok(value.marked(output.sensitive))
}

fn change(walk: &Walk<'_>, name: &Arc<str>, published: Option<&OutputValue>, after: Planned, sensitive: bool) -> OutputChange {
    let known = after.known();
    let (before, same) = match published {
        None => (Planned::NULL, after.is_null()),
        Some(OutputValue::Clear { value, ty }) => {
            let value = value.clone().shaped(ty);
            let same = !sensitive && known.as_ref().is_some_and(|known| known.to_json() == value.to_json());
            (value.into(), same)
        }
        Some(OutputValue::Sensitive { sensitive: digest, ty }) => {
            let same = sensitive && known.as_ref().is_some_and(|known| walk.input.digester.is_of(digest, &output_path(name), known));
            (Planned::unknown(ty.clone()).marked(true), same)
        }
    };
    OutputChange { name: name.to_string(), before, after, changed: !same, sensitive }
}

/// Returns under which name the digest of a sensitive output is kept.
pub fn output_path(name: &str) -> String {
    format!("output:{name}")
}

/// Returns the type an output is published with.
pub fn published_type(value: &Planned) -> Type {
    value.ty()
}
