//! What Lowtide remembers of a stack: records, outputs, lineage and serial; how that stands in files; and the interface
//! of the place where it is kept.
//!
//! A change of the format gets a new number, a step in `upgrade` and a file of the old form in `format/`.

mod answer;
mod author;
mod digest;
mod entry;
mod fields;
mod history;
mod intent;
mod ledger;
mod lingering;
mod record;
mod state;

pub mod format;

pub use answer::Answer;
pub use author::Author;
pub use digest::{Digest, Digester, NoDigests};
pub use entry::{Entry, Moved};
pub use history::{History, Kept, Piece, Walk};
pub use intent::{Attempt, Intent};
pub use ledger::{Doing, Lease, Ledger, LedgerFault, Loaded, Run, StackKey};
pub use lingering::{Asked, Lingering};
pub use record::{Protection, Record, RecordKey, Remembered, Status};
pub use state::{OutputValue, State};
