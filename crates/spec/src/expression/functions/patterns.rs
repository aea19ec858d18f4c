//! Functions that search and replace, with regular expressions or without.

use std::{cell::RefCell, collections::BTreeMap};

use lowtide_model::Planned;
use regex::{Captures, Regex, RegexBuilder};

use super::{Arguments, Body, Complaint, Function, Outcome, Wanted, parameter, row, strings::bounded};
use crate::expression::{limits::ELEMENT_LIMIT, size::of_text};

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
        let pattern = sought(given, pattern, 1, text)?;
        let mut replaced = String::new();
        let mut end = 0;
        for found in pattern.captures_iter(text) {
            let Some(whole) = found.get(0) else { continue };
            replaced.push_str(text.get(end..whole.start()).unwrap_or_default());
            given.spend(of_text(replacement))?;
            // No group is longer than the whole.
            bounded(replacement.matches('$').count().saturating_mul(whole.len()).saturating_add(replaced.len() + replacement.len()))?;
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
    let pattern = sought(given, given.text(0)?, 0, given.text(1)?)?;
    let found = pattern.captures(given.text(1)?);
    let found = found.ok_or(Complaint::about(1, "the pattern does not match it. Use can(regex(…)) to ask whether it does"))?;
    captured(given, &pattern, &found)
}

fn all(given: &Arguments<'_>) -> Outcome {
    let pattern = sought(given, given.text(0)?, 0, given.text(1)?)?;
    let matches = pattern.captures_iter(given.text(1)?).take(ELEMENT_LIMIT + 1);
    let found = matches.map(|found| captured(given, &pattern, &found)).collect::<Result<Vec<_>, _>>()?;
    if found.len() > ELEMENT_LIMIT {
        return Err(Complaint::about(0, "it matches too many times"));
    }
    Ok(Planned::list(found))
}

/// Returns a match as Terraform shapes it: text, a list of groups, or an object of named groups.
fn captured(given: &Arguments<'_>, pattern: &Regex, found: &Captures<'_>) -> Outcome {
    let whole = found.get(0).map_or("", |whole| whole.as_str());
    given.spend(of_text(whole).saturating_mul(pattern.captures_len() as u64))?;
    let group = |text: Option<regex::Match<'_>>| text.map_or(Planned::NULL, |text| Planned::text(text.as_str()));
    if pattern.captures_len() == 1 {
        return Ok(group(found.get(0)));
    }
    if pattern.capture_names().flatten().next().is_some() {
        let named = pattern.capture_names().flatten();
        return Ok(Planned::object(named.map(|name| (name.to_owned(), group(found.name(name))))));
    }
    Ok(Planned::list(found.iter().skip(1).map(group)))
}

/// How large a pattern may be when it is compiled, from small to the largest that is taken, and how many times the steps of a small one
/// it then takes: at worst, a search goes through the whole pattern at every letter.
const SIZES: [(usize, u64); 3] = [(1 << 14, 1), (1 << 17, 8), (1 << 20, 64)];
/// How many steps it takes to compile a small pattern.
const STEPS_PER_PATTERN: u64 = 500;
/// How many steps it takes to search one byte for a small pattern.
const STEPS_PER_BYTE: u64 = 4;
/// How many patterns are remembered.
const MOST_PATTERNS: usize = 16;

/// The patterns that one evaluation has compiled, each with how many times the steps of a small one it takes.
#[derive(Default)]
pub struct Patterns(RefCell<BTreeMap<String, (Regex, u64)>>);

/// Returns the pattern that is looked for in a text, and notes the steps of both compiling and looking.
fn sought(given: &Arguments<'_>, pattern: &str, argument: usize, text: &str) -> Result<Regex, Complaint> {
    given.spend(of_text(pattern))?;
    let known = given.patterns().0.borrow().get(pattern).cloned();
    let (compiled, times) = match known {
        Some(known) => known,
        None => {
            let new = compiled(given, pattern, argument)?;
            let mut all = given.patterns().0.borrow_mut();
            if all.len() == MOST_PATTERNS {
                all.clear();
            }
            all.insert(pattern.to_owned(), new.clone());
            new
        }
    };
    given.spend((text.len() as u64).saturating_mul(STEPS_PER_BYTE * times))?;
    Ok(compiled)
}

fn compiled(given: &Arguments<'_>, pattern: &str, argument: usize) -> Result<(Regex, u64), Complaint> {
    let mut compiled = Err(regex::Error::CompiledTooBig(0));
    let mut times = 0;
    for (size, steps) in SIZES {
        times = steps;
        given.spend(STEPS_PER_PATTERN * times)?;
        compiled = RegexBuilder::new(pattern).size_limit(size).dfa_size_limit(1 << 20).build();
        if !matches!(compiled, Err(regex::Error::CompiledTooBig(_))) {
            break;
        }
    }
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
    Ok((compiled, times))
}
