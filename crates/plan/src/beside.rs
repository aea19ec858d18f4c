//! Checks across declarations, run when everything is planned: each kind says which it has ([`lowtide_model::Relation`]).

use std::{borrow::Cow, cell::RefCell, collections::HashMap};

use lowtide_diagnostic::{Diagnostic, Place};
use lowtide_model::{Address, Beside, Complaint, Content, Neighbour, Planned};
use lowtide_spec::{Attributes, Configuration, Declaration, complained};

use crate::{advance::Walk, plan::Plan};

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
}

/// Runs the checks of all resources that are declared.
pub fn check(walk: &mut Walk<'_>) {
    let mut found = Vec::new();
    {
        let listed = Listed::all(walk);
        let around = Surroundings::of(&listed);
        for (number, one) in listed.iter().enumerate() {
            let Some(declaration) = one.declaration else { continue };
            let relations = walk.input.schema.of(&declaration.declared).map_or(&[][..], |description| description.relations);
            for complaint in relations.iter().flat_map(|relation| relation(&around.neighbour(number), &around)) {
                found.push(around.diagnostic(declaration, one.values, complaint));
            }
        }
    }
    found.into_iter().for_each(|wrong| walk.found.push(wrong));
}

/// A resource that is declared, in this stack or in one that was planned before.
pub struct Listed<'a> {
    name: Cow<'a, str>,
    kind: Cow<'a, str>,
    place: &'a Place,
    values: &'a Planned,
    /// Its address and its declaration, if it is of this stack.
    pub address: Option<Address>,
    pub declaration: Option<&'a Declaration>,
}

impl<'a> Listed<'a> {
    /// Returns those of other stacks, then those of this one in the order of the text.
    pub fn all(walk: &'a Walk<'_>) -> Vec<Self> {
        let others = walk.input.beside.iter().map(|one| Self {
            name: Cow::Borrowed(&one.name),
            kind: Cow::Borrowed(&one.kind),
            place: &one.place,
            values: &one.values,
            address: None,
            declaration: None,
        });
        let mut own: Vec<_> = walk.world.all_instances().filter(|(address, _)| !address.declared.data).collect();
        own.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut own: Vec<_> = own
            .into_iter()
            .filter_map(|(address, values)| {
                let declaration = walk.input.configuration.declaration(&address.declared)?;
                let (name, kind) = (Cow::Owned(address.to_string()), Cow::Owned(address.kind().to_owned()));
                Some(Self { name, kind, place: &declaration.place, values, address: Some(address), declaration: Some(declaration) })
            })
            .collect();
        own.sort_by_key(|one| one.place);
        others.chain(own).collect()
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
    /// Returns a way to find what is listed.
    pub fn of(listed: &'a [Listed<'a>]) -> Self {
        Self { listed, index: RefCell::default() }
    }

    /// Returns the resource of this number.
    pub fn neighbour(&self, number: usize) -> Neighbour<'a> {
        let listed: &'a [Listed<'a>] = self.listed;
        Neighbour { number, name: &listed[number].name, values: listed[number].values }
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
