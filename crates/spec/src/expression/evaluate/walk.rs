//! Steps into a value: attributes, indexes, splats. Borrowed as long as the value they start from is.

use std::{borrow::Cow, collections::BTreeMap};

use lowtide_diagnostic::nearest;
use lowtide_model::{Content, Planned, Type, Unknown};

use super::{Answer, Evaluator, Fault, Frame};
use crate::expression::syntax::{At, Expression, Step, StepKind};

impl Evaluator<'_> {
    pub(super) fn walk<'v>(&'v self, base: Cow<'v, Planned>, steps: &'v [Step], at: At, frame: Option<&'v Frame<'v>>) -> Answer<'v> {
        match base {
            Cow::Borrowed(value) => self.walk_from(value, steps, at, frame),
            Cow::Owned(value) => {
                let leaf = self.walk_from(&value, steps, at, frame)?;
                self.kept(leaf, at).map(Cow::Owned)
            }
        }
    }

    fn walk_from<'p>(&self, base: &'p Planned, steps: &[Step], at: At, frame: Option<&Frame<'_>>) -> Answer<'p> {
        let mut here = Cow::Borrowed(base);
        let mut sensitive = false;
        for step in steps {
            self.spend(1, step.at)?;
            sensitive |= here.sensitive;
            // A splat goes through elements; what comes after it in the same list of steps applies to its result.
            here = match (&step.kind, here) {
                (StepKind::Attribute(name), Cow::Borrowed(value)) => self.attribute(value, name, step.at)?,
                (StepKind::Attribute(name), Cow::Owned(value)) => {
                    let member = self.attribute(&value, name, step.at)?;
                    Cow::Owned(self.kept(member, step.at)?)
                }
                (StepKind::Index(index), value) => {
                    let key = self.evaluate(index, frame)?;
                    sensitive |= key.sensitive;
                    match value {
                        Cow::Borrowed(value) => self.index(value, &key, index, step.at)?,
                        Cow::Owned(value) => {
                            let element = self.index(&value, &key, index, step.at)?;
                            Cow::Owned(self.kept(element, step.at)?)
                        }
                    }
                }
                (StepKind::Splat(each), value) => Cow::Owned(self.splat(&value, each, step.at, frame)?),
            };
            // A part of what is unknown has a part of its type, which may be large.
            if let Cow::Owned(Planned { content: Content::Unknown(_), .. }) = &here {
                self.spend(super::weight(&here), step.at)?;
            }
        }
        Ok(if sensitive && !here.sensitive { Cow::Owned(self.kept(here, at)?.marked(true)) } else { here })
    }

    fn attribute<'p>(&self, value: &'p Planned, name: &str, at: At) -> Answer<'p> {
        const SUMMARY: &str = "Unsupported attribute";
        match &value.content {
            Content::Object(members) | Content::Map(members) => match members.get(name) {
                Some(member) => Ok(Cow::Borrowed(member)),
                None => Err(self.no_member(value, members, name, at)),
            },
            Content::Unknown(unknown) => self.unknown_attribute(unknown, name, at),
            Content::Null => Err(self.fault(
                at,
                SUMMARY,
                format!("The value is null, so it has no attribute `{name}`. Test for null first, or use try."),
            )),
            Content::List(_) | Content::Set(_) => {
                let hint = format!("[*].{name} takes it from every element");
                let mut wrong = self.fault(
                    at,
                    SUMMARY,
                    format!("The value is a collection, so it has no attribute `{name}` itself: its elements may."),
                );
                wrong.hints.push(hint);
                if matches!(value.content, Content::List(_)) {
                    wrong.hints.push(format!("[0].{name} takes it from the first element"));
                }
                Err(wrong)
            }
            Content::Bool(_) | Content::Number(_) | Content::String(_) => {
                let ty = value.ty().article();
                Err(self.fault(at, SUMMARY, format!("The value is {ty}, so it has no attribute `{name}`.")))
            }
        }
    }

    fn no_member(&self, value: &Planned, members: &BTreeMap<String, Planned>, name: &str, at: At) -> Fault {
        if let Err(costly) = self.compare_names(members, at) {
            return costly;
        }
        let mut wrong = self.fault(at, "Unsupported attribute", format!("The object has no attribute `{name}`."));
        // Names of a sensitive object may tell something themselves.
        if !value.sensitive {
            match nearest(name, members.keys().map(String::as_str)) {
                Some(meant) => wrong.hints.push(format!("did you mean {meant}?")),
                None if members.is_empty() => wrong.detail.push_str(" It has none at all."),
                None => {
                    let shown: Vec<_> = members.keys().take(10).map(String::as_str).collect();
                    let more = if members.len() > shown.len() { ", …" } else { "" };
                    wrong.detail.push_str(&format!(" It has {}{more}.", shown.join(", ")));
                }
            }
        }
        wrong
    }

    /// Notes that a name is held against all there are, for a suggestion.
    fn compare_names(&self, members: &BTreeMap<String, Planned>, at: At) -> Result<(), Fault> {
        const STEPS_PER_NAME: u64 = 10;
        self.spend(members.len() as u64 * STEPS_PER_NAME, at)
    }

    fn unknown_attribute<'p>(&self, unknown: &Unknown, name: &str, at: At) -> Answer<'p> {
        let ty = match &unknown.ty {
            Type::Any => Type::Any,
            Type::Map(of) => (**of).clone(),
            Type::Object(members) => match members.get(name) {
                Some(member) => member.ty.clone(),
                None => {
                    let mut wrong = self.fault(at, "Unsupported attribute", format!("The object has no attribute `{name}`."));
                    let meant = nearest(name, members.keys().map(String::as_str));
                    wrong.hints.extend(meant.map(|meant| format!("did you mean {meant}?")));
                    return Err(wrong);
                }
            },
            Type::Bool | Type::Number | Type::String | Type::List(_) | Type::Set(_) | Type::Tuple(_) => {
                let ty = unknown.ty.article();
                return Err(self.fault(at, "Unsupported attribute", format!("The value is {ty}, so it has no attribute `{name}`.")));
            }
        };
        Ok(Cow::Owned(Planned::unknown(ty)))
    }

    fn index<'p>(&self, value: &'p Planned, key: &Planned, index: &Expression, at: At) -> Answer<'p> {
        const SUMMARY: &str = "Invalid index";
        if key.is_null() {
            return Err(self.fault(index.at, SUMMARY, "The index is null."));
        }
        match &value.content {
            Content::List(elements) => match self.converted(Cow::Borrowed(key), &Type::Number, index.at)?.content {
                Content::Number(number) => {
                    let position = number.as_i64().and_then(|number| usize::try_from(number).ok());
                    let element = position.and_then(|position| elements.get(position));
                    element.map(Cow::Borrowed).ok_or_else(|| {
                        let hidden = key.sensitive || value.sensitive;
                        self.out_of_range(if hidden { None } else { Some((number.to_string(), elements.len())) }, at)
                    })
                }
                _ => {
                    self.spend(super::weight(value), at)?;
                    Ok(Cow::Owned(unknown_among(elements.iter())))
                }
            },
            Content::Map(members) | Content::Object(members) => {
                match self.converted(Cow::Borrowed(key), &Type::String, index.at)?.content {
                    Content::String(name) => members.get(&name).map(Cow::Borrowed).ok_or_else(|| {
                        if key.sensitive {
                            self.fault(at, SUMMARY, "There is no element with this key, which is sensitive.")
                        } else {
                            self.no_key(value, members, &name, at)
                        }
                    }),
                    _ => {
                        self.spend(super::weight(value), at)?;
                        Ok(Cow::Owned(unknown_among(members.values())))
                    }
                }
            }
            Content::Unknown(unknown) => self.unknown_index(unknown, key, index, at),
            Content::Set(_) => {
                let mut wrong = self.fault(at, SUMMARY, "The elements of a set have no order, so none can be taken by its number.");
                wrong.hints.push("tolist(…)[0] takes the first in order of their values, one(…) the only one".to_owned());
                Err(wrong)
            }
            Content::Null => Err(self.fault(at, SUMMARY, "The value is null, so it has no elements. Test for null first, or use try.")),
            Content::Bool(_) | Content::Number(_) | Content::String(_) => {
                Err(self.fault(at, SUMMARY, format!("The value is {}, so it has no elements.", value.ty().article())))
            }
        }
    }

    fn unknown_index<'p>(&self, unknown: &Unknown, key: &Planned, index: &Expression, at: At) -> Answer<'p> {
        let ty = match &unknown.ty {
            Type::Any => Type::Any,
            Type::List(of) => {
                self.converted(Cow::Borrowed(key), &Type::Number, index.at)?;
                (**of).clone()
            }
            Type::Tuple(types) => {
                let number = self.converted(Cow::Borrowed(key), &Type::Number, index.at)?;
                match number.as_i64().and_then(|number| usize::try_from(number).ok()) {
                    Some(position) => match types.get(position) {
                        Some(ty) => ty.clone(),
                        None => return Err(self.out_of_range(None, at)),
                    },
                    None => Type::Any,
                }
            }
            Type::Map(of) => (**of).clone(),
            Type::Object(members) => match key.as_str() {
                Some(name) if !key.sensitive => return self.unknown_attribute(unknown, name, at),
                Some(name) => members.get(name).map_or(Type::Any, |member| member.ty.clone()),
                None => Type::Any,
            },
            Type::Bool | Type::Number | Type::String | Type::Set(_) => {
                let ty = unknown.ty.article();
                return Err(self.fault(at, "Invalid index", format!("The value is {ty}, so no element can be taken by number or name.")));
            }
        };
        Ok(Cow::Owned(Planned::unknown(ty)))
    }

    fn no_key(&self, value: &Planned, members: &BTreeMap<String, Planned>, name: &str, at: At) -> Fault {
        if let Err(costly) = self.compare_names(members, at) {
            return costly;
        }
        let mut wrong = self.fault(at, "Invalid index", format!("There is no element with the key {name:?}."));
        if value.sensitive {
            return wrong;
        }
        let meant = nearest(name, members.keys().map(String::as_str)).filter(|_| name.chars().count() > 2);
        match meant {
            Some(meant) => wrong.hints.push(format!("did you mean {meant:?}?")),
            None if members.is_empty() => wrong.detail.push_str(" It has none at all."),
            None => {
                let shown: Vec<_> = members.keys().take(10).map(|key| format!("{key:?}")).collect();
                let more = if members.len() > shown.len() { ", …" } else { "" };
                wrong.detail.push_str(&format!(" Its keys are {}{more}.", shown.join(", ")));
            }
        }
        wrong
    }

    fn out_of_range(&self, known: Option<(String, usize)>, at: At) -> Fault {
        let detail = match known {
            Some((number, 0)) => format!("There is no element {number}: the list is empty."),
            Some((number, 1)) => format!("There is no element {number}: the list has one element, number 0."),
            Some((number, length)) => format!("There is no element {number}: the list has {length} elements, from 0 to {}.", length - 1),
            None => "There is no element with this number.".to_owned(),
        };
        self.fault(at, "Invalid index", detail)
    }

    /// Takes the same steps from every element; from a value that is no collection as if it were the only element.
    fn splat(&self, value: &Planned, each: &[Step], at: At, frame: Option<&Frame<'_>>) -> Result<Planned, Fault> {
        let all = |elements: &mut dyn Iterator<Item = &Planned>| {
            let walked = elements.map(|element| {
                let leaf = self.walk_from(element, each, at, frame)?;
                self.spend(super::weight(&leaf), at)?;
                Ok(leaf.into_owned())
            });
            walked.collect::<Result<Vec<_>, Fault>>()
        };
        if matches!(value.content, Content::Set(_)) {
            self.look_through(value, at)?;
        }
        let result = match &value.content {
            Content::List(elements) => Planned::list(all(&mut elements.iter())?),
            // Equal elements may yet turn out to be one, and their order is theirs when known.
            Content::Set(elements) if value.is_wholly_known() => Planned::list(all(&mut elements.iter())?),
            Content::Set(elements) => {
                let sensitive = all(&mut elements.iter())?.iter().any(Planned::holds_sensitive);
                Planned::unknown(Type::List(Box::new(Type::Any))).marked(sensitive)
            }
            Content::Null => Planned::list([]),
            Content::Unknown(unknown) => self.unknown_splat(unknown, each, at, frame)?,
            Content::Bool(_) | Content::Number(_) | Content::String(_) | Content::Map(_) | Content::Object(_) => {
                Planned::list(all(&mut std::iter::once(value))?)
            }
        };
        Ok(result)
    }

    fn unknown_splat(&self, unknown: &Unknown, each: &[Step], at: At, frame: Option<&Frame<'_>>) -> Result<Planned, Fault> {
        let element = match &unknown.ty {
            Type::List(of) | Type::Set(of) => (**of).clone(),
            Type::Any | Type::Tuple(_) => Type::Any,
            other => other.clone(),
        };
        let element = Planned::unknown(element);
        let leaf = self.walk_from(&element, each, at, frame)?;
        Ok(Planned::unknown(Type::List(Box::new(leaf.ty()))).marked(leaf.holds_sensitive()))
    }
}

/// Returns what one of several values is, when it can't be told which: sensitive if any is.
fn unknown_among<'p>(elements: impl Iterator<Item = &'p Planned> + Clone) -> Planned {
    let sensitive = elements.clone().any(Planned::holds_sensitive);
    Planned::unknown(super::operator::unified(elements)).marked(sensitive)
}
