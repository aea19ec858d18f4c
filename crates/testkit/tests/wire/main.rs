//! The test world over the wire, with the real moto behind it.

mod calls;
mod ecs;
mod errors;
mod faults;
mod held;
mod in_use;
mod leftovers;
mod logs;
mod network;
mod simulator;
mod tokens;
