//! What must happen, decided: pure, resumable, and nothing else decides.
//!
//! [`advance`] takes everything known and returns either what else must be asked of AWS or the whole [`Plan`]. It is
//! called again, from the start, with the answers: planning has no memory, no clock and no network. `wish` evaluates what
//! one instance should become, `difference` compares three ways, `decide` chooses actions, `order` places them.

mod action;
mod event;
mod plan;

pub use action::{Action, Change, Reason, Step, StepId};
pub use event::{Event, Listener, Outcome};
pub use plan::{Blocked, Drift, Kept, Move, OutputChange, Plan, Summary, Unchanged};
