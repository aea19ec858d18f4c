//! `--target` and `--exclude`: which declarations a plan is about.

use std::collections::HashSet;

use lowtide_graph::Node;
use lowtide_model::{Address, Declared};

use crate::{Input, Target};

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
        let behind = |targets: &[Target], forward: bool| -> HashSet<Declared> {
            let all = input.configuration.declarations().map(|declaration| &declaration.declared);
            let named = |declared: &Declared| targets.iter().any(|target| target.declared() == declared);
            if forward {
                let needed = |target: &Target| {
                    input.graph.declarations_behind(&Node::Declared(target.declared().clone())).into_iter().cloned().collect::<Vec<_>>()
                };
                let mut reached: HashSet<Declared> = HashSet::new();
                let mut open: Vec<Declared> = targets.iter().flat_map(needed).collect();
                while let Some(one) = open.pop() {
                    if reached.insert(one.clone()) {
                        open.extend(input.graph.declarations_behind(&Node::Declared(one)).into_iter().cloned());
                    }
                }
                return reached;
            }
            let mut reached: HashSet<Declared> = HashSet::new();
            // Declarations come in no order of need here, so go round until nothing is added.
            let all: Vec<_> = all.collect();
            loop {
                let before = reached.len();
                for declared in &all {
                    let needs = input.graph.declarations_behind(&Node::Declared((*declared).clone()));
                    if needs.into_iter().any(|needed| named(needed) || reached.contains(needed)) {
                        reached.insert((*declared).clone());
                    }
                }
                if reached.len() == before {
                    return reached;
                }
            }
        };
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
