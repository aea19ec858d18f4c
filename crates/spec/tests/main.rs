//! Tests of the whole crate, in one binary.

mod arbitrary;
mod bodies;
mod instances;
mod kinds;
mod limits;
mod projects;
mod render;
mod samples;
mod secret_files;
mod speed;
mod variables;
