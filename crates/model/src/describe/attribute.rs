//! One attribute of a kind, and the facts about it.

use crate::Shape;

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
