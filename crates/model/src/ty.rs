//! Types of values, as `variable.type` names them and attributes declare them.

use std::{collections::BTreeMap, fmt};

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Type {
    /// Any type at all.
    #[default]
    Any,
    /// `bool`
    Bool,
    /// `number`
    Number,
    /// `string`
    String,
    /// `list(…)`
    List(Box<Type>),
    /// `set(…)`
    Set(Box<Type>),
    /// `map(…)`
    Map(Box<Type>),
    /// `object({…})`
    Object(BTreeMap<String, Member>),
    /// `tuple([…])`
    Tuple(Vec<Type>),
}

/// One attribute of an object type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Member {
    /// Its type.
    pub ty: Type,
    /// Whether it may be left out.
    pub optional: bool,
}

impl Type {
    /// Returns an object type of which every member must be there.
    pub fn object(members: impl IntoIterator<Item = (String, Type)>) -> Self {
        Self::Object(members.into_iter().map(|(name, ty)| (name, Member { ty, optional: false })).collect())
    }

    /// Returns the one type that all of these are, or [`Type::Any`].
    pub fn common(types: impl IntoIterator<Item = Type>) -> Self {
        let mut found = None;
        for ty in types {
            match &found {
                None | Some(Self::Any) => found = Some(ty),
                Some(first) if *first == ty || ty == Self::Any => {}
                Some(_) => return Self::Any,
            }
        }
        found.unwrap_or_default()
    }
}

impl fmt::Display for Type {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => out.write_str("any"),
            Self::Bool => out.write_str("bool"),
            Self::Number => out.write_str("number"),
            Self::String => out.write_str("string"),
            Self::List(of) => write!(out, "list({of})"),
            Self::Set(of) => write!(out, "set({of})"),
            Self::Map(of) => write!(out, "map({of})"),
            Self::Object(members) => {
                let shown: Vec<_> = members
                    .iter()
                    .map(
                        |(name, Member { ty, optional })| {
                            if *optional { format!("{name} = optional({ty})") } else { format!("{name} = {ty}") }
                        },
                    )
                    .collect();
                write!(out, "object({{ {} }})", shown.join(", "))
            }
            Self::Tuple(of) => write!(out, "tuple([{}])", of.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        }
    }
}
