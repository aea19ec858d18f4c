//! A stack as understood: its tables with their meaning, names and places, before anything is evaluated.
//!
//! Each file here holds one sort of table: what it is, and how it is read. To add one, add its file and its name to `top`.

mod condition;
mod declaration;
mod fields;
mod lifecycle;
mod output;
mod provider;
mod reference;
mod stack;
mod top;
mod variable;

use std::{collections::BTreeMap, sync::Arc};

use lowtide_diagnostic::Place;
use lowtide_model::Declared;

pub use condition::Condition;
pub(crate) use declaration::META;
pub use declaration::{Declaration, Repeat};
pub(crate) use fields::{Fields, did_you_mean};
pub use lifecycle::{Ignore, Lifecycle};
pub use output::Output;
pub use provider::{IgnoreTags, Provider};
pub use stack::{Life, Schedule, StackTable};
pub use top::read;
pub use variable::{Local, Variable};

use crate::{expression::Reference, written::Written};

/// One stack, checked as far as it says it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Configuration {
    /// The `[stack]` table.
    pub stack: StackTable,
    /// `[variable.NAME]`
    pub variables: BTreeMap<Arc<str>, Variable>,
    /// `[locals]`
    pub locals: BTreeMap<Arc<str>, Local>,
    /// `[provider.aws]`, by alias; the one without is `None`.
    pub providers: BTreeMap<Option<Arc<str>>, Provider>,
    /// `[resource.KIND.NAME]`
    pub resources: BTreeMap<Declared, Declaration>,
    /// `[data.KIND.NAME]`
    pub data: BTreeMap<Declared, Declaration>,
    /// `[output.NAME]`
    pub outputs: BTreeMap<Arc<str>, Output>,
}

impl Configuration {
    /// Returns every reference in it but those of variables, which refer to none but themselves.
    pub fn references(&self) -> Vec<Reference> {
        let mut all: Vec<_> = self.declarations().flat_map(Declaration::references).collect();
        all.extend(self.locals.values().flat_map(|one| one.value.references()));
        all.extend(self.providers.values().flat_map(|one| one.references()));
        all.extend(self.outputs.values().flat_map(|one| Written::references(&one.value)));
        all.extend(self.outputs.values().flat_map(|one| one.preconditions.iter().flat_map(Condition::references)));
        all
    }

    /// Returns an empty stack of this name.
    pub fn empty(name: &str, place: Place) -> Self {
        Self {
            stack: StackTable::named(name, place),
            variables: BTreeMap::new(),
            locals: BTreeMap::new(),
            providers: BTreeMap::new(),
            resources: BTreeMap::new(),
            data: BTreeMap::new(),
            outputs: BTreeMap::new(),
        }
    }

    /// Returns a resource or data source.
    pub fn declaration(&self, declared: &Declared) -> Option<&Declaration> {
        if declared.data { self.data.get(declared) } else { self.resources.get(declared) }
    }

    /// Returns all data sources, then all resources.
    pub fn declarations(&self) -> impl Iterator<Item = &Declaration> {
        self.data.values().chain(self.resources.values())
    }
}
