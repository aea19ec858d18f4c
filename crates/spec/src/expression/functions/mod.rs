//! The functions, one table row each: name, parameters, what it returns, one line of documentation, body.
//!
//! To add a function, write its body in the file of its family and add a row to that file's `TABLE`. Choose the body's form:
//!
//! - [`Body::Known`] sees only known values without marks, already converted to the parameters' types. Where an argument is
//!   unknown the call is an unknown of the returned type; where one is sensitive, so is the result. Most functions are this.
//! - [`Body::Marked`] sees arguments as they are, for functions that can say something of what is partly unknown, or that hand
//!   parts of their arguments on and so should keep marks on the smallest part.
//! - [`Body::Glance`] is `Marked` for functions that look at little of a large collection, such as its length.
//! - [`Body::File`] is `Known` with the project's files.
//!
//! Looking at every argument once is paid for before the body is called, but with `Glance`, and so is the result after it. What takes
//! longer is paid for by the body, with [`Arguments::spend`], before it is done.
//!
//! Reasons in a `Complaint` that hold a value are `String`s and are not shown where an argument is sensitive;
//! those that hold none are `&'static str`.

mod arguments;
mod cidr;
mod collections;
mod conversion;
mod elements;
mod encoding;
mod files;
mod format;
mod format_number;
mod hashes;
mod json_text;
mod marks;
mod numbers;
mod patterns;
mod sets;
mod strings;
mod yaml_text;

pub(super) use arguments::{Arguments, Complaint, Outcome};
use lowtide_diagnostic::nearest;
use lowtide_model::Type;
pub(super) use patterns::Patterns;

use super::Files;

/// A function of the expression language.
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub parameters: &'static [Parameter],
    /// What it takes any number of after these.
    pub variadic: Option<Parameter>,
    /// What it returns.
    pub returns: Wanted,
    /// What users read about it: one sentence.
    pub doc: &'static str,
    /// What it does.
    pub body: Body,
}

/// A parameter of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What values it takes.
    pub wanted: Wanted,
    /// Whether it may be null.
    pub null: bool,
}

/// What values a parameter takes or a function returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Any value.
    Any,
    /// True or false.
    Bool,
    /// A number.
    Number,
    /// Text.
    Text,
    /// A list, or a set taken as a list.
    List,
    /// A list of texts.
    Texts,
    /// A list of numbers.
    Numbers,
    /// A list of truth values.
    Bools,
    /// A set, or a list taken as a set.
    Set,
    /// A map or an object.
    Map,
}

