//! An HTTP proxy in front of moto: it watches, disturbs and corrects.
//!
//! - `server` listens, on a thread of its own, so a test may block while a child process talks.
//! - `passage` is the way of one call through all that follows.
//! - `recognise` names each call from the bytes on the wire; `call` and `record` keep it.
//! - `fault` says what may go wrong on demand; `error_reply` words an error the way the protocol wants it.
//! - `not_implemented` makes moto's HTML pages loud.
//! - `corrections` sets right what moto gets wrong: one file a subject. To add one, write it there and name its
//!   operation in the list of `corrections/mod.rs`.

mod call;
mod corrections;
mod error_reply;
mod exchange;
mod fault;
mod not_implemented;
mod passage;
mod recognise;
mod record;
mod server;
mod xml;

pub use call::{Call, Protocol};
pub use fault::{Fault, Match, What};
pub use server::{Proxy, Rules};
