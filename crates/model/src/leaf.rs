//! The passage between Rust types and values. `#[derive(Model)]` builds on it: the struct is the attribute table.

use std::{collections::BTreeMap, fmt, ops::Deref};

use crate::{Attribute, Number, Object, Shape, Value};

/// A struct that knows its attributes.
pub trait Model: Sized {
    /// What users read about the whole.
    const DOC: &'static str;
    /// The attributes, in the order of the fields.
    const ATTRIBUTES: &'static [Attribute];

    /// Reads it from an object.
    ///
    /// # Errors
    /// Returns the attribute that is missing or of another type.
    fn from_object(object: &Object) -> Result<Self, Unfit>;

    /// Returns it as an object; what is `None` has no entry.
    fn into_object(self) -> Object;
}

/// A Rust type an attribute may have.
pub trait Leaf: Sized {
    /// The shape it stands for.
    const SHAPE: Shape;
    /// Whether it may be absent.
    const OPTIONAL: bool = false;

    /// Returns what stands for absence, if it may be absent.
    fn absent() -> Option<Self> {
        None
    }

    /// Reads a value.
    ///
    /// # Errors
    /// Returns what was wanted instead.
    fn from_value(value: &Value) -> Result<Self, Unfit>;

    /// Returns it as a value; null for absence.
    fn into_value(self) -> Value;
}

/// An object that doesn't fit a struct. The spec's checks come first, so this means that AWS, a state file or we are wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// The attribute, with what surrounds it.
    pub attribute: String,
    /// What was wanted.
    pub wanted: &'static str,
}

impl Unfit {
    /// Returns that something else was wanted.
    pub fn wanted(wanted: &'static str) -> Self {
        Self { attribute: String::new(), wanted }
    }

    /// Returns it seen from the attribute around it.
    #[must_use]
    pub fn within(mut self, name: &str) -> Self {
        self.attribute = if self.attribute.is_empty() { name.to_owned() } else { format!("{name}.{}", self.attribute) };
        self
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "attribute `{}` should be {}", self.attribute, self.wanted)
    }
}

impl std::error::Error for Unfit {}

impl Object {
    /// Reads one attribute into a Rust type; absent ones become `default` or the type's own absence.
    ///
    /// # Errors
    /// Returns the attribute, when it is missing or of another type.
    pub fn take<T: Leaf>(&self, name: &str, default: Option<T>) -> Result<T, Unfit> {
        match self.get(name) {
            Some(value) => T::from_value(value).map_err(|unfit| unfit.within(name)),
            None => default.or_else(T::absent).ok_or_else(|| Unfit::wanted("given").within(name)),
        }
    }

    /// Sets one attribute from a Rust type.
    pub fn put<T: Leaf>(&mut self, name: &str, value: T) {
        self.set(name, value.into_value());
    }
}

impl Leaf for bool {
    const SHAPE: Shape = Shape::Bool;
    fn from_value(value: &Value) -> Result<Self, Unfit> {
        value.as_bool().ok_or(Unfit::wanted("true or false"))
    }
    fn into_value(self) -> Value {
        Value::Bool(self)
    }
}

impl Leaf for i64 {
    const SHAPE: Shape = Shape::Int;
    fn from_value(value: &Value) -> Result<Self, Unfit> {
        value.as_i64().ok_or(Unfit::wanted("an integer"))
    }
    fn into_value(self) -> Value {
        self.into()
    }
}

impl Leaf for i32 {
    const SHAPE: Shape = Shape::Int;
    fn from_value(value: &Value) -> Result<Self, Unfit> {
        value.as_i64().and_then(|wide| wide.try_into().ok()).ok_or(Unfit::wanted("an integer of 32 bits"))
    }
    fn into_value(self) -> Value {
        i64::from(self).into()
    }
}

impl Leaf for Number {
    const SHAPE: Shape = Shape::Number;
    fn from_value(value: &Value) -> Result<Self, Unfit> {
        if let Value::Number(number) = value { Ok(*number) } else { Err(Unfit::wanted("a number")) }
    }
    fn into_value(self) -> Value {
        Value::Number(self)
    }
}

