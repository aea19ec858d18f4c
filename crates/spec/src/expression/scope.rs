//! What expressions may refer to, and who answers.

use std::sync::Arc;

use lowtide_diagnostic::Place;
use lowtide_model::{Declared, Planned};

use super::Budget;
use crate::written::SOURCE_LIMIT;

/// What a reference starts from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Root {
    /// `var.NAME`
    Variable(Arc<str>),
    /// `local.NAME`
    Local(Arc<str>),
    /// `KIND.NAME` or `data.KIND.NAME`: an object, a list of objects where `count` is used, a map of objects where `for_each` is used.
    Declared(Declared),
    /// `stack.STACK.OUTPUT`
    Stack(Arc<str>, Arc<str>),
    /// `each.key`
    EachKey,
    /// `each.value`
    EachValue,
    /// `count.index`
    CountIndex,
    /// `self`, in postconditions
    Itself,
    /// `lowtide.project`, `lowtide.stack` or `lowtide.environment`
    Run(Arc<str>),
    /// `path.root`: the project's folder.
    PathRoot,
    /// A name that a surrounding `for` or a template call binds. Never among a template's references.
    Bound(Arc<str>),
}

/// A reference found in an expression without evaluating it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// What it starts from.
    pub root: Root,
    /// The first attribute taken from it, after an index or splat: `id` of `aws_subnet.public[0].id` and `aws_subnet.public[*].id`.
    pub attribute: Option<Arc<str>>,
    /// The constant key between them, if there is one: `a` of `aws_subnet.public["a"].id`.
    pub key: Option<lowtide_model::Key>,
    /// Where it stands.
    pub place: Place,
}

/// Who answers references while an expression is evaluated.
pub trait Scope {
    /// Returns the value of a root, or `None` where it has none here (the static check reports that with a suggestion first).
    fn value(&self, root: &Root) -> Option<&Planned>;

    /// Returns who answers `file`, `templatefile` and `fileexists`.
    fn files(&self) -> &dyn Files;

    /// Returns what evaluations here may still do and yield.
    fn budget(&self) -> &Budget;
}

/// Files beneath the project's folder.
pub trait Files {
    /// Reads a file whole that has at most so many bytes.
    ///
    /// # Errors
    /// Returns what is wrong in words: outside the folder, missing, too large, not a plain file.
    fn read_up_to(&self, path: &str, limit: usize) -> Result<Vec<u8>, String>;

    /// Reads a file whole, as large as the text of a spec may be.
    ///
    /// # Errors
    /// As [`Files::read_up_to`].
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.read_up_to(path, SOURCE_LIMIT)
    }

    /// Returns whether what is made of a file that can't be read is unknown rather than a mistake: nothing will be made of it.
    fn are_done_without(&self) -> bool {
        false
    }

    /// Returns whether there is a file that could be read.
    ///
    /// # Errors
    /// Returns what is wrong in words when that can't be told, as outside the folder.
    fn exists(&self, path: &str) -> Result<bool, String> {
        Ok(self.read(path).is_ok())
    }
}
