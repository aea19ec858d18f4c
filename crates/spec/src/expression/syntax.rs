//! The syntax tree: what a string of a spec means, with places, free of the parser's types.

use std::sync::Arc;

use lowtide_diagnostic::Place;
use lowtide_model::Planned;

use super::{Root, functions::Function};

/// The bytes of a text that a piece of syntax covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At {
    /// Where it starts.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
}

/// Where a text stands in its source.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Origin {
    /// The place of the whole text.
    pub place: Place,
    /// Whether the text is byte for byte what stands there.
    pub exact: bool,
}

/// One expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expression {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub at: At,
}

/// The sorts of expressions.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// A constant.
    Literal(Planned),
    /// `"text ${with} parts"`
    Text(Vec<Part>),
    /// `[a, b]`
    List(Vec<Expression>),
    /// `{ a = b, (c) = d }`
    Object(Vec<(Expression, Expression)>),
    /// `var.a`, `aws_vpc.main`: what the scope answers.
    Reference(Root),
    /// A name that a `for` or a template call binds.
    Bound(Arc<str>),
    /// `a.b[c].*`
    Walk(Box<Expression>, Vec<Step>),
    /// `!a`, `-a`
    Unary(Unary, Box<Expression>),
    /// `a + b`
    Binary(Binary, Box<[Expression; 2]>),
    /// `a ? b : c`
    Conditional(Box<[Expression; 3]>),
    /// `[for …]`, `{for …}`
    For(Box<For>),
    /// `f(a, b...)`
    Call(Box<Call>),
}

/// One step of a walk into a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    /// What it takes.
    pub kind: StepKind,
    /// Where it stands, with its dot or brackets.
    pub at: At,
}

/// The sorts of steps.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum StepKind {
    /// `.name`
    Attribute(Arc<str>),
    /// `[key]` or `.0`
    Index(Expression),
    /// `[*]` or `.*`, with the steps that are taken from each element.
    Splat(Vec<Step>),
}

/// The operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unary {
    /// `!`
    Not,
    /// `-`
    Negate,
}

/// The operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binary {
    /// `&&`
    And,
    /// `||`
    Or,
    /// `==`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

/// The head of a `for`: what it goes through and under which names.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Each {
    /// The name of the key or index.
    pub key: Option<Arc<str>>,
    /// The name of the element.
    pub value: Arc<str>,
    /// What it goes through.
    pub collection: Expression,
}

/// A `for` expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct For {
    /// What it goes through.
    pub each: Each,
    /// The key of the result, in the object form.
    pub key: Option<Expression>,
    /// The element of the result.
    pub value: Expression,
    /// `if`
    pub condition: Option<Expression>,
    /// `...`: values of one key are gathered in a list.
    pub grouping: bool,
}

/// A function call.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Call {
    /// What is called.
    pub function: &'static Function,
    /// Where its name stands.
    pub name: At,
    /// With what.
    pub arguments: Vec<Expression>,
    /// Whether the last argument stands for as many as it has elements.
    pub expand: bool,
}

/// One part of a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    /// Text as it stands.
    Literal(String),
    /// `${…}`
    Value(Expression),
    /// `%{ if … }…%{ else }…%{ endif }`
    If(Expression, Vec<Part>, Vec<Part>),
    /// `%{ for … }…%{ endfor }`
    For(Each, Vec<Part>),
}

impl At {
    /// Returns the bytes from the start of this to the end of the other.
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end }
    }
}

impl Origin {
    /// Returns the place of a piece of the text, or of the whole where pieces can't be told.
    pub fn place(&self, at: At) -> Place {
        let Place { source, start, end } = self.place;
        let within = |offset: u32| start.saturating_add(offset as usize).min(end);
        if self.exact { Place::new(source, within(at.start)..within(at.end)) } else { self.place.clone() }
    }
}
