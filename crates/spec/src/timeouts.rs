//! `timeouts`: how long the operations of a resource may take, as `"10m"` or `"1h30m"`.

use std::time::Duration;

use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_model::Declared;

use crate::{
    configuration::did_you_mean,
    written::{Form, Table, Written},
};

const OPERATIONS: [&str; 4] = ["create", "read", "update", "delete"];

/// Checks the table's shape; what is literal is checked whole.
pub(crate) fn read(declared: &Declared, written: Written, found: &mut Diagnostics) -> Option<Table> {
    let Form::Table(table) = written.form else {
        if written.form != Form::Unreadable {
            let detail = format!("`timeouts` of `{declared}` must be a table, this is {}.", written.sort());
            found.push(Diagnostic::error("Wrong type", detail).at(written.place).hint("write timeouts = { create = \"10m\" }"));
        }
        return None;
    };
    for entry in &table.entries {
        if !OPERATIONS.contains(&&*entry.name) {
            let wrong = Diagnostic::error("Unknown key", format!("`timeouts` of `{declared}` has no key `{}`.", entry.name));
            let wrong = wrong.at(entry.place.clone());
            found.push(did_you_mean(wrong, &entry.name, OPERATIONS, || format!("it takes: {}", OPERATIONS.join(", "))));
        }
        let sound = match &entry.value.form {
            Form::Text(text) => text.template.literal().is_none_or(|literal| duration(literal).is_some()),
            Form::Unreadable => true,
            Form::Bool(_) | Form::Number(_) | Form::Array(_) | Form::Table(_) => false,
        };
        if !sound {
            let detail = format!("`{}` must say how long, as a string of numbers with units.", entry.name);
            let wrong = Diagnostic::error("Invalid duration", detail).at(entry.value.place.clone());
            found.push(wrong.hint("write for example \"10m\", \"90s\" or \"1h30m\""));
        }
    }
    Some(table)
}

/// Reads `90s`, `10m` or `1h30m`.
pub fn duration(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut seconds: u64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        let unit = match rest[digits..].chars().next()? {
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        seconds = seconds.checked_add(number.checked_mul(unit)?)?;
        rest = &rest[digits + 1..];
    }
    (!text.is_empty()).then(|| Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        assert_eq!(duration("1h30m"), Some(Duration::from_secs(5400)));
        assert_eq!(duration("90s"), Some(Duration::from_secs(90)));
        for text in ["", "10", "m", "10 m", "10mö", "99999999999999999999h"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }
}
