//! YAML, as Terraform writes it: block style, every key and text in quotes.

use lowtide_model::{Content, Planned};

use super::{Arguments, Body, Complaint, Function, Outcome, Wanted, json_text::write_text, nullable, row, strings::bounded};

pub(super) const TABLE: &[Function] =
    &[row("yamlencode", &[nullable("value", Wanted::Any)], Wanted::Text, "Returns a value as YAML.", Body::Known(encode))];

fn encode(given: &Arguments<'_>) -> Outcome {
    let mut yaml = String::new();
    write(given.any(0)?, 0, &mut yaml)?;
    if !yaml.ends_with('\n') {
        yaml.push('\n');
    }
    Ok(Planned::text(yaml))
}

/// Writes a value; the cursor stands where its first line goes, and later lines are indented.
fn write(value: &Planned, indent: usize, out: &mut String) -> Result<(), Complaint> {
    bounded(out.len())?;
    let margin = |out: &mut String| out.push_str(&" ".repeat(indent));
    match &value.content {
        Content::Null => out.push_str("null"),
        Content::Unknown(_) => return Err(Complaint::new("the value is not yet known")),
        Content::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Content::Number(number) => out.push_str(&number.to_string()),
        Content::String(text) => write_text(text, out),
        Content::List(all) | Content::Set(all) if all.is_empty() => out.push_str("[]"),
        Content::Map(all) | Content::Object(all) if all.is_empty() => out.push_str("{}"),
        Content::List(all) | Content::Set(all) => {
            for (number, element) in all.iter().enumerate() {
                if number > 0 {
                    margin(out);
                }
                out.push_str("- ");
                write(element, indent + 2, out)?;
                end_line(out);
            }
        }
        Content::Map(all) | Content::Object(all) => {
            for (number, (name, member)) in all.iter().enumerate() {
                if number > 0 {
                    margin(out);
                }
                write_text(name, out);
                out.push(':');
                // A list stands under its key without further indentation, as Terraform puts it.
                let inner = if member.as_elements().is_some() { indent } else { indent + 2 };
                if member.children().next().is_some() {
                    out.push('\n');
                    out.push_str(&" ".repeat(inner));
                } else {
                    out.push(' ');
                }
                write(member, inner, out)?;
                end_line(out);
            }
        }
    }
    Ok(())
}

fn end_line(out: &mut String) {
    if !out.ends_with('\n') {
        out.push('\n');
    }
}
