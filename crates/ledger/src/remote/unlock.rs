//! Taking a stack from its holder by hand. It is a takeover without the wait, and as safe: the holder is shut out at its next
//! write. What it has asked of AWS just then may still happen; the next run looks for it.

use lowtide_state::{LedgerFault, StackKey};

use super::{
    RemoteLedger,
    acquire::{next, shown},
    enter::fence,
    stack::HEAD,
    view,
    write::{Replaced, put_head},
};

/// Who holds a stack, to be shown before it is taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The epoch of its run.
    pub epoch: u64,
    /// Who it is, in words.
    pub who: String,
}

impl RemoteLedger {
    /// Returns who holds a stack.
    ///
    /// # Errors
    /// When the state can't be read.
    pub async fn holder(&self, key: &StackKey) -> Result<Option<Shown>, LedgerFault> {
        let found = super::write::find(&self.stack(key).await?).await?;
        let shown = |found: super::write::Found| Some(Shown { epoch: found.head.epoch, who: shown(&found.head.holder?.who) });
        Ok(found.and_then(shown))
    }

    /// Takes a stack away from the run of an epoch, and from no other.
    ///
    /// # Errors
    /// When another run holds it by now.
    pub async fn unlock(&self, key: &StackKey, epoch: u64) -> Result<(), LedgerFault> {
        let stack = self.stack(key).await?;
        let changed = || stack.fault(HEAD, "unlocked", "another run holds it by now, or none does; look again");
        loop {
            let mut view = view::read(&stack).await?;
            let found = view.found.take().filter(|found| found.head.epoch == epoch && found.head.holder.is_some()).ok_or_else(changed)?;
            let free = next(&found.head, None);
            match put_head(&stack, &free, Some(&found.version)).await? {
                Replaced::Done(_) => return fence(&stack, &mut view.tail, free.epoch).await,
                // A sign of life came between, or the run has ended: the next look tells.
                Replaced::Other(_) => {}
            }
        }
    }
}
