//! What the facts of an attribute allow: certain words, a range of numbers, lengths or counts.

use lowtide_diagnostic::{Diagnostic, Place, nearest};
use lowtide_model::{Attribute, Content, Planned, Shape};

use super::Evaluation;

impl Evaluation<'_> {
    /// Checks a value against the facts of its attribute, as far as it is known.
    pub(super) fn limits(&mut self, row: &Attribute, value: &Planned, place: &Place) {
        if !row.one_of.is_empty() {
            self.one_of(row, value, place, row.secret);
        }
        if let Some((least, most)) = row.range
            && let Some((size, unit)) = size(&row.shape, value)
            && !(least..=most).contains(&size)
        {
            let wanted = bounds(least, most);
            let hidden = self.hidden || value.sensitive || row.secret;
            let has = if hidden { String::new() } else { format!(", this has {size}") };
            let detail = match unit {
                Unit::Number if hidden => format!("`{}` must be {wanted}.", self.trail),
                Unit::Number => format!("`{}` must be {wanted}, this is {size}.", self.trail),
                Unit::Characters => format!("`{}` must have {wanted} characters{has}.", self.trail),
                Unit::Elements => format!("`{}` must have {wanted} elements{has}.", self.trail),
            };
            self.wrong("Value out of range", detail, place);
        }
    }

    fn one_of(&mut self, row: &Attribute, value: &Planned, place: &Place, hidden: bool) {
        let hidden = hidden || value.sensitive || self.hidden;
        let word = match &value.content {
            Content::String(text) => text.clone(),
            Content::Number(number) => number.to_string(),
            Content::List(all) | Content::Set(all) => return all.iter().for_each(|one| self.one_of(row, one, place, hidden)),
            Content::Map(all) => return all.values().for_each(|one| self.one_of(row, one, place, hidden)),
            Content::Null | Content::Unknown(_) | Content::Bool(_) | Content::Object(_) => return,
        };
        if row.one_of.contains(&&*word) {
            return;
        }
        let shown = match &value.content {
            _ if hidden => "this value".to_owned(),
            Content::String(text) => format!("{text:?}"),
            _ => word.clone(),
        };
        let detail = format!("`{}` does not take {shown}. It takes: {}.", self.trail, row.one_of.join(", "));
        let wrong = Diagnostic::error("Invalid value", detail).at(place.clone());
        let same = row.one_of.iter().find(|known| known.eq_ignore_ascii_case(&word)).copied();
        let meant = same.or_else(|| nearest(&word, row.one_of.iter().copied())).filter(|_| !hidden);
        self.found.push(match meant {
            Some(meant) => wrong.hint(format!("did you mean {meant:?}?")),
            None => wrong,
        });
    }
}

enum Unit {
    Number,
    Characters,
    Elements,
}

fn size(shape: &Shape, value: &Planned) -> Option<(i64, Unit)> {
    let count = |count: usize| i64::try_from(count).ok();
    match (shape, &value.content) {
        (Shape::Int, Content::Number(number)) => Some((number.as_i64()?, Unit::Number)),
        (Shape::String | Shape::Arn | Shape::Cidr, Content::String(text)) => Some((count(text.chars().count())?, Unit::Characters)),
        (Shape::List(_), Content::List(all)) => Some((count(all.len())?, Unit::Elements)),
        // Unknown elements of a set may turn out to be equal to others.
        (Shape::Set(_), Content::Set(all)) if value.is_wholly_known() => Some((count(all.len())?, Unit::Elements)),
        (Shape::Map(_), Content::Map(all)) => Some((count(all.len())?, Unit::Elements)),
        _ => None,
    }
}

fn bounds(least: i64, most: i64) -> String {
    match (least, most) {
        (_, i64::MAX) => format!("at least {least}"),
        (i64::MIN, _) => format!("at most {most}"),
        _ if least == most => format!("exactly {least}"),
        _ => format!("{least} to {most}"),
    }
}
