//! What a run does next, as the engine does it.

use super::{At, Class, Explorer, LOSSES, Op, Record, Run, State};

impl Explorer {
    /// Writes to the ledger, if this run may; one that may not is over.
    fn write(&self, state: &State, nth: usize, at: At, change: impl Fn(&mut Option<Op>, &mut Option<Record>)) -> State {
        let mut next = state.clone();
        if self.rules.fencing && next.runs[nth].epoch != next.epoch {
            next.runs[nth].at = At::Over;
            return next;
        }
        change(&mut next.intent, &mut next.record);
        let run = &mut next.runs[nth];
        change(&mut run.intent, &mut run.record);
        run.at = at;
        next
    }

    pub fn step(&self, state: &State, nth: usize, run: &Run) -> Vec<State> {
        let go = |at: At| {
            let mut next = state.clone();
            next.runs[nth].at = at;
            next
        };
        let held = !self.rules.gate || run.epoch == state.epoch;
        match run.at {
            At::Recover { settled } => vec![self.recover(state, nth, settled)],
            At::Plan => vec![self.plan(state, nth)],
            At::Intend(op) if self.rules.intent_first => {
                vec![self.write(state, nth, At::Check(op), |intent, _| *intent = Some(op))]
            }
            At::Intend(op) => vec![go(At::Check(op))],
            At::Check(op) => vec![go(if held { At::Send(op, true) } else { At::Over })],
            At::Send(_, false) => vec![go(At::Over)],
            At::Send(op, true) => {
                let mut next = go(At::Wait(op));
                let copies = if self.rules.once { 1 } else { 2 };
                next.flying.extend(std::iter::repeat_n(op, copies));
                next.flying.sort_unstable();
                vec![next]
            }
            At::Wait(op) => self.wait(state, nth, op),
            At::Doubt(op, settled) => vec![self.resolve(state, nth, op, settled)],
            At::Write(op) => {
                let doubt = run.doubt;
                vec![self.write(state, nth, At::Done, |intent, record| {
                    *record = Some(Record { op, doubt, watched: false });
                    *intent = None;
                })]
            }
            At::Delete | At::Watch if !held => vec![go(At::Over)],
            At::Delete => {
                let gone = run.record.map(|record| record.op);
                let watches = self.class == Class::Key && self.rules.watch && run.record.is_some_and(|record| record.doubt);
                let mut next = go(match watches {
                    true if run.waits => At::Watch,
                    true if self.rules.leave_watched => At::Leave,
                    _ => At::Forget,
                });
                next.live.retain(|op| self.class != Class::Key && Some(*op) != gone);
                vec![next]
            }
            At::Watch => {
                let mut next = settled(state);
                next.live.clear();
                next.runs[nth].at = At::Forget;
                vec![next]
            }
            At::Forget => vec![self.write(state, nth, At::Done, |_, record| *record = None)],
            At::Leave => vec![self.write(state, nth, At::Done, |_, record| *record = record.map(|it| Record { watched: true, ..it }))],
            At::Done | At::Over => Vec::new(),
        }
    }

    fn recover(&self, state: &State, nth: usize, has_settled: bool) -> State {
        let run = &state.runs[nth];
        let Some(op) = run.intent else {
            let mut next = state.clone();
            next.runs[nth].at = At::Plan;
            return next;
        };
        let there = match self.class {
            Class::Key => state.live.first().copied(),
            Class::Token | Class::Tag => state.live.iter().copied().find(|live| *live == op),
        };
        let waits = match self.class {
            Class::Key => run.destroys && self.rules.settle_names,
            Class::Token | Class::Tag => self.rules.settle,
        };
        if there.is_none() && waits && !has_settled && !run.waits && self.rules.leave_open {
            let mut next = state.clone();
            next.runs[nth].at = At::Over;
            return next;
        }
        if there.is_none() && waits && !has_settled && run.waits {
            let mut next = settled(state);
            next.runs[nth].at = At::Recover { settled: true };
            return next;
        }
        if there.is_none() && self.class == Class::Key && !has_settled {
            // What was not waited for stays in doubt, and so does what is made in its place.
            let mut next = state.clone();
            (next.runs[nth].at, next.runs[nth].doubt) = (At::Plan, true);
            return next;
        }
        // A name may have been asked for more than once, by a run that did not live to say so.
        self.write(state, nth, At::Plan, |intent, record| {
            *intent = None;
            if let Some(found) = there {
                *record = Some(Record { op: found, doubt: self.class == Class::Key, watched: false });
            }
        })
    }

    fn plan(&self, state: &State, nth: usize) -> State {
        let run = &state.runs[nth];
        let there = match (self.class, run.record) {
            (Class::Key, _) => state.live.first().copied(),
            (Class::Token | Class::Tag, Some(record)) => state.live.iter().copied().find(|live| *live == record.op),
            (Class::Token | Class::Tag, None) => None,
        };
        let mut next = state.clone();
        let is_watched = run.record.is_some_and(|record| record.watched);
        next.runs[nth].at = match (run.destroys, run.record, there) {
            // What is watched is looked for once more.
            (true, Some(_), _) => At::Delete,
            (true, None, _) => At::Done,
            (false, Some(_), Some(_)) if !is_watched => At::Done,
            // A name of ours that nothing remembers, or that came back, is taken on.
            (false, _, Some(found)) => {
                next.runs[nth].doubt = true;
                At::Write(found)
            }
            (false, _, None) => {
                next.runs[nth].doubt |= run.record.is_some_and(|record| record.doubt);
                next.ops += 1;
                At::Intend(state.ops)
            }
        };
        next
    }

    fn wait(&self, state: &State, nth: usize, op: Op) -> Vec<State> {
        let mut all = Vec::new();
        if let Some(at) = state.flying.iter().position(|flying| *flying == op) {
            // It arrives, and so does its reply; or not.
            let mut answered = state.clone();
            answered.flying.remove(at);
            let made = self.land(&mut answered, op);
            answered.runs[nth].at = if made || answered.live.contains(&op) { At::Write(op) } else { At::Over };
            all.push(answered);
        }
        if state.losses < LOSSES {
            let mut late = state.clone();
            late.losses += 1;
            late.runs[nth].at = At::Doubt(op, false);
            late.runs[nth].doubt = true;
            all.push(late);
        }
        if all.is_empty() {
            // It is lost for good, and there is nobody left to say so.
            let mut over = state.clone();
            over.runs[nth].at = At::Over;
            all.push(over);
        }
        all
    }

    /// A reply was lost.
    fn resolve(&self, state: &State, nth: usize, op: Op, has_settled: bool) -> State {
        let run_waits = state.runs[nth].waits;
        let mut next = state.clone();
        next.runs[nth].at = match self.class {
            _ if state.live.contains(&op) => At::Write(op),
            Class::Token => At::Check(op),
            Class::Key if state.live.is_empty() => At::Check(op),
            Class::Key => At::Over,
            Class::Tag if self.rules.settle && !has_settled && !run_waits && self.rules.leave_open => At::Over,
            Class::Tag if self.rules.settle && !has_settled && run_waits => {
                next = settled(state);
                At::Doubt(op, true)
            }
            Class::Tag => {
                next.ops += 1;
                At::Intend(state.ops)
            }
        };
        next
    }
}

/// Time passes until no signature that was made before is good any more.
fn settled(state: &State) -> State {
    let mut next = state.clone();
    next.flying.clear();
    for run in &mut next.runs {
        if let At::Send(op, _) = run.at {
            run.at = At::Send(op, false);
        }
    }
    next
}
