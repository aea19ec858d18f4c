//! The graph of what a spec declares: resources, data sources, locals and outputs.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::Arc,
};

use lowtide_diagnostic::{Diagnostic, Diagnostics, Place};
use lowtide_model::Declared;
use lowtide_spec::{
    Configuration,
    expression::{Reference, Root},
};

use crate::Ordering;

/// Something a spec declares.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// A resource or data source.
    Declared(Declared),
    /// `local.NAME`
    Local(Arc<str>),
    /// `output.NAME`
    Output(Arc<str>),
}

impl fmt::Display for Node {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Declared(declared) => declared.fmt(out),
            Self::Local(name) => write!(out, "local.{name}"),
            Self::Output(name) => write!(out, "output.{name}"),
        }
    }
}

/// What a spec declares, each after what it refers to.
#[derive(Clone, Debug)]
pub struct Declarations {
    nodes: Vec<Node>,
    numbers: HashMap<Node, usize>,
    ordering: Ordering,
    order: Vec<usize>,
    /// Where in the order each node is.
    positions: Vec<usize>,
}

impl Declarations {
    /// Builds the graph of a configuration.
    ///
    /// # Errors
    /// Returns a cycle as a path, with the place of each reference on the way.
    pub fn of(configuration: &Configuration) -> Result<Self, Diagnostics> {
        let all = references(configuration);
        let numbers: HashMap<_, _> = all.iter().enumerate().map(|(number, (node, _))| (node.clone(), number)).collect();
        let mut ordering = Ordering::of(all.len());
        for (number, (_, references)) in all.iter().enumerate() {
            for target in references.iter().filter_map(|reference| numbers.get(&node(&reference.root)?)) {
                ordering.needs(number, *target);
            }
        }
        let order = ordering.sorted().map_err(|cycle| Diagnostics::from(explain(&cycle, &all)))?;
        let mut positions = vec![0; order.len()];
        order.iter().enumerate().for_each(|(position, number)| positions[*number] = position);
        Ok(Self { nodes: all.into_iter().map(|(node, _)| node).collect(), numbers, ordering, order, positions })
    }

    /// Returns everything, each after what it refers to.
    pub fn in_order(&self) -> impl Iterator<Item = &Node> {
        self.order.iter().map(|number| &self.nodes[*number])
    }

    /// Returns what something refers to itself.
    pub fn needed_by(&self, node: &Node) -> impl Iterator<Item = &Node> {
        self.numbers.get(node).into_iter().flat_map(|number| self.ordering.needed_by(*number)).map(|number| &self.nodes[number])
    }

    /// Returns the resources and data sources that something refers to, itself or through locals.
    pub fn declarations_behind(&self, node: &Node) -> Vec<&Declared> {
        let mut found: Vec<_> = self.behind(node).into_iter().filter_map(|(number, _)| self.declared(number)).collect();
        found.sort();
        found.dedup();
        found
    }

    /// Returns those of [`Self::declarations_behind`] that something refers to through locals.
    pub fn declarations_through_locals(&self, node: &Node) -> Vec<&Declared> {
        let through = self.behind(node).into_iter().filter(|(_, through_local)| *through_local);
        let mut found: Vec<_> = through.filter_map(|(number, _)| self.declared(number)).collect();
        found.sort();
        found.dedup();
        found
    }

    /// Returns the locals that something refers to, itself or through other locals, in the order in which they follow from each other.
    pub fn locals_behind(&self, node: &Node) -> Vec<&Arc<str>> {
        let mut found: Vec<_> = self.behind(node).into_iter().map(|(number, _)| number).collect();
        found.sort_unstable_by_key(|number| self.positions[*number]);
        found.dedup();
        let local = |number| match &self.nodes[number] {
            Node::Local(name) => Some(name),
            Node::Declared(_) | Node::Output(_) => None,
        };
        found.into_iter().filter_map(local).collect()
    }

    /// Returns what something refers to, itself or through locals, and which of the two. Each local is passed once, so
    /// that this takes no longer than there are references.
    fn behind(&self, node: &Node) -> Vec<(usize, bool)> {
        let Some(&start) = self.numbers.get(node) else { return Vec::new() };
        let (mut found, mut open, mut passed) = (Vec::new(), vec![start], HashSet::new());
        while let Some(one) = open.pop() {
            for needed in self.ordering.needed_by(one) {
                if self.declared(needed).is_none() && passed.insert(needed) {
                    open.push(needed);
                }
                found.push((needed, one != start));
            }
        }
        found
    }

    fn declared(&self, number: usize) -> Option<&Declared> {
        if let Node::Declared(declared) = &self.nodes[number] { Some(declared) } else { None }
    }
}

fn references(configuration: &Configuration) -> Vec<(Node, Vec<Reference>)> {
    let declared = configuration.declarations().map(|one| (Node::Declared(one.declared.clone()), one.references()));
    let locals = configuration.locals.iter().map(|(name, local)| (Node::Local(name.clone()), local.value.references()));
    let outputs = configuration.outputs.iter().map(|(name, output)| {
        let mut all = output.value.references();
        all.extend(output.depends_on.iter().cloned());
        all.extend(output.preconditions.iter().flat_map(lowtide_spec::Condition::references));
        (Node::Output(name.clone()), all)
    });
    declared.chain(locals).chain(outputs).collect()
}

fn node(root: &Root) -> Option<Node> {
    match root {
        Root::Declared(declared) => Some(Node::Declared(declared.clone())),
        Root::Local(name) => Some(Node::Local(name.clone())),
        Root::Variable(_)
        | Root::Stack(..)
        | Root::EachKey
        | Root::EachValue
        | Root::CountIndex
        | Root::Itself
        | Root::Run(_)
        | Root::PathRoot
        | Root::Bound(_) => None,
    }
}

/// Says a cycle as a path: each node, and the place where it refers to the next.
fn explain(cycle: &[usize], all: &[(Node, Vec<Reference>)]) -> Diagnostic {
    let names: Vec<_> = cycle.iter().chain(cycle.first()).map(|number| format!("`{}`", all[*number].0)).collect();
    let detail = format!("These refer to each other in a circle, so none of them can come first: {}.", names.join(" → "));
    let place_of = |one: usize, next: usize| -> Option<Place> {
        all[one].1.iter().find(|reference| node(&reference.root).as_ref() == Some(&all[next].0)).map(|reference| reference.place.clone())
    };
    let steps: Vec<_> = cycle.iter().enumerate().map(|(at, one)| (*one, cycle[(at + 1) % cycle.len()])).collect();
    let mut diagnostic =
        Diagnostic::error("Cycle", detail).hint("break the circle: take one of these references out, or split one of the resources in two");
    for (at, (one, next)) in steps.into_iter().enumerate() {
        match place_of(one, next) {
            Some(place) if at == 0 => diagnostic.place = Some(place),
            Some(place) => diagnostic.related.push((place, format!("`{}` refers to `{}` here", all[one].0, all[next].0))),
            None => {}
        }
    }
    diagnostic
}
