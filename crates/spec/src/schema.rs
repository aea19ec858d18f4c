//! The kinds and data sources a spec may use, handed in by whoever knows them.

use std::{collections::BTreeMap, sync::Arc};

use lowtide_model::{Declared, Description, Source};

/// All kinds and data sources by name. Cloning it is cheap.
#[derive(Clone, Debug, Default)]
pub struct Schema(Arc<Kinds>);

#[derive(Debug, Default)]
struct Kinds {
    managed: BTreeMap<&'static str, Description>,
    data: BTreeMap<&'static str, Description>,
}

impl Schema {
    /// Collects descriptions; of two with one name the last counts.
    pub fn new(all: impl IntoIterator<Item = Description>) -> Self {
        let mut kinds = Kinds::default();
        for description in all {
            let place = match description.source {
                Source::Managed => &mut kinds.managed,
                Source::Data | Source::Pure => &mut kinds.data,
            };
            place.insert(description.kind, description);
        }
        Self(Arc::new(kinds))
    }

    /// Returns the resource kind of this name.
    pub fn kind(&self, name: &str) -> Option<&Description> {
        self.0.managed.get(name)
    }

    /// Returns the data source of this name.
    pub fn data(&self, name: &str) -> Option<&Description> {
        self.0.data.get(name)
    }

    /// Returns what a declaration is of.
    pub fn of(&self, declared: &Declared) -> Option<&Description> {
        if declared.data { self.data(&declared.kind) } else { self.kind(&declared.kind) }
    }

    /// Returns all resource kinds in the order of their names.
    pub fn kinds(&self) -> impl Iterator<Item = &Description> {
        self.0.managed.values()
    }

    /// Returns all data sources in the order of their names.
    pub fn data_sources(&self) -> impl Iterator<Item = &Description> {
        self.0.data.values()
    }
}

impl FromIterator<Description> for Schema {
    fn from_iter<I: IntoIterator<Item = Description>>(all: I) -> Self {
        Self::new(all)
    }
}
