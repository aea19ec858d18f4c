//! One stack's seal: texts go in and out, and each data key is asked for once.

use std::{collections::BTreeMap, sync::Arc};

use tokio::sync::Mutex;
use zeroize::Zeroizing;

use super::{
    DataKey, Keys,
    envelope::{self, Envelope, MAGIC},
    kms, passphrase,
};

/// Why a text can't be sealed or opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealFault {
    /// It stands in clear where it should be sealed.
    #[error("it is not encrypted, and lowtide.toml says that it is; to encrypt it, run: lowtide state encrypt")]
    NotSealed,
    /// One byte is not as it was written, or it was written for another place.
    #[error("it is not what was encrypted for this place")]
    Changed,
    /// A newer version sealed it.
    #[error("it is encrypted in format {0}, which this version does not know")]
    Newer(String),
    /// It was sealed with other keys.
    #[error("{0}")]
    WrongKey(String),
    /// The key can't be had now.
    #[error("{0}")]
    Unavailable(String),
}

/// Says of a sealed text, where no keys are configured, what opens it.
pub fn keyless(bytes: &[u8]) -> String {
    let setting = opening(sort_of(bytes));
    format!(
        "it is encrypted, and lowtide.toml does not say so; {setting} opens it; to have it in clear from now on, run: lowtide state decrypt"
    )
}

/// Returns the setting that opens texts sealed with keys of a sort.
fn opening(sort: &str) -> &'static str {
    match sort {
        kms::SORT => "kms_key_id in [state]",
        passphrase::SORT => "encryption = \"passphrase\" in [state]",
        _ => "the version of Lowtide that wrote it",
    }
}

/// Returns the sort of keys that a sealed text names, even if all else of it is damaged.
fn sort_of(bytes: &[u8]) -> &str {
    let mut words = bytes.splitn(4, |byte| *byte == b' ').skip(2);
    words.next().and_then(|word| std::str::from_utf8(word).ok()).unwrap_or_default()
}

/// Returns whether a text is a sealed one.
pub fn is_sealed(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC.as_bytes())
}

/// Returns whether a text is what a power cut may leave of a sealed one that was just begun: the first of its letters, or zeros.
pub(crate) fn is_beginning(bytes: &[u8]) -> bool {
    let written = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    MAGIC.as_bytes().starts_with(&bytes[..written])
}

/// One stack's seal.
#[derive(Clone)]
pub struct Sealer {
    keys: Arc<dyn Keys>,
    stack: Arc<str>,
    passage: Passage,
    known: Arc<Mutex<Known>>,
}

/// What goes through a seal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Passage {
    /// Sealed texts alone.
    #[default]
    Sealed,
    /// Texts in clear are read as well, on the way to being sealed.
    LettingClear,
    /// Both are read, and clear texts written: on the way out of the seal.
    Leaving,
}

#[derive(Default)]
struct Known {
    own: Option<DataKey>,
    opened: BTreeMap<Vec<u8>, Zeroizing<[u8; 32]>>,
}

impl Sealer {
    /// Returns the seal of a stack.
    pub fn new(keys: Arc<dyn Keys>, stack: impl Into<Arc<str>>) -> Self {
        Self { keys, stack: stack.into(), passage: Passage::default(), known: Arc::default() }
    }

    /// Returns it letting this through.
    #[must_use]
    pub(crate) fn letting(self, passage: Passage) -> Self {
        Self { passage, ..self }
    }

    /// Makes sure that there is a key to write with, so that nothing has to be left unwritten later.
    ///
    /// # Errors
    /// When there is none.
    pub async fn prepare(&self) -> Result<(), SealFault> {
        if self.passage == Passage::Leaving {
            return Ok(());
        }
        self.own().await.map(drop)
    }

    /// Seals a text for a place.
    ///
    /// # Errors
    /// When there is no key.
    pub async fn seal(&self, place: &str, text: &[u8]) -> Result<Vec<u8>, SealFault> {
        if self.passage == Passage::Leaving {
            return Ok(text.to_vec());
        }
        let key = self.own().await?;
        envelope::seal(self.keys.sort(), &key, place, text).map(String::into_bytes)
    }

    /// Opens what was sealed for a place.
    ///
    /// # Errors
    /// When it was not, or its key can't be had.
    pub async fn open(&self, place: &str, bytes: &[u8]) -> Result<Vec<u8>, SealFault> {
        if self.passage != Passage::Sealed && !is_sealed(bytes) {
            return Ok(bytes.to_vec());
        }
        let line = bytes.strip_suffix(b"\n").ok_or(if is_sealed(bytes) { SealFault::Changed } else { SealFault::NotSealed })?;
        let envelope = Envelope::parse(line)?;
        if envelope.sort != self.keys.sort() {
            let (sort, ours) = (envelope.sort, self.keys.sort());
            let words =
                format!("it is encrypted with keys of the sort `{sort}`, and lowtide.toml says `{ours}`; {} opens it", opening(sort));
            return Err(SealFault::WrongKey(words));
        }
        let key = self.opened(&envelope.wrapped).await?;
        envelope.open(&key, place)
    }

    async fn own(&self) -> Result<DataKey, SealFault> {
        let mut known = self.known.lock().await;
        if let Some(own) = &known.own {
            return Ok(own.clone());
        }
        let made = self.keys.make(&self.stack).await?;
        known.opened.insert(made.wrapped.clone(), made.key.clone());
        known.own = Some(made.clone());
        Ok(made)
    }

    async fn opened(&self, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, SealFault> {
        let mut known = self.known.lock().await;
        if let Some(key) = known.opened.get(wrapped) {
            return Ok(key.clone());
        }
        let key = self.keys.unwrap(&self.stack, wrapped).await?;
        known.opened.insert(wrapped.to_vec(), key.clone());
        Ok(key)
    }
}
