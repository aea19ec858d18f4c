//! `[stack]`.

use std::sync::Arc;

use lowtide_diagnostic::{Diagnostic, Diagnostics, Place};

use super::{Fields, did_you_mean};
use crate::written::Written;

/// What a stack says of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct StackTable {
    /// Its name.
    pub name: Arc<str>,
    /// Where it stands.
    pub place: Place,
    /// What it is for.
    pub description: Option<Arc<str>>,
    /// How long it lives.
    pub lifecycle: Life,
    /// The stacks whose outputs it uses, each with its place.
    pub requires: Vec<(Arc<str>, Place)>,
    /// When it comes and goes.
    pub schedule: Option<Schedule>,
}

/// How long a stack lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Life {
    /// It stays; destroying it takes a flag.
    #[default]
    Persistent,
    /// It comes and goes.
    Ephemeral,
}

/// When a stack comes and goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The time zone's name.
    pub timezone: Arc<str>,
    /// When it comes: five-field cron, or `cron(…)` as AWS has it.
    pub up: Arc<str>,
    /// When it goes.
    pub down: Arc<str>,
    /// Where it stands.
    pub place: Place,
}

impl StackTable {
    pub(crate) fn named(name: &str, place: Place) -> Self {
        Self { name: name.into(), place, description: None, lifecycle: Life::Persistent, requires: Vec::new(), schedule: None }
    }

    /// Reads the table; the stack is known as `name` in lowtide.toml.
    pub(crate) fn read(name: &str, written: Written, found: &mut Diagnostics) -> Self {
        let mut read = Self::named(name, written.place.clone());
        let Some(mut fields) = Fields::of("table `stack`", written, found) else { return read };
        if let Some((own, place)) = fields.text("name", found)
            && *own != *name
        {
            let detail =
                format!("The spec calls itself `{own}`, lowtide.toml calls the stack `{name}`. State and outputs go by this name.");
            found.push(
                Diagnostic::error("Two names for one stack", detail).at(place).hint(format!("write name = \"{name}\", or leave it out")),
            );
        }
        read.description = fields.text("description", found).map(|(text, _)| text);
        read.lifecycle = fields.text("lifecycle", found).map_or(Life::Persistent, |(word, place)| life(&word, place, found));
        read.requires = fields.texts("requires", found).unwrap_or_default();
        if let Some((_, place)) = read.requires.iter().find(|(required, _)| **required == *name) {
            let wrong = Diagnostic::error("Stack requires itself", format!("`{name}` stands among the stacks that it requires."));
            found.push(wrong.at(place.clone()).hint("remove it; what this stack declares is referred to directly"));
        }
        read.schedule = fields.take("schedule").and_then(|entry| {
            if read.lifecycle == Life::Persistent {
                let detail = "Only an ephemeral stack comes and goes by a schedule; this one is persistent.";
                found.push(
                    Diagnostic::error("Schedule of a persistent stack", detail)
                        .at(entry.place)
                        .hint("write lifecycle = \"ephemeral\" in [stack]"),
                );
            }
            schedule(entry.value, found)
        });
        fields.finish(found);
        read
    }
}

fn life(word: &str, place: Place, found: &mut Diagnostics) -> Life {
    match word {
        "persistent" => Life::Persistent,
        "ephemeral" => Life::Ephemeral,
        other => {
            let wrong = Diagnostic::error("Invalid value", format!("`{other}` is no lifecycle of a stack.")).at(place);
            let words = ["persistent", "ephemeral"];
            found.push(did_you_mean(wrong, other, words, || "write \"persistent\" or \"ephemeral\"".to_owned()));
            Life::Persistent
        }
    }
}

fn schedule(written: Written, found: &mut Diagnostics) -> Option<Schedule> {
    let mut fields = Fields::of("schedule of the stack", written, found)?;
    let place = fields.place();
    let timezone = fields.required_text("timezone", "\"America/New_York\"", found);
    let up = fields.required_text("up", "\"0 8 * * MON-FRI\"", found);
    let down = fields.required_text("down", "\"0 20 * * MON-FRI\"", found);
    fields.finish(found);
    if let Some((name, place)) = &timezone
        && !name.chars().all(|letter| letter.is_ascii_alphanumeric() || "/_+-".contains(letter))
    {
        let wrong = Diagnostic::error("Invalid value", format!("`{name}` is no name of a time zone."));
        found.push(wrong.at(place.clone()).hint("write a name of the time zone database, such as \"Europe/Berlin\" or \"UTC\""));
    }
    for (text, place) in up.iter().chain(&down) {
        if !looks_like_cron(text) {
            let detail = format!("`{text}` does not say when: five fields are wanted (minute, hour, day of month, month, day of week).");
            let wrong = Diagnostic::error("Invalid schedule", detail).at(place.clone());
            found.push(wrong.hint("write for example \"0 8 * * MON-FRI\", or cron(0 8 ? * MON-FRI *) as AWS has it"));
        }
    }
    Some(Schedule { timezone: timezone?.0, up: up?.0, down: down?.0, place })
}

fn looks_like_cron(text: &str) -> bool {
    let aws = text.strip_prefix("cron(").and_then(|rest| rest.strip_suffix(')'));
    let (fields, wanted) = aws.map_or((text, 5), |inside| (inside, 6));
    let sound = |field: &str| field.chars().all(|letter| letter.is_ascii_alphanumeric() || "*?,-/#".contains(letter));
    fields.split_whitespace().count() == wanted && fields.split_whitespace().all(sound)
}
