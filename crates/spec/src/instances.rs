//! Which instances a declaration has: from `count`, `for_each` and `enabled`, which must be known when planning.

use std::collections::BTreeMap;

use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_model::{Content, Key, Planned, Type};

use crate::{
    configuration::{Declaration, Repeat},
    expression::{Reference, Root, Scope},
    written::Written,
};

/// How many instances a stack may have, of all its declarations together.
pub const MOST_INSTANCES: usize = 100_000;

/// The instances of a declaration in order: the key of each and the value of `each.value`.
pub type Instances = Vec<InstanceKey>;

/// One instance of a declaration: its key and the value of `each.value`.
pub type InstanceKey = (Option<Key>, Option<Planned>);

impl Declaration {
    /// Returns its instances in order: the key of each and the value of `each.value`.
    ///
    /// # Errors
    /// When what decides it is not known yet (saying which reference is not), sensitive, or of another type.
    pub fn instances(&self, scope: &dyn Scope) -> Result<Instances, Diagnostics> {
        if !self.is_enabled(scope)? {
            return Ok(Vec::new());
        }
        match &self.repeat {
            Repeat::None => Ok(vec![(None, None)]),
            Repeat::Count(written) => {
                let count = counted(written, scope)?.ok_or_else(|| unknown("count", written, scope))?;
                Ok((0..count as u64).map(|index| (Some(Key::Index(index)), None)).collect())
            }
            Repeat::ForEach(written) => {
                let all = named(written, scope)?.ok_or_else(|| unknown("for_each", written, scope))?;
                Ok(all.into_iter().map(|(name, value)| (Some(Key::Name(name.into())), Some(value))).collect())
            }
        }
    }

    /// Returns the instance of one key, if there is one: as [`Declaration::instances`], without making all of them.
    ///
    /// # Errors
    /// As there.
    pub fn instance(&self, key: Option<&Key>, scope: &dyn Scope) -> Result<Option<InstanceKey>, Diagnostics> {
        if !self.is_enabled(scope)? {
            return Ok(None);
        }
        Ok(match (&self.repeat, key) {
            (Repeat::None, None) => Some((None, None)),
            (Repeat::Count(written), Some(Key::Index(index))) => {
                let count = counted(written, scope)?.ok_or_else(|| unknown("count", written, scope))?;
                (*index < count as u64).then_some((Some(Key::Index(*index)), None))
            }
            (Repeat::ForEach(written), Some(Key::Name(name))) => {
                let mut all = named(written, scope)?.ok_or_else(|| unknown("for_each", written, scope))?;
                all.remove(&**name).map(|value| (Some(Key::Name(name.clone())), Some(value)))
            }
            (Repeat::None | Repeat::Count(_) | Repeat::ForEach(_), _) => None,
        })
    }

    fn is_enabled(&self, scope: &dyn Scope) -> Result<bool, Diagnostics> {
        let Some(written) = &self.enabled else { return Ok(true) };
        let value = written.evaluate_as(&Type::Bool, scope)?;
        refuse_sensitive("enabled", &value, written)?;
        if value.is_unknown() {
            return Err(unknown("enabled", written, scope));
        }
        value.as_bool().ok_or_else(|| {
            Diagnostic::error("Wrong type", "`enabled` is null, and must be true or false.").at(written.place.clone()).into()
        })
    }
}

/// Returns how many instances `count` asks for; `None` when that is not known.
pub(crate) fn counted(written: &Written, scope: &dyn Scope) -> Result<Option<usize>, Diagnostics> {
    let value = written.evaluate_as(&Type::Number, scope)?;
    refuse_sensitive("count", &value, written)?;
    if value.is_unknown() {
        return Ok(None);
    }
    let count = value.as_i64().and_then(|count| usize::try_from(count).ok()).filter(|count| *count <= MOST_INSTANCES);
    let Some(count) = count else {
        let detail = format!("`count` must be a whole number from 0 to {MOST_INSTANCES}.");
        return Err(Diagnostic::error("Invalid count", detail).at(written.place.clone()).into());
    };
    Ok(Some(count))
}

