//! The texts of a stack's folder, sealed where the ledger has keys. Sealing and opening block: both happen where files are
//! read and written.

use std::borrow::Cow;

use lowtide_state::LedgerFault;
use tokio::runtime::Handle;

use super::folder::{Folder, Mark, unusable};
use crate::seal::{SealFault, is_beginning, is_sealed, keyless};

impl Folder {
    /// Reads a text that is written as a whole. `stands_for` is the file whose place it takes or took.
    pub(super) fn text(&self, name: &str, stands_for: &str) -> Result<Option<(Vec<u8>, Mark)>, LedgerFault> {
        let Some((bytes, mark)) = self.read(name)? else { return Ok(None) };
        Ok(Some((self.opened(name, stands_for, bytes)?, mark)))
    }

    /// Reads a text that grows by whole lines, each sealed by itself. A last line that was never finished is left out, as it was
    /// never acknowledged.
    pub(super) fn lines(&self, name: &str) -> Result<Option<Vec<u8>>, LedgerFault> {
        let Some((bytes, _)) = self.read(name)? else { return Ok(None) };
        if !is_sealed(&bytes) {
            let is_nothing = bytes.is_empty() || (self.seal.is_some() && is_beginning(&bytes));
            return if is_nothing { Ok(Some(Vec::new())) } else { self.opened(name, name, bytes).map(Some) };
        }
        let mut text = Vec::new();
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            match line.strip_suffix(b"\n") {
                Some(_) => text.extend(self.opened(name, name, line.to_vec())?),
                None if is_sealed(line) => text.extend(self.unfinished(name, line)?),
                // It did not come that far.
                None => {}
            }
        }
        Ok(Some(text))
    }

    /// Returns a text as it is to be written.
    pub(super) fn sealed<'a>(&self, name: &str, text: &'a str) -> Result<Cow<'a, [u8]>, LedgerFault> {
        let Some(seal) = &self.seal else { return Ok(Cow::Borrowed(text.as_bytes())) };
        let sealed = block(seal.seal(&self.place(name), text.as_bytes()));
        sealed.map(Cow::Owned).map_err(|fault| unusable(self.path(name), "written", fault))
    }

    fn opened(&self, name: &str, stands_for: &str, bytes: Vec<u8>) -> Result<Vec<u8>, LedgerFault> {
        match &self.seal {
            Some(seal) => block(seal.open(&self.place(stands_for), &bytes)).map_err(|fault| self.explained(name, fault)),
            None if is_sealed(&bytes) => Err(unusable(self.path(name), "read", keyless(&bytes))),
            None => Ok(bytes),
        }
    }

    /// A line without its end is true if all else of it is there, and one whose end has become something else is damaged.
    fn unfinished(&self, name: &str, line: &[u8]) -> Result<Vec<u8>, LedgerFault> {
        let whole = |line: &[u8]| self.opened(name, name, [line, b"\n"].concat());
        match (whole(line), line.split_last().filter(|(_, rest)| is_sealed(rest)).map(|(_, rest)| whole(rest))) {
            (Ok(text), _) => Ok(text),
            (Err(_), Some(Ok(_))) => Err(self.explained(name, SealFault::Changed)),
            (Err(_), _) => Ok(Vec::new()),
        }
    }

    fn explained(&self, name: &str, fault: SealFault) -> LedgerFault {
        match fault {
            SealFault::Changed => LedgerFault::Damaged { place: self.path(name).display().to_string(), why: fault.to_string() },
            other => unusable(self.path(name), "read", other),
        }
    }

    /// Returns what a text is bound to: the same wherever the folder lies.
    fn place(&self, name: &str) -> String {
        format!("{}/{name}", self.name)
    }
}

fn block<T>(work: impl Future<Output = T>) -> T {
    Handle::current().block_on(work)
}
