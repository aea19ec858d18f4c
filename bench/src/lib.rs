//! The figures: how much work and memory Lowtide takes. `docs/figures.md` says what they should be.
//!
//! - [`synthetic`] writes specs of any size.
//! - [`thinking`] leads one from text to plan.
//! - [`process`] says what a process has used.
//! - [`command`] runs a command and says what that took.
//! - [`tool`] leads two tools through the same life.
//! - [`table`] prints figures beside their targets.
//!
//! The binary `thinking` measures the pure half, `project` the command line against the test world, `beside` the same specs in
//! Lowtide and, where it is installed, in Terraform. Times are printed and
//! never asserted: the machine decides about them as much as the code does.

pub mod command;
pub mod process;
pub mod synthetic;
pub mod table;
pub mod thinking;
pub mod tool;
