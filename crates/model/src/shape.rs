//! The closed set of shapes an attribute may have. A shape says the type in expressions and when two values are the same to AWS.

use std::collections::BTreeMap;

use crate::{Attribute, Member, Need, Type};

/// The shape of an attribute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// Any value at all.
    Any,
    /// True or false.
    Bool,
    /// An integer.
    Int,
    /// A number, with a fraction or without.
    Number,
    /// Text that compares letter by letter.
    String,
    /// An Amazon Resource Name.
    Arn,
    /// An IPv4 or IPv6 block; `10.0.0.7/24` and `10.0.0.0/24` are the same, and so are two spellings of one IPv6 block.
    Cidr,
    /// An IAM policy document, given as structure or as JSON text; compares as IAM means it.
    Policy,
    /// JSON, given as structure or as text; compares by member.
    Json,
    /// JSON of which AWS fills in what is not given (container definitions): what is given must be there.
    FilledJson,
    /// Values in order.
    List(&'static Shape),
    /// Values without order.
    Set(&'static Shape),
    /// Values by names the user chose.
    Map(&'static Shape),
    /// A nested block.
    Block(&'static [Attribute]),
}

impl Shape {
    /// Returns the type it has in expressions: JSON is a string there, and a single block a list of one.
    pub fn ty(&self) -> Type {
        match self {
            Self::Block(rows) => Type::List(Box::new(Self::members(rows))),
            other => other.written(),
        }
    }

    /// Returns the type in which a spec gives it: a single block is an object.
    pub fn written(&self) -> Type {
        match self {
            Self::Any => Type::Any,
            Self::Bool => Type::Bool,
            Self::Int | Self::Number => Type::Number,
            Self::String | Self::Arn | Self::Cidr | Self::Policy | Self::Json | Self::FilledJson => Type::String,
            Self::List(of) => Type::List(Box::new(of.written())),
            Self::Set(of) => Type::Set(Box::new(of.written())),
            Self::Map(of) => Type::Map(Box::new(of.written())),
            Self::Block(rows) => Self::members(rows),
        }
    }

    fn members(rows: &[Attribute]) -> Type {
        let member = |row: &Attribute| (row.name.to_owned(), Member { ty: row.shape.ty(), optional: row.need != Need::Required });
        Type::Object(rows.iter().map(member).collect::<BTreeMap<_, _>>())
    }

    /// Returns whether it holds JSON, which is structure inside and text in expressions.
    pub fn is_json(&self) -> bool {
        matches!(self, Self::Policy | Self::Json | Self::FilledJson)
    }

    /// Returns the attributes of the block it is, or is a list or set of.
    pub fn block(&self) -> Option<&'static [Attribute]> {
        match self {
            Self::Block(rows) => Some(rows),
            Self::List(of) | Self::Set(of) => of.block(),
            Self::Any
            | Self::Bool
            | Self::Int
            | Self::Number
            | Self::String
            | Self::Arn
            | Self::Cidr
            | Self::Policy
            | Self::Json
            | Self::FilledJson
            | Self::Map(_) => None,
        }
    }
}
