//! Places where state is kept: a folder of this machine, and memory for tests. All have the interface `Ledger` of `lowtide-state`.
//!
//! To add a backend: write a module with a type that implements `Ledger`, build its runs on `session`, and add it to the
//! conformance suite in `tests/`.

mod digester;
mod local;
mod memory;
mod session;

pub use digester::KeyedDigester;
pub use local::LocalLedger;
pub use memory::{MemoryLedger, Moment};
