//! A stack as its spec alone tells it, as if nothing of it were there: what can be said before state and AWS are asked.

use std::collections::{BTreeMap, BTreeSet};

use lowtide_diagnostic::Diagnostics;
use lowtide_model::{Declared, Planned};
use lowtide_state::{NoDigests, State};

use crate::{Answers, Input, Options, Outsider, Spec, advance::Walk, beside, implied, outputs};

/// What follows from a spec alone.
#[derive(Clone, Debug, Default)]
pub struct Imagined {
    /// What is wrong across declarations, sorted by place. What is wrong with one alone is not told again.
    pub found: Diagnostics,
    /// Which declaration stands on which though it names it nowhere.
    pub unsaid: BTreeSet<(Declared, Declared)>,
    /// Its outputs, as far as they can be told.
    pub outputs: BTreeMap<String, Planned>,
    /// Its resources, for the stacks that require it.
    pub resources: Vec<Outsider>,
}

/// Looks at a stack as if nothing of it were there. What can't be evaluated is not known, and fits.
pub fn imagine(spec: &Spec<'_>) -> Imagined {
    let (state, places, sights) = (State::new(""), BTreeMap::new(), BTreeMap::new());
    let (answers, options) = (Answers::default(), Options::default());
    let input =
        Input { spec: *spec, places: &places, state: &state, sights: &sights, answers: &answers, digester: &NoDigests, options: &options };
    let walk = Walk::through(&input);
    let around = beside::found(&walk);
    let outputs = spec.configuration.outputs.iter();
    let outputs = outputs.filter_map(|(name, output)| Some((name.to_string(), outputs::value(output, walk.world.scope()).ok()?)));
    Imagined {
        found: around.complaints.into_iter().collect::<Diagnostics>().sorted(),
        unsaid: implied::declared(&around.implied, spec.graph),
        outputs: outputs.collect(),
        resources: Outsider::all_in(&walk),
    }
}
