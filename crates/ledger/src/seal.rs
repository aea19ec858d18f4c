//! Texts that only holders of a key can read: sealed with AES-256-GCM, each bound to the place where it stands, so that none can
//! take another's place.
//!
//! Each process writes with a data key of its own, which stands in what it wrote: wrapped by KMS, or as the salt from which a
//! passphrase makes it. To add another sort of keys: write a type that implements [`Keys`].

mod envelope;
mod keys;
mod kms;
mod passphrase;
mod sealer;
mod seals;
mod store;

pub use keys::{DataKey, Keys, Wrapping};
pub use kms::KmsKeys;
pub use passphrase::PassphraseKeys;
pub(crate) use sealer::is_beginning;
pub(crate) use sealer::{Passage, keyless};
pub use sealer::{SealFault, Sealer, is_sealed};
pub(crate) use seals::Seals;
pub use store::SealedStore;
