//! The difference, three ways: what is asked for, what was asked for last, and what there is.
//!
//! Set: it must be what is asked for. No longer set: the attribute's `removed` rule. Never set: left alone. Source of the
//! rules: `hard-cases` 3 to 5 of the design, restated in ARCHITECTURE.md.

mod merge;
mod removed;

use std::collections::BTreeMap;

use lowtide_model::{
    Attribute, Description, Literal, Need, Observation, Path, Planned, PlannedObject, Removed, Shape, Step, Type, Value,
    equality::{Verdict, satisfied, satisfied_as_far},
};
use lowtide_state::{Digester, Record};

use crate::{Change, IgnoredTags, after::fresh_value};

pub use merge::{merged, merged_after};
pub use removed::lost_members;

/// What a comparison is made with.
pub struct Compare<'a> {
    /// The kind.
    pub description: &'a Description,
    /// What is asked for.
    pub wish: &'a PlannedObject,
    /// What is remembered of what was asked for last.
    pub record: &'a Record,
    /// What there is.
    pub seen: &'a Observation,
    /// Compares sensitive values with what is remembered of them.
    pub digester: &'a dyn Digester,
    /// Tags that belong to others.
    pub ignored: &'a IgnoredTags,
}

/// The prefix of tags that are Lowtide's own.
pub const OWN_TAGS: &str = "lowtide:";
/// The one tag with that prefix that users may set.
const KEEP_UNTIL: &str = "lowtide:keep-until";

/// Returns whether a tag is one of those by which Lowtide knows its own: users never set them.
pub fn is_own_tag(key: &str) -> bool {
    key.starts_with(OWN_TAGS) && key != KEEP_UNTIL
}

impl Compare<'_> {
    /// Returns everything that must change.
    pub fn changes(&self) -> Vec<Change> {
        self.description.inputs.iter().flat_map(|row| self.attribute(row)).collect()
    }

    fn attribute(&self, row: &Attribute) -> Vec<Change> {
        let wish = self.wish.get(row.name);
        if row.option {
            return self.option(row, wish);
        }
        if row.unread || self.seen.unseen.iter().any(|name| name == row.name) {
            return self.unread(row, wish);
        }
        let now = self.seen.inputs.get(row.name).cloned().unwrap_or_default();
        if row.name == "tags" && row.open {
            return self.tags(row, wish, &now);
        }
        match wish {
            Some(wish) => self.set(row, wish, &now),
            None => match row.fresh {
                // What counts at creation counts until that has come to its end; nothing has been added elsewhere by then.
                Some(fresh) if self.record.is_unfinished() => self.set(row, &fresh_value(row, fresh), &now),
                _ if row.owned_elsewhere.is_some() || !self.record.manages(row.name) => Vec::new(),
                Some(_) | None => self.no_longer_set(row, &now),
            },
        }
    }

    fn set(&self, row: &Attribute, wish: &Planned, now: &Value) -> Vec<Change> {
        let path = Path::of(row.name);
        // What AWS has yet to apply counts as there, or a second change before the window would never be asked for.
        let now = self.seen.pending.get(row.name).unwrap_or(now);
        if now.is_empty() && wish.known().is_some_and(|known| known.is_empty()) {
            return Vec::new();
        }
        let asked_before = self.record.inputs.get(row.name);
        let same = satisfied_as_far(row, wish, now, |name| self.sibling(name)) == Verdict::Same
            && asked_before.is_none_or(|before| !lost_members(&row.shape, before, wish, now));
        if same {
            return Vec::new();
        }
        let after = merged_after(&row.shape, asked_before, wish, now);
        let replaces = row.replaces || row.identity || goes_back(row, wish, now) || forces(&row.shape, wish, now);
        vec![self.change(row, path, now.clone().into(), after, replaces)]
    }

    /// Returns what another attribute will be.
    fn sibling(&self, name: &str) -> Value {
        match self.wish.get(name) {
            Some(wish) => wish.known().unwrap_or_default(),
            None => self.seen.inputs.get(name).cloned().unwrap_or_default(),
        }
    }

    fn no_longer_set(&self, row: &Attribute, now: &Value) -> Vec<Change> {
        let now = self.seen.pending.get(row.name).unwrap_or(now);
        match row.removed {
            Removed::Keep => Vec::new(),
            _ if now.is_empty() => Vec::new(),
            Removed::Clear => vec![self.change(row, Path::of(row.name), now.clone().into(), Planned::NULL, row.replaces || row.identity)],
            Removed::Replaces => vec![self.change(row, Path::of(row.name), now.clone().into(), Planned::NULL, true)],
        }
    }

    /// An option is never compared with AWS; it is remembered for the day it counts.
    fn option(&self, row: &Attribute, wish: Option<&Planned>) -> Vec<Change> {
        let default = match row.need {
            Need::Default(literal) => value(literal),
            Need::Required | Need::Optional => Value::Null,
        };
        let before = self.record.inputs.get(row.name).cloned().unwrap_or(default);
        let after = wish.cloned().unwrap_or(Planned::NULL);
        let digest = self.record.digests.get(row.name);
        let as_digest =
            |after: &Value| digest.is_some_and(|digest| self.digester.is_of(digest, &secret_path(&self.record.uid, row.name), after));
        if after.known().is_some_and(|after| as_digest(&after) || (digest.is_none() && after == before)) {
            return Vec::new();
        }
        let before = if digest.is_some() { Planned::unknown(row.shape.ty()) } else { before.into() };
        vec![self.change(row, Path::of(row.name), before, after, false)]
    }

    /// What AWS never shows compares with what is remembered of what was asked for.
    fn unread(&self, row: &Attribute, wish: Option<&Planned>) -> Vec<Change> {
        let known = wish.and_then(Planned::known);
        let digest = self.record.digests.get(row.name);
        let same = match (&known, wish) {
            (Some(known), _) => {
                self.record.inputs.get(row.name) == Some(known)
                    || digest.is_some_and(|digest| self.digester.is_of(digest, &secret_path(&self.record.uid, row.name), known))
            }
            (None, Some(_)) => false,
            (None, None) => row.computed() || !self.record.manages(row.name),
        };
        if same {
            return Vec::new();
        }
        let before = match (digest, self.record.inputs.get(row.name)) {
            (Some(_), _) => Planned::unknown(row.shape.ty()).marked(true),
            (None, before) => before.cloned().unwrap_or_default().into(),
        };
        vec![self.change(row, Path::of(row.name), before, wish.cloned().unwrap_or(Planned::NULL), row.replaces)]
    }

    /// Tags are owned one by one: those asked for, and those asked for before.
    fn tags(&self, row: &Attribute, wish: Option<&Planned>, now: &Value) -> Vec<Change> {
        let (nothing, no_tags) = (BTreeMap::new(), BTreeMap::new());
        let now = now.as_members().unwrap_or(&nothing);
        if wish.is_some_and(Planned::is_unknown) {
            return vec![self.change(row, Path::of("tags"), Value::Map(now.clone()).into(), Planned::unknown(row.shape.ty()), false)];
        }
        let hidden = wish.is_some_and(|wish| wish.sensitive);
        let wish = wish.and_then(Planned::as_members).unwrap_or(&no_tags);
        let ours = self.all_ours(row, now);
        let before = self.record.inputs.get("tags").and_then(Value::as_members).or(ours.as_ref());
        let dropped = before.into_iter().flat_map(BTreeMap::keys).filter(|key| !wish.contains_key(*key) && !is_own_tag(key));
        let keys = wish.keys().chain(dropped).filter(|key| !self.ignored.has(key));
        let differs = keys.filter_map(|key| {
            let (after, before) =
                (wish.get(key).cloned().unwrap_or(Planned::NULL).marked(hidden), now.get(key).cloned().unwrap_or_default());
            let same = after.known().is_some_and(|after| after == before);
            (!same).then(|| self.change(row, Path::of("tags").then(Step::Name(key.clone())), before.into(), after, false))
        });
        differs.collect()
    }

    /// Returns the tags that were asked for, where only a digest of them is kept: those that there are, if they are just those.
    fn all_ours(&self, row: &Attribute, now: &BTreeMap<String, Value>) -> Option<BTreeMap<String, Value>> {
        let digest = self.record.digests.get(row.name)?;
        let of_others = |key: &str| is_own_tag(key) || key.starts_with("aws:") || self.ignored.has(key);
        let tags: BTreeMap<_, _> = now.iter().filter(|(key, _)| !of_others(key)).map(|(key, value)| (key.clone(), value.clone())).collect();
        let same = self.digester.is_of(digest, &secret_path(&self.record.uid, row.name), &Value::Map(tags.clone()));
        same.then_some(tags)
    }

    fn change(&self, row: &Attribute, path: Path, before: Planned, after: Planned, replaces: bool) -> Change {
        let hidden = row.secret || after.holds_sensitive() || self.record.digests.contains_key(row.name);
        let secret = row.secret && !after.is_null();
        Change { path, before: before.marked(hidden), after: after.marked(secret), replaces }
    }
}

