//! What of a declaration is sensitive, told before anything is planned: of what is taken on, no more is kept in clear than a plan would keep.

use lowtide_graph::Node;
use lowtide_model::{Address, Attribute, Description, Planned, PlannedObject, Type};
use lowtide_plan::{Hidden, World};
use lowtide_spec::{
    Declaration,
    expression::{Reference, Root, Scope},
};
use lowtide_state::State;

/// Returns what a declaration asks for at an address, as far as that tells what of it is sensitive. `world` knows variables and the like;
/// what only others of the stack tell is sensitive where they keep it as a digest, or where that can't be told.
pub(crate) fn marks(
    mut world: World<'_>,
    state: &State,
    declaration: &Declaration,
    description: &Description,
    address: &Address,
) -> PlannedObject {
    for node in world.graph.in_order() {
        match node {
            Node::Local(name) => drop(world.set_local(name)),
            Node::Declared(declared) => world.set_instance(declared, None, Planned::unknown(Type::Any)),
            Node::Output(_) => {}
        }
    }
    let instance = declaration.instance(address.key.as_ref(), world.scope()).ok().flatten();
    let wish = instance.and_then(|instance| world.wish(declaration, description, &instance).ok());
    let written = || description.inputs.iter().filter(|row| declaration.body.get(row.name).is_some());
    let unknown = |row: &Attribute| (row.name.to_owned(), Planned::unknown(row.shape.ty()));
    let told = |name: &str, value: Planned| {
        let references = declaration.body.get(name).map(|written| written.references());
        let hidden = || references.is_none_or(|all| all.iter().any(|one| may_be_sensitive(one, &world, state)));
        let marked = !value.is_wholly_known() && hidden();
        value.marked(marked)
    };
    let wish = wish.unwrap_or_else(|| written().map(unknown).collect());
    wish.0.into_iter().map(|(name, value)| (name.clone(), told(&name, value))).collect()
}

fn may_be_sensitive(reference: &Reference, world: &World<'_>, state: &State) -> bool {
    let Root::Declared(declared) = &reference.root else {
        return world.scope().value(&reference.root).is_none_or(|value| value.holds_sensitive() || !value.is_wholly_known());
    };
    let (Some(description), Some(attribute)) = (world.schema.of(declared), &reference.attribute) else { return true };
    let hidden = |hidden: Hidden<'_>| match (description.input(attribute), description.output(attribute)) {
        (Some(row), _) => hidden.input(row),
        (None, Some(row)) => hidden.output(row),
        (None, None) => true,
    };
    let mut records = state.records.values().filter(|record| record.address.declared == *declared).map(Some).chain([None]);
    records.any(|record| hidden(Hidden { description, wish: None, record }))
}
