//! A sealed text as one line: `lowtide-sealed 1 <sort of keys> <wrapped key> <nonce> <ciphertext and tag>`, the last three in base64.
//!
//! Everything before the nonce, and the place where the text stands, is authenticated with it.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    rand,
};
use base64::{Engine, engine::general_purpose::STANDARD};

use super::{DataKey, SealFault};

/// How a sealed text begins.
pub(super) const MAGIC: &str = "lowtide-sealed ";
const FORMAT: &str = "1";

/// A sealed text as it stands.
pub(super) struct Envelope<'a> {
    /// The sort of keys.
    pub sort: &'a str,
    /// The wrapped data key.
    pub wrapped: Vec<u8>,
    header: &'a str,
    nonce: [u8; NONCE_LEN],
    sealed: Vec<u8>,
}

/// Seals a text for a place; the line ends with a line break.
pub(super) fn seal(sort: &str, key: &DataKey, place: &str, text: &[u8]) -> Result<String, SealFault> {
    let header = format!("{MAGIC}{FORMAT} {sort} {}", STANDARD.encode(&key.wrapped));
    let mut nonce = [0; NONCE_LEN];
    rand::fill(&mut nonce).map_err(|_| SealFault::Unavailable("the system gives no random bytes".to_owned()))?;
    let mut sealed = text.to_vec();
    cipher(&key.key)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(bound(&header, place)), &mut sealed)
        .map_err(|_| SealFault::Unavailable("the text is too long to be encrypted".to_owned()))?;
    Ok(format!("{header} {} {}\n", STANDARD.encode(nonce), STANDARD.encode(sealed)))
}

impl<'a> Envelope<'a> {
    /// Reads a line without its end.
    ///
    /// # Errors
    /// When it is not sealed, by a newer version, or not as it was written.
    pub(super) fn parse(line: &'a [u8]) -> Result<Self, SealFault> {
        let text = line.starts_with(MAGIC.as_bytes()).then(|| std::str::from_utf8(line)).ok_or(SealFault::NotSealed)?;
        let text = text.map_err(|_| SealFault::Changed)?;
        let words: Vec<&str> = text[MAGIC.len()..].split(' ').collect();
        let [format, sort, wrapped, nonce, sealed] = words[..] else { return Err(SealFault::Changed) };
        if format != FORMAT {
            return Err(if format.bytes().all(|byte| byte.is_ascii_digit()) {
                SealFault::Newer(format.to_owned())
            } else {
                SealFault::Changed
            });
        }
        let header = text.len() - nonce.len() - sealed.len() - 2;
        let decode = |word: &str| STANDARD.decode(word).map_err(|_| SealFault::Changed);
        Ok(Self {
            sort,
            wrapped: decode(wrapped)?,
            header: &text[..header],
            nonce: decode(nonce)?.try_into().map_err(|_| SealFault::Changed)?,
            sealed: decode(sealed)?,
        })
    }

    /// Returns the text, if it was sealed with this key for this place.
    pub(super) fn open(mut self, key: &[u8; 32], place: &str) -> Result<Vec<u8>, SealFault> {
        let nonce = Nonce::assume_unique_for_key(self.nonce);
        let opened = cipher(key)?.open_in_place(nonce, Aad::from(bound(self.header, place)), &mut self.sealed);
        let length = opened.map_err(|_| SealFault::Changed)?.len();
        self.sealed.truncate(length);
        Ok(self.sealed)
    }
}

fn cipher(key: &[u8; 32]) -> Result<LessSafeKey, SealFault> {
    let unbound = UnboundKey::new(&AES_256_GCM, key).map_err(|_| SealFault::Unavailable("AES-256-GCM is not there".to_owned()))?;
    Ok(LessSafeKey::new(unbound))
}

/// What is authenticated beside the text. A header has no zero byte, so the two can't be told otherwise.
fn bound(header: &str, place: &str) -> Vec<u8> {
    [header.as_bytes(), b"\0", place.as_bytes()].concat()
}
