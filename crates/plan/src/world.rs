//! What is known while a plan is made or applied, and what one instance should become in the light of it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_graph::{Declarations, Node};
use lowtide_model::{Address, Content, Declared, Description, Key, Place, Planned, PlannedObject, Scope as Reach, Type};
use lowtide_spec::{Configuration, Declaration, InstanceKey, Repeat, Schema, Values, evaluate_body, expression::Scope, fill_in_hashes};

use crate::{ProviderSettings, Providers};

/// What is known so far, growing as steps are planned or done.
#[derive(Clone)]
pub struct World<'a> {
    /// The spec.
    pub configuration: &'a Configuration,
    /// Its declarations in order.
    pub graph: &'a Declarations,
    /// All kinds.
    pub schema: &'a Schema,
    providers: &'a Providers,
    places: &'a BTreeMap<Option<Arc<str>>, Place>,
    values: Values,
    /// The instances of what is repeated. What is not has its one value in `values` alone.
    instances: HashMap<Declared, BTreeMap<Key, Planned>>,
}

impl<'a> World<'a> {
    /// Returns a world in which only variables and the like are known.
    pub fn new(
        configuration: &'a Configuration,
        graph: &'a Declarations,
        schema: &'a Schema,
        providers: &'a Providers,
        places: &'a BTreeMap<Option<Arc<str>>, Place>,
        values: Values,
    ) -> Self {
        Self { configuration, graph, schema, providers, places, values, instances: HashMap::new() }
    }

    /// Returns what expressions may refer to.
    pub fn scope(&self) -> &Values {
        &self.values
    }

    /// Evaluates a local anew.
    ///
    /// # Errors
    /// Returns what is wrong with its expression.
    pub fn set_local(&mut self, name: &Arc<str>) -> Result<(), Diagnostics> {
        let Some(local) = self.configuration.locals.get(name) else { return Ok(()) };
        let value = local.value.evaluate(&self.values);
        self.values.set_local(name.clone(), value.as_ref().ok().cloned().unwrap_or_else(|| Planned::unknown(Type::Any)));
        value.map(|_| ())
    }

    /// Evaluates anew the locals that something needs.
    ///
    /// # Errors
    /// Returns what is wrong with their expressions.
    pub fn refresh_locals(&mut self, node: &Node) -> Result<(), Diagnostics> {
        self.values.renew_budget();
        for name in self.graph.locals_behind(node) {
            self.set_local(name)?;
        }
        Ok(())
    }

    /// Says what expressions see of one instance. [`World::publish`] makes it visible.
    pub fn set_instance(&mut self, declared: &Declared, key: Option<Key>, value: Planned) {
        match key {
            Some(key) => drop(self.instances.entry(declared.clone()).or_default().insert(key, value)),
            None => self.values.set_declared(declared.clone(), value),
        }
    }

    /// Returns what expressions see of one instance.
    pub fn instance(&self, declared: &Declared, key: Option<&Key>) -> Option<&Planned> {
        match key {
            Some(key) => self.instances.get(declared)?.get(key),
            None => self.values.declared(declared),
        }
    }

    /// Returns every instance and what expressions see of it.
    pub fn all_instances(&self) -> impl Iterator<Item = (Address, &Planned)> {
        let repeated =
            self.instances.iter().flat_map(|(declared, all)| all.iter().map(|(key, value)| (declared.instance(Some(key.clone())), value)));
        let single = self.configuration.declarations().filter(|declaration| declaration.repeat == Repeat::None).filter_map(|declaration| {
            let value = self.values.declared(&declaration.declared).filter(|value| !value.is_null())?;
            Some((declaration.declared.instance(None), value))
        });
        repeated.chain(single)
    }

