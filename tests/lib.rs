//! Whole runs over the wire; everything is in the test binary, `main.rs`.
