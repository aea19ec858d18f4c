//! How a state and a run's results stand in files. Text in, text out: where the files are is the ledger's business.
//!
//! A snapshot is a header line and canonical JSON; a journal is a header line and a chain of checksummed lines. A ledger that
//! several machines share has a head besides, and cuts its journal into slots. Nothing is written that can't be read back, and
//! nothing damaged is read as if it were empty.
//!
//! To change the format: count [`FORMAT`] up, add a step to `upgrade`, keep files of the old form in `crates/state/format/`.

mod canonical;
mod document;
mod export;
mod frame;
mod head;
mod journal;
mod outputs;
mod replay;
mod slot;
mod snapshot;
mod unreadable;
mod upgrade;

pub use document::Document;
pub use export::{export_snapshot, import_snapshot};
pub use head::{Extent, Head, Holder, Pointer};
pub use journal::{Base, Chain, Journal, Line, read_journal};
pub use outputs::Outputs;
pub use replay::{Replay, replay};
pub use slot::{Label, Slot, Stored};
pub use snapshot::{Snapshot, Written, named_hash, read_snapshot, write_snapshot};
pub use unreadable::Unreadable;
pub use upgrade::FORMAT;
