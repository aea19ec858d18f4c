//! Whole output of whole commands, without AWS: what is printed, where, and the exit code.
//!
//! To take over what is printed now: `SNAPSHOTS=overwrite cargo test -p lowtide --test cli`, then read the difference.

mod apply;
mod arguments;
mod endpoints;
mod explain;
mod init;
mod ledger;
mod output;
mod plan;
mod plan_file;
mod project;
mod refused;
mod run_ids;
mod secrets;
mod shared;
mod shared_encryption;
mod shared_history;
mod shared_state;
mod state;
mod state_history;
mod tides;
mod tides_together;
mod validate;
