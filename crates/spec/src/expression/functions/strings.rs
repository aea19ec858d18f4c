//! Functions over text.

use lowtide_model::{Content, Planned};

use super::{Arguments, Body, Complaint, Function, Outcome, Wanted, parameter, row, variadic};
use crate::expression::limits::TEXT_LIMIT;

const TEXT: super::Parameter = parameter("string", Wanted::Text);

pub(super) const TABLE: &[Function] = &[
    row("lower", &[TEXT], Wanted::Text, "Returns a text with all letters small.", Body::Known(|given| map(given, str::to_lowercase))),
    row("upper", &[TEXT], Wanted::Text, "Returns a text with all letters capital.", Body::Known(|given| map(given, str::to_uppercase))),
    row(
        "title",
        &[TEXT],
        Wanted::Text,
        "Returns a text with the first letter of every word capital.",
        Body::Known(|given| map(given, title)),
    ),
    row(
        "trim",
        &[TEXT, parameter("letters", Wanted::Text)],
        Wanted::Text,
        "Removes any of the given letters from both ends of a text.",
        Body::Known(trim),
    ),
    row(
        "trimspace",
        &[TEXT],
        Wanted::Text,
        "Removes white space from both ends of a text.",
        Body::Known(|given| map(given, |text| text.trim().to_owned())),
    ),
    row(
        "trimprefix",
        &[TEXT, parameter("prefix", Wanted::Text)],
        Wanted::Text,
        "Removes a start from a text, if the text has it.",
        Body::Known(|given| pair(given, |text, start| text.strip_prefix(start).unwrap_or(text).to_owned())),
    ),
    row(
        "trimsuffix",
        &[TEXT, parameter("suffix", Wanted::Text)],
        Wanted::Text,
        "Removes an end from a text, if the text has it.",
        Body::Known(|given| pair(given, |text, end| text.strip_suffix(end).unwrap_or(text).to_owned())),
    ),
    row(
        "chomp",
        &[TEXT],
        Wanted::Text,
        "Removes line breaks from the end of a text.",
        Body::Known(|given| map(given, |text| text.trim_end_matches(['\r', '\n']).to_owned())),
    ),
    row(
        "strrev",
        &[TEXT],
        Wanted::Text,
        "Returns the letters of a text in reverse order.",
        Body::Known(|given| map(given, |text| text.chars().rev().collect())),
    ),
    row(
        "startswith",
        &[TEXT, parameter("prefix", Wanted::Text)],
        Wanted::Bool,
        "Tells whether a text starts with another.",
        Body::Marked(starts_with),
    ),
    row(
        "endswith",
        &[TEXT, parameter("suffix", Wanted::Text)],
        Wanted::Bool,
        "Tells whether a text ends with another.",
        Body::Known(|given| Ok(Content::Bool(given.text(0)?.ends_with(given.text(1)?)).into())),
    ),
    row(
        "strcontains",
        &[TEXT, parameter("part", Wanted::Text)],
        Wanted::Bool,
        "Tells whether a text holds another.",
        Body::Known(|given| Ok(Content::Bool(given.text(0)?.contains(given.text(1)?)).into())),
    ),
    row(
        "substr",
        &[TEXT, parameter("offset", Wanted::Number), parameter("length", Wanted::Number)],
        Wanted::Text,
        "Returns a part of a text by offset and length, counted in letters; a negative offset counts from the end, a length of -1 means the rest.",
        Body::Known(substr),
    ),
    variadic(
        "join",
        &[parameter("separator", Wanted::Text)],
        parameter("lists", Wanted::Texts),
        Wanted::Text,
        "Returns the texts of lists as one, with a separator between them.",
        Body::Known(join),
    ),
    row(
        "split",
        &[parameter("separator", Wanted::Text), TEXT],
        Wanted::Texts,
        "Splits a text wherever a separator stands in it.",
        Body::Known(split),
    ),
    row(
        "indent",
        &[parameter("spaces", Wanted::Number), TEXT],
        Wanted::Text,
        "Puts spaces before every line of a text but the first.",
        Body::Known(indent),
    ),
];

