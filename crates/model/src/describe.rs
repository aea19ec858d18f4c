//! What is known of a kind without asking AWS: plain data that specs, plans and reports need.

use std::ops::RangeInclusive;

use crate::{Follows, Neighbour, Object, Path, Place, PlannedObject, Relation, Shape};

/// One attribute and the facts about it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attribute {
    /// Its name, as in the `hashicorp/aws` Terraform provider.
    pub name: &'static str,
    /// What users read about it.
    pub doc: &'static str,
    /// What values it takes.
    pub shape: Shape,
    /// Whether it must be given.
    pub need: Need,
    /// What happens when it is no longer given.
    pub removed: Removed,
    /// Whether changing it takes a new resource.
    pub replaces: bool,
    /// Whether it is part of the physical key, with account and region.
    pub identity: bool,
    /// Whether it names the thing this is a part of; a new parent takes a new resource.
    pub parent: bool,
    /// Whether it only tells Lowtide or AWS how to go about an operation; never compared with AWS.
    pub option: bool,
    /// Whether it must never be shown or stored in clear.
    pub secret: bool,
    /// Whether AWS never returns it; it compares with what was last asked for.
    pub unread: bool,
    /// Whether elements of a block set pair by it.
    pub key: bool,
    /// Whether others may add entries to it; only those asked for are owned.
    pub open: bool,
    /// The value it gets at creation when it is not given.
    pub fresh: Option<Fresh>,
    /// The kind that owns it instead when it is not given.
    pub owned_elsewhere: Option<&'static str>,
    /// The smallest and largest number it takes, or the fewest and most characters or elements.
    pub range: Option<(i64, i64)>,
    /// The words it takes; empty when any will do.
    pub one_of: &'static [&'static str],
    /// The attribute of another kind it usually holds: `aws_vpc.id`.
    pub refers: Option<&'static str>,
    /// How an output is told before apply: `arn:{partition}:iam::{account}:role/{name}`.
    pub predict: Option<&'static str>,
    /// The inputs whose change renews this output.
    pub renewed_by: &'static [&'static str],
    /// Of a version, which its start satisfies: whether AWS brings it up to date is said by the attribute of this name.
    pub upgraded_by: Option<&'static str>,
    /// Of a number that AWS lets grow by itself: up to the attribute of this name.
    pub grows_to: Option<&'static str>,
    /// Of a word: this one leaves the choice among the others to AWS, and whatever AWS chose is as asked for.
    pub chooses: Option<&'static str>,
    /// Of a word: a change from the first of these to the second takes a new resource.
    pub one_way: Option<(&'static str, &'static str)>,
    /// Of a path: what is sent is the file there, beneath the project's folder.
    pub file: Option<LocalFile>,
}

impl Attribute {
    /// An attribute without any facts.
    pub const PLAIN: Self = Self {
        name: "",
        doc: "",
        shape: Shape::String,
        need: Need::Optional,
        removed: Removed::Clear,
        replaces: false,
        identity: false,
        parent: false,
        option: false,
        secret: false,
        unread: false,
        key: false,
        open: false,
        fresh: None,
        owned_elsewhere: None,
        range: None,
        one_of: &[],
        refers: None,
        predict: None,
        renewed_by: &[],
        upgraded_by: None,
        grows_to: None,
        chooses: None,
        one_way: None,
        file: None,
    };

    /// Returns whether AWS decides it when it is not given.
    pub fn computed(&self) -> bool {
        self.removed == Removed::Keep
    }
}

/// A file of the project that is sent to AWS. State and plan hold its hash only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalFile {
    /// The attribute that holds the SHA-256 of its content, in Base64. It is filled in where it is not given.
    pub hash: &'static str,
    /// How many bytes it may have.
    pub limit: usize,
}

/// Whether an attribute must be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It must.
    Required,
    /// It need not.
    Optional,
    /// It need not, and is then this, which Lowtide enforces.
    Default(Literal),
}

/// A value that can stand in a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Literal {
    /// True or false.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// Text.
    Str(&'static str),
}

/// What an attribute that is not given is set to at creation, where leaving it alone would surprise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fresh {
    /// An empty collection.
    Empty,
    /// This value.
    Value(Literal),
}

/// What happens to an attribute that was managed and is no longer given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    /// It is taken away.
    Clear,
    /// It stays as it is: AWS decides it (Terraform's "optional and computed").
    Keep,
    /// It takes a new resource.
    Replaces,
}

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

/// The idempotency class: how a create that may or may not have happened is told apart.
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
