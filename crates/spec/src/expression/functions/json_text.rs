//! JSON, byte for byte as Terraform writes it: keys sorted, no spaces, and what HTML minds escaped.

use std::fmt::Write as _;

use lowtide_model::{Content, Planned, Value};

use super::{Arguments, Body, Complaint, Function, Outcome, Wanted, nullable, parameter, row, strings::bounded};

pub(super) const TABLE: &[Function] = &[
    row("jsonencode", &[nullable("value", Wanted::Any)], Wanted::Text, "Returns a value as JSON.", Body::Known(encode)),
    row("jsondecode", &[parameter("string", Wanted::Text)], Wanted::Any, "Returns the value that is written as JSON.", Body::Known(decode)),
];

fn encode(given: &Arguments<'_>) -> Outcome {
    let mut json = String::new();
    write(given.any(0)?, &mut json)?;
    Ok(Planned::text(json))
}

fn decode(given: &Arguments<'_>) -> Outcome {
    let read: serde_json::Value = serde_json::from_str(given.text(0)?).map_err(|wrong| {
        let reason = wrong.to_string();
        Complaint::about(0, format!("it is not JSON: {reason}"))
    })?;
    let value =
        Value::from_json(&read).ok_or(Complaint::about(0, "a number in it has more digits than Lowtide keeps exactly, which are 28"))?;
    Ok(value.into())
}

/// Writes a known value.
pub(super) fn write(value: &Planned, out: &mut String) -> Result<(), Complaint> {
    bounded(out.len())?;
    match &value.content {
        Content::Null => out.push_str("null"),
        Content::Unknown(_) => return Err(Complaint::new("the value is not yet known")),
        Content::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Content::Number(number) => out.push_str(&number.to_string()),
        Content::String(text) => write_text(text, out),
        Content::List(all) | Content::Set(all) => {
            out.push('[');
            for (number, element) in all.iter().enumerate() {
                if number > 0 {
                    out.push(',');
                }
                write(element, out)?;
            }
            out.push(']');
        }
        Content::Map(all) | Content::Object(all) => {
            out.push('{');
            for (number, (name, member)) in all.iter().enumerate() {
                if number > 0 {
                    out.push(',');
                }
                write_text(name, out);
                out.push(':');
                write(member, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

/// Writes text in quotes.
pub(super) fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            // Writing to a String does not fail.
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => write!(out, "\\u{:04x}", u32::from(letter)).unwrap_or_default(),
            _ => out.push(letter),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_as_terraform_does() {
        let mut out = String::new();
        write_text("a\"\\\n\r\t\u{8}\u{c}\u{1}\u{7f}<é>&\u{2028}\u{2029}/😀", &mut out);
        assert_eq!(out, "\"a\\\"\\\\\\n\\r\\t\\b\\f\\u0001\u{7f}\\u003cé\\u003e\\u0026\\u2028\\u2029/😀\"");
    }
}
