//! One JSON object a line for each event, for programs that follow a run.

use std::time::Duration;

use lowtide_diagnostic::Sources;
use lowtide_plan::{Action, Event, Listener, Outcome, Recovered, Recovery};
use lowtide_state::Attempt;
use serde_json::{Value as Json, json};

use crate::{Console, diagnostics_json::diagnostic_json};

/// The version of the format.
const FORMAT: &str = "1.0";

/// Writes each event as a line of JSON to stdout.
#[derive(Clone, Debug, Default)]
pub struct JsonLines {
    console: Console,
    sources: Sources,
}

impl JsonLines {
    /// Returns a writer; diagnostics point into these texts.
    pub fn new(console: Console, sources: Sources) -> Self {
        Self { console, sources }
    }
}

impl Listener for JsonLines {
    fn hear(&self, event: &Event) {
        // The run goes on though nobody can be told.
        let _ = self.console.data_line(&event_json(event, &self.sources).to_string());
    }
}

/// Returns an event as a JSON object.
pub fn event_json(event: &Event, sources: &Sources) -> Json {
    let mut object = match event {
        Event::Recovered(one) => recovered_json(one),
        Event::Observing { stack, resources } => json!({ "type": "observing", "stack": stack.stack, "resources": resources }),
        Event::Observed { stack } => json!({ "type": "observed", "stack": stack.stack }),
        Event::Applying { stack, steps } => json!({ "type": "applying", "stack": stack.stack, "steps": steps }),
        Event::Started { step, address, action } => {
            json!({ "type": "started", "step": step, "address": address.to_string(), "action": word(*action) })
        }
        Event::Waiting { step, reason, elapsed } => {
            json!({ "type": "waiting", "step": step, "reason": reason, "elapsed_ms": milliseconds(*elapsed) })
        }
        Event::Retrying { step, fault, attempt } => json!({ "type": "retrying", "step": step, "fault": fault, "attempt": attempt }),
        Event::Ended { step, address, action, outcome, elapsed } => {
            let mut object = json!({
                "type": "ended",
                "step": step,
                "address": address.to_string(),
                "action": word(*action),
                "elapsed_ms": milliseconds(*elapsed),
            });
            add_outcome(&mut object, outcome, sources);
            object
        }
        Event::Stopping => json!({ "type": "stopping" }),
        Event::Applied { stack, elapsed } => json!({ "type": "applied", "stack": stack.stack, "elapsed_ms": milliseconds(*elapsed) }),
    };
    object["format_version"] = FORMAT.into();
    object
}

fn recovered_json(one: &Recovered) -> Json {
    let (how, id) = match &one.how {
        Recovery::Adopted(id) => ("adopted", Some(id)),
        Recovery::Nothing => ("nothing", None),
        Recovery::Free => ("free", None),
        Recovery::Seen => ("seen", None),
        Recovery::Open(_) => ("open", None),
        Recovery::Gone => ("gone", None),
        Recovery::Back(id) => ("back", Some(id)),
    };
    let action = match one.attempt {
        Attempt::Create => "create",
        Attempt::Update => "update",
        Attempt::Delete => "delete",
    };
    let until = if let Recovery::Open(until) = one.how { Some(until) } else { None };
    let (stack, address) = (&one.stack.stack, one.address.to_string());
    let mut object = json!({ "type": "recovered", "stack": stack, "address": address, "action": action, "how": how, "id": id });
    until.into_iter().for_each(|until| object["until"] = until.into());
    object
}

fn add_outcome(object: &mut Json, outcome: &Outcome, sources: &Sources) {
    let word = match outcome {
        Outcome::Done(id) => {
            object["id"] = id.as_deref().into();
            "done"
        }
        Outcome::Left(why) => {
            object["why"] = why.as_str().into();
            "left"
        }
        Outcome::Watched(until) => {
            object["until"] = (*until).into();
            "watched"
        }
        Outcome::Failed(found) => {
            object["diagnostic"] = diagnostic_json(found, sources);
            "failed"
        }
        Outcome::Skipped(because) => {
            object["because"] = because.to_string().into();
            "skipped"
        }
        Outcome::Interrupted => "interrupted",
    };
    object["outcome"] = word.into();
}

fn word(action: Action) -> &'static str {
    match action {
        Action::Create => "create",
        Action::Update => "update",
        Action::Delete => "delete",
        Action::Read => "read",
        Action::Adopt => "adopt",
        Action::Forget => "forget",
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