impl Leaf for String {
    const SHAPE: Shape = Shape::String;
    fn from_value(value: &Value) -> Result<Self, Unfit> {
        value.as_str().map(str::to_owned).ok_or(Unfit::wanted("a string"))
    }
    fn into_value(self) -> Value {
        Value::String(self)
    }
}

impl Leaf for Value {
    const SHAPE: Shape = Shape::Any;
    const OPTIONAL: bool = true;
    fn absent() -> Option<Self> {
        Some(Self::Null)
    }
    fn from_value(value: &Value) -> Result<Self, Unfit> {
        Ok(value.clone())
    }
    fn into_value(self) -> Value {
        self
    }
}

impl<T: Leaf> Leaf for Option<T> {
    const SHAPE: Shape = T::SHAPE;
    const OPTIONAL: bool = true;
    fn absent() -> Option<Self> {
        Some(None)
    }
    fn from_value(value: &Value) -> Result<Self, Unfit> {
        if value.is_null() { Ok(None) } else { T::from_value(value).map(Some) }
    }
    fn into_value(self) -> Value {
        self.map_or(Value::Null, T::into_value)
    }
}

impl<T: Leaf> Leaf for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);
    fn from_value(value: &Value) -> Result<Self, Unfit> {
        value.elements().ok_or(Unfit::wanted("a list"))?.into_iter().map(T::from_value).collect()
    }
    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(T::into_value).collect())
    }
}

impl<T: Leaf> Leaf for BTreeMap<String, T> {
    const SHAPE: Shape = Shape::Map(&T::SHAPE);
    fn from_value(value: &Value) -> Result<Self, Unfit> {
        let members = value.as_members().ok_or(Unfit::wanted("a map"))?;
        members.iter().map(|(name, value)| Ok((name.clone(), T::from_value(value).map_err(|unfit| unfit.within(name))?))).collect()
    }
    fn into_value(self) -> Value {
        Value::Map(self.into_iter().map(|(name, value)| (name, value.into_value())).collect())
    }
}

/// Values without an order.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Set<T>(pub Vec<T>);

impl<T: Leaf> Leaf for Set<T> {
    const SHAPE: Shape = Shape::Set(&T::SHAPE);
    fn from_value(value: &Value) -> Result<Self, Unfit> {
        Vec::from_value(value).map(Self)
    }
    fn into_value(self) -> Value {
        Value::Set(self.0.into_iter().map(T::into_value).collect())
    }
}

impl<T> Deref for Set<T> {
    type Target = Vec<T>;
    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(all: I) -> Self {
        Self(all.into_iter().collect())
    }
}

macro_rules! text_shape {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub String);

        impl Leaf for $name {
            const SHAPE: Shape = Shape::$name;
            fn from_value(value: &Value) -> Result<Self, Unfit> {
                String::from_value(value).map(Self)
            }
            fn into_value(self) -> Value {
                Value::String(self.0)
            }
        }

        impl Deref for $name {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }
    };
}

text_shape! {
    /// An Amazon Resource Name.
    Arn
}
text_shape! {
    /// An IPv4 or IPv6 block in CIDR notation.
    Cidr
}

macro_rules! json_shape {
    ($(#[$doc:meta])* $name:ident, $shape:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Value);

        impl $name {
            /// Reads JSON text; `None` when it is none.
            pub fn parse(text: &str) -> Option<Self> {
                Value::from_json(&serde_json::from_str(text).ok()?).map(Self)
            }

            /// Returns it as compact JSON text, as AWS takes it.
            pub fn text(&self) -> String {
                self.0.to_json_text()
            }
        }

        impl Leaf for $name {
            const SHAPE: Shape = Shape::$shape;
            fn from_value(value: &Value) -> Result<Self, Unfit> {
                Ok(Self(value.clone()))
            }
            fn into_value(self) -> Value {
                self.0
            }
        }
    };
}

json_shape! {
    /// An IAM policy document.
    Policy, Policy
}
json_shape! {
    /// JSON that compares by member; `#[attr(filled)]` where AWS fills in what is not given.
    Json, Json
}
