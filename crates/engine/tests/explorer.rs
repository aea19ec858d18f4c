//! The rules of intents and recovery, in small: one resource, up to three runs, two of them killed at any step, a lease that runs
//! out though its holder lives, requests that are lost or arrive late. Every state that can be reached is looked at.
//!
//! A rule that could be left out would be no rule: for each there is a control in which it is, and things go wrong.
//!
//! Not in it: more than one resource, tokens that are forgotten, reads that lag behind, how a ledger writes.

use std::collections::{HashSet, VecDeque};

const RUNS: usize = 3;
const CRASHES: u8 = 2;
const LOSSES: u8 = 2;

/// How a create that may or may not have happened is told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Class {
    /// A: by a token that makes a repeated request the same one.
    Token,
    /// B: by a name that only one can have.
    Key,
    /// C: by the tag of its operation alone.
    Tag,
}

/// What keeps things right. All of it holds, but for one in each control.
#[derive(Clone, Copy, Debug)]
struct Rules {
    /// An intent is durable before its request.
    intent_first: bool,
    /// Only the run of the newest epoch writes.
    fencing: bool,
    /// The lease is looked at after signing, before sending; so what is sent late was signed before the lease was lost.
    gate: bool,
    /// What may still arrive is waited for where only that tells.
    settle: bool,
    /// What has a name and must end up absent is waited for as well.
    settle_names: bool,
    /// A name whose create was once in doubt is watched after its delete.
    watch: bool,
    /// A request is sent once; whoever sends it again is the run, which knows whether it may.
    once: bool,
}

const ALL: Rules = Rules { intent_first: true, fencing: true, gate: true, settle: true, settle_names: true, watch: true, once: true };

type Op = u8;

/// What a run is at. Each step is one that may be its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum At {
    /// It looks what became of an open intent; whether it has waited.
    Recover {
        settled: bool,
    },
    Plan,
    /// It is about to write the intent of this operation.
    Intend(Op),
    /// It has signed and is about to look at the lease.
    Check(Op),
    /// It is about to send; whether the signature is still good.
    Send(Op, bool),
    Wait(Op),
    /// It does not know whether its operation happened; whether it has waited.
    Doubt(Op, bool),
    /// It is about to write the record.
    Write(Op),
    Delete,
    /// It watches whether what it deleted comes back.
    Watch,
    Forget,
    Done,
    /// Killed, fenced off, or given up: this run does nothing more.
    Over,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Run {
    epoch: u8,
    destroys: bool,
    at: At,
    /// Whether a request for what it makes was lost, by itself or by a run before.
    doubt: bool,
    /// The ledger as it was read when the run began, and as the run has written it since.
    intent: Option<Op>,
    record: Option<(Op, bool)>,
}

impl Run {
    fn is_alive(&self) -> bool {
        !matches!(self.at, At::Done | At::Over)
    }
}

/// Everything there is: the world, what is on its way there, the ledger, and the runs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct State {
    live: Vec<Op>,
    /// Tokens that the world has seen.
    seen: Vec<Op>,
    flying: Vec<Op>,
    epoch: u8,
    intent: Option<Op>,
    /// What is remembered, and whether its create was in doubt.
    record: Option<(Op, bool)>,
    runs: Vec<Run>,
    crashes: u8,
    losses: u8,
    ops: Op,
}

struct Explorer {
    class: Class,
    rules: Rules,
}

impl Explorer {
    /// Returns how many states there are, or the first in which something is wrong.
    fn explore(&self) -> Result<usize, Box<State>> {
        let first = State {
            live: Vec::new(),
            seen: Vec::new(),
            flying: Vec::new(),
            epoch: 0,
            intent: None,
            record: None,
            runs: Vec::new(),
            crashes: 0,
            losses: 0,
            ops: 0,
        };
        let mut known = HashSet::from([first.clone()]);
        let mut open = VecDeque::from([first]);
        while let Some(state) = open.pop_front() {
            if self.is_wrong(&state) {
                return Err(Box::new(state));
            }
            for next in self.next(&state) {
                if known.insert(next.clone()) {
                    open.push_back(next);
                }
            }
        }
        Ok(known.len())
    }

    /// When nothing is on its way and the last run came to its end, there is what it says, and nothing else.
    fn is_wrong(&self, state: &State) -> bool {
        let Some(last) = state.runs.last() else { return false };
        if !state.flying.is_empty() || state.runs.iter().any(Run::is_alive) || last.at != At::Done {
            return false;
        }
        let remembered: Vec<Op> = state.record.iter().map(|(op, _)| *op).collect();
        let wanted = usize::from(!last.destroys);
        // Whose tag a name carries does not matter, as long as it is one of ours.
        let same = if self.class == Class::Key { state.live.len() == remembered.len() } else { state.live == remembered };
        !same || state.live.len() != wanted
    }

