//! One run, whole: load the project, look, plan, get approval, apply, publish. What the command line, tests and the demo call.
//!
//! [`Engine`] has one method a command, each in a file of its own. It reaches AWS through [`Connect`] and state through
//! `lowtide_state::Ledger`; it never prints: diagnostics and events are data.

mod apply;
mod connect;
mod drift;
mod edit;
mod engine;
mod exchange;
mod guard;
mod imagine;
mod import;
mod links;
mod looking;
mod marks;
mod planning;
mod prepare;
mod recall;
mod recover;
mod saved;
mod tide;

pub use apply::{Approval, StackApplied, Verdict};
pub use connect::Connect;
pub use engine::{Engine, Loaded, Trouble};
pub use exchange::Exchange;
pub use planning::StackPlan;
pub use prepare::Prepared;
pub use recover::Aim;
pub use saved::SavedPlan;
pub use tide::Tick;
