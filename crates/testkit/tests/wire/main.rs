//! The test world over the wire, with the real moto behind it.

mod calls;
mod errors;
mod faults;
mod leftovers;
mod simulator;
