//! What a kind thinks by functions of its own: checks, ids and outputs that follow from inputs, what it moves.

use std::ops::RangeInclusive;

use crate::{Neighbour, Object, Path, Place, PlannedObject};

/// A check across attributes, run while planning; unknown attributes count as fitting.
pub type Check = fn(&PlannedObject) -> Vec<Complaint>;

/// Tells which attribute of another resource one moves, by what it is; `None` where it moves none that is known.
pub type Governs = fn(&Object) -> Option<Governed>;

/// An attribute that another resource moves within a range. What is asked for is its first value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Governed {
    /// The kind of what has it.
    pub kind: &'static str,
    /// The last part of the ARN of what has it: `table/it`.
    pub resource: String,
    /// The block of which it is an attribute, where it is not one of the resource itself.
    pub block: Option<GovernedBlock>,
    /// The attribute.
    pub attribute: &'static str,
    /// The values that are left alone.
    pub range: RangeInclusive<i64>,
}

/// One of several blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GovernedBlock {
    /// Which blocks: `global_secondary_index`.
    pub of: &'static str,
    /// The attribute that tells them apart.
    pub key: &'static str,
    /// What it is.
    pub is: String,
}

/// A change in place that AWS never makes.
#[derive(Clone, Copy, Debug)]
pub struct Transition {
    /// The attribute.
    pub attribute: &'static str,
    /// Which change of it is refused, in words: `less than there is`.
    pub refuses: &'static str,
    /// Tells from what there is and what is asked for; what is not known yet counts as fitting.
    pub check: fn(&Object, &PlannedObject) -> Vec<Complaint>,
}

/// How a physical id follows from known inputs and the place; `None` where it does not.
pub type Identity = fn(&Object, &Place) -> Option<String>;

/// How outputs follow from a wish; what is not known of them yet is unknown, and what is not told is left out.
pub type Predict = fn(&PlannedObject) -> PlannedObject;

/// How the answer of a pure data source follows from its arguments.
pub type Compute = fn(&Object) -> Result<Object, Vec<Complaint>>;

/// What a check has to say about a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// Which attribute it is about.
    pub path: Path,
    /// What is wrong and why, in full sentences.
    pub detail: String,
    /// What to do.
    pub hint: Option<String>,
    /// The number of the other resource it is about, where there is one.
    pub beside: Option<usize>,
    /// Whether AWS might take it all the same; of a [`Relation`] only.
    pub doubtful: bool,
}

impl Complaint {
    /// Returns a complaint about an attribute.
    pub fn about(attribute: &str, detail: impl Into<String>) -> Self {
        Self::at(Path::of(attribute), detail)
    }

    /// Returns a complaint about a place inside an attribute.
    pub fn at(path: Path, detail: impl Into<String>) -> Self {
        Self { path, detail: detail.into(), hint: None, beside: None, doubtful: false }
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says which other resource it is about as well.
    #[must_use]
    pub fn beside(mut self, other: &Neighbour<'_>) -> Self {
        self.beside = Some(other.number);
        self
    }

    /// Says that AWS might take it all the same: the user is told, and may go on.
    #[must_use]
    pub fn doubtful(mut self, doubtful: bool) -> Self {
        self.doubtful = doubtful;
        self
    }
}