    /// Makes the instances of a declaration visible to expressions: an object, a list of objects or a map of objects.
    pub fn publish(&mut self, declaration: &Declaration) {
        let nothing = BTreeMap::new();
        let all = self.instances.get(&declaration.declared).unwrap_or(&nothing);
        let value = match declaration.repeat {
            // It is there already, unless there is none.
            Repeat::None if self.values.declared(&declaration.declared).is_some() => return,
            Repeat::None => Planned::NULL,
            Repeat::Count(_) => Planned::list(all.values().cloned()),
            Repeat::ForEach(_) => {
                let named = all.iter().filter_map(|(key, value)| match key {
                    Key::Name(name) => Some((name.to_string(), value.clone())),
                    Key::Index(_) => None,
                });
                Content::Object(named.collect()).into()
            }
        };
        self.values.set_declared(declaration.declared.clone(), value);
    }

    /// Says what expressions see of one instance from now on. What is visible of the others is not put together anew, which for many
    /// would take most of an apply.
    pub fn renew(&mut self, declaration: &Declaration, key: Option<Key>, value: Planned) {
        let declared = &declaration.declared;
        self.set_instance(declared, key.clone(), value.clone());
        // Where none is left out, each stands at its index.
        let instances = self.instances.get(declared).map_or((0, None), |all| (all.len(), all.last_key_value().map(|(key, _)| key)));
        let slot = match (self.values.declared_mut(declared).map(|all| &mut all.content), key) {
            (Some(Content::List(all)), Some(Key::Index(index)))
                if instances == (all.len(), Some(&Key::Index((all.len() as u64).wrapping_sub(1)))) =>
            {
                usize::try_from(index).ok().and_then(|index| all.get_mut(index))
            }
            (Some(Content::Object(all)), Some(Key::Name(name))) => Some(all.entry(name.to_string()).or_default()),
            _ => None,
        };
        match slot {
            Some(slot) => *slot = value,
            None => self.publish(declaration),
        }
    }

    /// Returns what a declaration's provider says.
    pub fn provider(&self, declaration: &Declaration) -> &'a ProviderSettings {
        let alias = declaration.provider.as_ref().and_then(|(alias, _)| alias.clone());
        self.providers.get(&alias).unwrap_or_else(|| &self.providers[&None])
    }

    /// Returns where a declaration's instances live.
    ///
    /// # Errors
    /// When its region can't be told yet.
    pub fn place(&self, declaration: &Declaration, description: &Description, scope: &dyn Scope) -> Result<Place, Diagnostics> {
        // What lives in the state alone is in no account and no region, and so never moves to another.
        if description.scope == Reach::Nowhere {
            return Ok(Place::default());
        }
        let alias = declaration.provider.as_ref().and_then(|(alias, _)| alias.clone());
        let mut place = self.places.get(&alias).or_else(|| self.places.get(&None)).cloned().unwrap_or_default();
        if let Some(written) = &declaration.region {
            let region = written.evaluate_as(&Type::String, scope)?;
            match region.as_str() {
                Some(region) => region.clone_into(&mut place.region),
                None if region.is_null() => {}
                None => {
                    let detail = "Where a resource lives must be known when planning, and this region is known only after apply.";
                    return Err(Diagnostic::error("Value not known yet", detail).at(written.place.clone()).hint("use a variable").into());
                }
            }
        }
        if let Reach::Global(region) = description.scope {
            region.clone_into(&mut place.region);
        }
        Ok(place)
    }

    /// Returns what one instance should become: its body evaluated, tags of the provider merged in.
    ///
    /// # Errors
    /// Returns everything that is wrong with what is known, each with its place.
    pub fn wish(&self, declaration: &Declaration, description: &Description, key: &InstanceKey) -> Result<PlannedObject, Diagnostics> {
        let scope = self.values.instance(key.0.as_ref(), key.1.as_ref());
        let mut wish = evaluate_body(&declaration.body, description, &scope)?;
        fill_in_hashes(&mut wish, &declaration.body, description, &scope)?;
        if description.tagged() {
            let own = wish.get("tags").cloned().unwrap_or(Planned::NULL);
            let defaults = &self.provider(declaration).default_tags;
            if !own.is_unknown() && !defaults.is_empty() {
                let mut tags = defaults.clone();
                tags.extend(own.as_members().cloned().unwrap_or_default());
                let tags = Planned::from(Content::Map(tags)).marked(own.sensitive);
                scope.budget().keep(&tags, &declaration.place)?;
                wish.set("tags", tags);
            }
        }
        Ok(wish)
    }
}
