//! `--target` and `--exclude`: which declarations a plan is about.

use std::collections::{HashMap, HashSet};

use lowtide_graph::Node;
use lowtide_model::{Address, Declared};

use crate::{Input, Options, Target, advance::Walk, beside, implied};

/// Which resources a plan is about.
pub struct Selection {
    targets: Vec<Target>,
    excludes: Vec<Target>,
    /// What the targets need.
    needed: HashSet<Declared>,
    /// What needs what is excluded.
    held_back: HashSet<Declared>,
}

impl Selection {
    /// Works out what the options mean. A destroy runs the other way: with a target goes what needs it.
    pub fn of(input: &Input<'_>) -> Self {
        let destroy = input.options.destroy;
        let selects = !input.options.targets.is_empty() || !input.options.excludes.is_empty();
        let needs = if selects { needs(input) } else { Vec::new() };
        let behind = |targets: &[Target], forward: bool| reached(&needs, targets, forward);
        let (targets, excludes) = (input.options.targets.clone(), input.options.excludes.clone());
        let needed = if targets.is_empty() { HashSet::new() } else { behind(&targets, !destroy) };
        let held_back = if excludes.is_empty() { HashSet::new() } else { behind(&excludes, destroy) };
        Self { targets, excludes, needed, held_back }
    }

    /// Returns whether the plan is about this resource.
    pub fn has(&self, address: &Address) -> bool {
        let wanted =
            self.targets.is_empty() || self.targets.iter().any(|target| target.means(address)) || self.needed.contains(&address.declared);
        let refused = self.excludes.iter().any(|target| target.means(address)) || self.held_back.contains(&address.declared);
        wanted && !refused
    }
}

/// Returns what needs what: by the spec, said or not, and in a destroy by what is remembered of things that are no longer declared.
fn needs(input: &Input<'_>) -> Vec<(Declared, Declared)> {
    // What stands on what unsaid shows when everything is walked over.
    let whole = Options { targets: Vec::new(), excludes: Vec::new(), ..input.options.clone() };
    let whole = Input { options: &whole, ..*input };
    let mut all: Vec<_> = implied::declared(&beside::found(&Walk::through(&whole)).implied, input.spec.graph).into_iter().collect();
    for declaration in input.spec.configuration.declarations() {
        let behind = input.spec.graph.declarations_behind(&Node::Declared(declaration.declared.clone()));
        all.extend(behind.into_iter().map(|needed| (declaration.declared.clone(), needed.clone())));
    }
    let loose = input
        .state
        .records
        .values()
        .filter(|record| input.options.destroy && input.spec.configuration.declaration(&record.address.declared).is_none());
    all.extend(
        loose.flat_map(|record| record.dependencies.iter().map(|needed| (record.address.declared.clone(), needed.declared.clone()))),
    );
    all
}

/// Returns what the targets need, directly or not, or else what needs them.
fn reached(needs: &[(Declared, Declared)], targets: &[Target], forward: bool) -> HashSet<Declared> {
    let mut next: HashMap<&Declared, Vec<&Declared>> = HashMap::new();
    for (one, other) in needs {
        let (from, to) = if forward { (one, other) } else { (other, one) };
        next.entry(from).or_default().push(to);
    }
    let mut open: Vec<&Declared> = targets.iter().map(Target::declared).collect();
    let mut reached = HashSet::new();
    while let Some(one) = open.pop() {
        for further in next.get(one).into_iter().flatten() {
            if reached.insert((*further).clone()) {
                open.push(further);
            }
        }
    }
    reached
}
