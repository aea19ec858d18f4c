//! The key of a stack's digests: an object of its own, written once. Of two that make it at once, one wins and both get its key.

use lowtide_state::LedgerFault;
use zeroize::Zeroizing;

use super::{stack::Stack, write::put_new_object};
use crate::{KeyedDigester, key};

pub(super) const NAME: &str = "key";

/// Returns the key, if there is one.
pub(super) async fn load(stack: &Stack) -> Result<Option<Zeroizing<[u8; 32]>>, LedgerFault> {
    stack.object(NAME).await?.map(|bytes| read(stack, &Zeroizing::new(bytes))).transpose()
}

/// Puts a key where none is; that it is there already is as good.
pub(super) async fn put(stack: &Stack, secret: &[u8; 32]) -> Result<(), LedgerFault> {
    match put_new_object(stack, NAME, key::write(secret).as_bytes()).await?.map(Zeroizing::new) {
        Some(found) if *read(stack, &found)? != *secret => Err(stack.fault(NAME, "written", key::ANOTHER)),
        Some(_) | None => Ok(()),
    }
}

/// Puts a key in the place of any other: for where no state is, and so no digest that could depend on one.
pub(super) async fn replace(stack: &Stack, secret: &[u8; 32]) -> Result<(), LedgerFault> {
    let text = key::write(secret);
    let found = put_new_object(stack, NAME, text.as_bytes()).await?.map(Zeroizing::new);
    if found.is_none_or(|found| *found == text.as_bytes()) {
        return Ok(());
    }
    let done = stack.store.replace_object(&stack.named(NAME), Some(text.as_bytes().to_vec())).await;
    done.map_err(|fault| fault.at(stack.place(NAME), "written"))
}

/// Returns the key, making it if there is none yet.
pub(super) async fn load_or_make(stack: &Stack) -> Result<Zeroizing<[u8; 32]>, LedgerFault> {
    if let Some(key) = load(stack).await? {
        return Ok(key);
    }
    let made = KeyedDigester::random_key();
    match put_new_object(stack, NAME, key::write(&made).as_bytes()).await?.map(Zeroizing::new) {
        None => Ok(made),
        Some(bytes) => read(stack, &bytes),
    }
}

fn read(stack: &Stack, bytes: &[u8]) -> Result<Zeroizing<[u8; 32]>, LedgerFault> {
    key::read(bytes).ok_or_else(|| stack.damaged(NAME, key::DAMAGED))
}
