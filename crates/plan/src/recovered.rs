//! What became of operations that an earlier run left in doubt.

use lowtide_model::Address;
use lowtide_state::{Attempt, StackKey};

/// An operation that was in doubt, or a deletion that was watched, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Recovered {
    /// The stack.
    pub stack: StackKey,
    /// The resource.
    pub address: Address,
    /// What was about to happen.
    pub attempt: Attempt,
    /// What became of it.
    pub how: Recovery,
}

/// What became of an operation that was in doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// It had made this; it is in the state now.
    Adopted(String),
    /// It had made nothing: the next apply makes one if the spec still asks for it.
    Nothing,
    /// Nothing of it is to be seen, and its request may still arrive, which does no harm to an apply: its name is free, or it may be sent
    /// again as it was. It stays in doubt until something is made or it is waited for.
    Free,
    /// It may be asked for again, and the next plan sees what there is.
    Seen,
    /// Nothing of it is to be seen, and its request may arrive until then, in seconds since 1970: it is left open, for nobody waits.
    Open(u64),
    /// It was deleted and watched, and stays gone: nothing is remembered of it any more.
    Gone,
    /// It was deleted and watched, and is there again, by this id: the next apply or destroy deletes it.
    Back(String),
}
