//! Whether a wish asks for what an earlier request asked for, and whether what there is came of such a request.

use lowtide_model::{Description, Observation, PlannedObject};
use lowtide_state::{Asked, Digester, NoDigests, Record, Status};

use crate::{Compare, secret_path};

/// Returns whether what is known of a wish is other than what was asked for. What is sensitive is compared by its digest.
pub fn asks_otherwise(asked: Asked<'_>, wish: &PlannedObject, digester: &dyn Digester) -> bool {
    let wished = wish.iter().filter_map(|(name, value)| Some((name, value.known()?)));
    let other = wished.into_iter().any(|(name, value)| match asked.digests.get(name) {
        Some(digest) => !digester.is_of(digest, &secret_path(asked.uid, name), &value),
        // As a state keeps them, maps and sets are not told from objects and lists.
        None => value.to_json() != asked.inputs.get(name).cloned().unwrap_or_default().to_json(),
    });
    let mut names = asked.inputs.iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name).chain(asked.digests.keys());
    other || names.any(|name| wish.get(name).is_none())
}

/// How like what there is, is to what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// It is another thing.
    Other,
    /// All that may be shown is as it was asked for, and something sensitive has another digest: AWS may have put it in other words.
    Untellable,
    /// It is as it was asked for.
    Same,
}

/// Returns how like what there is, is to what was asked for in the place of a record, by the rules by which a plan finds differences.
pub fn likeness(description: &Description, record: &Record, asked: Asked<'_>, seen: &Observation, digester: &dyn Digester) -> Likeness {
    let inputs = asked.inputs.clone().shaped(description.inputs);
    let wish = PlannedObject::from(inputs.clone());
    let record = Record { inputs, digests: Default::default(), status: Status::Ok, ..record.clone() };
    let ignored = Default::default();
    if !(Compare { description, wish: &wish, record: &record, seen, digester: &NoDigests, ignored: &ignored }).changes().is_empty() {
        return Likeness::Other;
    }
    let differs = asked.digests.iter().any(|(name, digest)| {
        let shown = description.input(name).is_some_and(|row| !row.option && !row.unread) && !seen.unseen.contains(name);
        let now = seen.inputs.get(name).cloned().unwrap_or_default();
        shown && !digester.is_of(digest, &secret_path(asked.uid, name), &now)
    });
    if differs { Likeness::Untellable } else { Likeness::Same }
}
