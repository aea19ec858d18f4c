//! Keyed digests stand for what must not be stored in clear.

use lowtide_model::Value;
use serde::{Deserialize, Serialize};

/// A salted, keyed digest of a sensitive value. It tells whether a value changed and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// Random, for this one value; lower-case hexadecimal.
    pub salt: String,
    /// HMAC-SHA256 over salt, path and value; lower-case hexadecimal.
    pub hmac: String,
}

/// Makes and compares digests with a stack's key, which never leaves it.
pub trait Digester: Send + Sync {
    /// Returns the digest of a value that stands at `path` (address and attribute), with a new salt.
    fn digest(&self, path: &str, value: &Value) -> Digest;

    /// Returns whether a digest is of this value at this path.
    fn is_of(&self, digest: &Digest, path: &str, value: &Value) -> bool;

    /// Returns a digest of bytes that is the same each time: for fingerprints of plans, which may hold sensitive values.
    fn fingerprint(&self, bytes: &[u8]) -> String;
}

/// Where nothing is remembered there is nothing that a value could be.
pub struct NoDigests;

impl Digester for NoDigests {
    fn digest(&self, _path: &str, _value: &Value) -> Digest {
        Digest { salt: String::new(), hmac: String::new() }
    }

    fn is_of(&self, _digest: &Digest, _path: &str, _value: &Value) -> bool {
        false
    }

    fn fingerprint(&self, _bytes: &[u8]) -> String {
        String::new()
    }
}
