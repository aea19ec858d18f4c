//! Values as a plan sees them: known, or known after apply, and perhaps sensitive.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{Number, Type, Value};

/// A value that may be unknown until something is applied, and may be sensitive.
///
/// Both marks sit on the smallest part they are true of and travel through expressions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Planned {
    /// What is known of it.
    pub content: Content,
    /// Whether it must never be shown.
    pub sensitive: bool,
}

/// What is known of a [`Planned`] value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Content {
    /// Nothing; the same as leaving the attribute out.
    #[default]
    Null,
    /// Known after apply.
    Unknown(Box<Unknown>),
    /// True or false.
    Bool(bool),
    /// An exact number.
    Number(Number),
    /// Text.
    String(String),
    /// Values in an order that matters.
    List(Vec<Planned>),
    /// Values without an order, sorted; those wholly known stand in it once.
    Set(Vec<Planned>),
    /// Values of one type by names the user chose.
    Map(BTreeMap<String, Planned>),
    /// Values by attribute names.
    Object(BTreeMap<String, Planned>),
}

/// What is known of an unknown value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Unknown {
    /// The type it will have.
    pub ty: Type,
    /// What its text will start with.
    pub prefix: Option<String>,
    /// What it will be the value of, where it is passed on just as it is: two of one origin will be the same.
    pub origin: Option<Arc<str>>,
}

impl Planned {
    /// Null.
    pub const NULL: Self = Self { content: Content::Null, sensitive: false };

    /// Returns a value of this type that is known after apply.
    pub fn unknown(ty: Type) -> Self {
        Unknown { ty, ..Unknown::default() }.into()
    }

    /// Returns text of which only the start is known.
    pub fn unknown_text(prefix: impl Into<String>) -> Self {
        let prefix = prefix.into();
        Unknown { ty: Type::String, prefix: Some(prefix).filter(|start| !start.is_empty()), origin: None }.into()
    }

    /// Says of an unknown value what it will be the value of, unless that is known already.
    #[must_use]
    pub fn from_origin(mut self, origin: impl FnOnce() -> Arc<str>) -> Self {
        if let Content::Unknown(unknown) = &mut self.content {
            unknown.origin.get_or_insert_with(origin);
        }
        self
    }

    /// Returns text.
    pub fn text(text: impl Into<String>) -> Self {
        Content::String(text.into()).into()
    }

    /// Returns a list.
    pub fn list(elements: impl IntoIterator<Item = Planned>) -> Self {
        Content::List(elements.into_iter().collect()).into()
    }

    /// Returns a set: sorted, and each wholly known element once.
    pub fn set(elements: impl IntoIterator<Item = Planned>) -> Self {
        let mut elements: Vec<_> = elements.into_iter().collect();
        elements.sort();
        elements.dedup_by(|a, b| a == b && a.is_wholly_known());
        Content::Set(elements).into()
    }

    /// Returns an object.
    pub fn object(members: impl IntoIterator<Item = (String, Planned)>) -> Self {
        Content::Object(members.into_iter().collect()).into()
    }

    /// Returns it marked sensitive if `sensitive` says so; a mark is never taken off here.
    #[must_use]
    pub fn marked(mut self, sensitive: bool) -> Self {
        self.sensitive |= sensitive;
        self
    }

    /// Returns whether it is null (and known to be).
    pub fn is_null(&self) -> bool {
        self.content == Content::Null
    }

    /// Returns whether the value itself, apart from its members, is unknown.
    pub fn is_unknown(&self) -> bool {
        matches!(self.content, Content::Unknown(_))
    }

    /// Returns whether nothing in it is unknown.
    pub fn is_wholly_known(&self) -> bool {
        !self.is_unknown() && self.children().all(Self::is_wholly_known)
    }

    /// Returns whether its elements are as many, and in the order, that they will be in: for a set, whether what is known of
    /// them tells each two apart before anything unknown does. Anything else is settled unless it is unknown itself.
    pub fn is_settled(&self) -> bool {
        match &self.content {
            Content::Set(elements) => elements.windows(2).all(|pair| told_apart(&pair[0], &pair[1])),
            Content::Unknown(_) => false,
            Content::Null
            | Content::Bool(_)
            | Content::Number(_)
            | Content::String(_)
            | Content::List(_)
            | Content::Map(_)
            | Content::Object(_) => true,
        }
    }

    /// Returns whether it or anything in it is sensitive.
    pub fn holds_sensitive(&self) -> bool {
        self.sensitive || self.children().any(Self::holds_sensitive)
    }

