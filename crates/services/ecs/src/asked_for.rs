//! What AWS answers in other words than it was asked in, put back into the words of the one who asked.

use lowtide_model::{Leaf, Object, Set};

/// Returns what was last asked for, where it means the same as what is there; else what is there.
pub fn in_its_words(last: &Object, attribute: &str, seen: String, same: impl FnOnce(&str, &str) -> bool) -> String {
    match last.text(attribute) {
        Some(asked) if same(asked, &seen) => asked.to_owned(),
        _ => seen,
    }
}

/// Returns nothing for what AWS shows though nobody asked for it, unless somebody did.
pub fn unless_idle<T: Leaf>(last: &Object, attribute: &str, seen: Option<T>, idle: impl FnOnce(&T) -> bool) -> Option<T> {
    seen.filter(|seen| last.get(attribute).is_some() || !idle(seen))
}

/// Returns an option as it was last asked for, or its default.
pub fn option(last: &Object, attribute: &str) -> bool {
    last.get(attribute).and_then(lowtide_model::Value::as_bool).unwrap_or(false)
}

/// Returns a set, or nothing for none: AWS shows what was not given as an empty list.
pub fn several<T>(all: impl Iterator<Item = T>) -> Option<Set<T>> {
    let all: Set<T> = all.collect();
    (!all.is_empty()).then_some(all)
}
