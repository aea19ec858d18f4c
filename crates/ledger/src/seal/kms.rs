//! Data keys of AWS KMS. The encryption context names tool and stack, so that a key policy can confine a role to its stacks
//! (AWS KMS Developer Guide, "Encryption context"), and no stack's key opens another's texts.

use std::sync::{Mutex, PoisonError};

use aws_sdk_kms::{Client, error::DisplayErrorContext, primitives::Blob, types::DataKeySpec};
use aws_types::SdkConfig;
use zeroize::Zeroizing;

use super::{DataKey, Keys, SealFault, Wrapping};

/// How texts say that they are sealed with these.
pub(super) const SORT: &str = "kms";

/// Makes data keys with a key of AWS KMS.
pub struct KmsKeys {
    client: Client,
    key_id: String,
    /// The account that state is in, if that is said.
    account: Option<String>,
    told: Mutex<Told>,
}

/// What KMS has told of the keys that it used.
#[derive(Default)]
struct Told {
    /// Whose the configured key is.
    ours: Option<Owner>,
    /// Whose those keys are that texts were opened with before that was known.
    before: Vec<Owner>,
}

impl KmsKeys {
    /// Returns the data keys of a KMS key: its id, ARN or alias.
    pub fn new(config: &SdkConfig, key_id: impl Into<String>) -> Self {
        Self { client: Client::new(config), key_id: key_id.into(), account: None, told: Mutex::default() }
    }

    /// Returns them with the account that their key must be in, should nothing better say so.
    #[must_use]
    pub fn in_account(self, account: Option<&str>) -> Self {
        Self { account: account.map(str::to_owned), ..self }
    }

    /// Takes in whose the configured key is.
    fn learn(&self, key: Option<&str>) -> Result<(), SealFault> {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.ours = key.and_then(Owner::of);
        let ours = Owner::of(&self.key_id).or_else(|| told.ours.clone());
        told.before.iter().find(|other| ours.as_ref().is_some_and(|ours| ours != *other)).map_or(Ok(()), |other| Err(foreign(other)))
    }

    /// Refuses what was opened with somebody else's key: a key's policy may let us use it, and who can write where state is could then have
    /// sealed with it whatever he likes.
    fn check(&self, key: Option<&str>) -> Result<(), SealFault> {
        let unnamed = || SealFault::Unavailable("KMS does not say which key it used".to_owned());
        let found = key.and_then(Owner::of).ok_or_else(unnamed)?;
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let is_ours = match (Owner::of(&self.key_id).or_else(|| told.ours.clone()), &self.account) {
            (Some(ours), _) => ours == found,
            (None, Some(account)) => *account == found.account,
            (None, None) => true,
        };
        if !is_ours {
            return Err(foreign(&found));
        }
        told.before.push(found);
        Ok(())
    }
}

/// Whose a key is.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Owner {
    partition: String,
    account: String,
}

impl Owner {
    /// Returns what an ARN says; nothing where it is none.
    fn of(arn: &str) -> Option<Self> {
        let mut parts = arn.split(':');
        let (Some("arn"), Some(partition), Some("kms"), Some(_region)) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return None;
        };
        Some(Self { partition: partition.to_owned(), account: parts.next()?.to_owned() })
    }
}

fn foreign(owner: &Owner) -> SealFault {
    SealFault::WrongKey(format!(
        "it is encrypted with a key of another account, {}, than `kms_key_id` in [state]; if that is right, name a key there by its ARN",
        owner.account
    ))
}

const TOOL: (&str, &str) = ("tool", "lowtide");
const STACK: &str = "lowtide:stack";

impl Keys for KmsKeys {
    fn sort(&self) -> &'static str {
        SORT
    }

    fn make<'a>(&'a self, stack: &'a str) -> Wrapping<'a, DataKey> {
        Box::pin(async move {
            let request = self.client.generate_data_key().key_id(&self.key_id).key_spec(DataKeySpec::Aes256);
            let sent = request.encryption_context(TOOL.0, TOOL.1).encryption_context(STACK, stack).send().await;
            let made = sent.map_err(|error| unavailable(&self.key_id, &error))?;
            self.learn(made.key_id())?;
            let key = plain(made.plaintext)?;
            let wrapped = made.ciphertext_blob.ok_or_else(|| SealFault::Unavailable("KMS answered without a key".to_owned()))?;
            Ok(DataKey { key, wrapped: wrapped.into_inner() })
        })
    }

    fn unwrap<'a>(&'a self, stack: &'a str, wrapped: &'a [u8]) -> Wrapping<'a, Zeroizing<[u8; 32]>> {
        Box::pin(async move {
            // The key's id is not named: state that an earlier key of the account wrapped still opens after a change of keys.
            let request = self.client.decrypt().ciphertext_blob(Blob::new(wrapped));
            let sent = request.encryption_context(TOOL.0, TOOL.1).encryption_context(STACK, stack).send().await;
            match sent {
                Ok(opened) => {
                    self.check(opened.key_id())?;
                    plain(opened.plaintext)
                }
                Err(error) if error.as_service_error().is_some_and(|error| error.is_invalid_ciphertext_exception()) => {
                    Err(SealFault::Changed)
                }
                Err(error) => Err(unavailable(&self.key_id, &error)),
            }
        })
    }
}

fn plain(blob: Option<Blob>) -> Result<Zeroizing<[u8; 32]>, SealFault> {
    let bytes = blob.map(|blob| Zeroizing::new(blob.into_inner())).unwrap_or_default();
    let key =
        <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| SealFault::Unavailable("KMS answered without a key of 256 bits".to_owned()))?;
    Ok(Zeroizing::new(key))
}

fn unavailable(key: &str, error: &(impl std::error::Error + Send + Sync + 'static)) -> SealFault {
    SealFault::Unavailable(format!("KMS key {key}: {}", DisplayErrorContext(error)))
}
