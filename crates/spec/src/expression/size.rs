//! How large a value is: how many steps copying it takes, and how deeply it is nested.

use std::collections::BTreeMap;

use lowtide_model::{Content, Planned, Type};

use super::limits::BYTES_PER_STEP;

/// How large a value is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Size {
    /// How many steps copying it takes: one for each part, and more for long texts.
    pub(crate) weight: u64,
    /// How many collections are around its innermost part.
    pub(crate) depth: usize,
}

impl Size {
    /// Returns the size of a value; an unknown one is as large as its type.
    pub(crate) fn of(value: &Planned) -> Self {
        match &value.content {
            Content::Null | Content::Bool(_) | Content::Number(_) => Self { weight: 1, depth: 0 },
            Content::String(text) => Self { weight: of_text(text), depth: 0 },
            Content::Unknown(unknown) => Self::of_type(&unknown.ty).plus(unknown.prefix.as_deref().map_or(0, of_text)),
            Content::List(all) | Content::Set(all) => around(all.iter().map(Self::of)),
            Content::Map(all) | Content::Object(all) => around_members(all, Self::of),
        }
    }

    fn of_type(ty: &Type) -> Self {
        match ty {
            Type::Any | Type::Bool | Type::Number | Type::String => Self { weight: 1, depth: 0 },
            Type::List(of) | Type::Set(of) | Type::Map(of) => around(std::iter::once(Self::of_type(of))),
            Type::Tuple(all) => around(all.iter().map(Self::of_type)),
            Type::Object(all) => around_members(all, |member| Self::of_type(&member.ty)),
        }
    }

    fn plus(mut self, weight: u64) -> Self {
        self.weight += weight;
        self
    }
}

/// Returns how many members the objects in a type have: as many may be added to one element of what is converted to it.
fn members(ty: &Type) -> u64 {
    match ty {
        Type::Any | Type::Bool | Type::Number | Type::String => 0,
        Type::List(of) | Type::Set(of) | Type::Map(of) => members(of),
        Type::Tuple(all) => all.iter().map(members).sum(),
        Type::Object(all) => all.values().map(|member| 1 + members(&member.ty)).sum(),
    }
}

/// Returns how much a value may weigh at most when it is converted to a type; nothing where that adds nothing.
pub(crate) fn weight_as(value: &Planned, ty: &Type) -> u64 {
    match members(ty) {
        0 => 0,
        added => weight(value).saturating_mul(added),
    }
}

/// Returns how many steps copying a value takes.
pub(crate) fn weight(value: &Planned) -> u64 {
    Size::of(value).weight
}

/// Returns how many steps copying a text takes.
pub(crate) fn of_text(text: &str) -> u64 {
    1 + (text.len() / BYTES_PER_STEP) as u64
}

fn around(inner: impl Iterator<Item = Size>) -> Size {
    let add = |all: Size, one: Size| Size { weight: all.weight + one.weight, depth: all.depth.max(one.depth + 1) };
    inner.fold(Size { weight: 1, depth: 0 }, add)
}

fn around_members<T>(all: &BTreeMap<String, T>, size: impl Fn(&T) -> Size) -> Size {
    around(all.iter().map(|(name, member)| size(member).plus((name.len() / BYTES_PER_STEP) as u64)))
}
