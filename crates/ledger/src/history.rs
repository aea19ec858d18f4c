//! The history of a state as a ledger keeps it.

use lowtide_state::{History, Ledger, LedgerFault, StackKey, Walk, format::read_snapshot};

/// Reads the history of a stack, newest first: so many snapshots of it, or all. Empty where the stack has never been applied.
/// Needs no lock, since snapshots never change.
///
/// # Errors
/// When it can't be told which snapshots there are, or the newest can't be opened or reached. What is wrong with one of them is part of the history.
pub async fn history(ledger: &dyn Ledger, key: &StackKey, most: Option<usize>) -> Result<History, LedgerFault> {
    let mut walk = Walk::default();
    for (at, name) in ledger.kept(key).await?.into_iter().enumerate() {
        if most.is_some_and(|most| walk.length() >= most) {
            return Ok(walk.finish(true));
        }
        let read = match ledger.kept_text(key, &name).await {
            Ok(text) => read_snapshot(&text).map_err(|error| error.to_string()),
            // Where even the newest can't be had, because it is encrypted or out of reach, nothing can be said of any.
            Err(fault @ LedgerFault::Unusable { .. }) if at == 0 => return Err(fault),
            Err(LedgerFault::Damaged { why, .. } | LedgerFault::Unusable { why, .. }) => Err(why),
            Err(fault) => return Err(fault),
        };
        match read {
            Ok(snapshot) => walk.take(&name, &snapshot),
            Err(why) => walk.take_unreadable(&name, why),
        }
    }
    Ok(walk.finish(false))
}
