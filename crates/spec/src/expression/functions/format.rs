//! `format` and `formatlist`: verbs as Terraform has them.

use lowtide_model::{Content, Number, Planned, Type};

use super::{
    Arguments, Body, Complaint, Function, Outcome, Wanted,
    format_number::{decimal, scientific, shortest},
    json_text, nullable, parameter,
    strings::bounded,
    variadic,
};
use crate::expression::{
    limits::ELEMENT_LIMIT,
    size::{of_text, weight},
};

pub(super) const TABLE: &[Function] = &[
    variadic(
        "format",
        &[parameter("format", Wanted::Text)],
        nullable("values", Wanted::Any),
        Wanted::Text,
        "Returns a text with values put where verbs such as %s, %d, %05.2f, %q and %v stand.",
        Body::Marked(format_one),
    ),
    variadic(
        "formatlist",
        &[parameter("format", Wanted::Text)],
        nullable("values", Wanted::Any),
        Wanted::Texts,
        "Returns a list of texts, formatted from lists of values; single values are used for every text.",
        Body::Known(format_list),
    ),
];

/// A verb with its flags, as written between `%` and its letter.
#[derive(Clone, Copy, Default)]
struct Verb {
    letter: char,
    plus: bool,
    minus: bool,
    space: bool,
    zero: bool,
    sharp: bool,
    width: Option<usize>,
    precision: Option<usize>,
    argument: Option<usize>,
}

fn format_one(given: &Arguments<'_>) -> Outcome {
    let sensitive = given.sensitive();
    let Some(format) = given.any(0)?.as_str() else { return Ok(Planned::unknown(Type::String).marked(sensitive)) };
    let values: Vec<&Planned> = given.from(1).collect();
    Ok(written(given, format, &values)?.marked(sensitive))
}

fn format_list(given: &Arguments<'_>) -> Outcome {
    let format = given.text(0)?;
    let mut length = None;
    for (number, value) in given.from(1).enumerate() {
        if let Some(elements) = value.as_elements() {
            if length.is_some_and(|length| length != elements.len()) {
                return Err(Complaint::about(number + 1, "the lists are not of one length"));
            }
            length = Some(elements.len());
        }
    }
    let count = length.unwrap_or(1);
    if count.saturating_mul(given.len()) > ELEMENT_LIMIT {
        return Err(Complaint::new("the lists are too long"));
    }
    let mut total = 0;
    let line = |number: usize| -> Outcome {
        let pick = |value| match Planned::as_elements(value) {
            Some(elements) => elements.get(number).unwrap_or(&Planned::NULL),
            None => value,
        };
        let values: Vec<&Planned> = given.from(1).map(pick).collect();
        let text = written(given, format, &values)?;
        total += text.as_str().map_or(0, str::len);
        bounded(total)?;
        Ok(text)
    };
    Ok(Planned::list((0..count).map(line).collect::<Result<Vec<_>, _>>()?))
}

/// Writes values into a format; stops where an unknown one comes, with what is known until there.
fn written(given: &Arguments<'_>, format: &str, values: &[&Planned]) -> Outcome {
    given.spend(of_text(format))?;
    let mut out = String::new();
    let mut rest = format;
    let (mut next, mut used) = (0, 0);
    while let Some(at) = rest.find('%') {
        out.push_str(rest.get(..at).unwrap_or_default());
        let (verb, after) = verb(rest.get(at + 1..).unwrap_or_default())?;
        rest = after;
        if verb.letter == '%' {
            out.push('%');
            continue;
        }
        let argument = match verb.argument {
            Some(number) => number,
            None => next,
        };
        next = argument + 1;
        used = used.max(next);
        let value = values.get(argument).ok_or_else(|| {
            Complaint::new(format!("`%{}` stands for value {}, and only {} are given", verb.letter, argument + 1, values.len()))
        })?;
        given.spend(weight(value))?;
        if !value.is_wholly_known() {
            return Ok(Planned::unknown_text(out));
        }
        out.push_str(&formatted(verb, value).map_err(|reason| Complaint::about(argument + 1, format!("%{} {reason}", verb.letter)))?);
        bounded(out.len())?;
    }
    if used < values.len() && !format.contains("%[") {
        return Err(Complaint::new(format!("the format uses {used} values, and {} are given", values.len())));
    }
    out.push_str(rest);
    Ok(Planned::text(out))
}