/// Returns keys and values of `for_each`; `None` when the keys are not known.
pub(crate) fn named(written: &Written, scope: &dyn Scope) -> Result<Option<BTreeMap<String, Planned>>, Diagnostics> {
    let value = written.evaluate(scope)?;
    refuse_sensitive("for_each", &value, written)?;
    let wrong = |detail: &str| Diagnostic::error("Invalid for_each", detail).at(written.place.clone());
    match value.content {
        Content::Map(all) | Content::Object(all) => Ok(Some(all)),
        Content::Set(all) => {
            let mut members = BTreeMap::new();
            for one in all {
                refuse_sensitive("for_each", &one, written)?;
                match one.content {
                    Content::String(ref text) => drop(members.insert(text.clone(), one)),
                    Content::Unknown(_) => return Ok(None),
                    Content::Null
                    | Content::Bool(_)
                    | Content::Number(_)
                    | Content::List(_)
                    | Content::Set(_)
                    | Content::Map(_)
                    | Content::Object(_) => {
                        let hint = "write a map whose keys name the instances, or \"${toset([for one in … : tostring(one)])}\"";
                        return Err(wrong("The elements of a set in `for_each` become keys, so they must be strings.").hint(hint).into());
                    }
                }
            }
            Ok(Some(members))
        }
        Content::Unknown(unknown) => match unknown.ty {
            Type::Any | Type::Map(_) | Type::Object(_) | Type::Set(_) => Ok(None),
            Type::List(_) | Type::Tuple(_) => {
                Err(list(wrong("`for_each` needs keys that stay the same, and the elements of a list have only their order.")).into())
            }
            Type::Bool | Type::Number | Type::String => Err(wrong("`for_each` takes a map or a set of strings.").into()),
        },
        Content::List(_) => {
            Err(list(wrong("`for_each` needs keys that stay the same, and the elements of a list have only their order.")).into())
        }
        Content::Null | Content::Bool(_) | Content::Number(_) | Content::String(_) => {
            Err(wrong("`for_each` takes a map or a set of strings.").hint("to make one thing or none, use enabled").into())
        }
    }
}

fn list(wrong: Diagnostic) -> Diagnostic {
    wrong.hint("write a table { a = …, b = … }, or '${toset([…])}' for a list of different strings")
}

fn refuse_sensitive(name: &str, value: &Planned, written: &Written) -> Result<(), Diagnostics> {
    if !value.sensitive {
        return Ok(());
    }
    let detail = format!("`{name}` decides which instances there are, which everyone can see; this value is sensitive.");
    let wrong = Diagnostic::error("Sensitive value not allowed here", detail).at(written.place.clone());
    Err(wrong.hint("use a value that is not sensitive; nonsensitive(…) says that it may be shown").into())
}

/// Says which references are not known yet.
fn unknown(name: &str, written: &Written, scope: &dyn Scope) -> Diagnostics {
    let open: Vec<Reference> = written
        .references()
        .into_iter()
        .filter(|reference| scope.value(&reference.root).is_none_or(|value| reaches_unknown(value, reference)))
        .collect();
    let names: Vec<_> = open.iter().map(|reference| format!("`{}`", shown(reference))).collect();
    let which = if names.is_empty() {
        "Its value is".to_owned()
    } else {
        format!("{} {}", names.join(" and "), if names.len() == 1 { "is" } else { "are" })
    };
    let detail = format!("`{name}` decides which instances there are, so it must be known when planning. {which} known only after apply.");
    let mut wrong = Diagnostic::error("Value not known yet", detail).at(written.place.clone());
    for reference in &open {
        wrong = wrong.with(reference.place.clone(), "known after apply");
    }
    wrong
        .hint("use keys that stand in the spec, and refer to what is made later in the values only")
        .hint("or apply in two steps: first what it depends on, with --target")
        .into()
}

fn reaches_unknown(value: &Planned, reference: &Reference) -> bool {
    let attribute = reference.attribute.as_deref().and_then(|name| value.as_members()?.get(name));
    attribute.map_or(!value.is_wholly_known(), |value| !value.is_wholly_known())
}

fn shown(reference: &Reference) -> String {
    let root = match &reference.root {
        Root::Variable(name) => format!("var.{name}"),
        Root::Local(name) => format!("local.{name}"),
        Root::Declared(declared) => declared.to_string(),
        Root::Stack(stack, output) => format!("stack.{stack}.{output}"),
        Root::EachKey => "each.key".to_owned(),
        Root::EachValue => "each.value".to_owned(),
        Root::CountIndex => "count.index".to_owned(),
        Root::Itself => "self".to_owned(),
        Root::Run(name) => format!("lowtide.{name}"),
        Root::PathRoot => "path.root".to_owned(),
        Root::Bound(name) => name.to_string(),
    };
    let key = reference.key.as_ref().map(ToString::to_string).unwrap_or_default();
    let attribute = reference.attribute.as_ref().map(|name| format!(".{name}")).unwrap_or_default();
    root + &key + &attribute
}
