//! A run on the ledger in memory.

use lowtide_state::{Answer, Doing, Entry, Lease, LedgerFault, Loaded, Run, StackKey, State};

use super::{MemoryLedger, Moment, Shared, Stack};
use crate::session::{Session, loaded};

pub(super) struct MemoryRun {
    ledger: MemoryLedger,
    key: StackKey,
    run: u64,
    session: Session,
    loaded: Loaded,
    failed: bool,
}

impl MemoryRun {
    pub(super) fn new(ledger: MemoryLedger, key: StackKey, run: u64, session: Session) -> Self {
        let loaded = session.loaded();
        Self { ledger, key, run, session, loaded, failed: false }
    }

    fn append_now(&mut self, entries: &[Entry]) -> Result<(), LedgerFault> {
        if entries.is_empty() {
            return Ok(());
        }
        let prepared = self.session.prepare(entries).map_err(|error| self.unusable(&error.to_string()))?;
        let moment = self.with_stack(|shared, key, _| {
            shared.calls.appends += 1;
            let moment = shared.fail_append.take_if(|(at, _)| *at == shared.calls.appends).map(|(_, moment)| moment);
            let kept = match moment {
                Some(Moment::Before) => 0,
                Some(Moment::Midway) => prepared.text.len() / 2,
                Some(Moment::After) | None => prepared.text.len(),
            };
            stack(shared, key).journal.extend_from_slice(&prepared.text.as_bytes()[..kept]);
            moment
        })?;
        self.answer(moment)?;
        self.session.accept(prepared);
        Ok(())
    }

    fn checkpoint_now(&mut self) -> Result<(), LedgerFault> {
        let Some(next) = self.session.checkpoint().map_err(|error| self.unusable(&error.to_string()))? else { return Ok(()) };
        let moment = self.with_stack(|shared, key, _| {
            shared.calls.checkpoints += 1;
            let moment = shared.fail_checkpoint.take_if(|(at, _)| *at == shared.calls.checkpoints).map(|(_, moment)| moment);
            stack(shared, key).commit(&next.text, moment);
            moment
        })?;
        self.answer(moment)?;
        self.session.go_on_from(next.snapshot);
        Ok(())
    }

    fn finish_now(&mut self) -> Result<Loaded, LedgerFault> {
        let ending = self.session.ending().map_err(|error| self.unusable(&error.to_string()))?;
        let moment = self.with_stack(|shared, key, run| {
            shared.calls.finishes += 1;
            let moment = shared.fail_finish.take_if(|(at, _)| *at == shared.calls.finishes).map(|(_, moment)| moment);
            let stack = stack(shared, key);
            ending.iter().for_each(|written| stack.commit(&written.text, moment));
            stack.holder.take_if(|(holder, _)| *holder == run);
            moment
        })?;
        self.answer(moment)?;
        Ok(ending.map_or_else(|| self.session.loaded(), |written| loaded(&written.snapshot)))
    }

    /// Does something while nobody else can, if this run still holds the stack.
    fn with_stack<T>(&self, change: impl FnOnce(&mut Shared, &StackKey, u64) -> T) -> Result<T, LedgerFault> {
        let mut shared = self.ledger.shared();
        let holds = shared.stacks.get(&self.key).and_then(|stack| stack.holder.as_ref()).is_some_and(|(holder, _)| *holder == self.run);
        if self.failed || !holds {
            return Err(self.unusable(if self.failed { "an earlier write failed" } else { "this run no longer holds the stack" }));
        }
        Ok(change(&mut shared, &self.key, self.run))
    }

    fn answer(&mut self, moment: Option<Moment>) -> Result<(), LedgerFault> {
        let Some(moment) = moment else { return Ok(()) };
        self.failed = true;
        Err(self.unusable(&format!("made to fail: {moment:?}")))
    }

    fn unusable(&self, why: &str) -> LedgerFault {
        LedgerFault::Unusable { place: format!("memory:{}", self.key), doing: "written", why: why.to_owned() }
    }
}

fn stack<'a>(shared: &'a mut Shared, key: &StackKey) -> &'a mut Stack {
    shared.stacks.entry(key.clone()).or_default()
}

impl Run for MemoryRun {
    fn loaded(&self) -> &Loaded {
        &self.loaded
    }

    fn lease(&self) -> Lease {
        let (ledger, key, run) = (self.ledger.clone(), self.key.clone(), self.run);
        Lease::told_by(move || {
            let shared = ledger.shared();
            let holds = shared.stacks.get(&key).and_then(|stack| stack.holder.as_ref()).is_some_and(|(holder, _)| *holder == run);
            let why = || "this run no longer holds the stack".to_owned();
            holds.then_some(()).ok_or_else(|| LedgerFault::Lost { stack: key.to_string(), why: why() })
        })
    }

    fn room(&self) -> Result<(), LedgerFault> {
        let full = || LedgerFault::Full { place: format!("memory:{}", self.key) };
        if self.ledger.shared().full { Err(full()) } else { Ok(()) }
    }

    fn carries_out<'a>(&'a mut self, plan: &'a str) -> Doing<'a, ()> {
        Box::pin(async move {
            self.session.carry_out(plan);
            Ok(())
        })
    }

    fn append<'a>(&'a mut self, entries: &'a [Entry]) -> Doing<'a, ()> {
        Box::pin(async move { self.append_now(entries) })
    }

    fn set_aside<'a>(&'a mut self, answers: &'a [Answer]) -> Doing<'a, bool> {
        Box::pin(async move {
            stack(&mut self.ledger.shared(), &self.key).aside.extend_from_slice(answers);
            Ok(true)
        })
    }

    fn checkpoint(&mut self) -> Doing<'_, ()> {
        Box::pin(async move { self.checkpoint_now() })
    }

    fn replace<'a>(&'a mut self, state: State) -> Doing<'a, ()> {
        Box::pin(async move {
            self.session.replace(state);
            Ok(())
        })
    }

    fn finish(mut self: Box<Self>) -> Doing<'static, Loaded> {
        Box::pin(async move { self.finish_now() })
    }
}

impl Drop for MemoryRun {
    fn drop(&mut self) {
        let mut shared = self.ledger.shared();
        if let Some(stack) = shared.stacks.get_mut(&self.key) {
            stack.holder.take_if(|(holder, _)| *holder == self.run);
        }
    }
}
