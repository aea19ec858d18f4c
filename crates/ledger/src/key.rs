//! The key of a stack's digests as text: 32 random bytes, made once and never changed.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::digester::{hex, unhex};

const MAGIC: &str = "lowtide-key 1 ";
/// What to do about a key that can't be read.
pub(crate) const DAMAGED: &str =
    "this is not the key that was written; restore it from a backup, or remove it: secrets then count as changed once";

/// Why a key is not written.
pub(crate) const ANOTHER: &str = "another key is there already, and digests were perhaps made with it; nothing was overwritten";

/// Reads a key; `None` where one byte is not as it was written: such a key would make every secret look changed.
pub(crate) fn read(bytes: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    let digits = bytes.strip_prefix(MAGIC.as_bytes())?.get(..64)?;
    let key = Zeroizing::new(unhex(std::str::from_utf8(digits).ok()?)?);
    let key = <[u8; 32]>::try_from(key.as_slice()).ok().map(Zeroizing::new)?;
    (write(&key).as_bytes() == bytes).then_some(key)
}

/// Writes a key.
pub(crate) fn write(key: &[u8; 32]) -> Zeroizing<String> {
    let digits = Zeroizing::new(hex(key));
    // The digest of 32 random bytes tells nothing of them.
    Zeroizing::new(format!("{MAGIC}{} {}\n", digits.as_str(), hex(&Sha256::digest(key))))
}
