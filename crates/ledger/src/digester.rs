//! Keyed digests with HMAC-SHA256.

use aws_lc_rs::{hmac, rand};
use lowtide_model::Value;
use lowtide_state::{Digest, Digester};
use zeroize::Zeroizing;

/// Makes and compares digests with a key of 32 random bytes, which is wiped from memory when dropped.
pub struct KeyedDigester(Zeroizing<[u8; 32]>);

impl KeyedDigester {
    /// Returns the digester of a key.
    pub fn new(key: Zeroizing<[u8; 32]>) -> Self {
        Self(key)
    }

    /// Returns a new random key.
    pub fn random_key() -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        fill(key.as_mut());
        key
    }

    fn key(&self) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, self.0.as_ref())
    }
}

impl Digester for KeyedDigester {
    fn digest(&self, path: &str, value: &Value) -> Digest {
        let mut salt = [0; 16];
        fill(&mut salt);
        let salt = hex(&salt);
        let hmac = hex(hmac::sign(&self.key(), &message(&salt, path, value)).as_ref());
        Digest { salt, hmac }
    }

    fn is_of(&self, digest: &Digest, path: &str, value: &Value) -> bool {
        let Some(tag) = unhex(&digest.hmac) else { return false };
        // Compares in constant time.
        hmac::verify(&self.key(), &message(&digest.salt, path, value), &tag).is_ok()
    }

    fn fingerprint(&self, bytes: &[u8]) -> String {
        let mut message = Zeroizing::new(b"fingerprint\0".to_vec());
        message.extend_from_slice(bytes);
        hex(hmac::sign(&self.key(), &message).as_ref())
    }
}

/// The parts with their lengths, so that no two choices of parts make the same message.
fn message(salt: &str, path: &str, value: &Value) -> Zeroizing<Vec<u8>> {
    let value = Zeroizing::new(value.to_json_text());
    let mut message = Zeroizing::new(Vec::with_capacity(64 + salt.len() + path.len() + value.len()));
    message.extend_from_slice(b"digest\0");
    for part in [salt, path, value.as_str()] {
        message.extend_from_slice(&(part.len() as u64).to_be_bytes());
        message.extend_from_slice(part.as_bytes());
    }
    message
}

fn fill(bytes: &mut [u8]) {
    rand::fill(bytes).expect("the system gives random bytes");
}

/// Returns bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])).collect()
}

/// Reads what [`hex`] wrote.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| b"0123456789abcdef".iter().position(|known| *known == byte).and_then(|at| u8::try_from(at).ok());
    let (pairs, odd) = text.as_bytes().as_chunks::<2>();
    odd.is_empty().then(|| pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digester() -> KeyedDigester {
        KeyedDigester::new(Zeroizing::new([7; 32]))
    }

    #[test]
    fn a_digest_tells_its_value_and_place_and_nothing_else() {
        let (secret, other) = (Value::from("hunter2"), Value::from("hunter3"));
        let digest = digester().digest("aws_db.main.password", &secret);
        assert!(digester().is_of(&digest, "aws_db.main.password", &secret));
        assert!(!digester().is_of(&digest, "aws_db.main.password", &other));
        assert!(!digester().is_of(&digest, "aws_db.other.password", &secret));
        assert!(!KeyedDigester::new(Zeroizing::new([8; 32])).is_of(&digest, "aws_db.main.password", &secret));
        assert!(!format!("{digest:?}").contains("hunter"));
    }

    #[test]
    fn equal_values_have_different_digests_and_equal_fingerprints() {
        let secret = Value::from("hunter2");
        assert_ne!(digester().digest("a.b", &secret), digester().digest("a.b", &secret));
        assert_eq!(digester().fingerprint(b"plan"), digester().fingerprint(b"plan"));
        assert_ne!(digester().fingerprint(b"plan"), digester().fingerprint(b"plans"));
    }

    #[test]
    fn a_digest_that_is_no_digest_is_of_nothing() {
        let secret = Value::from("hunter2");
        for hmac in ["", "0", "zz", "é", "00"] {
            assert!(!digester().is_of(&Digest { salt: String::new(), hmac: hmac.to_owned() }, "a.b", &secret), "{hmac}");
        }
    }

    #[test]
    fn hexadecimal_reads_as_it_was_written() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(unhex(&hex(&all)), Some(all));
        assert_eq!(unhex("AB"), None);
    }
}
