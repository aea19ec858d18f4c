//! Whether what turned out is what was planned.

use lowtide_model::{Content, Planned};

/// Returns whether a value is what was planned: every known part equal, every unknown part of the type that was planned.
pub fn agrees(planned: &Planned, now: &Planned) -> bool {
    match (&planned.content, &now.content) {
        (Content::Unknown(unknown), _) => {
            let starts = |text: &str| unknown.prefix.as_deref().is_none_or(|prefix| text.starts_with(prefix));
            now.as_str().is_none_or(starts) && unknown.ty.convert(now.clone()).is_ok()
        }
        (Content::List(a), Content::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| agrees(a, b)),
        (Content::Set(a), Content::Set(b) | Content::List(b)) => set_agrees(a, b),
        (Content::Map(a) | Content::Object(a), Content::Map(b) | Content::Object(b)) => {
            let names = a.keys().chain(b.keys());
            names.into_iter().all(|name| match (a.get(name), b.get(name)) {
                (Some(a), Some(b)) => agrees(a, b),
                (Some(one), None) | (None, Some(one)) => one.is_null() || one.is_unknown(),
                (None, None) => true,
            })
        }
        (a, b) => a == b,
    }
}

/// Every known element must be there; unknown ones may have become any, even ones that were there already.
fn set_agrees(planned: &[Planned], now: &[Planned]) -> bool {
    let open = planned.iter().any(|one| !one.is_wholly_known());
    planned.iter().filter(|one| one.is_wholly_known()).all(|one| now.contains(one)) && (open || planned.len() == now.len())
}

#[cfg(test)]
mod tests {
    use lowtide_model::Type;

    use super::*;

    #[test]
    fn unknown_parts_may_become_anything_of_their_type_and_known_ones_may_not_change() {
        let planned = Planned::list([Planned::text("a"), Planned::unknown(Type::String)]);
        assert!(agrees(&planned, &Planned::list([Planned::text("a"), Planned::text("b")])));
        assert!(!agrees(&planned, &Planned::list([Planned::text("x"), Planned::text("b")])));
        assert!(!agrees(&Planned::unknown_text("arn:"), &Planned::text("vpc-1")));
    }
}
