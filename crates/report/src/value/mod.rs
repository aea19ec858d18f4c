//! Values as people read them: one value on one line or over several, and two values compared.
//!
//! Everything is built as [`Branch`]es, a tree of named lines with marks, and printed with the marks in one column like
//! the margin of a diff. Sensitive values never enter a branch.

mod branch;
mod difference;
mod elements;
mod given;
mod inline;
mod lines;

pub use branch::{Branch, Mark, printed};
pub use difference::difference;
pub use given::given;
pub use inline::{inline, pair};

/// What stands for a value nobody may see.
pub const SENSITIVE: &str = "(sensitive value)";
/// What stands for a value that AWS decides.
pub const UNKNOWN: &str = "(known after apply)";
