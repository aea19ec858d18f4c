//! Conversion of values to types, by HCL's rules: text, numbers and truth values turn into each other where nothing is lost.

use std::collections::BTreeMap;

use crate::{Content, Member, Path, Planned, Step, Type, Unknown};

/// A value that can't have the type it should have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Where in the value.
    pub path: Path,
    /// What was wanted there.
    pub wanted: String,
    /// What is there.
    pub found: String,
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.path.0.is_empty() {
            write!(out, "{}: ", self.path)?;
        }
        write!(out, "{} is wanted, this is {}", self.wanted, self.found)
    }
}

impl std::error::Error for Mismatch {}

impl Type {
    /// Converts a value to this type. Marks stay; null and values of [`Type::Any`] stay as they are.
    ///
    /// # Errors
    /// Returns where and why, when the value can't have this type.
    pub fn convert(&self, value: Planned) -> Result<Planned, Mismatch> {
        let Planned { content, sensitive } = value;
        Ok(Planned { content: self.convert_content(content)?, sensitive })
    }

    fn convert_content(&self, content: Content) -> Result<Content, Mismatch> {
        let found = describe(&content);
        let mismatch = || Mismatch { path: Path::default(), wanted: self.article(), found };
        Ok(match (self, content) {
            (_, Content::Null) => Content::Null,
            (Self::Any, content) => content,
            (wanted, Content::Unknown(unknown)) => match (wanted, &unknown.ty) {
                (wanted, from) if wanted == from => Content::Unknown(unknown),
                (wanted, from) if wanted.may_come_from(from) => {
                    // One value turned into one type twice is one value.
                    Content::Unknown(Box::new(Unknown { ty: wanted.clone(), origin: unknown.origin.clone(), ..Unknown::default() }))
                }
                _ => return Err(mismatch()),
            },
            (Self::Bool, content @ Content::Bool(_)) | (Self::Number, content @ Content::Number(_)) => content,
            (Self::String, content @ Content::String(_)) => content,
            (Self::Bool, Content::String(text)) => Content::Bool(text.parse().map_err(|_| mismatch())?),
            (Self::Number, Content::String(text)) => Content::Number(text.parse().map_err(|_| mismatch())?),
            (Self::String, Content::Bool(value)) => Content::String(value.to_string()),
            (Self::String, Content::Number(value)) => Content::String(value.to_string()),
            (Self::List(of), Content::List(all) | Content::Set(all)) => Content::List(convert_all(of, all)?),
            (Self::Set(of), Content::List(all) | Content::Set(all)) => Planned::set(convert_all(of, all)?).content,
            (Self::Map(of), Content::Map(all) | Content::Object(all)) => Content::Map(convert_members(all, |_| Some(of))?),
            (Self::Tuple(types), Content::List(all)) if types.len() == all.len() => {
                let each = types.iter().zip(all).enumerate();
                Content::List(
                    each.map(|(at, (ty, value))| ty.convert(value).map_err(|e| e.below(Step::Index(at)))).collect::<Result<_, _>>()?,
                )
            }
            (Self::Object(members), Content::Map(all) | Content::Object(all)) => {
                for (name, Member { optional, ty }) in members {
                    if !optional && !all.contains_key(name) {
                        return Err(Mismatch { path: Path::of(name), wanted: ty.article(), found: "missing".to_owned() });
                    }
                }
                let kept = all.into_iter().filter(|(name, _)| members.contains_key(name)).collect();
                let mut converted = convert_members(kept, |name| members.get(name).map(|member| &member.ty))?;
                for name in members.keys() {
                    converted.entry(name.clone()).or_insert(Planned::NULL);
                }
                Content::Object(converted)
            }
            _ => return Err(mismatch()),
        })
    }

    /// Returns whether an unknown value of the other type might turn out to fit.
    fn may_come_from(&self, from: &Self) -> bool {
        let scalar = |ty: &Self| matches!(ty, Self::Bool | Self::Number | Self::String);
        let sequence = |ty: &Self| matches!(ty, Self::List(_) | Self::Set(_) | Self::Tuple(_));
        let named = |ty: &Self| matches!(ty, Self::Map(_) | Self::Object(_));
        *from == Self::Any
            || self == from
            || (scalar(self) && scalar(from) && (*self == Self::String || *from == Self::String))
            || (sequence(self) && sequence(from))
            || (named(self) && named(from))
    }

    /// Returns the type with an article, as messages use it.
    pub fn article(&self) -> String {
        match self {
            Self::Any => "any value".to_owned(),
            Self::Bool => "a bool (true or false)".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::String => "a string".to_owned(),
            Self::List(_) | Self::Set(_) | Self::Map(_) | Self::Tuple(_) => format!("a {self}"),
            Self::Object(_) => format!("an {self}"),
        }
    }
}

impl Mismatch {
    /// Returns it seen from one level up.
    #[must_use]
    pub fn below(mut self, step: Step) -> Self {
        self.path.0.insert(0, step);
        self
    }
}

fn convert_all(of: &Type, all: Vec<Planned>) -> Result<Vec<Planned>, Mismatch> {
    all.into_iter().enumerate().map(|(at, value)| of.convert(value).map_err(|e| e.below(Step::Index(at)))).collect()
}

fn convert_members<'a>(
    all: BTreeMap<String, Planned>,
    ty: impl Fn(&str) -> Option<&'a Type>,
) -> Result<BTreeMap<String, Planned>, Mismatch> {
    let convert = |(name, value): (String, Planned)| {
        let converted = match ty(&name) {
            Some(ty) => ty.convert(value).map_err(|e| e.below(Step::Name(name.clone())))?,
            None => value,
        };
        Ok((name, converted))
    };
    all.into_iter().map(convert).collect()
}

fn describe(content: &Content) -> String {
    match content {
        Content::Null => "null".to_owned(),
        Content::Unknown(unknown) => format!("{}, known after apply", unknown.ty.article()),
        Content::Bool(value) => format!("the bool {value}"),
        Content::Number(value) => format!("the number {value}"),
        Content::String(_) => "a string".to_owned(),
        Content::List(_) => "a list".to_owned(),
        Content::Set(_) => "a set".to_owned(),
        Content::Map(_) => "a map".to_owned(),
        Content::Object(_) => "an object".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_turn_into_each_other_where_nothing_is_lost() {
        assert_eq!(Type::String.convert(Content::Number(5.into()).into()), Ok(Planned::text("5")));
        assert_eq!(Type::Number.convert(Planned::text("5")), Ok(Content::Number(5.into()).into()));
        assert_eq!(Type::Bool.convert(Planned::text("true")), Ok(Content::Bool(true).into()));
        assert!(Type::Bool.convert(Planned::text("yes")).is_err());
    }

    #[test]
    fn a_mismatch_says_where() {
        let ty = Type::Map(Box::new(Type::List(Box::new(Type::Number))));
        let value = Planned::object([("a".to_owned(), Planned::list([Planned::text("x")]))]);
        let error = ty.convert(value).expect_err("x is no number");
        assert_eq!(error.to_string(), "a[0]: a number is wanted, this is a string");
    }

    #[test]
    fn marks_and_unknowns_survive() {
        let value = Planned::unknown(Type::Any).marked(true);
        let converted = Type::String.convert(value).expect("may fit");
        assert!(converted.sensitive && converted.is_unknown());
        assert_eq!(converted.ty(), Type::String);
    }
}
