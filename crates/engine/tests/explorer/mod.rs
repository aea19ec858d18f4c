//! The rules of intents and recovery, in small: one resource, up to three runs, two of them killed at any step, a lease that runs
//! out though its holder lives, requests that are lost or arrive late, runs that wait for nothing. Every state that can be reached is looked at.
//!
//! A rule that could be left out would be no rule: for each there is a control in which it is, and things go wrong.
//!
//! Not in it: more than one resource, tokens that are forgotten, reads that lag behind, how a ledger writes.

mod steps;

use std::collections::{HashSet, VecDeque};

const RUNS: usize = 3;
const CRASHES: u8 = 2;
const LOSSES: u8 = 2;
/// How many of the runs wait for nothing at most.
const HASTY: usize = 1;

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
    /// What a run that waits for nothing would have watched stays in the state, for the next to close.
    leave_watched: bool,
    /// What a run that waits for nothing can't tell stays in doubt, and nothing is made in its place.
    leave_open: bool,
}

const ALL: Rules = Rules {
    intent_first: true,
    fencing: true,
    gate: true,
    settle: true,
    settle_names: true,
    watch: true,
    once: true,
    leave_watched: true,
    leave_open: true,
};

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
    /// It is about to write that what it deleted is to be watched by another.
    Leave,
    Forget,
    Done,
    /// Killed, fenced off, or given up: this run does nothing more.
    Over,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Run {
    epoch: u8,
    destroys: bool,
    /// Whether it waits for what may still arrive; not so with `--no-wait`.
    waits: bool,
    at: At,
    /// Whether a request for what it makes was lost, by itself or by a run before.
    doubt: bool,
    /// The ledger as it was read when the run began, and as the run has written it since.
    intent: Option<Op>,
    record: Option<Record>,
}

/// What is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Record {
    op: Op,
    /// Whether its create was in doubt.
    doubt: bool,
    /// Whether it was deleted, and may come back.
    watched: bool,
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
    record: Option<Record>,
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
        if state.record.is_some_and(|record| record.watched) {
            return !last.destroys;
        }
        let remembered: Vec<Op> = state.record.iter().map(|record| record.op).collect();
        let wanted = usize::from(!last.destroys);
        // Whose tag a name carries does not matter, as long as it is one of ours.
        let same = if self.class == Class::Key { state.live.len() == remembered.len() } else { state.live == remembered };
        !same || state.live.len() != wanted
    }

    fn next(&self, state: &State) -> Vec<State> {
        let mut all = Vec::new();
        // A lease runs out because its holder is gone, or though it is not.
        if state.runs.len() < RUNS {
            let hasty = state.runs.iter().filter(|run| !run.waits).count() < HASTY;
            for (destroys, waits) in [(false, true), (true, true), (false, false), (true, false)] {
                if !waits && !hasty {
                    continue;
                }
                let mut next = state.clone();
                next.epoch += 1;
                let (epoch, intent, record) = (next.epoch, next.intent, next.record);
                next.runs.push(Run { epoch, destroys, waits, at: At::Recover { settled: false }, doubt: false, intent, record });
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
    let controls: [(&str, Rules, &[Class]); 9] = [
        ("no intent before the request", Rules { intent_first: false, ..ALL }, &[Class::Token, Class::Tag]),
        ("no fencing", Rules { fencing: false, ..ALL }, &[Class::Token, Class::Tag]),
        ("no look at the lease before sending", Rules { gate: false, ..ALL }, &[Class::Token, Class::Tag]),
        ("no wait for what may still arrive", Rules { settle: false, ..ALL }, &[Class::Token, Class::Tag]),
        ("no wait for a name that must end up absent", Rules { settle_names: false, ..ALL }, &[Class::Key]),
        ("no watch over a name that was in doubt", Rules { watch: false, ..ALL }, &[Class::Key]),
        ("requests are sent again by the SDK", Rules { once: false, ..ALL }, &[Class::Tag]),
        ("nobody waits, and what was to be watched is forgotten", Rules { leave_watched: false, ..ALL }, &[Class::Key]),
        ("nobody waits, and what is in doubt is made anew", Rules { leave_open: false, ..ALL }, &[Class::Token, Class::Tag]),
    ];
    for (what, rules, classes) in controls {
        for class in classes {
            let broken = explore(*class, rules).expect_err(what);
            println!("{what}, {class:?}: {} there, {:?} remembered", broken.live.len(), broken.record);
        }
    }
}
