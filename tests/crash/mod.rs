//! The real binary, killed, stopped and interrupted in the middle of the reference project: the next run goes on from there, with
//! no orphan and no duplicate in the simulator itself.
//!
//! `process` is the binary and what can be done to it, `kept` where its state is, `count` what moto holds of each sort, `writes` how
//! often the ledger is written to. `LOWTIDE_KILLS` says how many kills
//! there are, `LOWTIDE_SEED` where they are; by hand, a thousand:
//!
//! ```sh
//! LOWTIDE_KILLS=1000 cargo test -p lowtide-tests crash::killed::killed -- --nocapture
//! ```

mod count;
mod interrupted;
mod kept;
mod killed;
mod no_wait;
mod process;
mod unreachable;
mod unreadable;
mod writes;
