//! Planning: declarations are walked in order, then what is no longer declared, then everything gets its place.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_graph::Node;
use lowtide_model::{Address, Declared};
use lowtide_spec::{
    Declaration, MOST_INSTANCES,
    expression::{Reference, Root},
};
use lowtide_state::RecordKey;

use crate::{
    Blocked, Drift, Governors, Input, Kept, Move, Plan, Request, Unchanged, World, beside, draft::Draft, identity::Physical, outputs,
    removal, select::Selection, sequence,
};

/// How far planning came.
#[derive(Clone, Debug)]
pub enum Progress {
    /// These must be answered first; then [`advance`] is called again with the answers.
    Needs(BTreeSet<Request>),
    /// It is decided.
    Done(Box<Plan>),
}

/// Plans as far as what is known allows.
///
/// # Errors
/// Returns everything that is wrong with the spec in the light of what is known, sorted by place.
pub fn advance(input: &Input<'_>) -> Result<Progress, Diagnostics> {
    let mut walk = Walk::through(input);
    removal::plan(&mut walk);
    // What is wrong may only be so because an answer is missing.
    if !walk.needs.is_empty() {
        return Ok(Progress::Needs(walk.needs));
    }
    beside::look_around(&mut walk);
    let room = if input.options.destroy { beside::Room::new() } else { beside::room(&walk) };
    let outputs = outputs::plan(&mut walk);
    follow(&mut walk.drafts, &walk.moves);
    let known = known(&walk);
    let dependencies = dependencies(&walk.drafts);
    // All values are in the drafts now; of a large spec they need not be held twice while the drafts are put in order.
    drop(walk.world);
    drop(walk.instances);
    let steps = sequence::steps(std::mem::take(&mut walk.drafts), &room, &mut walk.found);
    let plan = Plan {
        stack: input.spec.stack.clone(),
        lineage: input.state.lineage.clone(),
        serial: input.state.serial,
        destroy: input.options.destroy,
        place: input.places.get(&None).cloned().unwrap_or_default(),
        steps,
        moves: walk.moves,
        unchanged: walk.unchanged,
        kept: walk.kept,
        blocked: walk.blocked,
        drift: walk.drift,
        outputs,
        known,
        dependencies,
        warnings: Diagnostics::default(),
    };
    walk.found.or(plan).map(|(plan, warnings)| Progress::Done(Box::new(Plan { warnings, ..plan })))
}

/// What no step is about and is not unchanged, but expressions refer to.
fn known(walk: &Walk<'_>) -> BTreeMap<Address, lowtide_model::Planned> {
    let mut elsewhere: HashSet<&Address> = walk.unchanged.iter().map(|one| &one.address).collect();
    elsewhere.extend(walk.drafts.iter().map(|draft| &draft.address));
    let all = walk.world.all_instances().filter(|(address, _)| !elsewhere.contains(address));
    all.map(|(address, value)| (address, value.clone())).collect()
}

fn dependencies(drafts: &[Draft]) -> BTreeMap<Address, Vec<Address>> {
    let made = drafts.iter().filter(|draft| !matches!(draft.action, crate::Action::Delete | crate::Action::Forget));
    made.map(|draft| (draft.address.clone(), draft.depends_on.iter().filter(|address| !address.declared.data).cloned().collect())).collect()
}

/// What stood on something under its old address stands on it under its new one.
fn follow(drafts: &mut [Draft], moves: &[Move]) {
    let to: BTreeMap<&Address, &Address> = moves.iter().map(|one| (&one.from, &one.to)).collect();
    for draft in drafts.iter_mut().filter(|_| !to.is_empty()) {
        for all in [&mut draft.depends_on, &mut draft.may_stand_on] {
            let moved: Vec<_> = all.iter().filter_map(|address| to.get(address)).map(|address| (*address).clone()).collect();
            all.extend(moved);
        }
    }
}

/// One walk over everything declared.
pub struct Walk<'a> {
    /// What planning was given.
    pub input: &'a Input<'a>,
    /// What is known so far.
    pub world: World<'a>,
    /// What the user chose.
    pub selection: Selection,
    /// What resources move of others.
    pub governors: Governors,
    /// What is wrong.
    pub found: Diagnostics,
    /// What must be asked.
    pub needs: BTreeSet<Request>,
    /// Steps so far.
    pub drafts: Vec<Draft>,
    /// Resources that stay.
    pub unchanged: Vec<Unchanged>,
    /// Changes of address.
    pub moves: Vec<Move>,
    /// What can't be planned.
    pub blocked: Vec<Blocked>,
    /// What is neither there nor can be planned.
    pub unmade: BTreeSet<Address>,
    /// What is kept from being destroyed.
    pub kept: Vec<Kept>,
    /// What others changed.
    pub drift: Vec<Drift>,
    /// Records whose declaration was met.
    pub taken: HashSet<RecordKey>,
    /// Resources that get a new physical thing.
    pub renewed: BTreeSet<Address>,
    /// Resources that change in place.
    pub updated: BTreeSet<Address>,
    /// How many instances were met so far.
    pub met: usize,
    /// Instances by declaration, for those met so far.
    pub instances: HashMap<Declared, Vec<Address>>,
    /// Data sources that are read while applying.
    pub later: HashSet<Address>,
    /// Records by kind and physical id, for things that got another address.
    pub by_id: BTreeMap<Physical, RecordKey>,
    /// Declarations by the physical key they have, and where they stand.
    pub claimed: BTreeMap<Physical, (Address, lowtide_diagnostic::Place)>,
}

