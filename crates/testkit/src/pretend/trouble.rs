//! What goes wrong, and when.

use lowtide_resource::{Class, Fault};

/// What is asked of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verb {
    /// `create`
    Create,
    /// `read`; one call may be about many things.
    Read,
    /// `find`
    Find,
    /// `update`
    Update,
    /// `delete`
    Delete,
}

/// Something that was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Of which kind.
    pub kind: &'static str,
    /// What.
    pub verb: Verb,
    /// About what, where that is known.
    pub id: String,
}

/// Something that goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Of which kind.
    pub kind: String,
    /// At what.
    pub verb: Verb,
    /// At the how many-th such call from now; the next is 1.
    pub nth: usize,
    /// What happens.
    pub what: What,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It is refused and nothing happens.
    Refused,
    /// The reply is lost, and it did not happen.
    LostBefore,
    /// The reply is lost, and it did happen.
    LostAfter,
    /// There were too many calls.
    Throttled,
    /// The credentials may not.
    Denied,
    /// The thing is removed behind our back just before.
    Gone,
    /// The reply is lost, and it happens much later; of creates and updates.
    Late,
}

impl What {
    /// All of them that strike at once.
    pub const ALL: [Self; 6] = [Self::Refused, Self::LostBefore, Self::LostAfter, Self::Throttled, Self::Denied, Self::Gone];

    /// Returns the fault it answers with, if it answers with one.
    pub fn fault(self) -> Option<Fault> {
        let (class, words) = match self {
            Self::Refused => (Class::Other, "no, not now"),
            Self::LostBefore | Self::LostAfter | Self::Late => (Class::Ambiguous, "the reply was lost"),
            Self::Throttled => (Class::Throttled, "too many calls"),
            Self::Denied => (Class::Denied, "you may not"),
            Self::Gone => return None,
        };
        Some(Fault::bare(class, words.to_owned()))
    }
}
