//! The whole plan of one stack.

use std::collections::BTreeMap;

use lowtide_diagnostic::Diagnostics;
use lowtide_model::{Address, Place, Planned};
use lowtide_state::StackKey;

use crate::{Action, Change, Step};

/// Everything that must happen to one stack, and what it was decided from.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Which stack.
    pub stack: StackKey,
    /// The state it was decided from.
    pub lineage: String,
    /// That state's serial.
    pub serial: u64,
    /// Whether the stack is destroyed.
    pub destroy: bool,
    /// The account and region of the default provider.
    pub place: Place,
    /// The steps; a step's id is its index.
    pub steps: Vec<Step>,
    /// Resources that only get another address.
    pub moves: Vec<Move>,
    /// Resources that stay as they are.
    pub unchanged: Vec<Unchanged>,
    /// Resources that would be destroyed and are kept.
    pub kept: Vec<Kept>,
    /// Resources that can't be planned now.
    pub blocked: Vec<Blocked>,
    /// What somebody else changed since the last run.
    pub drift: Vec<Drift>,
    /// Outputs, changed or not, by name.
    pub outputs: Vec<OutputChange>,
    /// What else is known and no step is about: data sources that were answered, resources left out or blocked.
    pub known: BTreeMap<Address, Planned>,
    /// What each planned or unchanged resource refers to, for its record.
    pub dependencies: BTreeMap<Address, Vec<Address>>,
    /// What the user should know.
    pub warnings: Diagnostics,
}

/// A resource that only gets another address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The address it had.
    pub from: Address,
    /// The address it gets.
    pub to: Address,
}

/// A resource that stays as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Unchanged {
    /// Its address.
    pub address: Address,
    /// All its attributes, as expressions see them.
    pub values: Planned,
}

/// A resource that would be destroyed and is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its address.
    pub address: Address,
    /// Why, in words.
    pub why: String,
}

/// A resource that can't be planned now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// Its address.
    pub address: Address,
    /// Why, in words.
    pub why: String,
}

/// What somebody else changed about one resource since the last run.
#[derive(Clone, Debug, PartialEq)]
pub struct Drift {
    /// Its address.
    pub address: Address,
    /// What is another now: before is what was remembered, after is what there is. Empty when it is gone.
    pub changes: Vec<Change>,
    /// Whether it is gone.
    pub gone: bool,
}

/// One output of the stack.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputChange {
    /// Its name.
    pub name: String,
    /// What was published; null for nothing.
    pub before: Planned,
    /// What will be published; null for nothing.
    pub after: Planned,
    /// Whether it differs, as far as can be told.
    pub changed: bool,
    /// Whether it is declared sensitive.
    pub sensitive: bool,
}

/// How many resources a plan touches, a replacement counted once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Made.
    pub create: usize,
    /// Changed in place.
    pub update: usize,
    /// Replaced.
    pub replace: usize,
    /// Destroyed.
    pub delete: usize,
    /// Taken on.
    pub adopt: usize,
}

impl Plan {
    /// Returns whether nothing needs to be done: no step, no move, no output that changes.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.moves.is_empty() && self.outputs.iter().all(|output| !output.changed)
    }

    /// Returns the counts.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        for step in &self.steps {
            match (step.action, step.pair) {
                (Action::Create, Some(_)) => summary.replace += 1,
                (Action::Create, None) => summary.create += 1,
                (Action::Update, _) => summary.update += 1,
                (Action::Delete, None) => summary.delete += 1,
                (Action::Adopt, _) => summary.adopt += 1,
                (Action::Delete, Some(_)) | (Action::Read | Action::Forget, _) => {}
            }
        }
        summary
    }
}
