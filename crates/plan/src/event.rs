//! What happens while a run goes on. Bars, plain lines and JSON are readers of the same events.

use std::time::Duration;

use lowtide_diagnostic::Diagnostic;
use lowtide_model::Address;
use lowtide_state::StackKey;

use crate::{Action, Recovered, StepId};

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// It was found out what became of an operation that an earlier run left in doubt.
    Recovered(Recovered),
    /// A stack is being looked at: this many resources are read.
    Observing {
        /// Which stack.
        stack: StackKey,
        /// How many.
        resources: usize,
    },
    /// Looking is over.
    Observed {
        /// Which stack.
        stack: StackKey,
    },
    /// An apply begins, with this many steps.
    Applying {
        /// Which stack.
        stack: StackKey,
        /// How many.
        steps: usize,
    },
    /// A step has begun.
    Started {
        /// Which step.
        step: StepId,
        /// What it is about.
        address: Address,
        /// What it does.
        action: Action,
    },
    /// A step waits for AWS.
    Waiting {
        /// Which step.
        step: StepId,
        /// What for, in words: `provisioning`.
        reason: String,
        /// Since it began.
        elapsed: Duration,
    },
    /// A step met a fault that passes and tries again.
    Retrying {
        /// Which step.
        step: StepId,
        /// What AWS said.
        fault: String,
        /// Which try comes now; the first retry is 2.
        attempt: u32,
    },
    /// A step is over.
    Ended {
        /// Which step.
        step: StepId,
        /// What it was about.
        address: Address,
        /// What it did.
        action: Action,
        /// How it went.
        outcome: Outcome,
        /// Since it began.
        elapsed: Duration,
    },
    /// The user asked to stop: nothing new begins.
    Stopping,
    /// The apply is over.
    Applied {
        /// Which stack.
        stack: StackKey,
        /// Since it began.
        elapsed: Duration,
    },
}

/// How a step went.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is done; the physical id, where there is one.
    Done(Option<String>),
    /// It is done, but something stays, for this reason.
    Left(String),
    /// It is gone, and may come back until then, in seconds since 1970: it is watched, and the next run sees to it.
    Watched(u64),
    /// It failed.
    Failed(Diagnostic),
    /// It was not tried, because this one did not succeed.
    Skipped(Address),
    /// It was begun or waiting when the run was told to stop; the next run goes on from there.
    Interrupted,
}

/// Who wants to know what happens. Called from several tasks; must return quickly.
pub trait Listener: Send + Sync {
    /// Takes note of an event.
    fn hear(&self, event: &Event);
}

impl<F: Fn(&Event) + Send + Sync> Listener for F {
    fn hear(&self, event: &Event) {
        self(event);
    }
}
