//! When a stack should be up: a function of now, its schedule and what people have said since. Pure: no clock, no files; the
//! time zone database is part of the binary.
//!
//! [`Schedule`] says which phase a stack should be in by its schedule, [`Notes`] hold what people and the tide itself have
//! written down, [`desired`] is both together. Since it is a function of now, a tick that was missed is caught up by the next. [`Order`]
//! says in which order the stacks of a tick are seen to.

mod cron;
mod desired;
mod moment;
mod notes;
mod order;
mod schedule;
mod status;

pub use cron::{Cron, NoCron};
pub use desired::{Cause, Change, Desired, changes, desired, hours_per_week};
pub use jiff::Timestamp;
pub use moment::moment;
pub use notes::{Hold, Notes, NotesUnreadable};
pub use order::{Member, Order, Waits};
pub use schedule::{Part, Phase, Schedule, Unusable};
pub use status::TideStatus;
