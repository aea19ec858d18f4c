//! Which steps may begin.

use lowtide_plan::{Step, StepId};

/// The steps of a plan on their way.
pub struct Queue {
    waits_for: Vec<usize>,
    dependants: Vec<Vec<StepId>>,
    ready: std::collections::BTreeSet<StepId>,
    open: Vec<bool>,
    done: Vec<bool>,
}

impl Queue {
    /// Returns the queue of a plan's steps.
    pub fn of(steps: &[Step]) -> Self {
        let mut dependants = vec![Vec::new(); steps.len()];
        for step in steps {
            step.needs.iter().for_each(|needed| dependants[*needed].push(step.id));
        }
        let waits_for: Vec<_> = steps.iter().map(|step| step.needs.len()).collect();
        let ready = waits_for.iter().enumerate().filter(|(_, count)| **count == 0).map(|(id, _)| id).collect();
        Self { waits_for, dependants, ready, open: vec![true; steps.len()], done: vec![false; steps.len()] }
    }

    /// Returns whether a step may begin.
    pub fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// Takes the next step that may begin.
    pub fn next(&mut self) -> Option<StepId> {
        let next = self.ready.pop_first()?;
        self.open[next] = false;
        Some(next)
    }

    /// Says that a step is done: what only waited for it may begin.
    pub fn done(&mut self, step: StepId) {
        self.done[step] = true;
        for dependant in self.dependants[step].clone() {
            self.waits_for[dependant] -= 1;
            if self.waits_for[dependant] == 0 && self.open[dependant] {
                self.ready.insert(dependant);
            }
        }
    }

    /// Says that a step failed; returns everything that will not be tried because of it.
    pub fn failed(&mut self, step: StepId) -> Vec<StepId> {
        let mut skipped = Vec::new();
        let mut reached = self.dependants[step].clone();
        while let Some(one) = reached.pop() {
            if std::mem::replace(&mut self.open[one], false) {
                self.ready.remove(&one);
                skipped.push(one);
                reached.extend(self.dependants[one].iter().copied());
            }
        }
        skipped.sort_unstable();
        skipped
    }

    /// Returns whether a step is done. One that failed, was ruled out, is under way or was never begun is not.
    pub fn is_done(&self, step: StepId) -> bool {
        self.done[step]
    }

    /// Returns the steps that were never begun and are not ruled out.
    pub fn left(&self) -> Vec<StepId> {
        self.open.iter().enumerate().filter(|(_, open)| **open).map(|(id, _)| id).collect()
    }
}
