//! What AWS says now of one thing, and where the thing is.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Description, Object, Value};

/// Where a thing lives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Place {
    /// The account's twelve digits.
    pub account: String,
    /// `aws`, `aws-cn`, `aws-us-gov`…
    pub partition: String,
    /// The region; for global kinds the region their calls go to.
    pub region: String,
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "account {}, {}", self.account, self.region)
    }
}

/// What AWS says of one thing.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Observation {
    /// What calls need to name it.
    pub id: String,
    /// The inputs as they are now.
    pub inputs: Object,
    /// Inputs that AWS did not show this time; they are neither present nor absent.
    pub unseen: Vec<String>,
    /// What AWS decided.
    pub outputs: Object,
    /// How far it is.
    pub phase: Phase,
    /// Inputs that AWS has accepted and will apply later, in a maintenance window: the values they will have.
    pub pending: Object,
    /// What else AWS said that only checks across declarations ask for. No expression sees it, and no state keeps it.
    pub aside: Object,
}

impl Observation {
    /// Returns whether it is without this tag: the kind carries tags, they could be read, and it is none of them.
    pub fn lacks_tag(&self, description: &Description, key: &str) -> bool {
        let tags = self.inputs.get("tags").and_then(Value::as_members);
        let readable = !self.unseen.iter().any(|name| name == "tags");
        description.tagged() && readable && tags.is_none_or(|tags| !tags.contains_key(key))
    }
}

/// How far a thing is on its way.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Phase {
    /// AWS has taken the request; dependants must wait. Says what it is doing.
    Accepted(String),
    /// Dependants may go on; it still changes. Says what it is doing.
    Usable(String),
    /// It is as it will be.
    #[default]
    Stable,
    /// It went wrong and will not recover by itself.
    Failed {
        /// Whether only a new one helps.
        replace: bool,
        /// What AWS says.
        why: String,
    },
}
