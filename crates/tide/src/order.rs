//! The order of one tick: first what goes, and what requires another before that one; then what comes, the other way round.

use std::collections::{BTreeSet, VecDeque};

use crate::Phase;

/// A stack that a tick is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub stack: String,
    /// The stacks that it requires.
    pub requires: Vec<String>,
    /// The phase that it should be in.
    pub should: Phase,
    /// Whether it has resources.
    pub stands: bool,
}

/// Why a stack is left as it is, though it should be otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waits {
    /// It should go, but this one requires it and stays up.
    Needed(String),
    /// It should come, but it requires this one, which is down and stays so.
    Lacking(String),
}

/// The stacks of one tick, handed out in the order in which they are to be seen to, each with what stands in its way.
///
/// What goes comes first, so that nothing is brought up on what is about to go. Where schedules or holds contradict what the
/// stacks require of each other, what stands stays, and what does not stand stays away: a next tick finds the same.
#[derive(Debug)]
pub struct Order {
    left: VecDeque<Member>,
    up: Vec<Member>,
    down: BTreeSet<String>,
}

impl Order {
    /// Puts stacks in order.
    pub fn of(members: Vec<Member>) -> Self {
        let up = members.iter().filter(|one| one.should == Phase::Up && one.stands).cloned().collect();
        let down = members.iter().filter(|one| one.should == Phase::Down).map(|one| one.stack.clone()).collect();
        let (goes, comes): (Vec<_>, Vec<_>) = required_first(members).into_iter().partition(|one| one.should == Phase::Down);
        Self { left: goes.into_iter().rev().chain(comes).collect(), up, down }
    }

    /// Takes into account that a stack stays up, against its schedule: so does what it requires.
    pub fn stays_up(&mut self, member: &Member) {
        self.down.remove(&member.stack);
        self.up.push(member.clone());
    }

    fn waits(&self, member: &Member) -> Option<Waits> {
        match (member.should, member.stands) {
            (Phase::Down, true) => {
                let needs = self.up.iter().find(|one| one.requires.contains(&member.stack))?;
                Some(Waits::Needed(needs.stack.clone()))
            }
            (Phase::Up, false) => member.requires.iter().find(|name| self.down.contains(*name)).cloned().map(Waits::Lacking),
            (Phase::Down, false) | (Phase::Up, true) => None,
        }
    }
}

impl Iterator for Order {
    type Item = (Member, Option<Waits>);

    fn next(&mut self) -> Option<Self::Item> {
        let member = self.left.pop_front()?;
        let waits = self.waits(&member);
        match &waits {
            Some(Waits::Needed(_)) => self.stays_up(&member),
            Some(Waits::Lacking(_)) => drop(self.down.insert(member.stack.clone())),
            None => {}
        }
        Some((member, waits))
    }
}

fn required_first(mut left: Vec<Member>) -> Vec<Member> {
    let mut all = Vec::new();
    while !left.is_empty() {
        let free = |one: &Member| !one.requires.iter().any(|name| left.iter().any(|other| other.stack == *name));
        // Stacks that require each other in a circle are refused before; in any case this comes to an end.
        let at = left.iter().position(free).unwrap_or_default();
        all.push(left.remove(at));
    }
    all
}
