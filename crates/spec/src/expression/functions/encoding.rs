//! Functions between text and its encodings.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lowtide_model::Planned;

use super::{Arguments, Body, Complaint, Function, Outcome, Wanted, parameter, row};

const TEXT: super::Parameter = parameter("string", Wanted::Text);

pub(super) const TABLE: &[Function] = &[
    row(
        "base64encode",
        &[TEXT],
        Wanted::Text,
        "Returns the bytes of a text in base64.",
        Body::Known(|given| Ok(Planned::text(STANDARD.encode(given.text(0)?)))),
    ),
    row("base64decode", &[TEXT], Wanted::Text, "Returns the text whose bytes are given in base64.", Body::Known(decode)),
    row(
        "urlencode",
        &[TEXT],
        Wanted::Text,
        "Returns a text as it stands in the query of a URL.",
        Body::Known(|given| Ok(Planned::text(query(given.text(0)?)))),
    ),
];

fn decode(given: &Arguments<'_>) -> Outcome {
    let bytes = STANDARD.decode(given.text(0)?).map_err(|_| Complaint::about(0, "it is not base64"))?;
    String::from_utf8(bytes).map(Planned::text).map_err(|_| Complaint::about(0, "what it encodes is not UTF-8 text"))
}

fn query(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            b' ' => encoded.push('+'),
            // Writing to a String does not fail.
            _ => write!(encoded, "%{byte:02X}").unwrap_or_default(),
        }
    }
    encoded
}
