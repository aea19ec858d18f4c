//! Data keys made from a passphrase with scrypt (RFC 7914). What stands beside a text is the cost, the salt, and a check by which
//! another passphrase is told from a text that was changed.

use aws_lc_rs::{constant_time::verify_slices_are_equal, rand};
use zeroize::Zeroizing;

use super::{DataKey, Keys, SealFault, Wrapping};

/// 2^17 blocks of 1 KiB: 128 MiB, and a fraction of a second, as OWASP's "Password Storage Cheat Sheet" has it.
const COST: u8 = 17;
/// More would take gigabytes for a text that somebody has tampered with.
const HIGHEST_COST: u8 = 20;
const BLOCK: u32 = 8;
const SALT: usize = 16;
const CHECK: usize = 16;

/// How texts say that they are sealed with these.
pub(super) const SORT: &str = "passphrase";

/// Makes data keys from a passphrase.
pub struct PassphraseKeys {
    passphrase: Zeroizing<String>,
    cost: u8,
}

impl PassphraseKeys {
    /// Returns the keys of a passphrase.
    pub fn new(passphrase: impl Into<String>) -> Self {
        Self { passphrase: Zeroizing::new(passphrase.into()), cost: COST }
    }

    /// Returns them with another cost: the logarithm of how many KiB it takes.
    #[must_use]
    pub fn costing(self, cost: u8) -> Self {
        Self { cost, ..self }
    }

    /// Makes a data key.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn make_now(&self) -> Result<DataKey, SealFault> {
        let mut salt = [0; SALT];
        rand::fill(&mut salt).map_err(|_| SealFault::Unavailable("the system gives no random bytes".to_owned()))?;
        let (key, check) = self.derive(self.cost, &salt)?;
        let wrapped = [&[self.cost][..], &salt, &check].concat();
        Ok(DataKey { key, wrapped })
    }

    /// Gives a data key back.
    ///
    /// # Errors
    /// When the passphrase is another, or what stands there can't have been written.
    pub fn unwrap_now(&self, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, SealFault> {
        let (cost, rest) = wrapped.split_first().filter(|(_, rest)| rest.len() == SALT + CHECK).ok_or(SealFault::Changed)?;
        let (salt, written) = rest.split_at(SALT);
        let (key, check) = self.derive(*cost, salt)?;
        verify_slices_are_equal(&check, written)
            .map_err(|_| SealFault::WrongKey("the passphrase is another than it was encrypted with".to_owned()))?;
        Ok(key)
    }

    fn derive(&self, cost: u8, salt: &[u8]) -> Result<(Zeroizing<[u8; 32]>, [u8; CHECK]), SealFault> {
        let parameters = (cost <= HIGHEST_COST).then(|| scrypt::Params::new(cost, BLOCK, 1).ok()).flatten().ok_or(SealFault::Changed)?;
        let mut out = Zeroizing::new([0; 32 + CHECK]);
        scrypt::scrypt(self.passphrase.as_bytes(), salt, &parameters, out.as_mut()).map_err(|_| SealFault::Changed)?;
        let (mut key, mut check) = (Zeroizing::new([0; 32]), [0; CHECK]);
        key.copy_from_slice(&out[..32]);
        check.copy_from_slice(&out[32..]);
        Ok((key, check))
    }
}

impl Keys for PassphraseKeys {
    fn sort(&self) -> &'static str {
        SORT
    }

    fn make<'a>(&'a self, _stack: &'a str) -> Wrapping<'a, DataKey> {
        Box::pin(async { self.make_now() })
    }

    fn unwrap<'a>(&'a self, _stack: &'a str, wrapped: &'a [u8]) -> Wrapping<'a, Zeroizing<[u8; 32]>> {
        Box::pin(async { self.unwrap_now(wrapped) })
    }
}
