//! States that leave a shared ledger, or come to one. The head of one that left stays, and says where it went: its epoch must
//! only grow, should the state come back.

use std::collections::BTreeMap;

use lowtide_state::{
    Doing, LedgerFault, StackKey,
    format::{Head, read_snapshot},
};

use super::{
    NOTE, RemoteLedger,
    acquire::{Candidate, next},
    enter::{enter_with, fence},
    run::joined,
    secret,
    stack::{HEAD, SNAPSHOTS, Stack},
    view,
    write::{Replaced, find, put_head, put_object},
};
use crate::archive::{self, Archive, Leaving, Parcel, Unpacked};

impl Archive for RemoteLedger {
    fn pack<'a>(&'a self, key: &'a StackKey) -> Doing<'a, Parcel> {
        Box::pin(async move {
            let stack = self.stack(key).await?;
            let view = view::read(&stack).await?;
            let pointer = view.found.and_then(|found| found.head.snapshot).ok_or_else(|| stack.fault(HEAD, "read", "it has vanished"))?;
            let name = view::snapshot_name(&pointer);
            let bytes = stack.object(&name).await?.ok_or_else(|| stack.damaged(&name, "it has vanished"))?;
            let parcel = Parcel::new(bytes).map_err(|error| error.at(stack.place(&name)))?;
            let mut notes = BTreeMap::new();
            let names = stack.store.names(&stack.folder).await.map_err(|fault| fault.at(stack.store.place(&stack.folder), "read"))?;
            for name in names.iter().filter(|name| name.starts_with(NOTE)) {
                let Some(bytes) = stack.object(name).await? else { continue };
                let text = String::from_utf8(bytes).map_err(|_| stack.damaged(name, "it is no text"))?;
                notes.insert(name.trim_start_matches(NOTE).to_owned(), text);
            }
            Ok(Parcel { key: secret::load(&stack).await?, notes, ..parcel })
        })
    }

    fn unpack<'a>(&'a self, key: &'a StackKey, parcel: &'a Parcel) -> Doing<'a, Unpacked> {
        Box::pin(async move {
            let stack = self.stack(key).await?;
            let who = self.us.doing("init --migrate-state");
            let lineage = &parcel.snapshot.document.state.lineage;
            loop {
                let mut claim = Candidate::new(&stack, &who, &*self.waiting).even_moved().claim().await?;
                if let Some(found) = &claim.view.snapshot {
                    let moved = claim.view.found.as_ref().is_some_and(|found| found.head.moved_to.is_some());
                    let there = &found.document.state;
                    if found.hash == parcel.snapshot.hash && claim.view.results.is_none() && !moved {
                        return Ok(Unpacked::AlreadyThere);
                    }
                    if !moved || there.lineage != *lineage || there.serial > parcel.snapshot.document.state.serial {
                        return Err(archive::occupied(stack.place(HEAD), found));
                    }
                } else if claim.view.found.as_ref().is_some_and(|found| found.head.lineage != *lineage) {
                    return Err(stack.fault(HEAD, "written", "another first run has begun there; finish it, or name another prefix"));
                }
                claim.head = Head { lineage: lineage.clone(), ..claim.head };
                let (ours, coming) = (stack.clone(), parcel.clone());
                let author = self.us.author("init --migrate-state");
                let begun = tokio::spawn(async move {
                    match claim.make(&ours).await? {
                        Ok(acquired) => enter_with(&ours, acquired, author, Some(coming)).await.map(Some),
                        Err(_) => Ok(None),
                    }
                });
                if let Some(entered) = joined(begun).await? {
                    entered.holding.release().await?;
                    return Ok(Unpacked::Done);
                }
            }
        })
    }

    fn keep<'a>(&'a self, key: &'a StackKey, text: Vec<u8>) -> Doing<'a, ()> {
        Box::pin(async move {
            let stack = self.stack(key).await?;
            let snapshot = read_snapshot(&text).map_err(|error| error.at(stack.place(SNAPSHOTS)))?;
            let name = view::snapshot_name(&view::pointer_to(&text, snapshot.document.state.serial));
            put_object(&stack, &name, &text).await
        })
    }

    fn retire<'a>(&'a self, key: &'a StackKey, leaving: Leaving<'a>, to: &'a str) -> Doing<'a, ()> {
        Box::pin(async move {
            let stack = self.stack(key).await?;
            loop {
                let mut view = view::read(&stack).await?;
                let hash = view.loaded().map(|loaded| loaded.hash);
                let Some(found) = view.found.take() else { return Err(stack.fault(HEAD, "read", "it has vanished")) };
                let epoch = found.head.holder.as_ref().map(|_| found.head.epoch);
                if !leaving.is(epoch, hash.as_deref()) {
                    return Err(archive::went_on(key));
                }
                let gone = Head { moved_to: Some(to.to_owned()), ..next(&found.head, None) };
                match put_head(&stack, &gone, Some(&found.version)).await? {
                    // Our own run holds it until now; a sign of life of it may come between.
                    Replaced::Done(_) => return fence(&stack, &mut view.tail, gone.epoch).await,
                    Replaced::Other(_) => {}
                }
            }
        })
    }
}

/// Puts what lies beside a state where that is about to come to: its key and its notes, and no others. Where no state was, no digest depends
/// on a key that is there; a plan may have made it.
pub(super) async fn put_beside(stack: &Stack, coming: &Parcel, is_first: bool) -> Result<(), LedgerFault> {
    match &coming.key {
        Some(key) if is_first => secret::replace(stack, key).await?,
        Some(key) => secret::put(stack, key).await?,
        None => {}
    }
    let names = stack.store.names(&stack.folder).await.map_err(|fault| fault.at(stack.place(""), "read"))?;
    let others = names.into_iter().filter_map(|name| Some(name.strip_prefix(NOTE)?.to_owned())).map(|name| (name, None));
    let notes: BTreeMap<_, _> =
        others.chain(coming.notes.iter().map(|(name, text)| (name.clone(), Some(text.as_bytes().to_vec())))).collect();
    for (name, text) in notes {
        let note = format!("{NOTE}{name}");
        let done = stack.store.replace_object(&stack.named(&note), text).await;
        done.map_err(|fault| fault.at(stack.place(&note), "written"))?;
    }
    Ok(())
}

/// Refuses a state that went elsewhere.
pub(super) fn check(stack: &Stack, head: &Head) -> Result<(), LedgerFault> {
    head.moved_to.as_ref().map_or(Ok(()), |to| Err(archive::moved(stack.place(HEAD), to)))
}

/// Returns whether a stack went elsewhere.
pub(super) async fn has_left(stack: &Stack) -> Result<bool, LedgerFault> {
    Ok(legible_head(stack).await?.is_some_and(|head| head.moved_to.is_some()))
}

/// Refuses what lies beside a state that went elsewhere. A head that can't be read does not say that it did.
pub(super) async fn check_left(stack: &Stack) -> Result<(), LedgerFault> {
    legible_head(stack).await?.map_or(Ok(()), |head| check(stack, &head))
}

async fn legible_head(stack: &Stack) -> Result<Option<Head>, LedgerFault> {
    match find(stack).await {
        Ok(found) => Ok(found.map(|found| found.head)),
        Err(LedgerFault::Damaged { .. } | LedgerFault::Newer { .. }) => Ok(None),
        Err(fault) => Err(fault),
    }
}
