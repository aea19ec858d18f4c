//! Every step gets its place: what it needs comes before it.

use std::collections::{BTreeMap, BTreeSet};

use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_graph::Ordering;
use lowtide_model::{Address, Place};

use crate::{Action, Reason, Step, StepId, beside::Room, draft::Draft};

/// Returns the drafts as steps, in an order in which each comes after what it needs.
pub fn steps(mut drafts: Vec<Draft>, room: &Room, found: &mut Diagnostics) -> Vec<Step> {
    spread_create_first(&mut drafts);
    let clashes = drafts.iter_mut().filter(|draft| draft.create_first).filter_map(|draft| draft.clash.take());
    clashes.for_each(|clash| found.push(*clash));
    let makes = index(&drafts, |action| matches!(action, Action::Create | Action::Update | Action::Adopt | Action::Read));
    let removes = index(&drafts, |action| matches!(action, Action::Delete | Action::Forget));
    let mut dependants: BTreeMap<&Address, Vec<usize>> = BTreeMap::new();
    for (number, draft) in drafts.iter().enumerate() {
        draft.depends_on.iter().for_each(|needed| dependants.entry(needed).or_default().push(number));
    }
    let mut ordering = Ordering::of(drafts.len());
    for (number, draft) in drafts.iter().enumerate() {
        match draft.action {
            Action::Create | Action::Update | Action::Adopt | Action::Read => {
                let needed = draft.depends_on.iter().flat_map(|address| at(&makes, address));
                needed.filter(|other| *other != number).for_each(|other| ordering.needs(number, other));
                if draft.replaces && !draft.create_first {
                    pair(&drafts, &removes, draft).into_iter().for_each(|old| ordering.needs(number, old));
                }
            }
            Action::Delete | Action::Forget => {
                for &other in dependants.get(&draft.address).into_iter().flatten() {
                    let dependant = &drafts[other];
                    let goes = matches!(dependant.action, Action::Delete | Action::Forget);
                    // The old one goes after what stood on it is gone or has moved on; a replacement that destroys first can't wait for those that move on.
                    // On one that is watched nothing stands any more.
                    let waits_for_all = (!draft.replaces || draft.create_first) && !matches!(draft.reason, Reason::Watched(_));
                    if other != number && (goes || waits_for_all) && dependant.action != Action::Read {
                        ordering.needs(number, other);
                    }
                }
                if draft.replaces && draft.create_first {
                    pair(&drafts, &makes, draft).into_iter().for_each(|new| ordering.needs(number, new));
                }
            }
        }
    }
    free_names_first(&drafts, &mut ordering);
    successors_first(&drafts, &makes, &mut ordering);
    make_room_first(&drafts, &removes, room, &mut ordering);
    heed_where_possible(&drafts, &removes, &mut ordering);
    let order = ordering.sorted().unwrap_or_else(|cycle| {
        found.push(explain(&cycle, &drafts));
        (0..drafts.len()).collect()
    });
    number(drafts, &order, &ordering)
}

/// A name is taken only when nothing else has it any more.
fn free_names_first(drafts: &[Draft], ordering: &mut Ordering) {
    let mut freed: BTreeMap<(&str, &Place, &str), Vec<usize>> = BTreeMap::new();
    for (number, draft) in drafts.iter().enumerate().filter(|(_, draft)| draft.action == Action::Delete) {
        if let Some(id) = &draft.physical_id {
            freed.entry((draft.address.kind(), &draft.place, id)).or_default().push(number);
        }
    }
    for (number, draft) in drafts.iter().enumerate() {
        let Some(id) = &draft.takes else { continue };
        let holders = freed.get(&(draft.address.kind(), &draft.place, id.as_str())).into_iter().flatten();
        // Its own predecessor comes first anyway, or else is a clash; one that is watched is long gone.
        let predecessor = |other: &Draft| draft.replaces && other.address == draft.address && !matches!(other.reason, Reason::Watched(_));
        let others = holders.filter(|other| !predecessor(&drafts[**other]));
        others.for_each(|other| ordering.needs(number, *other));
    }
}

/// What was replaced by an earlier run goes when its successor is made whole, or made at last, where nothing is against it.
fn successors_first(drafts: &[Draft], makes: &Index<'_>, ordering: &mut Ordering) {
    for (number, draft) in drafts.iter().enumerate().filter(|(_, draft)| draft.reason == Reason::Deposed) {
        for successor in at(makes, &draft.address) {
            if !ordering.closure([successor])[number] {
                ordering.needs(number, successor);
            }
        }
    }
}

