//! What a kind of AWS resource is: the typed trait its file implements, the erased form the engine drives, faults, and
//! the wire that every call goes through.
//!
//! A kind holds the AWS calls and nothing else: it never waits, retries, logs, compares or saves. To add one, see the
//! module doc of a service crate.

mod catalog;
mod each;
mod erased;
mod fault;
mod float;
mod generated_name;
mod halves;
mod kind;
mod local_file;
mod lookup;
mod operation;
mod pace;
mod round;
pub mod schedule_expression;
mod session;
mod tags;
mod transport;
mod under_way;

pub use catalog::Catalog;
pub use each::Each;
pub use erased::{Doing, Kind, Of, Sights};
pub use fault::{Class, Fault, absent_is_none, described};
pub use float::{from_float, to_float};
pub use generated_name::prefix_of_name;
pub use halves::in_halves;
pub use kind::{Ask, Asked, Changed, Currency, Going, Made, Observed, Patience, Resource, Seen};
pub use local_file::ReadFile;
pub use lookup::{DataSource, Lookup, LookupOf, Pure, describe};
pub use operation::{OWNER_TAGS, Operation, TAG_ADDRESS, TAG_ID, TAG_STACK};
pub use pace::{Answer, Left, Limits, Overfull, Pace, Passage, Reserve, Turn, Valve};
pub use round::Round;
pub use session::{Caller, Context, Service, Session};
pub use tags::{TagChange, Tagger, tag_change};
pub use transport::{Calls, Gate, Transport, TransportMode};