impl<'a> Walk<'a> {
    /// Walks over everything declared, in order.
    pub fn through(input: &'a Input<'a>) -> Self {
        let mut walk = Self::new(input);
        for node in input.spec.graph.in_order() {
            match node {
                Node::Local(name) => {
                    if let Err(wrong) = walk.world.set_local(name) {
                        walk.wrong(wrong);
                    }
                }
                Node::Declared(declared) => walk.declaration(declared),
                Node::Output(_) => {}
            }
        }
        walk
    }

    fn new(input: &'a Input<'a>) -> Self {
        let world = World::new(
            input.spec.configuration,
            input.spec.graph,
            input.spec.schema,
            input.spec.providers,
            input.places,
            input.spec.values.clone(),
        );
        let by_id = input
            .state
            .records
            .iter()
            .map(|(key, record)| ((record.address.kind().to_owned(), record.place.clone(), record.id.clone()), key.clone()))
            .collect();
        Self {
            input,
            world,
            selection: Selection::of(input),
            governors: Governors::of(input.spec.schema, input.spec.configuration, input.state, input.sights),
            found: Diagnostics::default(),
            needs: BTreeSet::new(),
            drafts: Vec::new(),
            unchanged: Vec::new(),
            moves: Vec::new(),
            blocked: Vec::new(),
            unmade: BTreeSet::new(),
            kept: Vec::new(),
            drift: Vec::new(),
            taken: HashSet::new(),
            renewed: BTreeSet::new(),
            updated: BTreeSet::new(),
            met: 0,
            instances: HashMap::new(),
            later: HashSet::new(),
            by_id,
            claimed: BTreeMap::new(),
        }
    }

    /// Takes note of what is wrong. A destroy goes on without the spec where it can't be evaluated.
    pub fn wrong(&mut self, wrong: Diagnostics) {
        if !self.input.options.destroy {
            self.found.extend(wrong);
        }
    }

    fn declaration(&mut self, declared: &Declared) {
        let Some(declaration) = self.input.spec.configuration.declaration(declared) else { return };
        let Some(description) = self.input.spec.schema.of(declared) else { return };
        let instances = match declaration.instances(self.world.scope()) {
            Ok(instances) => instances,
            Err(wrong) => {
                self.wrong(wrong);
                return;
            }
        };
        self.met += instances.len();
        if self.met > MOST_INSTANCES {
            self.wrong(too_many(declaration, instances.len()));
            return;
        }
        let addresses = instances.iter().map(|(key, _)| declared.instance(key.clone())).collect();
        self.instances.insert(declared.clone(), addresses);
        for instance in &instances {
            if declared.data {
                self.data(declaration, description, instance);
            } else {
                self.resource(declaration, description, instance);
            }
        }
        self.world.publish(declaration);
    }

    /// Returns the resources that instances of a declaration refer to, as far as they exist; data sources stand for what they refer to.
    pub fn dependencies(&self, declared: &Declared) -> BTreeSet<Address> {
        let node = Node::Declared(declared.clone());
        let through_locals = self.input.spec.graph.declarations_through_locals(&node);
        let references = self.input.spec.configuration.declaration(declared).map(Declaration::references).unwrap_or_default();
        let mut all = BTreeSet::new();
        for needed in self.input.spec.graph.declarations_behind(&node) {
            let instances = self.instances.get(needed).map_or(&[][..], Vec::as_slice);
            if needed.data {
                all.extend(instances.iter().filter(|data| self.reads(data)).cloned());
                all.extend(self.dependencies(needed));
            } else if through_locals.contains(&needed) {
                all.extend(instances.iter().cloned());
            } else {
                all.extend(named(instances, needed, &references).cloned());
            }
        }
        all
    }

    fn reads(&self, address: &Address) -> bool {
        self.later.contains(address)
    }
}

fn too_many(declaration: &Declaration, instances: usize) -> Diagnostics {
    let detail = format!(
        "With the {instances} of `{}` the stack has more than {MOST_INSTANCES} instances, which is as many as one may have.",
        declaration.declared
    );
    Diagnostic::error("Too many resources", detail).at(declaration.place.clone()).hint("divide it into several stacks").into()
}

/// Returns which instances of `needed` are referred to: some, where each reference names one by a constant key.
fn named<'i>(instances: &'i [Address], needed: &Declared, references: &[Reference]) -> impl Iterator<Item = &'i Address> {
    let direct = references.iter().filter(|reference| matches!(&reference.root, Root::Declared(root) if root == needed));
    let keys: Option<HashSet<_>> = direct.map(|reference| reference.key.clone()).map(|key| key.map(Some)).collect();
    let keys = keys.filter(|keys| !keys.is_empty());
    instances.iter().filter(move |address| keys.as_ref().is_none_or(|keys| keys.contains(&address.key)))
}
