//! How much an expression may do and yield, and all of a stack together. Specs come from pull requests too: none may take the machine down.

/// How many bytes a text with expressions in it may have.
pub(super) const SOURCE_LIMIT: usize = 1 << 20;
/// How many bytes a string may have.
pub(super) const TEXT_LIMIT: usize = 1 << 20;
/// How many expressions and elements one evaluation may go through.
pub(super) const STEP_LIMIT: u64 = 1_000_000;
/// How many of them all evaluations of a stack may go through: 5,000 for each of as many resources as it may have.
pub(super) const STACK_STEP_LIMIT: u64 = 500_000_000;
/// How much all that the evaluations of a stack yield may weigh: 100 for each of as many resources as it may have.
pub(super) const STACK_WEIGHT_LIMIT: u64 = 10_000_000;
/// How deeply expressions may nest, and values. The parser itself stops at 64 brackets and 128 operators in a row.
pub(super) const NESTING_LIMIT: usize = 100;
/// How many elements a function may make out of few: combinations, matches.
pub(super) const ELEMENT_LIMIT: usize = 100_000;
/// How many bytes of copied text weigh as much as one step.
pub(super) const BYTES_PER_STEP: usize = 64;
/// How many bytes of a file are read and hashed in one step.
const FILE_BYTES_PER_STEP: usize = 256;
/// How many steps it takes to look for a file.
pub(super) const STEPS_PER_FILE: u64 = 100;
/// How many parts of a value are looked at, and not copied, in one step.
pub(super) const LOOKS_PER_STEP: u64 = 16;

/// Returns how many steps it takes to read a file of so many bytes, and to hash it.
pub(crate) fn steps_to_read(bytes: usize) -> u64 {
    STEPS_PER_FILE + (bytes / FILE_BYTES_PER_STEP) as u64
}
