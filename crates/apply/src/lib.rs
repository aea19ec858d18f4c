//! Decides when to write: starts steps as soon as what they need is done, makes every result durable before anything builds
//! on it, retries what is safe to retry, waits until things are usable, and stops cleanly.
//!
//! `run` is the loop: one task owns world, state and ledger. `work` holds what happens to one resource, a file an action;
//! it knows AWS only through the kind. `wish` makes the request whole, `remember` makes the record, `veil` keeps secrets out of what is told.

mod clock;
mod lingering;
mod queue;
mod remember;
mod run;
mod settings;
mod veil;
mod wish;
mod work;

pub use clock::Clock;
pub use lingering::{again_in, may_be_made_anew, merged};
pub use run::{Applied, Failure, Job, apply};
pub use settings::{Settings, Stop};
