//! Places where state is kept: a folder of this machine, S3 (with DynamoDB or alone), and memory for tests. All have the
//! interface `Ledger` of `lowtide-state`.
//!
//! To add a backend that several machines share: write a `Store`; `RemoteLedger` does the rest. To add one of another sort:
//! write a type that implements `Ledger` and build its runs on `session`. Either way add it to the conformance suite in `tests/`.

mod archive;
mod digester;
mod history;
mod key;
mod local;
mod memory;
mod name;
mod remote;
mod seal;
mod session;
pub mod setup;
mod who;

pub use archive::{Archive, Leaving, Moved, Parcel, Unpacked, migrate};
pub use digester::KeyedDigester;
pub use history::history;
pub use local::LocalLedger;
pub use memory::{MemoryLedger, Moment};
pub use remote::{
    Aside, Asked, BootClock, Bucket, Clock, LastSeen, Mark, MemoryStore, Open, RemoteLedger, S3DynamoDb, S3Only, Shown, Store, StoreFault,
    Table, TakenIn, Timing, Version, Waiting, WentBack,
};
pub use seal::{DataKey, Keys, KmsKeys, PassphraseKeys, SealFault, SealedStore, Sealer, Wrapping, is_sealed};
