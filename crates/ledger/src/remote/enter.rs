//! The beginning of a run: a fence shuts out whoever wrote before, what an interrupted run left becomes a snapshot, and signs of
//! life begin.

use std::sync::Arc;

use lowtide_state::{
    Author, LedgerFault,
    format::{Label, Pointer, Slot, Snapshot, Unreadable, Written},
};

use super::{
    acquire::Acquired,
    archive,
    holding::Holding,
    outputs,
    stack::{Stack, random, slot_name},
    view::{Tail, pointer_to, snapshot_name},
    write::{Added, put_object, put_slot},
};
use crate::{
    archive::Parcel,
    session::{self, Session},
};

/// A run that has begun.
pub(super) struct Entered {
    pub holding: Arc<Holding>,
    pub session: Session,
}

/// Begins a run. If that fails, the stack is free again.
pub(super) async fn enter(stack: &Stack, acquired: Acquired, author: Author) -> Result<Entered, LedgerFault> {
    enter_with(stack, acquired, author, None).await
}

/// The same, with a state that comes from elsewhere in the place of what is there.
pub(super) async fn enter_with(stack: &Stack, acquired: Acquired, author: Author, coming: Option<Parcel>) -> Result<Entered, LedgerFault> {
    let Acquired { head, version, right, view } = acquired;
    let mut tail = view.tail;
    let holding = Arc::new(Holding::new(stack, head, version, right));
    let entered = begin(stack, &holding, &mut tail, author, view.snapshot, coming).await;
    if entered.is_err() {
        // The holder would be taken for dead after a while; this only saves the wait.
        let _ = holding.release().await;
    }
    entered
}

async fn begin(
    stack: &Stack,
    holding: &Arc<Holding>,
    tail: &mut Tail,
    author: Author,
    snapshot: Option<Snapshot>,
    coming: Option<Parcel>,
) -> Result<Entered, LedgerFault> {
    let (epoch, lineage) = holding.identity().await;
    fence(stack, tail, epoch).await?;
    let damaged = |error: Unreadable| error.at(stack.place(&slot_name(tail.next)));
    let mut settled = 0;
    let next = match (&snapshot, coming) {
        (_, Some(coming)) => {
            holding.alive(archive::put_beside(stack, &coming, snapshot.is_none())).await?;
            Some(Written { text: coming.text, snapshot: coming.snapshot })
        }
        (Some(snapshot), None) => {
            let results = session::results(snapshot, tail.lines.as_bytes()).map_err(damaged)?;
            // Its key may have to be asked for.
            let aside = holding.alive(stack.answers(&lineage)).await;
            let next;
            (next, settled) = session::with_answers(snapshot, results, &aside, &author);
            next
        }
        (None, None) => Some(session::first(lineage, &author).map_err(damaged)?),
    };
    let pointer = match &next {
        // A large one on a slow line takes longer than a holder may be silent.
        Some(written) => Some(holding.alive(put_snapshot(stack, written)).await?),
        None => None,
    };
    let checkpoint = pointer.is_some();
    holding.begin_at(tail, pointer).await;
    if checkpoint {
        // One that went elsewhere is here again only now.
        holding.write(|head| head.moved_to = None).await?;
    }
    if let Some(aside) = &stack.aside {
        aside.clear(stack, settled).await;
    }
    let snapshot = next.map(|written| written.snapshot).or(snapshot);
    let snapshot = snapshot.ok_or_else(|| stack.fault("state", "read", "there is none; please report this"))?;
    Ok(Entered { holding: holding.clone(), session: Session::new(snapshot, author) })
}

/// Takes the next slot for an epoch. What another wrote there meanwhile is taken in: it was written under an older epoch, and is
/// as good as what stands before it.
pub(super) async fn fence(stack: &Stack, tail: &mut Tail, epoch: u64) -> Result<(), LedgerFault> {
    loop {
        let label = Label { number: tail.next, epoch, previous: tail.chain.clone(), write_id: random() };
        let (text, _) = Slot { label, lines: String::new() }.write();
        let place = stack.place(&slot_name(tail.next));
        match put_slot(stack, tail.next, text.as_bytes()).await? {
            Added::Done => return tail.follow(text.as_bytes()).map_err(|error| error.at(&place)),
            Added::Taken(other) => tail.follow(&other).map_err(|error| error.at(&place))?,
        }
        if tail.epoch >= epoch {
            return Err(stack.lost("another run has taken over"));
        }
    }
}

/// Writes a snapshot, which nothing leads to yet.
pub(super) async fn put_snapshot(stack: &Stack, written: &Written) -> Result<Pointer, LedgerFault> {
    let pointer = pointer_to(written.text.as_bytes(), written.snapshot.document.state.serial);
    put_object(stack, &snapshot_name(&pointer), written.text.as_bytes()).await?;
    outputs::put(stack, pointer, &written.snapshot.document.state.outputs).await
}