fn map(given: &Arguments<'_>, change: impl FnOnce(&str) -> String) -> Outcome {
    Ok(Planned::text(change(given.text(0)?)))
}

fn pair(given: &Arguments<'_>, change: impl FnOnce(&str, &str) -> String) -> Outcome {
    Ok(Planned::text(change(given.text(0)?, given.text(1)?)))
}

/// A word starts at a letter that follows none, nor a digit nor an underscore.
fn title(text: &str) -> String {
    let mut titled = String::with_capacity(text.len());
    let mut inside = false;
    for letter in text.chars() {
        if inside {
            titled.push(letter);
        } else {
            titled.extend(letter.to_uppercase());
        }
        inside = letter.is_alphanumeric() || letter == '_' || !letter.is_ascii() && !letter.is_whitespace();
    }
    titled
}

fn trim(given: &Arguments<'_>) -> Outcome {
    let letters: Vec<char> = given.text(1)?.chars().collect();
    map(given, |text| text.trim_matches(letters.as_slice()).to_owned())
}

/// Uses the known start of an unknown text.
fn starts_with(given: &Arguments<'_>) -> Outcome {
    let sensitive = given.sensitive();
    let (text, prefix) = (given.any(0)?, given.any(1)?);
    let starts = match (&text.content, prefix.as_str()) {
        (Content::String(text), Some(prefix)) => Some(text.starts_with(prefix)),
        (Content::Unknown(unknown), Some(prefix)) => match unknown.prefix.as_deref() {
            Some(known) if known.starts_with(prefix) => Some(true),
            Some(known) if !prefix.starts_with(known) => Some(false),
            Some(_) | None => None,
        },
        _ => None,
    };
    let content = starts.map_or_else(|| Planned::unknown(lowtide_model::Type::Bool).content, Content::Bool);
    Ok(Planned { content, sensitive })
}

fn substr(given: &Arguments<'_>) -> Outcome {
    let (text, offset, length) = (given.text(0)?, given.integer(1)?, given.integer(2)?);
    let letters: Vec<char> = text.chars().collect();
    let count = i64::try_from(letters.len()).unwrap_or(i64::MAX);
    let start = if offset < 0 { offset.saturating_add(count) } else { offset };
    let start = usize::try_from(start.clamp(0, count)).unwrap_or(0);
    let rest = letters.get(start..).unwrap_or_default();
    // As in Terraform, any negative length means the rest.
    let kept = usize::try_from(length).map_or(rest.len(), |length| length.min(rest.len()));
    Ok(Planned::text(rest.iter().take(kept).collect::<String>()))
}

fn join(given: &Arguments<'_>) -> Outcome {
    let separator = given.text(0)?;
    let mut joined = String::new();
    let mut first = true;
    for list in 1..given.len() {
        for text in given.texts(list)? {
            if !first {
                joined.push_str(separator);
            }
            first = false;
            joined.push_str(text);
            bounded(joined.len())?;
        }
    }
    Ok(Planned::text(joined))
}

fn split(given: &Arguments<'_>) -> Outcome {
    let (separator, text) = (given.text(0)?, given.text(1)?);
    if separator.is_empty() {
        return Ok(Planned::list(text.chars().map(|letter| Planned::text(letter.to_string()))));
    }
    if text.is_empty() {
        return Ok(Planned::list([Planned::text("")]));
    }
    Ok(Planned::list(text.split(separator).map(Planned::text)))
}

fn indent(given: &Arguments<'_>) -> Outcome {
    let (spaces, text) = (given.size(0)?, given.text(1)?);
    bounded(text.matches('\n').count().saturating_mul(spaces).saturating_add(text.len()))?;
    Ok(Planned::text(text.replace('\n', &format!("\n{}", " ".repeat(spaces)))))
}

/// Refuses a result that is too long before it is made.
pub(super) fn bounded(length: usize) -> Result<(), Complaint> {
    if length > TEXT_LIMIT { Err(Complaint::new("the result is longer than a string may be, which is 1 MiB")) } else { Ok(()) }
}
