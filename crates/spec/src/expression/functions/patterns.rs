//! Functions that search and replace, with regular expressions or without.

use lowtide_model::Planned;
use regex::{Captures, Regex, RegexBuilder};

use super::{Arguments, Body, Complaint, Function, Outcome, Wanted, parameter, row, strings::bounded};
use crate::expression::limits::ELEMENT_LIMIT;

pub(super) const TABLE: &[Function] = &[
    row(
        "replace",
        &[parameter("string", Wanted::Text), parameter("substring", Wanted::Text), parameter("replacement", Wanted::Text)],
        Wanted::Text,
        "Replaces a part of a text wherever it stands; between slashes the part is a regular expression, and $1 or ${1} in the replacement its groups.",
        Body::Known(replace),
    ),
    row(
        "regex",
        &[parameter("pattern", Wanted::Text), parameter("string", Wanted::Text)],
        Wanted::Any,
        "Returns what a regular expression matches first: text, a list of its groups, or an object of its named groups. No match is an error.",
        Body::Known(first),
    ),
    row(
        "regexall",
        &[parameter("pattern", Wanted::Text), parameter("string", Wanted::Text)],
        Wanted::List,
        "Returns everything that a regular expression matches, as a list.",
        Body::Known(all),
    ),
];

fn replace(given: &Arguments<'_>) -> Outcome {
    let (text, part, replacement) = (given.text(0)?, given.text(1)?, given.text(2)?);
    let slashes = part.strip_prefix('/').and_then(|part| part.strip_suffix('/'));
    if let Some(pattern) = slashes {
        let pattern = compiled(pattern, 1)?;
        let mut replaced = String::new();
        let mut end = 0;
        for found in pattern.captures_iter(text) {
            let Some(whole) = found.get(0) else { continue };
            replaced.push_str(text.get(end..whole.start()).unwrap_or_default());
            found.expand(replacement, &mut replaced);
            end = whole.end();
            bounded(replaced.len())?;
        }
        replaced.push_str(text.get(end..).unwrap_or_default());
        return Ok(Planned::text(replaced));
    }
    let times = if part.is_empty() { text.chars().count() + 1 } else { text.matches(part).count() };
    bounded(times.saturating_mul(replacement.len()).saturating_add(text.len()))?;
    Ok(Planned::text(text.replace(part, replacement)))
}

fn first(given: &Arguments<'_>) -> Outcome {
    let pattern = compiled(given.text(0)?, 0)?;
    let found = pattern.captures(given.text(1)?);
    let found = found.ok_or(Complaint::about(1, "the pattern does not match it. Use can(regex(…)) to ask whether it does"))?;
    Ok(captured(&pattern, &found))
}

fn all(given: &Arguments<'_>) -> Outcome {
    let pattern = compiled(given.text(0)?, 0)?;
    let found: Vec<_> = pattern.captures_iter(given.text(1)?).take(ELEMENT_LIMIT + 1).map(|found| captured(&pattern, &found)).collect();
    if found.len() > ELEMENT_LIMIT {
        return Err(Complaint::about(0, "it matches too many times"));
    }
    Ok(Planned::list(found))
}

/// Returns a match as Terraform shapes it: text, a list of groups, or an object of named groups.
fn captured(pattern: &Regex, found: &Captures<'_>) -> Planned {
    let group = |text: Option<regex::Match<'_>>| text.map_or(Planned::NULL, |text| Planned::text(text.as_str()));
    if pattern.captures_len() == 1 {
        return group(found.get(0));
    }
    if pattern.capture_names().flatten().next().is_some() {
        let named = pattern.capture_names().flatten();
        return Planned::object(named.map(|name| (name.to_owned(), group(found.name(name)))));
    }
    Planned::list(found.iter().skip(1).map(group))
}

fn compiled(pattern: &str, argument: usize) -> Result<Regex, Complaint> {
    let compiled = RegexBuilder::new(pattern).size_limit(1 << 20).dfa_size_limit(1 << 20).build();
    let compiled = compiled.map_err(|wrong| {
        let reason = wrong.to_string();
        let last = reason.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        Complaint::about(argument, format!("it is no regular expression: {last}"))
    })?;
    let named = compiled.capture_names().flatten().count();
    if named > 0 && named + 1 != compiled.captures_len() {
        return Err(Complaint::about(
            argument,
            "it mixes named and unnamed groups. Name all of them, or write (?:…) for those that only group",
        ));
    }
    Ok(compiled)
}
