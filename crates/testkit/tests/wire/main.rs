//! The test world over the wire, with the real moto behind it.

mod calls;
mod certificates;
mod ecs;
mod errors;
mod faults;
mod held;
mod hidden;
mod in_use;
mod leftovers;
mod logs;
mod network;
mod paging;
mod simulator;
mod tokens;