/// Reads a verb after its `%`.
fn verb(text: &str) -> Result<(Verb, &str), Complaint> {
    let mut verb = Verb::default();
    let mut rest = text;
    while let Some(flag) = rest.chars().next() {
        match flag {
            '+' => verb.plus = true,
            '-' => verb.minus = true,
            ' ' => verb.space = true,
            '0' => verb.zero = true,
            '#' => verb.sharp = true,
            _ => break,
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    (verb.argument, rest) = position(rest)?;
    (verb.width, rest) = digits(rest)?;
    if let Some(after) = rest.strip_prefix('.') {
        let (precision, after) = digits(after)?;
        verb.precision = Some(precision.unwrap_or(0));
        rest = after;
    }
    if verb.argument.is_none() {
        (verb.argument, rest) = position(rest)?;
    }
    let letter = rest.chars().next().ok_or(Complaint::about(0, "it ends after a %. A percent sign is written %%"))?;
    verb.letter = letter;
    Ok((verb, rest.get(letter.len_utf8()..).unwrap_or_default()))
}

/// Reads `[n]`.
fn position(text: &str) -> Result<(Option<usize>, &str), Complaint> {
    let Some(inside) = text.strip_prefix('[') else { return Ok((None, text)) };
    let (number, rest) = digits(inside)?;
    match (number, rest.strip_prefix(']')) {
        (Some(number @ 1..), Some(rest)) => Ok((Some(number - 1), rest)),
        _ => Err(Complaint::about(0, "between brackets stands the number of a value, from 1, as in %[1]s")),
    }
}

fn digits(text: &str) -> Result<(Option<usize>, &str), Complaint> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if digits.is_empty() {
        return Ok((None, rest));
    }
    let number = digits.parse().ok().filter(|number| *number <= 10_000);
    number.map(|number| (Some(number), rest)).ok_or(Complaint::about(0, "widths and precisions go up to 10000"))
}

/// Writes one value as its verb says; the error is the reason why not.
fn formatted(verb: Verb, value: &Planned) -> Result<String, String> {
    let number = || match Type::Number.convert(Planned::from(value.content.clone())).map(|value| value.content) {
        Ok(Content::Number(number)) => Ok(number),
        Ok(_) | Err(_) => Err("wants a number".to_owned()),
    };
    let json = || {
        let mut json = String::new();
        json_text::write(value, &mut json).map_err(|complaint| complaint.words.into_owned()).map(|()| json)
    };
    let text = || match Type::String.convert(Planned::from(value.content.clone())).map(|value| value.content) {
        Ok(Content::String(text)) => Ok(text),
        Ok(_) => Err("can't write null".to_owned()),
        Err(_) => Err("wants a string".to_owned()),
    };
    Ok(match verb.letter {
        'v' if verb.sharp => padded(verb, &json()?),
        'v' => match &value.content {
            Content::String(text) => padded(verb, text),
            Content::Number(number) => signed(verb, &shortest(*number)),
            Content::Bool(value) => padded(verb, &value.to_string()),
            Content::Null | Content::Unknown(_) | Content::List(_) | Content::Set(_) | Content::Map(_) | Content::Object(_) => {
                padded(verb, &json()?)
            }
        },
        't' => match Type::Bool.convert(Planned::from(value.content.clone())).map(|value| value.content) {
            Ok(Content::Bool(value)) => padded(verb, &value.to_string()),
            Ok(_) | Err(_) => return Err("wants true or false".to_owned()),
        },
        'd' => signed(verb, &integer(number()?)?.to_string()),
        'b' => signed(verb, &in_base(integer(number()?)?, 2)),
        'o' => signed(verb, &in_base(integer(number()?)?, 8)),
        'x' | 'X' => {
            let hexadecimal = match &value.content {
                Content::String(text) => text.bytes().map(|byte| format!("{byte:02x}")).collect(),
                _ => in_base(integer(number()?)?, 16),
            };
            signed(verb, &if verb.letter == 'X' { hexadecimal.to_uppercase() } else { hexadecimal })
        }
        'f' | 'F' => signed(verb, &decimal(number()?, verb.precision.unwrap_or(6))),
        'e' => signed(verb, &scientific(number()?, verb.precision.unwrap_or(6))),
        'E' => signed(verb, &scientific(number()?, verb.precision.unwrap_or(6)).to_uppercase()),
        'g' | 'G' => signed(verb, &shortest(number()?)),
        's' => padded(verb, &cut(text()?, verb.precision)),
        'q' => {
            let mut quoted = String::new();
            json_text::write_text(&cut(text()?, verb.precision), &mut quoted);
            padded(verb, &quoted)
        }
        _ => return Err("is no verb; there are %s, %d, %f, %e, %g, %t, %q, %v, %x, %X, %o and %b".to_owned()),
    })
}

fn integer(number: Number) -> Result<i128, String> {
    let written = number.to_string();
    written.parse().map_err(|_| "wants a whole number".to_owned())
}

fn in_base(number: i128, base: u32) -> String {
    let mut left = number.unsigned_abs();
    let mut digits = Vec::new();
    while digits.is_empty() || left > 0 {
        let digit = u32::try_from(left % u128::from(base)).unwrap_or(0);
        digits.push(char::from_digit(digit, base).unwrap_or('0'));
        left /= u128::from(base);
    }
    digits.extend((number < 0).then_some('-'));
    digits.into_iter().rev().collect()
}

fn cut(text: String, precision: Option<usize>) -> String {
    precision.map_or_else(|| text.clone(), |length| text.chars().take(length).collect())
}

/// Pads a written number, with zeros after its sign where asked.
fn signed(verb: Verb, number: &str) -> String {
    let (sign, digits) = match number.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None if verb.plus => ("+", number),
        None if verb.space => (" ", number),
        None => ("", number),
    };
    let length = sign.len() + digits.chars().count();
    let zeros = if verb.zero && !verb.minus { verb.width.unwrap_or(0).saturating_sub(length) } else { 0 };
    padded(verb, &format!("{sign}{}{digits}", "0".repeat(zeros)))
}

fn padded(verb: Verb, text: &str) -> String {
    let spaces = " ".repeat(verb.width.unwrap_or(0).saturating_sub(text.chars().count()));
    if verb.minus { format!("{text}{spaces}") } else { format!("{spaces}{text}") }
}
