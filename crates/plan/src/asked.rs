//! Whether a wish asks for what an earlier run asked for.

use lowtide_model::PlannedObject;
use lowtide_state::{Digester, Record};

use crate::secret_path;

/// Returns whether what is known of a wish is other than what a record was asked for. What is sensitive is compared by its digest.
pub fn asks_otherwise(record: &Record, wish: &PlannedObject, digester: &dyn Digester) -> bool {
    let wished = wish.iter().filter_map(|(name, value)| Some((name, value.known()?)));
    let other = wished.into_iter().any(|(name, value)| match record.digests.get(name) {
        Some(digest) => !digester.is_of(digest, &secret_path(record, name), &value),
        // As a state keeps them, maps and sets are not told from objects and lists.
        None => value.to_json() != record.inputs.get(name).cloned().unwrap_or_default().to_json(),
    });
    let mut asked = record.inputs.iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name).chain(record.digests.keys());
    other || asked.any(|name| wish.get(name).is_none())
}