/// How a function works.
#[derive(Clone, Copy)]
pub enum Body {
    /// Over known values without marks.
    Known(fn(&Arguments<'_>) -> Outcome),
    /// Over values as they are.
    Marked(fn(&Arguments<'_>) -> Outcome),
    /// Over values as they are, and little of them.
    Glance(fn(&Arguments<'_>) -> Outcome),
    /// Over known values and the project's files.
    File(fn(&dyn Files, &Arguments<'_>) -> Outcome),
    /// `can`: evaluates its argument itself.
    Can,
    /// `try`: evaluates its arguments itself.
    Try,
    /// `templatefile`: evaluates a file.
    TemplateFile,
}

/// Why there is no function of a name.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// Terraform has it and Lowtide never will: why.
    Never(&'static str),
    /// Nobody knows it; perhaps one of a similar name was meant.
    Unknown(Option<&'static str>),
}

const FAMILIES: [&[Function]; 15] = [
    strings::TABLE,
    patterns::TABLE,
    format::TABLE,
    collections::TABLE,
    elements::TABLE,
    sets::TABLE,
    numbers::TABLE,
    encoding::TABLE,
    hashes::TABLE,
    json_text::TABLE,
    yaml_text::TABLE,
    cidr::TABLE,
    files::TABLE,
    conversion::TABLE,
    marks::TABLE,
];

/// What Terraform has and Lowtide has not, with the reason.
const NEVER: [(&str, &str); 7] = [
    ("timestamp", "a plan must give the same result whenever it is made. Pass the time in as a variable."),
    ("plantimestamp", "a plan must give the same result whenever it is made. Pass the time in as a variable."),
    ("uuid", "a plan must give the same result whenever it is made. Pass the value in as a variable."),
    ("bcrypt", "its result differs each time, so every plan would show a change. Hash the value outside and pass it in as a variable."),
    ("rsadecrypt", "private keys have no place in a spec. Decrypt the value outside and pass it in as a sensitive variable."),
    ("pathexpand", "specs see the project's folder only, never a home folder. Write the path from there."),
    ("abspath", "specs see the project's folder only, and where that lies differs by machine. Write the path from there."),
];

/// Returns every function, family by family.
pub fn functions() -> impl Iterator<Item = &'static Function> {
    FAMILIES.into_iter().flatten()
}

/// Returns the function of a name, or why there is none.
pub(super) fn find(name: &str) -> Result<&'static Function, Missing> {
    if let Some(found) = functions().find(|function| function.name == name) {
        return Ok(found);
    }
    match NEVER.iter().find(|(never, _)| *never == name) {
        Some((_, why)) => Err(Missing::Never(why)),
        None => Err(Missing::Unknown(nearest(name, functions().map(|function| function.name)))),
    }
}

impl Function {
    /// Returns what is wrong with a number of arguments, if something is.
    pub(super) fn arity(&self, given: usize) -> Option<String> {
        let least = self.parameters.len();
        if given == least || (given > least && self.variadic.is_some()) {
            return None;
        }
        let plural = if least == 1 { "" } else { "s" };
        let wanted = if self.variadic.is_some() { format!("{least} or more arguments") } else { format!("{least} argument{plural}") };
        Some(format!("{} takes {wanted}, and here are {given}. It is written {}.", self.name, self.signature()))
    }

    /// Returns the parameter that an argument is for.
    pub(super) fn parameter(&self, argument: usize) -> Option<&Parameter> {
        self.parameters.get(argument).or(self.variadic.as_ref())
    }

    /// Returns how it is written: `join(separator, lists...)`.
    pub fn signature(&self) -> String {
        let variadic = self.variadic.iter().map(|parameter| format!("{}...", parameter.name));
        let parameters: Vec<_> = self.parameters.iter().map(|parameter| parameter.name.to_owned()).chain(variadic).collect();
        format!("{}({})", self.name, parameters.join(", "))
    }
}

impl Wanted {
    /// Returns the type it converts to.
    pub fn ty(self) -> Type {
        let list = |of| Type::List(Box::new(of));
        match self {
            Self::Any => Type::Any,
            Self::Bool => Type::Bool,
            Self::Number => Type::Number,
            Self::Text => Type::String,
            Self::List => list(Type::Any),
            Self::Texts => list(Type::String),
            Self::Numbers => list(Type::Number),
            Self::Bools => list(Type::Bool),
            Self::Set => Type::Set(Box::new(Type::Any)),
            Self::Map => Type::Map(Box::new(Type::Any)),
        }
    }
}

/// A parameter that may not be null.
const fn parameter(name: &'static str, wanted: Wanted) -> Parameter {
    Parameter { name, wanted, null: false }
}

/// A parameter that may be null.
const fn nullable(name: &'static str, wanted: Wanted) -> Parameter {
    Parameter { name, wanted, null: true }
}

/// A row of a table, for a function with a fixed number of parameters.
const fn row(name: &'static str, parameters: &'static [Parameter], returns: Wanted, doc: &'static str, body: Body) -> Function {
    Function { name, parameters, variadic: None, returns, doc, body }
}

/// A row of a table, for a function that takes any number of something.
const fn variadic(
    name: &'static str,
    parameters: &'static [Parameter],
    variadic: Parameter,
    returns: Wanted,
    doc: &'static str,
    body: Body,
) -> Function {
    Function { name, parameters, variadic: Some(variadic), returns, doc, body }
}

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl std::fmt::Debug for Function {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.signature())
    }
}
