//! All kinds and data sources of a binary, by name.

use std::{collections::BTreeMap, sync::Arc};

use lowtide_model::Description;

use crate::{DataSource, Kind};

/// All kinds and data sources, by name.
#[derive(Clone, Default)]
pub struct Catalog {
    kinds: BTreeMap<&'static str, Arc<dyn Kind>>,
    sources: BTreeMap<&'static str, Arc<dyn DataSource>>,
}

impl Catalog {
    /// Adds a kind.
    #[must_use]
    pub fn with(mut self, kind: impl Kind + 'static) -> Self {
        self.kinds.insert(kind.description().kind, Arc::new(kind));
        self
    }

    /// Adds a data source.
    #[must_use]
    pub fn with_source(mut self, source: impl DataSource + 'static) -> Self {
        self.sources.insert(source.description().kind, Arc::new(source));
        self
    }

    /// Returns the kind of this name.
    pub fn kind(&self, name: &str) -> Option<&Arc<dyn Kind>> {
        self.kinds.get(name)
    }

    /// Returns the data source of this name.
    pub fn source(&self, name: &str) -> Option<&Arc<dyn DataSource>> {
        self.sources.get(name)
    }

    /// Returns all kinds by name.
    pub fn kinds(&self) -> impl Iterator<Item = &Arc<dyn Kind>> {
        self.kinds.values()
    }

    /// Returns what all kinds and data sources are, as plain data.
    pub fn descriptions(&self) -> impl Iterator<Item = &'static Description> {
        self.kinds.values().map(|kind| kind.description()).chain(self.sources.values().map(|source| source.description()))
    }
}
