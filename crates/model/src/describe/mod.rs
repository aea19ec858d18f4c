//! What is known of a kind without asking AWS: plain data that specs, plans and reports need.
//!
//! `attribute` holds the facts of one attribute, `functions` what a kind thinks by functions of its own.

mod attribute;
mod functions;

pub use self::{
    attribute::{Attribute, Fresh, Literal, LocalFile, Need, Removed},
    functions::{Check, Complaint, Compute, Governed, GovernedBlock, Governs, Identity, Predict, Transition},
};
use crate::{Follows, Relation};

/// A kind, or a data source.
#[derive(Clone, Copy, Debug)]
pub struct Description {
    /// Its name, as in the `hashicorp/aws` Terraform provider.
    pub kind: &'static str,
    /// What users read about it.
    pub doc: &'static str,
    /// The AWS service, as its SDK calls it.
    pub service: &'static str,
    /// Whether Lowtide owns or only reads it.
    pub source: Source,
    /// What the user gives.
    pub inputs: &'static [Attribute],
    /// What AWS decides.
    pub outputs: &'static [Attribute],
    /// How a repeated create is kept from making a second one.
    pub create: Create,
    /// Where it lives.
    pub scope: Scope,
    /// Which comes first when it is replaced.
    pub replace: Order,
    /// Whether dependants wait until it is stable, not just usable.
    pub waits_until_stable: bool,
    /// How an import id looks: `ROLE_NAME:POLICY_NAME`.
    pub import: &'static str,
    /// How the physical id follows from the inputs, for kinds whose name is their key.
    pub identity: Option<Identity>,
    /// How a pure data source follows from its arguments.
    pub compute: Option<Compute>,
    /// How outputs are told before apply where a template can't, or only in part.
    pub predict: Option<Predict>,
    /// Checks across attributes.
    pub checks: &'static [Check],
    /// Checks of what changes in place.
    pub transitions: &'static [Transition],
    /// Which attribute of another resource it moves.
    pub governs: Option<Governs>,
    /// What it stands on though it names it nowhere.
    pub follows: &'static [Follows],
    /// Checks across declarations.
    pub relations: &'static [Relation],
    /// Attributes of the Terraform provider that are left out, each with the reason.
    pub left_out: &'static [(&'static str, &'static str)],
}

impl Description {
    /// A resource without anything, in one region.
    pub const PLAIN: Self = Self {
        kind: "",
        doc: "",
        service: "",
        source: Source::Managed,
        inputs: &[],
        outputs: &[],
        create: Create::TagOnly,
        scope: Scope::Regional,
        replace: Order::DestroyFirst,
        waits_until_stable: false,
        import: "",
        identity: None,
        compute: None,
        predict: None,
        checks: &[],
        transitions: &[],
        governs: None,
        follows: &[],
        relations: &[],
        left_out: &[],
    };

    /// Returns the input of this name.
    pub fn input(&self, name: &str) -> Option<&'static Attribute> {
        self.inputs.iter().find(|row| row.name == name)
    }

    /// Returns the output of this name.
    pub fn output(&self, name: &str) -> Option<&'static Attribute> {
        self.outputs.iter().find(|row| row.name == name)
    }

    /// Returns the input or output of this name.
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        self.input(name).or_else(|| self.output(name))
    }

    /// Returns whether it carries tags.
    pub fn tagged(&self) -> bool {
        self.source == Source::Managed && self.input("tags").is_some()
    }
}

/// Whether a kind is owned or only read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A resource: created, updated, deleted.
    Managed,
    /// A data source: read.
    Data,
    /// A data source that follows from its arguments alone.
    Pure,
}

/// The idempotency class: how a create that may or may not have happened is told apart. Where a name tells and the kind has no tags, the
/// creating request carries all inputs: what it makes late is known for ours by them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Create {
    /// The request carries a client token that AWS remembers for this many minutes.
    Token {
        /// How long AWS remembers it.
        minutes: u32,
    },
    /// A name that is unique in its scope tells.
    Key,
    /// Only a tag set in the creating request tells.
    TagOnly,
    /// Only a list taken before tells.
    Preimage,
    /// The request sets the whole thing, whatever was there.
    Put,
    /// Nothing is asked of AWS.
    NoCall,
}

/// Where things of a kind live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// In one region.
    Regional,
    /// In the state alone: nothing is asked of AWS.
    Nowhere,
    /// In the whole account; calls go to this region.
    Global(&'static str),
}

/// Which comes first when something is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The old one goes, then the new one comes.
    DestroyFirst,
    /// The new one comes, dependants move, then the old one goes.
    CreateFirst,
}
