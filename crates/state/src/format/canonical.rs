//! One text for each JSON value: members sorted by name, no spaces. And the checksum of a text.

use serde::Serialize;
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

/// Returns the canonical text of a JSON value.
pub(crate) fn canonical(json: &Json) -> String {
    let mut text = String::new();
    write(json, &mut text);
    text
}

/// Returns anything serializable as JSON.
pub(crate) fn json(of: &impl Serialize) -> Json {
    serde_json::to_value(of).expect("states have string keys and no failing serializer")
}

/// Returns the SHA-256 of these bytes, one part after the other, in lower-case hexadecimal.
pub(crate) fn sha256(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    parts.iter().for_each(|part| hasher.update(part));
    hasher
        .finalize()
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)]))
        .collect()
}

// Whether serde_json sorts members depends on features that any crate of a build may turn on, so they are sorted here.
fn write(json: &Json, out: &mut String) {
    match json {
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => out.push_str(&json.to_string()),
        Json::Array(all) => {
            out.push('[');
            for (at, element) in all.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                write(element, out);
            }
            out.push(']');
        }
        Json::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_unstable_by_key(|(name, _)| *name);
            out.push('{');
            for (at, (name, member)) in sorted.into_iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                out.push_str(&Json::from(name.as_str()).to_string());
                out.push(':');
                write(member, out);
            }
            out.push('}');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_sorted_and_numbers_keep_their_text() {
        let json: Json = serde_json::from_str(r#"{ "b": [1.50, 1e3, "é\n"], "a": {"z": null, "y": true} }"#).unwrap();
        assert_eq!(canonical(&json), r#"{"a":{"y":true,"z":null},"b":[1.50,1e+3,"é\n"]}"#);
    }

    #[test]
    fn the_checksum_is_sha_256_of_all_parts_together() {
        assert_eq!(sha256(&[b"a", b"bc"]), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
