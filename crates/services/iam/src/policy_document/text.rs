//! JSON text with members in a fixed order.

use std::collections::BTreeMap;

use lowtide_model::Value;

/// JSON with members in the order they are written in.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Plain(Value),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Returns text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Plain(Value::String(text.into()))
    }

    /// Returns a value with the members of its objects in this order, then the rest by name.
    pub fn of(value: &Value, order: &[&str]) -> Self {
        if let Some(members) = value.as_members() {
            return Self::of_members(members, order);
        }
        match value.elements() {
            Some(all) => Self::List(all.into_iter().map(|one| Self::of(one, order)).collect()),
            None => Self::Plain(value.clone()),
        }
    }

    fn of_members(members: &BTreeMap<String, Value>, order: &[&str]) -> Self {
        let place = |name: &str| order.iter().position(|known| *known == name).unwrap_or(order.len());
        let mut all: Vec<_> = members.iter().filter(|(_, value)| !value.is_null()).collect();
        all.sort_by_key(|(name, _)| place(name));
        Self::Object(all.into_iter().map(|(name, value)| (name.clone(), Self::of(value, &[]))).collect())
    }

    /// Returns it in lines, indented by two spaces.
    pub fn lines(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, Some(0));
        out
    }

    /// Returns it without spaces and line breaks.
    pub fn compact(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, None);
        out
    }

    fn write(&self, out: &mut String, depth: Option<usize>) {
        let colon = if depth.is_some() { ": " } else { ":" };
        match self {
            Self::Plain(value) => out.push_str(&escaped(value)),
            Self::List(all) => wrapped(out, ['[', ']'], depth, all, |out, one, depth| one.write(out, depth)),
            Self::Object(all) => wrapped(out, ['{', '}'], depth, all, |out, (name, one), depth| {
                out.push_str(&escaped(&Value::text(name.clone())));
                out.push_str(colon);
                one.write(out, depth);
            }),
        }
    }
}

fn wrapped<T>(out: &mut String, [open, close]: [char; 2], depth: Option<usize>, all: &[T], write: impl Fn(&mut String, &T, Option<usize>)) {
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    };
    out.push(open);
    for (at, one) in all.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        if let Some(depth) = depth {
            line(out, depth + 1);
        }
        write(out, one, depth.map(|depth| depth + 1));
    }
    if let (Some(depth), false) = (depth, all.is_empty()) {
        line(out, depth);
    }
    out.push(close);
}

/// Returns JSON text that is safe inside HTML as well, as Go writes it.
fn escaped(value: &Value) -> String {
    let text = value.to_json_text();
    [('&', "\\u0026"), ('<', "\\u003c"), ('>', "\\u003e"), ('\u{2028}', "\\u2028"), ('\u{2029}', "\\u2029")]
        .into_iter()
        .fold(text, |text, (letter, code)| text.replace(letter, code))
}

/// Returns the CRC-32 of a text (IEEE 802.3).
pub fn checksum(text: &str) -> u32 {
    !text
        .bytes()
        .fold(!0, |sum, byte| (0..8).fold(sum ^ u32::from(byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_usual_one() {
        assert_eq!(checksum("123456789"), 0xCBF4_3926);
    }

    #[test]
    fn empty_collections_stay_on_their_line() {
        let json = Json::Object(vec![("a".to_owned(), Json::List(Vec::new())), ("b".to_owned(), Json::List(vec![Json::text("c")]))]);
        assert_eq!(json.lines(), "{\n  \"a\": [],\n  \"b\": [\n    \"c\"\n  ]\n}");
    }
}
