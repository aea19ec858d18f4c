//! Writes that are found out about: where the answer is lost, or says that somebody else was first, what is there tells whether
//! that somebody was us.

use std::time::Duration;

use lowtide_state::{LedgerFault, format::Head};

use super::{
    StoreFault, Version,
    stack::{HEAD, Stack, slot_name},
};

/// A head as found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub head: Head,
    pub version: Version,
}

/// What became of the write of a head.
pub(super) enum Replaced {
    /// It is there.
    Done(Version),
    /// Somebody else replaced what was to be replaced.
    Other(Option<Box<Found>>),
}

/// What became of the write of a slot.
pub(super) enum Added {
    /// It is there.
    Done,
    /// Another is there.
    Taken(Vec<u8>),
}

/// Reads a head.
pub(super) async fn find(stack: &Stack) -> Result<Option<Found>, LedgerFault> {
    let found = stack.store.head(&stack.folder).await.map_err(|fault| fault.at(stack.place(HEAD), "read"))?;
    let Some((bytes, version)) = found else { return Ok(None) };
    let head = Head::read(&bytes).map_err(|error| error.at(stack.place(HEAD)))?;
    Ok(Some(Found { head, version }))
}

/// Puts a head in the place of a version, or where none is.
pub(super) async fn put_head(stack: &Stack, head: &Head, over: Option<&Version>) -> Result<Replaced, LedgerFault> {
    let text = head.write();
    let mut tries = Tries::of(stack);
    loop {
        let fault = match stack.store.set_head(&stack.folder, text.as_bytes(), &head.write_id, over).await {
            Ok(version) => return Ok(Replaced::Done(version)),
            Err(fault) => fault,
        };
        if let StoreFault::Refused(_) = fault {
            return Err(fault.at(stack.place(HEAD), "written"));
        }
        match find(stack).await {
            Ok(Some(found)) if found.head.write_id == head.write_id => return Ok(Replaced::Done(found.version)),
            Ok(found) if found.as_ref().map(|found| &found.version) != over => return Ok(Replaced::Other(found.map(Box::new))),
            // What was to be replaced is still there: the write did not arrive, or has not yet. It is sent again as it is; only
            // one of the two can come to be.
            Ok(_) | Err(LedgerFault::Unusable { .. }) => {}
            Err(damaged) => return Err(damaged),
        }
        tries.pause().await.ok_or_else(|| fault.at(stack.place(HEAD), "written"))?;
    }
}

/// Writes a slot that is not there yet.
pub(super) async fn put_slot(stack: &Stack, number: u64, text: &[u8]) -> Result<Added, LedgerFault> {
    let mut tries = Tries::of(stack);
    loop {
        let fault = match stack.store.add_slot(&stack.folder, number, text).await {
            Ok(()) => return Ok(Added::Done),
            Err(fault) => fault,
        };
        if let StoreFault::Refused(_) = fault {
            return Err(fault.at(stack.place(&slot_name(number)), "written"));
        }
        match stack.store.slot(&stack.folder, number).await {
            Ok(Some(found)) if found == text => return Ok(Added::Done),
            Ok(Some(other)) => return Ok(Added::Taken(other)),
            Ok(None) | Err(_) => {}
        }
        tries.pause().await.ok_or_else(|| fault.at(stack.place(&slot_name(number)), "written"))?;
    }
}

/// Writes an object under a name that only this content may have.
pub(super) async fn put_object(stack: &Stack, name: &str, bytes: &[u8]) -> Result<(), LedgerFault> {
    match put_new_object(stack, name, bytes).await? {
        None => Ok(()),
        Some(found) if found == bytes => Ok(()),
        Some(_) => Err(stack.damaged(name, "it holds something else than its name says")),
    }
}

/// Writes an object that is not there yet; returns what was there already.
pub(super) async fn put_new_object(stack: &Stack, name: &str, bytes: &[u8]) -> Result<Option<Vec<u8>>, LedgerFault> {
    let whole = stack.named(name);
    let mut tries = Tries::of(stack);
    loop {
        let fault = match stack.store.add_object(&whole, bytes).await {
            Ok(()) => return Ok(None),
            Err(fault) => fault,
        };
        if let StoreFault::Refused(_) = fault {
            return Err(fault.at(stack.place(name), "written"));
        }
        if let Ok(Some(found)) = stack.store.object(&whole).await {
            return Ok(Some(found));
        }
        tries.pause().await.ok_or_else(|| fault.at(stack.place(name), "written"))?;
    }
}

/// Writes an object anew as it is, unless somebody else does so meanwhile: then that is written anew.
pub(super) async fn put_anew(stack: &Stack, name: &str) -> Result<(), LedgerFault> {
    let whole = stack.named(name);
    let mut tries = Tries::of(stack);
    loop {
        let Some(bytes) = stack.object(name).await? else { return Ok(()) };
        match stack.store.exchange_object(&whole, &bytes, &bytes).await {
            Ok(()) => return Ok(()),
            Err(fault @ StoreFault::Refused(_)) => return Err(fault.at(stack.place(name), "written")),
            Err(fault) => tries.pause().await.ok_or_else(|| fault.at(stack.place(name), "written"))?,
        }
    }
}

/// Tries with ever longer pauses between them, until patience is at its end.
struct Tries<'a> {
    stack: &'a Stack,
    until: Duration,
    pause: Duration,
}

impl<'a> Tries<'a> {
    fn of(stack: &'a Stack) -> Self {
        Self { stack, until: stack.patience(), pause: stack.timing.beat() / 100 }
    }

    /// Waits before the next try; `None` when there is to be none.
    async fn pause(&mut self) -> Option<()> {
        if self.stack.clock.now() + self.pause >= self.until {
            return None;
        }
        tokio::time::sleep(self.pause).await;
        self.pause = (self.pause * 2).min(self.stack.timing.look());
        Some(())
    }
}
