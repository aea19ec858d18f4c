//! How much an expression may do and yield. Specs come from pull requests too: none may take the machine down.

/// How many bytes a text with expressions in it may have.
pub(super) const SOURCE_LIMIT: usize = 1 << 20;
/// How many bytes a string may have.
pub(super) const TEXT_LIMIT: usize = 1 << 20;
/// How many expressions and elements one evaluation may go through.
pub(super) const STEP_LIMIT: u64 = 1_000_000;
/// How deeply expressions may nest. The parser itself stops at 64 brackets and 128 operators in a row.
pub(super) const NESTING_LIMIT: usize = 100;
/// How many elements a function may make out of few: combinations, matches.
pub(super) const ELEMENT_LIMIT: usize = 100_000;
/// How many bytes of copied text weigh as much as one step.
pub(super) const BYTES_PER_STEP: usize = 64;
