//! `for` expressions, and going through a collection.

use std::{borrow::Cow, collections::BTreeMap};

use lowtide_model::{Content, Planned, Type};

use super::{Evaluator, Fault, Frame, Names};
use crate::expression::{
    size::of_text,
    syntax::{At, Each, For},
};

/// The elements of a collection with their keys.
type Items<'p> = Vec<(Planned, Cow<'p, Planned>)>;

/// What a `for` expression has gathered.
#[derive(Default)]
struct Gathered {
    list: Vec<Planned>,
    members: BTreeMap<String, Vec<Planned>>,
    unknown: bool,
    sensitive: bool,
}

impl Evaluator<'_> {
    pub(super) fn for_expression<'v>(&'v self, each: &'v For, frame: Option<&'v Frame<'v>>) -> Result<Planned, Fault> {
        let collection = self.evaluate(&each.each.collection, frame)?;
        let mut gathered = Gathered { sensitive: collection.sensitive, ..Gathered::default() };
        match self.items(&collection, each.each.collection.at)? {
            Some(items) => {
                for (key, value) in &items {
                    within(&each.each, key, value, frame, |frame| self.gather(each, frame, &mut gathered))?;
                }
            }
            // What comes out is unknown, but whether it is sensitive can be told; a mistake may prove not to matter.
            None => {
                gathered.unknown = true;
                gathered.sensitive |= collection.holds_sensitive();
                let unknown = Planned::unknown(Type::Any).marked(gathered.sensitive);
                let _ = within(&each.each, &unknown, &unknown, frame, |frame| self.gather(each, frame, &mut gathered));
            }
        }
        Ok(gathered.into_value(each))
    }

    /// Evaluates the body for one element.
    fn gather(&self, each: &For, frame: Option<&Frame<'_>>, gathered: &mut Gathered) -> Result<(), Fault> {
        if let Some(condition) = &each.condition {
            let holds = self.evaluate(condition, frame)?;
            gathered.sensitive |= holds.sensitive;
            if holds.is_null() {
                return Err(self.fault(condition.at, "Unexpected null", "The condition is null; true or false is wanted."));
            }
            match self.converted(holds, &Type::Bool, condition.at)?.as_bool() {
                Some(true) => {}
                Some(false) => return Ok(()),
                None => gathered.unknown = true,
            }
        }
        let Some(key_expression) = &each.key else {
            gathered.list.push(self.owned(&each.value, frame)?);
            return Ok(());
        };
        let key = self.evaluate(key_expression, frame)?;
        gathered.sensitive |= key.sensitive;
        let name = self.key(&key, key_expression.at)?;
        let value = self.owned(&each.value, frame)?;
        let Some(name) = name else {
            gathered.unknown = true;
            gathered.list.push(value);
            return Ok(());
        };
        let known = gathered.members.entry(name.clone()).or_default();
        if !known.is_empty() && !each.grouping {
            let detail = if key.sensitive {
                "Two elements have the same key, which is sensitive.".to_owned()
            } else {
                format!("Two elements have the key {name:?}.")
            };
            let mut wrong = self.fault(key_expression.at, "Duplicate object key", format!("{detail} Every key of an object stands once."));
            wrong.hints.push("`...` after the value gathers the values of one key in a list".to_owned());
            return Err(wrong);
        }
        known.push(value);
        Ok(())
    }

    /// Returns the elements of a collection with their keys, or `None` when they are unknown.
    pub(super) fn items<'p>(&self, collection: &'p Planned, at: At) -> Result<Option<Items<'p>>, Fault> {
        let mark = |value: &'p Planned| {
            if collection.sensitive && !value.sensitive { Cow::Owned(value.clone().marked(true)) } else { Cow::Borrowed(value) }
        };
        // Of a set each element is its own key as well, and where all are sensitive each gets its mark.
        match &collection.content {
            Content::Set(_) => self.spend(2 * super::weight(collection), at)?,
            Content::Map(members) | Content::Object(members) => self.spend(members.keys().map(|name| of_text(name)).sum(), at)?,
            _ => {}
        }
        if collection.sensitive {
            self.spend(super::weight(collection), at)?;
        }
        let key = |content: Content| Planned { content, sensitive: collection.sensitive };
        let items: Items<'p> = match &collection.content {
            Content::List(elements) => {
                let numbered = elements.iter().enumerate();
                numbered.map(|(number, element)| (key(Content::Number(number.into())), mark(element))).collect()
            }
            // Two elements may turn out to be one, and they have no order, unless what is known tells them apart.
            Content::Set(_) if !collection.is_settled() => return Ok(None),
            Content::Set(elements) => elements.iter().map(|element| (mark(element).into_owned(), mark(element))).collect(),
            Content::Map(members) | Content::Object(members) => {
                members.iter().map(|(name, member)| (key(Content::String(name.clone())), mark(member))).collect()
            }
            Content::Unknown(unknown) if !matches!(unknown.ty, Type::Bool | Type::Number | Type::String) => return Ok(None),
            Content::Null => {
                return Err(self.fault(
                    at,
                    "Unexpected null",
                    "The collection is null, so there is nothing to go through. Use coalesce to give another.",
                ));
            }
            Content::Unknown(_) | Content::Bool(_) | Content::Number(_) | Content::String(_) => {
                self.look_through(collection, at)?;
                let detail = format!("A list, set, map or object is wanted, this is {}.", collection.ty().article());
                return Err(self.fault(at, "Wrong type", detail));
            }
        };
        self.spend(items.len() as u64, at)?;
        Ok(Some(items))
    }
}

impl Gathered {
    fn into_value(self, each: &For) -> Planned {
        let Self { list, members, unknown, sensitive } = self;
        if unknown {
            let below = list.iter().chain(members.values().flatten()).any(Planned::holds_sensitive);
            let any = Box::new(Type::Any);
            let ty = if each.key.is_some() { Type::Map(any) } else { Type::List(any) };
            return Planned::unknown(ty).marked(sensitive || below);
        }
        if each.key.is_none() {
            return Planned::list(list).marked(sensitive);
        }
        let member = |(name, mut values): (String, Vec<Planned>)| {
            let value = if each.grouping { Planned::list(values) } else { values.pop().unwrap_or_default() };
            (name, value)
        };
        Planned::object(members.into_iter().map(member)).marked(sensitive)
    }
}

/// Calls a body with the names of a `for` bound to one element.
pub(super) fn within<T>(
    each: &Each,
    key: &Planned,
    value: &Planned,
    outer: Option<&Frame<'_>>,
    body: impl FnOnce(Option<&Frame<'_>>) -> T,
) -> T {
    let value = Frame { names: Names::One(&each.value, value), outer };
    match &each.key {
        Some(name) => body(Some(&Frame { names: Names::One(name, key), outer: Some(&value) })),
        None => body(Some(&value)),
    }
}
