//! Getting the right to write: at once where nobody has it, and after a long silence where a dead run does.

use std::{sync::Arc, time::Duration};

use lowtide_state::{
    LedgerFault,
    format::{Extent, Head, Holder},
};

use super::{
    Timing, Version,
    lease::Right,
    stack::{Stack, random},
    view::{self, View},
    write::{Found, Replaced, find, put_head},
};
use crate::session;

/// A holder that gives no sign of life is being waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Whose state.
    pub stack: String,
    /// Who holds it.
    pub holder: String,
    /// How long it must stay silent before its place is taken.
    pub silence: Duration,
}

/// The right to write, just got, with what there was before.
pub(super) struct Acquired {
    pub head: Head,
    pub version: Version,
    pub right: Arc<Right>,
    pub view: View,
}

/// Somebody who wants the right to write.
pub(super) struct Candidate<'a> {
    pub stack: &'a Stack,
    /// Who it is, in words.
    pub who: &'a str,
    /// Is told when a silent holder is waited for.
    pub waiting: &'a (dyn Fn(&Waiting) + Send + Sync),
    run: String,
    watch: Watch,
    even_moved: bool,
}

/// A head that gives the right to write, and what it is to take the place of.
pub(super) struct Claim {
    pub head: Head,
    pub view: View,
}

impl<'a> Candidate<'a> {
    pub(super) fn new(stack: &'a Stack, who: &'a str, waiting: &'a (dyn Fn(&Waiting) + Send + Sync)) -> Self {
        Self { stack, who, waiting, run: random(), watch: Watch::default(), even_moved: false }
    }

    /// Returns it as one that takes a stack as well whose state went elsewhere: it comes back.
    pub(super) fn even_moved(self) -> Self {
        Self { even_moved: true, ..self }
    }

    /// Waits until there is nobody who holds the stack, or only somebody dead. Only reads; may be given up at any time.
    pub(super) async fn claim(&mut self) -> Result<Claim, LedgerFault> {
        loop {
            let found = find(self.stack).await?;
            if let Some(found) = &found
                && let Some(holder) = &found.head.holder
                && !silent(self.stack, &mut self.watch, found, holder, self.waiting).await?
            {
                continue;
            }
            // Before anything is written, what is there must make sense.
            let view = if self.even_moved { view::read_even_moved(self.stack).await? } else { view::read(self.stack).await? };
            if view.found.as_ref().map(|found| &found.version) != found.as_ref().map(|found| &found.version) {
                continue;
            }
            let lease_ms = millis(self.stack.timing.lease());
            let mine = Holder { run: self.run.clone(), who: self.who.to_owned(), lease_ms };
            let head = view.found.as_ref().map_or_else(|| first(mine.clone()), |found| next(&found.head, Some(mine.clone())));
            return Ok(Claim { head, view });
        }
    }

    /// Takes in that a claim came too late.
    pub(super) fn too_late(&mut self, found: Option<Box<Found>>) {
        // Whoever was faster is alive.
        self.watch.moved |= found.is_some_and(|found| found.head.holder.is_some());
    }
}

impl Claim {
    /// Makes it true, unless somebody was faster.
    pub(super) async fn make(self, stack: &Stack) -> Result<Result<Acquired, Option<Box<Found>>>, LedgerFault> {
        let Self { head, view } = self;
        let sent = stack.clock.now();
        let over = view.found.as_ref().map(|found| &found.version);
        Ok(match put_head(stack, &head, over).await? {
            Replaced::Done(version) => Ok(Acquired { head, version, right: Right::since(stack, sent), view }),
            Replaced::Other(found) => Err(found),
        })
    }
}

/// Returns the head that follows another, with the next epoch.
pub(super) fn next(head: &Head, holder: Option<Holder>) -> Head {
    Head { epoch: head.epoch + 1, holder, beat: random(), write_id: random(), ..head.clone() }
}

fn first(holder: Holder) -> Head {
    Head {
        lineage: session::lineage(),
        epoch: 1,
        holder: Some(holder),
        beat: random(),
        snapshot: None,
        journal: Extent::empty(),
        moved_to: None,
        write_id: random(),
        unknown: [].into(),
    }
}

/// What was seen of a holder so far.
#[derive(Default)]
struct Watch {
    /// Its epoch and newest sign of life, and when that was first seen.
    seen: Option<(u64, String, Duration)>,
    /// Whether something moved since this began: then its holder is alive.
    moved: bool,
    told: bool,
}

/// Watches a holder until it gives a sign of life, which is a refusal, or was silent for longer than it may be. `false` when it
/// is no longer the holder.
async fn silent(
    stack: &Stack,
    watch: &mut Watch,
    found: &Found,
    holder: &Holder,
    waiting: &(dyn Fn(&Waiting) + Send + Sync),
) -> Result<bool, LedgerFault> {
    let held = || LedgerFault::Held { stack: stack.name.clone(), holder: shown(&holder.who) };
    if watch.moved {
        return Err(held());
    }
    let lease = Duration::from_millis(holder.lease_ms);
    let since = match &watch.seen {
        Some((epoch, beat, since)) if (*epoch, beat) == (found.head.epoch, &found.head.beat) => *since,
        Some(_) => return Err(held()),
        None => stack.clock.now(),
    };
    watch.seen = Some((found.head.epoch, found.head.beat.clone(), since));
    loop {
        if stack.clock.now().saturating_sub(since) >= Timing::takeover(lease) {
            return Ok(true);
        }
        // One that lives is heard of within a beat of its own; only then is there something to tell.
        if !watch.told && stack.clock.now().saturating_sub(since) >= lease / 3 {
            watch.told = true;
            waiting(&Waiting { stack: stack.name.clone(), holder: shown(&holder.who), silence: Timing::takeover(lease) });
        }
        tokio::time::sleep(stack.timing.look().min(lease / 30)).await;
        match find(stack).await {
            Ok(Some(now)) if now.version == found.version => {}
            Ok(Some(now)) if now.head.holder.as_ref().is_some_and(|now| now.run == holder.run) => return Err(held()),
            Ok(Some(now)) if now.head.holder.is_some() => {
                watch.moved = true;
                return Ok(false);
            }
            Ok(_) => return Ok(false),
            // What can't be read says nothing about the holder.
            Err(LedgerFault::Unusable { .. }) => {}
            Err(fault) => return Err(fault),
        }
    }
}

/// Returns words of another process as they may be printed.
pub(super) fn shown(who: &str) -> String {
    let shown: String = who.chars().filter(|letter| !letter.is_control()).take(300).collect();
    if shown.trim().is_empty() { "another process".to_owned() } else { shown.trim().to_owned() }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