    /// Returns its direct members or elements.
    pub fn children(&self) -> Box<dyn Iterator<Item = &Planned> + '_> {
        match &self.content {
            Content::List(all) | Content::Set(all) => Box::new(all.iter()),
            Content::Map(all) | Content::Object(all) => Box::new(all.values()),
            Content::Null | Content::Unknown(_) | Content::Bool(_) | Content::Number(_) | Content::String(_) => {
                Box::new(std::iter::empty())
            }
        }
    }

    /// Returns the text, if it is known text.
    pub fn as_str(&self) -> Option<&str> {
        if let Content::String(text) = &self.content { Some(text) } else { None }
    }

    /// Returns the truth value, if it is a known one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Content::Bool(value) = self.content { Some(value) } else { None }
    }

    /// Returns the integer, if it is a known number that is one.
    pub fn as_i64(&self) -> Option<i64> {
        if let Content::Number(value) = self.content { value.as_i64() } else { None }
    }

    /// Returns the members by name, if it has names.
    pub fn as_members(&self) -> Option<&BTreeMap<String, Planned>> {
        if let Content::Map(members) | Content::Object(members) = &self.content { Some(members) } else { None }
    }

    /// Returns the elements, if it is a list or a set.
    pub fn as_elements(&self) -> Option<&[Planned]> {
        if let Content::List(elements) | Content::Set(elements) = &self.content { Some(elements) } else { None }
    }

    /// Returns the known value without its marks, or `None` when anything in it is unknown.
    pub fn known(&self) -> Option<Value> {
        let members = |all: &BTreeMap<String, Planned>| {
            all.iter().map(|(name, value)| Some((name.clone(), value.known()?))).collect::<Option<BTreeMap<_, _>>>()
        };
        Some(match &self.content {
            Content::Unknown(_) => return None,
            Content::Null => Value::Null,
            Content::Bool(value) => Value::Bool(*value),
            Content::Number(value) => Value::Number(*value),
            Content::String(text) => Value::String(text.clone()),
            Content::List(all) => Value::List(all.iter().map(Self::known).collect::<Option<_>>()?),
            Content::Set(all) => Value::Set(all.iter().map(Self::known).collect::<Option<BTreeSet<_>>>()?),
            Content::Map(all) => Value::Map(members(all)?),
            Content::Object(all) => Value::Object(members(all)?),
        })
    }

    /// Returns the type it has or will have.
    pub fn ty(&self) -> Type {
        match &self.content {
            Content::Null => Type::Any,
            Content::Unknown(unknown) => unknown.ty.clone(),
            Content::Bool(_) => Type::Bool,
            Content::Number(_) => Type::Number,
            Content::String(_) => Type::String,
            Content::List(all) => Type::List(Box::new(Type::common(all.iter().map(Self::ty)))),
            Content::Set(all) => Type::Set(Box::new(Type::common(all.iter().map(Self::ty)))),
            Content::Map(all) => Type::Map(Box::new(Type::common(all.values().map(Self::ty)))),
            Content::Object(all) => Type::object(all.iter().map(|(name, value)| (name.clone(), value.ty()))),
        }
    }
}

/// Returns whether two values will differ, and which comes first, whatever their unknown parts become. Members count in order.
fn told_apart(one: &Planned, other: &Planned) -> bool {
    if one.is_wholly_known() && other.is_wholly_known() {
        return one != other;
    }
    let (Some(one), Some(other)) = (one.as_members(), other.as_members()) else { return false };
    let mut pairs = one.iter().zip(other);
    let first = pairs.find(|((name, a), (other, b))| name != other || a != b || !a.is_wholly_known() || !b.is_wholly_known());
    first.is_some_and(|((name, a), (other, b))| name == other && told_apart(a, b))
}

impl From<Unknown> for Planned {
    fn from(unknown: Unknown) -> Self {
        Content::Unknown(Box::new(unknown)).into()
    }
}

impl From<Content> for Planned {
    fn from(content: Content) -> Self {
        Self { content, sensitive: false }
    }
}

impl From<Value> for Planned {
    fn from(value: Value) -> Self {
        let members = |all: BTreeMap<String, Value>| all.into_iter().map(|(name, value)| (name, value.into())).collect();
        Self::from(match value {
            Value::Null => Content::Null,
            Value::Bool(value) => Content::Bool(value),
            Value::Number(value) => Content::Number(value),
            Value::String(text) => Content::String(text),
            Value::List(all) => Content::List(all.into_iter().map(Self::from).collect()),
            Value::Set(all) => Content::Set(all.into_iter().map(Self::from).collect()),
            Value::Map(all) => Content::Map(members(all)),
            Value::Object(all) => Content::Object(members(all)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(domain: Planned) -> Planned {
        Planned::object([("domain".to_owned(), domain), ("value".to_owned(), Planned::unknown(Type::String))])
    }

    #[test]
    fn a_set_is_settled_when_known_parts_tell_its_elements_apart() {
        let [a, b] = ["a", "b"].map(|name| record(Planned::text(name)));
        assert!(Planned::set([a.clone(), b]).is_settled());
        assert!(Planned::set([Planned::unknown(Type::String)]).is_settled());
        assert!(!Planned::set([a.clone(), record(Planned::unknown(Type::String))]).is_settled());
        assert!(!Planned::set([a.clone(), a]).is_settled());
        assert!(!Planned::set([Planned::text("a"), Planned::unknown(Type::String)]).is_settled());
    }
}
