//! The key of a stack's digests: 32 random bytes in a private file, made once and never changed.

use std::io::Write;

use lowtide_state::LedgerFault;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::folder::{Folder, unusable};
use crate::{
    KeyedDigester,
    digester::{hex, unhex},
};

const NAME: &str = "key";
const MAGIC: &str = "lowtide-key 1 ";

/// Returns the key, making it if there is none yet. Of two that make it at once, one wins and both get its key.
pub(super) fn load_or_make(folder: &Folder) -> Result<Zeroizing<[u8; 32]>, LedgerFault> {
    if let Some(key) = load(folder)? {
        return Ok(key);
    }
    let path = folder.path(NAME);
    let text = text(&KeyedDigester::random_key());
    let failed = |error: std::io::Error| unusable(&path, "written", error);
    // Private from the start: the crate makes its files with mode 0600.
    let mut file = tempfile::Builder::new().prefix("key.").suffix(".new").tempfile_in(folder.path("")).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    match file.persist_noclobber(&path) {
        Ok(_) => folder.sync()?,
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(failed(error.error)),
    }
    load(folder)?.ok_or_else(|| unusable(&path, "read", "it has vanished"))
}

fn load(folder: &Folder) -> Result<Option<Zeroizing<[u8; 32]>>, LedgerFault> {
    let Some((bytes, _)) = folder.read(NAME)? else { return Ok(None) };
    let bytes = Zeroizing::new(bytes);
    // A key that differs in one bit would make every secret look changed.
    let key = parse(&bytes).filter(|key| text(key).as_bytes() == &**bytes);
    key.map(Some).ok_or_else(|| LedgerFault::Damaged {
        place: folder.path(NAME).display().to_string(),
        why: "this is not the key that was written; restore it from a backup, or remove it: secrets then count as changed once".to_owned(),
    })
}

fn parse(bytes: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    let digits = bytes.strip_prefix(MAGIC.as_bytes())?.get(..64)?;
    let key = Zeroizing::new(unhex(std::str::from_utf8(digits).ok()?)?);
    <[u8; 32]>::try_from(key.as_slice()).ok().map(Zeroizing::new)
}

fn text(key: &[u8; 32]) -> Zeroizing<String> {
    let digits = Zeroizing::new(hex(key));
    // The digest of 32 random bytes tells nothing of them.
    Zeroizing::new(format!("{MAGIC}{} {}\n", digits.as_str(), hex(&Sha256::digest(key))))
}
