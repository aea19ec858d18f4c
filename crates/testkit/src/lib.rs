//! The test world: a stand-in for AWS that tests and the demo can start, watch and disturb.
//!
//! - [`simulator`] starts moto, an independent AWS simulator, in a process of its own.
//! - [`proxy`] stands in front of it: records calls, makes faults, corrects what moto gets wrong.
//! - [`world`] is both together, and can say what a destroy left behind.
//! - [`pretend`] is another one, in memory: small, strict, and failing on demand.
//! - [`bench`] is what the tests of a service crate start from.
//! - [`binary`] builds the program itself.
//! - [`dice`] is chance that is the same each time.
//! - [`drive`] leads one kind through its life over the wire, without the engine.
//! - [`terraform`] runs Terraform where it is installed, and turns a spec into what it reads.
//! - [`reference`] reads where our kinds differ from what others say, and why.
//!
//! Tests and `xtask` use this crate; nothing that ships does.

pub mod bench;
pub mod binary;
pub mod dice;
pub mod drive;
pub mod pretend;
pub mod proxy;
pub mod reference;
pub mod simulator;
pub mod terraform;
pub mod wire;
pub mod world;

pub use proxy::{Call, Fault, Match, Proxy, Rules, What};
pub use simulator::{Options, Simulator};
pub use world::{Leftover, World};
