//! A value on one line.

use lowtide_model::{Content, Planned};

use super::{SENSITIVE, UNKNOWN};
use crate::{
    clean,
    style::{self, MUTED, paint},
};

/// Returns a value on one line of about `room` characters; what is sensitive or unknown is said so.
pub fn inline(value: &Planned, room: usize) -> String {
    if value.sensitive {
        return paint(MUTED, SENSITIVE);
    }
    match &value.content {
        Content::Null => paint(MUTED, "null"),
        Content::Unknown(unknown) => match &unknown.prefix {
            Some(prefix) => format!("{}… {}", clean::quoted(&clean::shortened(prefix, room)), paint(MUTED, UNKNOWN)),
            None => paint(MUTED, UNKNOWN),
        },
        Content::Bool(value) => value.to_string(),
        Content::Number(value) => value.to_string(),
        Content::String(text) => clean::quoted(&clean::shortened(text, room)),
        Content::List(all) | Content::Set(all) => {
            enclosed(all.iter().map(|one| inline(one, room)).collect(), ["[", "]"], all.len(), room, "element")
        }
        Content::Map(all) | Content::Object(all) => {
            let given = all.iter().filter(|(_, value)| !value.is_null());
            let shown: Vec<_> = given.map(|(name, value)| format!("{}: {}", clean::name(name), inline(value, room))).collect();
            let number = shown.len();
            enclosed(shown, ["{ ", " }"], number, room, "member")
        }
    }
}

/// Returns the parts between brackets, or how many there are when they do not fit.
fn enclosed(parts: Vec<String>, [open, close]: [&str; 2], number: usize, room: usize, noun: &str) -> String {
    let whole = parts.join(", ");
    if parts.is_empty() {
        format!("{}{}", open.trim(), close.trim())
    } else if style::width(&whole) > room {
        paint(MUTED, format!("({})", crate::words::count(number, noun)))
    } else {
        format!("{open}{whole}{close}")
    }
}

/// Returns two values as they stand on both sides of an arrow, long texts shortened so that the difference shows.
pub fn pair(before: &Planned, after: &Planned, room: usize) -> (String, String) {
    match (&before.content, &after.content) {
        (Content::String(a), Content::String(b)) if !before.sensitive && !after.sensitive => {
            let (a, b) = clean::shortened_pair(a, b, room);
            (clean::quoted(&a), clean::quoted(&b))
        }
        _ => (inline(before, room), inline(after, room)),
    }
}

/// Returns whether a value stands on one line by nature.
pub fn is_scalar(value: &Planned) -> bool {
    value.sensitive
        || match &value.content {
            Content::Null | Content::Unknown(_) | Content::Bool(_) | Content::Number(_) => true,
            Content::String(text) => !text.trim_end().contains('\n'),
            Content::List(all) | Content::Set(all) => all.is_empty(),
            Content::Map(all) | Content::Object(all) => all.values().all(Planned::is_null),
        }
}
