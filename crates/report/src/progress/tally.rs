//! What became of each step, for the closing words.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use lowtide_model::Address;
use lowtide_plan::{Action, Event, Listener, Outcome};
use lowtide_state::StackKey;

/// What became of one stack's apply.
#[derive(Clone, Debug, PartialEq)]
pub struct Ending {
    /// Which stack.
    pub stack: StackKey,
    /// How many steps there were to take.
    pub steps: usize,
    /// What became of each that was begun or given up, in the order in which they ended.
    pub outcomes: Vec<(Address, Action, Outcome)>,
    /// Whether the user asked to stop.
    pub stopped: bool,
    /// How long it took; nothing while it still goes on.
    pub elapsed: Option<Duration>,
}

/// Counts along.
#[derive(Debug, Default)]
pub struct Tally(Mutex<Vec<Ending>>);

impl Tally {
    /// Returns what became of each stack so far, in the order in which they were applied.
    pub fn endings(&self) -> Vec<Ending> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Listener for Tally {
    fn hear(&self, event: &Event) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Applying { stack, steps } => {
                all.push(Ending { stack: stack.clone(), steps: *steps, outcomes: Vec::new(), stopped: false, elapsed: None });
            }
            Event::Ended { address, action, outcome, .. } => {
                if let Some(last) = all.last_mut() {
                    last.outcomes.push((address.clone(), *action, outcome.clone()));
                }
            }
            Event::Stopping => all.iter_mut().for_each(|ending| ending.stopped |= ending.elapsed.is_none()),
            Event::Applied { elapsed, .. } => {
                if let Some(last) = all.last_mut() {
                    last.elapsed = Some(*elapsed);
                }
            }
            Event::Recovered(_)
            | Event::Observing { .. }
            | Event::Observed { .. }
            | Event::Started { .. }
            | Event::Waiting { .. }
            | Event::Retrying { .. } => {}
        }
    }
}
