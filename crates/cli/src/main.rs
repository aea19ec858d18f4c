//! lowtide
fn main() {}
