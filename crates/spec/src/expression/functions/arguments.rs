//! The arguments of a call, as a function's body takes them.

use std::{
    borrow::Cow,
    cell::Cell,
    collections::BTreeMap,
    fmt::{self, Display},
};

use lowtide_model::{Content, Number, Planned};

use super::Patterns;

/// The arguments of a call, converted to the types of the parameters, and how much the function may do with them.
pub struct Arguments<'v> {
    all: Vec<Cow<'v, Planned>>,
    allowed: u64,
    spent: Cell<u64>,
    patterns: &'v Patterns,
}

/// Why a function refuses its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The argument at fault, if it is one.
    pub argument: Option<usize>,
    /// What is wrong; owned where it holds a value, which must not be shown when that is sensitive.
    pub words: Cow<'static, str>,
}

/// What a function gives back.
pub type Outcome = Result<Planned, Complaint>;

impl Complaint {
    /// Returns a complaint about an argument. Words that hold a value must be a `String`.
    pub fn about(argument: usize, words: impl Into<Cow<'static, str>>) -> Self {
        Self { argument: Some(argument), words: words.into() }
    }

    /// Returns a complaint about the call. Words that hold a value must be a `String`.
    pub fn new(words: impl Into<Cow<'static, str>>) -> Self {
        Self { argument: None, words: words.into() }
    }
}

impl Display for Complaint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.words)
    }
}

impl<'v> Arguments<'v> {
    /// Returns the arguments of a call.
    pub fn new(all: Vec<Cow<'v, Planned>>, patterns: &'v Patterns) -> Self {
        Self { all, allowed: 0, spent: Cell::new(0), patterns }
    }

    /// Returns the patterns that were compiled so far.
    pub fn patterns(&self) -> &Patterns {
        self.patterns
    }

    /// Allows a function to take so many steps.
    pub fn allow(&mut self, steps: u64) {
        self.allowed = steps;
    }

    /// Notes steps that a function is about to take beyond looking at each argument once.
    pub fn spend(&self, steps: u64) -> Result<(), Complaint> {
        let spent = self.spent.get().saturating_add(steps);
        self.spent.set(spent);
        if spent > self.allowed { Err(Complaint::new("it takes too many steps")) } else { Ok(()) }
    }

    /// Returns how many steps the function has noted.
    pub fn spent(&self) -> u64 {
        self.spent.get()
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Returns all of them.
    pub fn all(&self) -> impl ExactSizeIterator<Item = &Planned> + Clone {
        self.all.iter().map(|argument| &**argument)
    }

    /// Returns those from one on.
    pub fn from(&self, first: usize) -> impl ExactSizeIterator<Item = &Planned> + Clone {
        self.all.get(first..).unwrap_or_default().iter().map(|argument| &**argument)
    }

    /// Returns one of them.
    pub fn any(&self, at: usize) -> Result<&Planned, Complaint> {
        self.all.get(at).map(|argument| &**argument).ok_or(Complaint::new("an argument is missing"))
    }

    /// Returns text.
    pub fn text(&self, at: usize) -> Result<&str, Complaint> {
        self.any(at)?.as_str().ok_or(Complaint::about(at, "a string is wanted"))
    }

    /// Returns a number.
    pub fn number(&self, at: usize) -> Result<Number, Complaint> {
        number(self.any(at)?).ok_or(Complaint::about(at, "a number is wanted"))
    }

    /// Returns an integer.
    pub fn integer(&self, at: usize) -> Result<i64, Complaint> {
        let number = self.number(at)?;
        number.as_i64().ok_or_else(|| Complaint::about(at, format!("a whole number is wanted, this is {number}")))
    }

    /// Returns an integer that is not negative.
    pub fn size(&self, at: usize) -> Result<usize, Complaint> {
        let number = self.integer(at)?;
        usize::try_from(number).map_err(|_| Complaint::about(at, format!("a number that is not negative is wanted, this is {number}")))
    }

    /// Returns the elements of a list or set.
    pub fn elements(&self, at: usize) -> Result<&[Planned], Complaint> {
        self.any(at)?.as_elements().ok_or(Complaint::about(at, "a list is wanted"))
    }

    /// Returns the members of a map or object.
    pub fn members(&self, at: usize) -> Result<&BTreeMap<String, Planned>, Complaint> {
        self.any(at)?.as_members().ok_or(Complaint::about(at, "a map or an object is wanted"))
    }

    /// Returns the texts of a list, none of them null.
    pub fn texts(&self, at: usize) -> Result<Vec<&str>, Complaint> {
        let elements = self.elements(at)?;
        elements.iter().map(|element| element.as_str().ok_or(Complaint::about(at, "an element is null or no string"))).collect()
    }

    /// Returns the numbers of a list, none of them null.
    pub fn numbers(&self, at: usize) -> Result<Vec<Number>, Complaint> {
        let elements = self.elements(at)?;
        elements.iter().map(|element| number(element).ok_or(Complaint::about(at, "an element is null or no number"))).collect()
    }

    /// Returns whether any of them is sensitive or holds something that is.
    pub fn sensitive(&self) -> bool {
        self.all().any(Planned::holds_sensitive)
    }
}

/// Returns a known number.
pub(super) fn number(value: &Planned) -> Option<Number> {
    if let Content::Number(number) = value.content { Some(number) } else { None }
}
