//! Whole runs over the wire, against moto behind the proxy, through the engine as the command line calls it.
//!
//! - `conformance/` leads every kind of the catalog through its life; a case is a spec in `conformance/KIND.toml`.
//! - `crash/` kills, stops and interrupts the real binary.
//! - `facts/` holds what kinds say of their attributes against CloudFormation and Terraform.
//! - `faults/` loses replies, throttles and refuses.
//! - `lifecycle/` is the reference project: applied, planned again, changed, destroyed.
//!
//! `bench` is what they share: a simulator, a project in a folder of its own, an engine.

mod bench;
mod conformance;
mod crash;
mod facts;
mod faults;
mod lifecycle;
