//! What must happen, decided: pure, resumable, and nothing else decides.
//!
//! [`advance`] takes everything known and returns either what else must be asked of AWS or the whole [`Plan`]. It is
//! called again, from the start, with the answers: planning has no memory, no clock and no network. `world` knows
//! what one instance should become, `difference` compares three ways, `resource` chooses actions, `sequence` places them.

mod action;
mod advance;
mod after;
mod agree;
mod asked;
mod beside;
mod condition;
mod data;
mod difference;
mod draft;
mod drift;
mod drifted;
mod event;
mod existing;
mod governed;
mod hidden;
mod identity;
mod ignore;
mod imagine;
mod implied;
mod input;
mod outputs;
mod ownership;
mod plan;
mod providers;
mod recovered;
mod removal;
mod replacement;
mod resource;
mod select;
mod sequence;
mod triggers;
mod world;

pub use action::{Action, Change, Reason, Step, StepId};
pub use advance::{Progress, advance};
pub use after::{as_seen, as_wished};
pub use agree::agrees;
pub use asked::{Likeness, asks_otherwise, likeness};
pub use beside::Outsider;
pub use condition::failed as check_condition;
pub use data::{answer, compute};
pub use difference::{Compare, is_own_tag, merged, secret_path, value};
pub use drifted::{StackDrift, stack_drift};
pub use event::{Event, Listener, Outcome};
pub use governed::{Governors, Moving};
pub use hidden::Hidden;
pub use identity::foreseen;
pub use ignore::{leave_ignored, without_ignored};
pub use imagine::{Imagined, imagine};
pub use input::{Answers, Input, Options, Request, Sight, Spec, Target};
pub use lowtide_spec::InstanceKey;
pub use outputs::{output_path, published_type, value as output_value};
pub use ownership::foreign;
pub use plan::{Blocked, Drift, Kept, Move, OutputChange, Plan, Summary, Unchanged};
pub use providers::{IgnoredTags, ProviderSettings, Providers, providers};
pub use recovered::{Recovered, Recovery};
pub use world::World;
