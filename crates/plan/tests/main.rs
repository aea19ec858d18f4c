//! The planner from outside: whole plans as text, and laws.
//!
//! `kinds` holds a small made-up cloud, `case` a spec with what is remembered and seen, `shown` plans as text. To add a
//! test, take the file whose subject fits; a new subject is a new file and a line here.

mod attributes;
mod beside;
mod case;
mod data;
mod existing;
mod governed;
mod instances;
mod kinds;
mod laws;
mod life;
mod order;
mod outputs;
mod protection;
mod selection;
mod shown;
mod tags;
