//! One declaration among others: what a check sees that is not about one resource alone.

use crate::{Complaint, Object, Planned, Value};

/// A resource as its spec declares it, beside others.
#[derive(Clone, Copy, Debug)]
pub struct Neighbour<'a> {
    /// Its number in the order in which resources are declared: those of required stacks come first.
    pub number: usize,
    /// Its address, after its stack and a slash where that is another one.
    pub name: &'a str,
    /// All its attributes as expressions see them, as they will be.
    pub values: &'a Planned,
    /// What else AWS said of it when this plan looked ([`Observation::aside`](crate::Observation::aside)).
    pub aside: Option<&'a Object>,
}

impl<'a> Neighbour<'a> {
    /// Returns one of its attributes, unless that is null.
    pub fn get(&self, attribute: &str) -> Option<&'a Planned> {
        self.values.as_members()?.get(attribute).filter(|value| !value.is_null())
    }

    /// Returns one of its attributes that is known text.
    pub fn text(&self, attribute: &str) -> Option<&'a str> {
        self.get(attribute)?.as_str()
    }

    /// Returns something that AWS said of it and that is no attribute; none where this plan did not look, or there is none yet.
    pub fn aside(&self, name: &str) -> Option<&'a Value> {
        self.aside?.get(name)
    }

    /// Returns whether AWS does not have it yet, as far as its id tells.
    pub fn is_new(&self) -> bool {
        self.get("id").is_none_or(Planned::is_unknown)
    }
}

/// What is declared in a stack and, where they are planned in the same run, in the stacks it requires.
pub trait Beside {
    /// Returns the resources of a kind one of whose attributes surely is this value, in the order in which they are declared.
    ///
    /// A value that is not known yet is the same as another if one was passed on as the other: `aws_vpc.main.id` is itself
    /// through locals, variables of loops and outputs of other stacks.
    fn whose(&self, kind: &str, attribute: &str, is: &Planned) -> Vec<Neighbour<'_>>;
}

/// Finds what a resource stands on though it names it nowhere, by number: what must be there before it, and goes after it.
pub type Follows = fn(&Neighbour<'_>, &dyn Beside) -> Vec<usize>;

/// A check of one resource among others, run once everything is planned; what is not known counts as fitting.
pub type Relation = fn(&Neighbour<'_>, &dyn Beside) -> Vec<Complaint>;
