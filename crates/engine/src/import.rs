//! Taking on something that exists: looked at, remembered, and from then on held against its declaration.

use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_graph::Node;
use lowtide_model::{Address, Object};
use lowtide_observe::Target;
use lowtide_plan::{Hidden, World, foreign, secret_path};
use lowtide_resource::{Ask, Class};
use lowtide_state::{Entry, Protection, Record, Status};

use crate::{Engine, Loaded, Prepared, Trouble, links::Links, marks::marks};

impl Engine {
    /// Takes on the thing with this import id as the resource at this address. Its ownership tags, and whatever differs from
    /// its declaration, show in the next plan.
    ///
    /// # Errors
    /// When it is not declared, already remembered, not there, or another stack's.
    pub async fn import(&self, loaded: &Loaded, address: &Address, id: &str) -> Result<Record, Trouble> {
        let stack = &loaded.key.stack;
        let declaration = loaded.configuration.declaration(&address.declared).filter(|_| !address.declared.data).ok_or_else(|| {
            Diagnostic::error("Not declared", format!("The spec of `{stack}` does not declare `{}`.", address.declared)).hint(format!(
                "write its declaration first: [resource.{}.{}]",
                address.kind(),
                address.declared.name
            ))
        })?;
        let mut links = Links::default();
        self.published(loaded, &mut links).await?;
        let prepared = self.prepare(loaded, &links).await?;
        // From here on nobody else can take the address or the thing.
        let mut run = self.ledger.open(&loaded.key, "import").await?;
        let state = run.loaded().state.clone();
        self.nothing_in_doubt(stack, &state, address)?;
        if state.current(address).is_some() {
            let detail = format!("The state of `{stack}` already holds `{address}`.");
            return Err(Diagnostic::error("Already in state", detail)
                .hint(format!(
                    "to import another one in its place, take it out first: {}",
                    self.command(&format!("state rm {stack} '{address}'"))
                ))
                .into());
        }
        let kind = self
            .catalog
            .kind(address.kind())
            .ok_or_else(|| Diagnostic::error("Unknown kind", format!("There is no kind `{}`.", address.kind())))?;
        let world = self.known_world(&prepared);
        let place = world.place(declaration, kind.description(), world.scope())?;
        let id = kind.import(&place, id).map_err(|why| {
            let detail = format!("`{id}` can't be the id of a {}: {why}.", address.kind());
            Diagnostic::error("Invalid import id", detail).hint(format!("it looks like this: {}", kind.description().import))
        })?;
        let remembered = |record: &&Record| record.address.kind() == address.kind() && record.id == id && record.place == place;
        if let Some(other) = state.records.values().find(remembered) {
            let detail = format!("The state of `{stack}` already holds `{id}`, as `{}`.", other.address);
            return Err(Diagnostic::error("Already in state", detail)
                .hint(format!("to rename it: {}", self.command(&format!("state mv {stack} '{}' '{address}'", other.address))))
                .into());
        }
        let ask = Ask::new(id.clone(), Object::default());
        let target = Target { key: (), kind: address.kind().to_owned(), place: place.clone(), ask };
        let sight = self.observer().look(vec![target]).await.remove(&());
        let seen = match sight {
            Some(Ok(Some(seen))) => seen,
            Some(Err(fault)) if fault.class != Class::NotFound => {
                return Err(Diagnostic::error("Not readable", format!("`{id}` can't be looked at. AWS says: {fault}.")).into());
            }
            Some(Ok(None) | Err(_)) | None => {
                let detail = format!("There is no {} with the id `{id}` in {place}.", address.kind());
                return Err(Diagnostic::error("Nothing to import", detail)
                    .hint(format!("an id looks like this: {}", kind.description().import))
                    .into());
            }
        };
        let marks = marks(world, &state, declaration, kind.description(), address);
        let hidden = Hidden { description: kind.description(), wish: Some(&marks), record: None };
        let uid = uid(&seen).unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
        let sensitive = kind.description().inputs.iter().filter(|row| hidden.input(row) && !row.secret);
        let digest = |name: &str| Some(prepared.digester.digest(&secret_path(&uid, name), seen.inputs.get(name)?));
        let record = Record {
            address: address.clone(),
            // An older one that is left is still there.
            generation: state.next_generation(address),
            provider: declaration.provider.as_ref().and_then(|(alias, _)| alias.as_deref()).map(str::to_owned),
            place,
            id: seen.id.clone(),
            uid: uid.clone(),
            inputs: Object::default(),
            digests: sensitive.filter_map(|row| Some((row.name.to_owned(), digest(row.name)?))).collect(),
            seen: hidden.clear(&seen),
            dependencies: Vec::new(),
            status: Status::Ok,
            protection: Protection::default(),
            lingering: Vec::new(),
            unknown: Default::default(),
        };
        if let Some(why) = foreign(kind.description(), &record, &seen, &state.lineage) {
            return Err(Diagnostic::error("Belongs to another stack", format!("{why}."))
                .hint("take it out of that stack first: lowtide state rm")
                .into());
        }
        run.append(&[Entry::Put { record: Box::new(record.clone()) }]).await?;
        run.finish().await?;
        Ok(record)
    }

    fn known_world<'a>(&'a self, prepared: &'a Prepared) -> World<'a> {
        let loaded = &prepared.loaded;
        let mut world =
            World::new(&loaded.configuration, &loaded.graph, &self.schema, &prepared.providers, &prepared.places, prepared.values.clone());
        for node in loaded.graph.in_order() {
            if let Node::Local(name) = node
                && loaded.graph.declarations_behind(node).is_empty()
            {
                // What is wrong with a local that matters shows when the place is evaluated.
                let _: Result<(), Diagnostics> = world.set_local(name);
            }
        }
        world
    }
}

fn uid(seen: &lowtide_model::Observation) -> Option<String> {
    seen.inputs.get("tags")?.as_members()?.get(lowtide_resource::TAG_ID)?.as_str().map(str::to_owned)
}
