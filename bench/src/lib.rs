//! The figures: how much work and memory Lowtide takes. `docs/figures.md` says what they should be.
//!
//! - [`synthetic`] writes specs of any size.
//! - [`thinking`] leads one from text to plan.
//! - [`process`] says what a process has used.
//! - [`command`] runs the command line and says what that took.
//! - [`table`] prints figures beside their targets.
//!
//! The binary `thinking` measures the pure half, `project` the command line against the test world. Times are printed and
//! never asserted: the machine decides about them as much as the code does.

pub mod command;
pub mod process;
pub mod synthetic;
pub mod table;
pub mod thinking;
