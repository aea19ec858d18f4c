//! Everything of a stack that is known before AWS is looked at: variables, providers, places, state.

use std::{collections::BTreeMap, sync::Arc};

use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_graph::Node;
use lowtide_model::{Place, Planned};
use lowtide_plan::{Outsider, Providers, World, providers};
use lowtide_spec::{Values, resolve_variables};
use lowtide_state::{Digester, State};

use crate::{Engine, Loaded, Trouble, guard, links::Links, recall};

/// A stack ready to be looked at.
pub struct Prepared {
    /// The stack.
    pub loaded: Loaded,
    /// Variables, outputs of other stacks, names of the run.
    pub values: Values,
    /// The variables' values.
    pub variables: BTreeMap<String, Planned>,
    /// Tags and regions by provider.
    pub providers: Providers,
    /// Where each provider leads.
    pub places: BTreeMap<Option<Arc<str>>, Place>,
    /// Resources of the stacks that this one requires, where they were planned in the same run.
    pub beside: Vec<Outsider>,
    /// What is remembered; empty where nothing is.
    pub state: State,
    /// The state's hash; empty where there is none.
    pub state_hash: String,
    /// Compares sensitive values with what is remembered of them.
    pub digester: Arc<dyn Digester>,
}

impl Engine {
    /// Prepares a stack: evaluates its variables and providers, reads its state, asks AWS who we are where that matters.
    ///
    /// # Errors
    /// Returns what is wrong with values, state or credentials.
    pub async fn prepare(&self, loaded: &Loaded, links: &Links) -> Result<Prepared, Trouble> {
        let files: lowtide_spec::SharedFiles = Arc::new(self.loader.files());
        let resolved = resolve_variables(&loaded.configuration, &self.inputs, files.clone())?;
        let mut values = Values::new(files);
        values.set_variables(resolved.clone());
        self.name_run(&mut values, &loaded.key.stack);
        links.add_to(&mut values, &loaded.configuration, self)?;
        let providers = self.providers(loaded, &values)?;
        let (state, state_hash) = match self.ledger.read(&loaded.key).await? {
            Some(read) => (recall::shaped(read.state, &self.schema), read.hash),
            None => (State::new(""), String::new()),
        };
        let places = self.places(loaded, &providers, &state).await?;
        let digester = self.ledger.digester(&loaded.key).await?;
        let variables = resolved.into_iter().map(|(name, value)| (name.to_string(), value)).collect();
        let beside = links.beside(&loaded.configuration);
        Ok(Prepared { loaded: loaded.clone(), values, variables, providers, places, beside, state, state_hash, digester })
    }

    /// Sets `lowtide.project`, `lowtide.stack` and `lowtide.environment`.
    pub(crate) fn name_run(&self, values: &mut Values, stack: &str) {
        values.set_run("project", Planned::text(&*self.project.name));
        values.set_run("stack", Planned::text(stack));
        values.set_run("environment", Planned::text(&self.environment));
    }

    /// Providers may use locals that follow from variables.
    pub(crate) fn providers(&self, loaded: &Loaded, values: &Values) -> Result<Providers, Diagnostics> {
        let (none, nowhere) = (Providers::new(), BTreeMap::new());
        let mut world = World::new(&loaded.configuration, &loaded.graph, &self.schema, &none, &nowhere, values.clone());
        for node in loaded.graph.in_order() {
            let Node::Local(name) = node else { continue };
            if loaded.graph.declarations_behind(node).is_empty() {
                world.set_local(name)?;
            }
        }
        providers(&loaded.configuration, world.scope())
    }

    async fn places(&self, loaded: &Loaded, providers: &Providers, state: &State) -> Result<BTreeMap<Option<Arc<str>>, Place>, Trouble> {
        let asks = guard::asks_aws(&loaded.configuration, state, &self.schema);
        // A data source may want to know the region though nothing is asked of AWS.
        let fallback = if asks || !loaded.configuration.data.is_empty() { self.connect.region() } else { None };
        let region_of = |alias: &Option<Arc<str>>| {
            let named = providers.get(alias).and_then(|settings| settings.region.clone());
            named.or_else(|| providers.get(&None).and_then(|settings| settings.region.clone())).or_else(|| fallback.clone())
        };
        if !asks {
            let place = |alias: &Option<Arc<str>>| Place {
                account: String::new(),
                partition: "aws".to_owned(),
                region: region_of(alias).unwrap_or_default(),
            };
            return Ok(providers.keys().map(|alias| (alias.clone(), place(alias))).collect());
        }
        self.connect.check().await?;
        let mut places = BTreeMap::new();
        let mut identity = None;
        for alias in providers.keys() {
            let region = region_of(alias).ok_or_else(no_region)?;
            let who = match &identity {
                Some(known) => known,
                None => identity.insert(self.connect.identity(&region).await.map_err(guard::no_identity)?),
            };
            places.insert(alias.clone(), Place { account: who.account.clone(), partition: who.partition.clone(), region });
        }
        guard::accounts(self, loaded, providers, &places, state)?;
        Ok(places)
    }
}

fn no_region() -> Trouble {
    Diagnostic::error("No region", "Neither the spec nor the environment says which AWS region to use.")
        .hint("add region = \"us-west-2\" to [provider.aws], or set AWS_REGION")
        .into()
}
