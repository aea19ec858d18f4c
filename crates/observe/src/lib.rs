//! Decides when and what to read: in bulk, bounded, each thing once a round.
//!
//! [`Observer::look`] reads many records for a plan; [`Observer::watch`] reads one thing while it settles, together with
//! whatever else of its kind is being watched. A bulk absence is confirmed by an exact read before anybody acts on it.

mod gather;
mod observer;

pub use gather::Gather;
pub use observer::{Cloud, Observer, Sight, Target};
