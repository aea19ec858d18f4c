//! What planning is given, and what it may ask for.

use std::{collections::BTreeMap, sync::Arc};

use lowtide_graph::Declarations;
use lowtide_model::{Address, Declared, Object, Observation, Place};
use lowtide_spec::{Configuration, Schema, Values};
use lowtide_state::{Digester, RecordKey, StackKey, State};

use crate::{Outsider, Providers};

/// What is known of a stack before anybody is asked.
#[derive(Clone, Copy)]
pub struct Spec<'a> {
    /// Which stack.
    pub stack: &'a StackKey,
    /// Its spec.
    pub configuration: &'a Configuration,
    /// The spec's declarations in order.
    pub graph: &'a Declarations,
    /// All kinds.
    pub schema: &'a Schema,
    /// Variables, outputs of other stacks, and names of the run.
    pub values: &'a Values,
    /// Tags and regions by provider.
    pub providers: &'a Providers,
    /// Resources of the stacks that this one requires, where they were planned in the same run.
    pub beside: &'a [Outsider],
}

/// Everything planning is given. It is not changed by planning.
pub struct Input<'a> {
    /// What is known before anybody is asked.
    pub spec: Spec<'a>,
    /// Where each provider leads, by alias.
    pub places: &'a BTreeMap<Option<Arc<str>>, Place>,
    /// What is remembered.
    pub state: &'a State,
    /// What was seen of each record.
    pub sights: &'a BTreeMap<RecordKey, Sight>,
    /// What was answered to earlier [`Request`]s.
    pub answers: &'a Answers,
    /// Compares sensitive values with what is remembered of them.
    pub digester: &'a dyn Digester,
    /// What the user wants of this plan.
    pub options: &'a Options,
}

/// What the user wants of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Destroy everything.
    pub destroy: bool,
    /// Only these and what they need; empty for all.
    pub targets: Vec<Target>,
    /// Not these, nor what needs them.
    pub excludes: Vec<Target>,
    /// Replace these whatever else.
    pub replace: Vec<Address>,
}

/// A declaration with all its instances, or one instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target(pub Address);

impl Target {
    /// Returns whether an address is meant.
    pub fn means(&self, address: &Address) -> bool {
        self.0.declared == address.declared && (self.0.key.is_none() || self.0.key == address.key)
    }

    /// Returns the declaration.
    pub fn declared(&self) -> &Declared {
        &self.0.declared
    }
}

/// What was seen of one thing.
#[derive(Clone, Debug, PartialEq)]
pub enum Sight {
    /// It is there.
    Here(Box<Observation>),
    /// It is not.
    Gone,
    /// AWS would not say, for this reason.
    Unseen(String),
}

/// Something planning must know of AWS to go on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Request {
    /// What a data source finds.
    Look {
        /// The data source's name.
        kind: String,
        /// Where to ask.
        place: Place,
        /// Its arguments.
        query: Object,
    },
    /// Whether there already is something where one is to be created.
    Find {
        /// The kind.
        kind: String,
        /// Where to ask.
        place: Place,
        /// The physical id it would have.
        id: String,
        /// What is asked for.
        wish: Object,
    },
}

/// What was answered to requests.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// What data sources found, or why they could not, in words.
    pub looked: BTreeMap<Request, Result<Object, String>>,
    /// What is already there.
    pub found: BTreeMap<Request, Sight>,
}