/// What can't be beside something that goes comes after that has gone, where nothing is against it.
fn make_room_first(drafts: &[Draft], removes: &Index<'_>, room: &Room, ordering: &mut Ordering) {
    for (number, draft) in drafts.iter().enumerate().filter(|(_, draft)| draft.action == Action::Create) {
        for other in room.get(&draft.address).into_iter().flatten().flat_map(|address| at(removes, address)) {
            if !ordering.closure([other])[number] {
                ordering.needs(number, other);
            }
        }
    }
}

/// What changes or goes lets go of what it stood on before that goes, where nothing stronger is against it.
fn heed_where_possible(drafts: &[Draft], removes: &Index<'_>, ordering: &mut Ordering) {
    let mut wanted = Vec::new();
    for (number, draft) in drafts.iter().enumerate() {
        let known = draft.may_stand_on.iter().filter(|address| !draft.depends_on.contains(*address));
        wanted.extend(known.flat_map(|address| at(removes, address)).filter(|other| *other != number).map(|other| (other, number)));
    }
    if wanted.is_empty() {
        return;
    }
    let mut all = ordering.clone();
    wanted.iter().for_each(|(one, other)| all.needs(*one, *other));
    if all.sorted().is_ok() {
        *ordering = all;
        return;
    }
    for (one, other) in wanted {
        if !ordering.closure([other])[one] {
            ordering.needs(one, other);
        }
    }
}

/// A thing whose successor comes first keeps what it stands on until it is gone, so those come first as well.
fn spread_create_first(drafts: &mut [Draft]) {
    loop {
        let standing: BTreeSet<Address> =
            drafts.iter().filter(|draft| draft.replaces && draft.create_first).flat_map(|draft| draft.depends_on.iter().cloned()).collect();
        let late: Vec<_> =
            drafts.iter_mut().filter(|draft| draft.replaces && !draft.create_first && standing.contains(&draft.address)).collect();
        if late.is_empty() {
            return;
        }
        late.into_iter().for_each(|draft| draft.create_first = true);
    }
}

type Index<'a> = BTreeMap<&'a Address, Vec<usize>>;

fn index(drafts: &[Draft], wanted: impl Fn(Action) -> bool) -> Index<'_> {
    let mut index = Index::new();
    for (number, draft) in drafts.iter().enumerate().filter(|(_, draft)| wanted(draft.action)) {
        index.entry(&draft.address).or_default().push(number);
    }
    index
}

fn at<'a>(index: &'a Index<'_>, address: &Address) -> impl Iterator<Item = usize> + use<'a> {
    index.get(address).into_iter().flatten().copied()
}

fn pair(drafts: &[Draft], index: &Index<'_>, of: &Draft) -> Option<usize> {
    at(index, &of.address).find(|other| drafts[*other].replaces)
}

fn number(drafts: Vec<Draft>, order: &[usize], ordering: &Ordering) -> Vec<Step> {
    let mut place = vec![0; drafts.len()];
    order.iter().enumerate().for_each(|(at, draft)| place[*draft] = at);
    let removes = index(&drafts, |action| action == Action::Delete);
    let makes = index(&drafts, |action| action == Action::Create);
    let pairs: Vec<Option<StepId>> = drafts
        .iter()
        .map(|draft| {
            draft
                .replaces
                .then(|| pair(&drafts, if draft.action == Action::Delete { &makes } else { &removes }, draft))
                .flatten()
                .map(|other| place[other])
        })
        .collect();
    let mut steps: Vec<_> = drafts
        .into_iter()
        .enumerate()
        .map(|(number, draft)| {
            let mut needs: Vec<_> = ordering.needed_by(number).map(|other| place[other]).collect();
            needs.sort_unstable();
            Step {
                id: place[number],
                address: draft.address,
                generation: draft.generation,
                physical_id: draft.physical_id,
                action: draft.action,
                reason: draft.reason,
                changes: draft.changes,
                before: draft.before,
                after: draft.after,
                wish: draft.wish,
                place: draft.place,
                provider: draft.provider,
                pair: pairs[number],
                create_first: draft.create_first,
                needs,
            }
        })
        .collect();
    steps.sort_by_key(|step| step.id);
    steps
}

fn explain(cycle: &[usize], drafts: &[Draft]) -> Diagnostic {
    let words = |draft: &Draft| {
        let verb = match draft.action {
            Action::Create => "creating",
            Action::Update => "updating",
            Action::Delete => "destroying",
            Action::Read => "reading",
            Action::Adopt => "adopting",
            Action::Forget => "forgetting",
        };
        format!("{verb} `{}`", draft.address)
    };
    let path: Vec<_> = cycle.iter().chain(cycle.first()).map(|number| words(&drafts[*number])).collect();
    let detail = format!("These changes wait for each other, so none can come first: {}.", path.join(" needs "));
    Diagnostic::error("No possible order", detail)
        .hint("set create_before_destroy on one of them, or make the change in two applies with --target")
}
