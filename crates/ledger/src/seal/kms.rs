//! Data keys of AWS KMS. The encryption context names tool and stack, so that a key policy can confine a role to its stacks
//! (AWS KMS Developer Guide, "Encryption context"), and no stack's key opens another's texts.

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
}

impl KmsKeys {
    /// Returns the data keys of a KMS key: its id, ARN or alias.
    pub fn new(config: &SdkConfig, key_id: impl Into<String>) -> Self {
        Self { client: Client::new(config), key_id: key_id.into() }
    }
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
            let key = plain(made.plaintext)?;
            let wrapped = made.ciphertext_blob.ok_or_else(|| SealFault::Unavailable("KMS answered without a key".to_owned()))?;
            Ok(DataKey { key, wrapped: wrapped.into_inner() })
        })
    }

    fn unwrap<'a>(&'a self, stack: &'a str, wrapped: &'a [u8]) -> Wrapping<'a, Zeroizing<[u8; 32]>> {
        Box::pin(async move {
            // The key's id is not named: state that an earlier key wrapped still opens after a change of keys.
            let request = self.client.decrypt().ciphertext_blob(Blob::new(wrapped));
            let sent = request.encryption_context(TOOL.0, TOOL.1).encryption_context(STACK, stack).send().await;
            match sent {
                Ok(opened) => plain(opened.plaintext),
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
