//! What a resource stands on though its spec does not say so: each kind says where to look ([`lowtide_model::Follows`]).

use std::collections::{BTreeMap, BTreeSet, HashSet};

use lowtide_model::Address;

use crate::{
    advance::Walk,
    beside::{Listed, Surroundings},
    draft::Draft,
};

/// Adds what steps stand on besides, unless that stands on them: what the spec says comes first.
pub fn add(walk: &mut Walk<'_>) {
    let implied = {
        let listed = Listed::all(walk);
        let around = Surroundings::of(&listed);
        let mut implied: BTreeMap<Address, BTreeSet<Address>> = BTreeMap::new();
        for (number, one) in listed.iter().enumerate() {
            let (Some(address), Some(declaration)) = (&one.address, one.declaration) else { continue };
            let follows = walk.input.schema.of(&declaration.declared).map_or(&[][..], |description| description.follows);
            let found = follows.iter().flat_map(|follows| follows(&around.neighbour(number), &around));
            let found: BTreeSet<_> =
                found.filter_map(|number| listed.get(number)?.address.clone()).filter(|other| other != address).collect();
            if !found.is_empty() {
                implied.insert(address.clone(), found);
            }
        }
        implied
    };
    for (address, found) in implied {
        let allowed: Vec<_> = found.into_iter().filter(|other| !stands_on(&walk.drafts, other, &address)).collect();
        for draft in walk.drafts.iter_mut().filter(|draft| draft.address == address) {
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