/// Returns under which name the digest of a sensitive attribute of what an operation makes is kept.
pub fn secret_path(uid: &str, attribute: &str) -> String {
    format!("{uid}:{attribute}")
}

/// Returns a literal as a value.
pub fn value(literal: Literal) -> Value {
    match literal {
        Literal::Bool(value) => Value::Bool(value),
        Literal::Int(value) => value.into(),
        Literal::Str(text) => text.into(),
    }
}

/// Returns whether a word may turn into one that AWS takes it to in a new resource only.
fn goes_back(row: &Attribute, wish: &Planned, now: &Value) -> bool {
    row.one_way.is_some_and(|(from, to)| now.as_str() == Some(from) && (wish.is_unknown() || wish.as_str() == Some(to)))
}

/// Returns whether a member that takes a new resource differs somewhere inside a block.
fn forces(shape: &Shape, wish: &Planned, now: &Value) -> bool {
    match shape {
        Shape::Block(rows) => rows.iter().any(|row| {
            let Some(wish) = wish.as_members().and_then(|all| all.get(row.name)).filter(|value| !value.is_null()) else { return false };
            let now = now.as_members().and_then(|all| all.get(row.name)).cloned().unwrap_or_default();
            (row.replaces && satisfied(&row.shape, wish, &now) != Verdict::Same) || forces(&row.shape, wish, &now)
        }),
        Shape::List(of) => {
            let (wish, now) = (wish.as_elements().unwrap_or_default(), now.elements().unwrap_or_default());
            wish.iter().zip(now).any(|(wish, now)| forces(of, wish, now))
        }
        Shape::Any | Shape::Bool | Shape::Int | Shape::Number | Shape::String | Shape::Arn | Shape::Cidr | Shape::Policy | Shape::Json => {
            false
        }
        Shape::FilledJson | Shape::Set(_) | Shape::Map(_) => false,
    }
}

/// Returns a value that is known after apply, of a shape's type.
pub fn unknown(shape: &Shape) -> Planned {
    Planned::unknown(match shape.ty() {
        Type::Any => Type::Any,
        ty => ty,
    })
}
