//! What is declared, seen together once everything is planned: checks across declarations ([`lowtide_model::Relation`]), and what stands
//! on what unsaid (`implied`). To add either, a kind names it; nothing changes here.

use std::{
    borrow::Cow,
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use lowtide_diagnostic::{Diagnostic, Place};
use lowtide_model::{Address, Beside, Complaint, Content, Description, Neighbour, Object, Planned};
use lowtide_spec::{Attributes, Configuration, Declaration, Schema, complained};
use lowtide_state::{RecordKey, State};

use crate::{
    Action, Sight,
    advance::Walk,
    draft::Draft,
    implied::{self, Implied},
    plan::Plan,
};

/// A resource of a stack that was planned before, in the same run.
#[derive(Clone, Debug)]
pub struct Outsider {
    /// Its stack and its address, with a slash between.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// Where it is declared.
    pub place: Place,
    /// All its attributes, as they will be.
    pub values: Planned,
}

impl Outsider {
    /// Returns the resources that a plan leaves there.
    pub fn all_of(plan: &Plan, configuration: &Configuration) -> Vec<Self> {
        let stay = plan.unchanged.iter().map(|one| (&one.address, &one.values));
        let made = plan.steps.iter().filter(|step| !step.after.is_null()).map(|step| (&step.address, &step.after));
        let known = plan.known.iter();
        let all = stay.chain(made).chain(known).filter(|(address, _)| !address.declared.data);
        let outsider = |(address, values): (&Address, &Planned)| {
            let place = configuration.declaration(&address.declared)?.place.clone();
            let name = format!("{}/{address}", plan.stack.stack);
            Some(Self { name, kind: address.kind().to_owned(), place, values: values.clone() })
        };
        all.filter_map(outsider).collect()
    }

    /// Returns the resources that a walk has met, as they will be.
    pub(crate) fn all_in(walk: &Walk<'_>) -> Vec<Self> {
        let stack = &walk.input.spec.stack.stack;
        let own = Listed::all(walk).into_iter().filter(|one| one.own.is_some());
        let outsider = |one: Listed<'_>| Self {
            name: format!("{stack}/{}", one.name),
            kind: one.kind.into_owned(),
            place: one.place.clone(),
            values: one.values.clone(),
        };
        own.map(outsider).collect()
    }
}

/// What looking around shows.
#[derive(Default)]
pub struct Found {
    /// What the checks of all resources that are declared say.
    pub complaints: Vec<Diagnostic>,
    /// What they stand on unsaid.
    pub implied: Implied,
}

/// Looks at everything that was met, together.
pub fn found(walk: &Walk<'_>) -> Found {
    let schema = walk.input.spec.schema;
    let looks = |description: &Description| !description.relations.is_empty() || !description.follows.is_empty();
    if !walk.input.spec.configuration.declarations().any(|one| schema.of(&one.declared).is_some_and(looks)) {
        return Found::default();
    }
    let listed = Listed::all(walk);
    let around = Surroundings { listed: &listed, index: RefCell::default() };
    Found { complaints: around.complaints(schema), implied: implied::found(&around, schema) }
}

/// Tells what is wrong across declarations, and adds what they stand on unsaid. A destroy is not held up by checks.
pub fn look_around(walk: &mut Walk<'_>) {
    let found = found(walk);
    if !walk.input.options.destroy {
        found.complaints.into_iter().for_each(|wrong| walk.found.push(wrong));
    }
    implied::add(&mut walk.drafts, found.implied);
}

/// What must have gone before something new can come, by the address of the new.
pub type Room = BTreeMap<Address, BTreeSet<Address>>;

/// Finds what is new and can't be beside something that goes: the checks of what is declared tell, asked about what goes.
pub fn room(walk: &Walk<'_>) -> Room {
    let schema = walk.input.spec.schema;
    let goes =
        |draft: &&Draft| draft.action == Action::Delete && schema.of(&draft.address.declared).is_some_and(|one| !one.relations.is_empty());
    let going: Vec<_> = walk.drafts.iter().filter(goes).collect();
    if going.is_empty() {
        return Room::new();
    }
    // Checks look at what comes before them in the list.
    let mut listed: Vec<_> = going.iter().map(|draft| Listed::going(draft, walk)).collect();
    listed.extend(Listed::all(walk));
    let around = Surroundings { listed: &listed, index: RefCell::default() };
    let new: BTreeSet<_> = walk.drafts.iter().filter(|draft| draft.action == Action::Create).map(|draft| &draft.address).collect();
    let mut room = Room::new();
    for (one, address, _, description) in around.own(schema).filter(|(_, address, ..)| new.contains(address)) {
        let complaints = description.relations.iter().flat_map(|relation| relation(&one, &around)).filter(|complaint| !complaint.doubtful);
        for other in complaints.filter_map(|complaint| going.get(complaint.beside?)).filter(|other| other.address != *address) {
            room.entry(address.clone()).or_default().insert(other.address.clone());
        }
    }
    room
}

/// A resource that is declared, in this stack or in one that was planned before.
struct Listed<'a> {
    name: Cow<'a, str>,
    kind: Cow<'a, str>,
    place: &'a Place,
    values: &'a Planned,
    aside: Option<&'a Object>,
    /// Its address and its declaration, if it is of this stack.
    own: Option<(Address, &'a Declaration)>,
}

