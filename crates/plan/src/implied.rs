//! What a resource stands on though its spec does not say so: each kind says where to look ([`lowtide_model::Follows`]).

use std::collections::{BTreeMap, BTreeSet, HashSet};

use lowtide_graph::{Declarations, Node};
use lowtide_model::{Address, Declared};
use lowtide_spec::Schema;

use crate::{beside::Surroundings, draft::Draft};

/// What each resource stands on unsaid.
pub type Implied = BTreeMap<Address, BTreeSet<Address>>;

/// Returns what the kinds of this stack's resources find.
pub fn found(around: &Surroundings<'_>, schema: &Schema) -> Implied {
    let mut implied = Implied::new();
    for (one, address, _, description) in around.own(schema) {
        let numbers = description.follows.iter().flat_map(|follows| follows(&one, around));
        for other in numbers.filter_map(|number| around.address(number)).filter(|other| *other != address) {
            implied.entry(address.clone()).or_default().insert(other.clone());
        }
    }
    implied
}

/// Returns the same by declaration, where the spec does not say the opposite.
pub fn declared(implied: &Implied, graph: &Declarations) -> BTreeSet<(Declared, Declared)> {
    let pairs = implied.iter().flat_map(|(one, others)| others.iter().map(move |other| (&one.declared, &other.declared)));
    pairs.filter(|(one, other)| one != other && !refers(graph, other, one)).map(|(one, other)| (one.clone(), other.clone())).collect()
}

/// Returns whether a declaration refers to another, itself or through others.
fn refers(graph: &Declarations, one: &Declared, other: &Declared) -> bool {
    let (mut open, mut passed) = (vec![one], HashSet::new());
    while let Some(declared) = open.pop() {
        if declared == other {
            return true;
        }
        if passed.insert(declared) {
            open.extend(graph.declarations_behind(&Node::Declared(declared.clone())));
        }
    }
    false
}

/// Adds what steps stand on besides, unless that stands on them: what the spec says comes first.
pub fn add(drafts: &mut [Draft], implied: Implied) {
    for (address, found) in implied {
        let allowed: Vec<_> = found.into_iter().filter(|other| !stands_on(drafts, other, &address)).collect();
        for draft in drafts.iter_mut().filter(|draft| draft.address == address) {
            draft.depends_on.extend(allowed.iter().cloned());
        }
    }
}

/// Returns whether one thing stands on another, itself or through others.
fn stands_on(drafts: &[Draft], one: &Address, other: &Address) -> bool {
    let (mut open, mut passed) = (vec![one], HashSet::new());
    while let Some(address) = open.pop() {
        if address == other {
            return true;
        }
        if passed.insert(address) {
            open.extend(drafts.iter().filter(|draft| draft.address == *address).flat_map(|draft| &draft.depends_on));
        }
    }
    false
}
