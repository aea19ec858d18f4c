//! Policy documents as IAM returns them: JSON, percent-encoded (IAM API Reference, GetRolePolicy).

use lowtide_model::{Policy, Value};

/// Reads a policy document that IAM returned.
pub fn read(encoded: &str) -> Policy {
    let text = decoded(encoded);
    Policy::parse(&text).unwrap_or(Policy(Value::String(text)))
}

fn decoded(text: &str) -> String {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (byte, digit(bytes.get(at + 1)), digit(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                out.extend(u8::try_from(high * 16 + low));
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_signs_stand_for_bytes_and_plus_for_itself() {
        assert_eq!(decoded("%7B%22a%22%3A%22b+c%20%C3%A9%22%7D"), "{\"a\":\"b+c é\"}");
        assert_eq!(decoded("100%"), "100%");
        assert_eq!(read("%7B%22Version%22%3A%222012-10-17%22%7D"), Policy::parse(r#"{"Version":"2012-10-17"}"#).expect("JSON"));
    }
}