impl<'a> Listed<'a> {
    /// Returns something that goes, as it still is. It is nowhere in the text.
    fn going(draft: &'a Draft, walk: &'a Walk<'_>) -> Self {
        let (name, kind) = (Cow::Owned(draft.address.to_string()), Cow::Owned(draft.address.kind().to_owned()));
        let place = &walk.input.spec.configuration.stack.place;
        Self { name, kind, place, values: &draft.before, aside: None, own: None }
    }

    /// Returns those of other stacks, then those of this one in the order of the text.
    fn all(walk: &'a Walk<'_>) -> Vec<Self> {
        let others = walk.input.spec.beside.iter().map(|one| Self {
            name: Cow::Borrowed(&one.name),
            kind: Cow::Borrowed(&one.kind),
            place: &one.place,
            values: &one.values,
            // What AWS said of it besides is not handed on from stack to stack.
            aside: None,
            own: None,
        });
        let mut own: Vec<_> = walk.world.all_instances().filter(|(address, _)| !address.declared.data).collect();
        own.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut own: Vec<_> = own
            .into_iter()
            .filter_map(|(address, values)| {
                let declaration = walk.input.spec.configuration.declaration(&address.declared)?;
                let (name, kind) = (Cow::Owned(address.to_string()), Cow::Owned(address.kind().to_owned()));
                let aside = aside(walk.input.state, walk.input.sights, &address);
                Some(Self { name, kind, place: &declaration.place, values, aside, own: Some((address, declaration)) })
            })
            .collect();
        own.sort_by_key(|one| one.place);
        others.chain(own).collect()
    }
}

/// Returns what AWS said of a resource besides its attributes, where this plan looked.
fn aside<'a>(state: &State, sights: &'a BTreeMap<RecordKey, Sight>, address: &Address) -> Option<&'a Object> {
    match sights.get(&state.current(address)?.key())? {
        Sight::Here(seen) => Some(&seen.aside),
        Sight::Gone | Sight::Unseen(_) => None,
    }
}

/// Everything that is declared, and a way to find it by its attributes.
pub struct Surroundings<'a> {
    listed: &'a [Listed<'a>],
    /// Numbers by kind and attribute, then by the attribute's value; made when first asked for.
    index: RefCell<HashMap<(String, String), ByValue<'a>>>,
}

type ByValue<'a> = HashMap<&'a Content, Vec<usize>>;

impl<'a> Surroundings<'a> {
    /// Returns the resources of this stack, with their addresses, declarations and kinds.
    pub fn own<'s>(&'s self, schema: &'s Schema) -> impl Iterator<Item = (Neighbour<'a>, &'a Address, &'a Declaration, &'s Description)> {
        let listed: &'a [Listed<'a>] = self.listed;
        (0..listed.len()).filter_map(move |number| {
            let (address, declaration) = listed[number].own.as_ref()?;
            Some((self.neighbour(number), address, *declaration, schema.of(&declaration.declared)?))
        })
    }

    /// Returns the address of the resource of this number, if it is of this stack.
    pub fn address(&self, number: usize) -> Option<&'a Address> {
        let listed: &'a [Listed<'a>] = self.listed;
        listed.get(number)?.own.as_ref().map(|(address, _)| address)
    }

    fn complaints(&self, schema: &Schema) -> Vec<Diagnostic> {
        let mut all = Vec::new();
        for (one, _, declaration, description) in self.own(schema) {
            let complaints = description.relations.iter().flat_map(|relation| relation(&one, self));
            all.extend(complaints.map(|complaint| self.diagnostic(declaration, one.values, complaint)));
        }
        all
    }

    fn neighbour(&self, number: usize) -> Neighbour<'a> {
        let listed: &'a [Listed<'a>] = self.listed;
        Neighbour { number, name: &listed[number].name, values: listed[number].values, aside: listed[number].aside }
    }

    fn indexed(&self, kind: &str, attribute: &str) -> ByValue<'a> {
        let mut found = ByValue::new();
        for (number, one) in self.listed.iter().enumerate().filter(|(_, one)| one.kind == kind) {
            let value = one.values.as_members().and_then(|all| all.get(attribute)).filter(|value| tells(value));
            if let Some(value) = value {
                found.entry(&value.content).or_default().push(number);
            }
        }
        found
    }

    fn diagnostic(&self, declaration: &Declaration, values: &Planned, complaint: Complaint) -> Diagnostic {
        let other = complaint.beside.and_then(|number| self.listed.get(number));
        let about: Vec<&dyn Attributes> = [values].into_iter().chain(other.map(|other| other.values)).map(|one| one as _).collect();
        let wrong = complained("Conflicting resources", complaint, &declaration.body, &declaration.place, &about);
        match other {
            Some(other) => wrong.with(other.place.clone(), format!("`{}` is declared here", other.name)),
            None => wrong,
        }
    }
}

impl Beside for Surroundings<'_> {
    fn whose(&self, kind: &str, attribute: &str, is: &Planned) -> Vec<Neighbour<'_>> {
        if !tells(is) {
            return Vec::new();
        }
        let mut index = self.index.borrow_mut();
        let by_value = index.entry((kind.to_owned(), attribute.to_owned())).or_insert_with(|| self.indexed(kind, attribute));
        by_value.get(&is.content).into_iter().flatten().map(|number| self.neighbour(*number)).collect()
    }
}

/// Returns whether a value is the same as another that looks like it.
fn tells(value: &Planned) -> bool {
    match &value.content {
        Content::Null => false,
        Content::Unknown(unknown) => unknown.origin.is_some(),
        Content::Bool(_) | Content::Number(_) | Content::String(_) => true,
        Content::List(_) | Content::Set(_) | Content::Map(_) | Content::Object(_) => value.is_wholly_known(),
    }
}