    fn next(&self, state: &State) -> Vec<State> {
        let mut all = Vec::new();
        // A lease runs out because its holder is gone, or though it is not.
        if state.runs.len() < RUNS {
            for destroys in [false, true] {
                let mut next = state.clone();
                next.epoch += 1;
                let (epoch, intent, record) = (next.epoch, next.intent, next.record);
                next.runs.push(Run { epoch, destroys, at: At::Recover { settled: false }, doubt: false, intent, record });
                all.push(next);
            }
        }
        for at in 0..state.flying.len() {
            let mut lost = state.clone();
            let op = lost.flying.remove(at);
            let mut landed = lost.clone();
            self.land(&mut landed, op);
            all.extend([lost, landed]);
        }
        for (nth, run) in state.runs.iter().enumerate().filter(|(_, run)| run.is_alive()) {
            if state.crashes < CRASHES {
                let mut next = state.clone();
                next.crashes += 1;
                next.runs[nth].at = At::Over;
                all.push(next);
            }
            all.extend(self.step(state, nth, run));
        }
        all
    }

    /// Returns whether it happened: a token that was seen and a name that is taken make nothing.
    fn land(&self, state: &mut State, op: Op) -> bool {
        let again = state.seen.contains(&op);
        let makes = match self.class {
            Class::Token => !again,
            Class::Key => state.live.is_empty(),
            Class::Tag => true,
        };
        if makes {
            state.live.push(op);
            state.live.sort_unstable();
        }
        if !again {
            state.seen.push(op);
            state.seen.sort_unstable();
        }
        makes
    }

    /// Writes to the ledger, if this run may; one that may not is over.
    fn write(&self, state: &State, nth: usize, at: At, change: impl Fn(&mut Option<Op>, &mut Option<(Op, bool)>)) -> State {
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

    fn step(&self, state: &State, nth: usize, run: &Run) -> Vec<State> {
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
                    *record = Some((op, doubt));
                    *intent = None;
                })]
            }
            At::Delete | At::Watch if !held => vec![go(At::Over)],
            At::Delete => {
                let gone = run.record.map(|(op, _)| op);
                let watches = self.class == Class::Key && self.rules.watch && run.record.is_some_and(|(_, doubt)| doubt);
                let mut next = go(if watches { At::Watch } else { At::Forget });
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
        if there.is_none() && waits && !has_settled {
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
                *record = Some((found, self.class == Class::Key));
            }
        })
    }

    fn plan(&self, state: &State, nth: usize) -> State {
        let run = &state.runs[nth];
        let there = match (self.class, run.record) {
            (Class::Key, _) => state.live.first().copied(),
            (Class::Token | Class::Tag, Some((op, _))) => state.live.iter().copied().find(|live| *live == op),
            (Class::Token | Class::Tag, None) => None,
        };
        let mut next = state.clone();
        next.runs[nth].at = match (run.destroys, run.record, there) {
            (true, Some(_), _) => At::Delete,
            (true, None, _) | (false, Some(_), Some(_)) => At::Done,
            // A name of ours that nothing remembers is taken on.
            (false, None, Some(found)) => {
                next.runs[nth].doubt = true;
                At::Write(found)
            }
            (false, _, None) => {
                next.runs[nth].doubt |= run.record.is_some_and(|(_, doubt)| doubt);
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
        let mut next = state.clone();
        next.runs[nth].at = match self.class {
            _ if state.live.contains(&op) => At::Write(op),
            Class::Token => At::Check(op),
            Class::Key if state.live.is_empty() => At::Check(op),
            Class::Key => At::Over,
            Class::Tag if self.rules.settle && !has_settled => {
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

fn explore(class: Class, rules: Rules) -> Result<usize, Box<State>> {
    Explorer { class, rules }.explore()
}

#[test]
fn no_run_of_events_leaves_an_orphan_or_makes_a_twin() {
    for class in [Class::Token, Class::Key, Class::Tag] {
        match explore(class, ALL) {
            Ok(states) => println!("{class:?}: {states} states, nothing wrong in any"),
            Err(state) => panic!("{class:?}: {state:#?}"),
        }
    }
}

#[test]
fn every_rule_is_needed() {
    let controls: [(&str, Rules, &[Class]); 7] = [
        ("no intent before the request", Rules { intent_first: false, ..ALL }, &[Class::Token, Class::Tag]),
        ("no fencing", Rules { fencing: false, ..ALL }, &[Class::Token, Class::Tag]),
        ("no look at the lease before sending", Rules { gate: false, ..ALL }, &[Class::Token, Class::Tag]),
        ("no wait for what may still arrive", Rules { settle: false, ..ALL }, &[Class::Token, Class::Tag]),
        ("no wait for a name that must end up absent", Rules { settle_names: false, ..ALL }, &[Class::Key]),
        ("no watch over a name that was in doubt", Rules { watch: false, ..ALL }, &[Class::Key]),
        ("requests are sent again by the SDK", Rules { once: false, ..ALL }, &[Class::Tag]),
    ];
    for (what, rules, classes) in controls {
        for class in classes {
            let broken = explore(*class, rules).expect_err(what);
            println!("{what}, {class:?}: {} there, {:?} remembered", broken.live.len(), broken.record);
        }
    }
}
