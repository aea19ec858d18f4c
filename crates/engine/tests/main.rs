//! The engine on a pretend AWS: laws that hold for random specs, random edits, and any one trouble at any call.
//!
//! `bench` is an engine with its surroundings, `spec` writes specs, `laws` and `troubles` hold what must be true.

#![expect(clippy::print_stdout, reason = "tests say how much they tried")]

mod another;
mod bench;
mod boundaries;
mod bugs;
mod clocks;
mod crashes;
mod doubt;
mod explorer;
mod first;
mod ignored;
mod intended;
mod late;
mod laws;
mod mortal;
mod moved;
mod no_wait;
mod outputs;
mod outside;
mod overload;
mod protection;
mod regions;
mod replacements;
mod saved;
mod sequences;
mod spec;
mod spread;
mod stand_in;
mod swapped;
mod tides;
mod troubles;
mod unreached;
