//! moto in a process of its own.
//!
//! - `virtual_environment` installs it once, outside the checkout.
//! - `process` starts and ends it; `launcher.py` is what runs inside.
//! - `inventory` asks what it holds.

mod inventory;
mod process;
mod virtual_environment;

pub use inventory::{Held, Identity};
pub use process::{Options, Simulator};
pub use virtual_environment::{MOTO_VERSION, Progress};
