//! Planning one stack, and several in order.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use lowtide_diagnostic::Diagnostics;
use lowtide_plan::{Answers, Input, Options, Plan, Progress, Sight, Spec, advance};
use lowtide_state::RecordKey;

use crate::{Engine, Loaded, Prepared, Trouble, guard, links::Links};

/// Rounds of asking before planning is given up; each must bring it further, so this is a guard against our own mistakes.
const ROUNDS: usize = 64;

/// A stack, what was seen of it, and what was decided.
pub struct StackPlan {
    /// The stack.
    pub prepared: Prepared,
    /// What was seen of each record.
    pub sights: Arc<BTreeMap<RecordKey, Sight>>,
    /// What was answered.
    pub answers: Answers,
    /// What was decided.
    pub plan: Plan,
}

impl Engine {
    /// Plans stacks in their order. What one does not know yet of another's outputs is unknown.
    ///
    /// # Errors
    /// Returns everything that is wrong, of all stacks.
    pub async fn plan(&self, loaded: &[Loaded], options: &Options) -> Result<Vec<StackPlan>, Trouble> {
        let mut links = Links::default();
        let mut plans = Vec::new();
        let mut found = Diagnostics::default();
        let mut failed = BTreeSet::new();
        for one in loaded {
            self.published(one, &mut links).await?;
            if options.destroy {
                links.do_without(&one.configuration);
            } else if one.configuration.stack.requires.iter().any(|(required, _)| failed.contains(&**required)) {
                // What is wrong with the one would be said again of the other.
                failed.insert(one.key.stack.as_str());
                continue;
            }
            match self.plan_stack(one, &links, options).await {
                Ok(plan) => {
                    if !options.destroy {
                        links.planned(&plan.plan, &one.configuration);
                    }
                    plans.push(plan);
                }
                Err(Trouble::Wrong(wrong)) => {
                    failed.insert(one.key.stack.as_str());
                    found.extend(wrong);
                }
                Err(held @ Trouble::Held(_)) => return Err(held),
            }
        }
        if found.has_errors() { Err(found.sorted().into()) } else { Ok(plans) }
    }

    /// Plans one stack.
    ///
    /// # Errors
    /// Returns everything that is wrong with it.
    pub async fn plan_stack(&self, loaded: &Loaded, links: &Links, options: &Options) -> Result<StackPlan, Trouble> {
        let prepared = self.prepare(loaded, links).await?;
        let observer = self.observer();
        let sights = self.look(&prepared, &observer).await;
        let mut answers = Answers::default();
        for _ in 0..ROUNDS {
            let input = input(&prepared, &self.schema, &sights, &answers, options);
            match advance(&input)? {
                Progress::Done(plan) => return Ok(StackPlan { prepared, sights: Arc::new(sights), answers, plan: *plan }),
                Progress::Needs(requests) => self.answer(requests, &observer, &mut answers).await,
            }
        }
        Err(lowtide_diagnostic::Diagnostic::error("Internal error", "Planning asks the same again and again. Please report this.").into())
    }

    /// Plans the destruction of stacks, dependants first.
    ///
    /// # Errors
    /// Returns everything that is wrong, and persistent stacks unless the user insists.
    pub async fn plan_destroy(&self, loaded: &[Loaded], options: &Options, insists: bool) -> Result<Vec<StackPlan>, Trouble> {
        let refused: Diagnostics = loaded.iter().filter_map(|one| guard::may_destroy(&one.configuration, insists).err()).collect();
        if refused.has_errors() {
            return Err(refused.into());
        }
        self.standing_dependants(loaded).await?;
        let options = Options { destroy: true, ..options.clone() };
        let mut plans = self.plan(loaded, &options).await?;
        plans.reverse();
        Ok(plans)
    }

    /// A stack stays while another that requires it has resources, unless both go.
    async fn standing_dependants(&self, loaded: &[Loaded]) -> Result<(), Trouble> {
        let mut found = Diagnostics::default();
        for (name, entry) in &self.project.stacks {
            if loaded.iter().any(|one| one.key.stack == **name) {
                continue;
            }
            let mut loader = lowtide_spec::Loader::new(self.loader.root());
            // What it requires counts even where the rest of its spec is wrong.
            let (other, _) = loader.stack_as_far(name, std::path::Path::new(&entry.spec), None, &self.schema);
            let needs = other.stack.requires.iter().find(|(needed, _)| loaded.iter().any(|one| one.key.stack == **needed));
            let Some((needed, _)) = needs else { continue };
            let alive = self.ledger.read(&self.key(name)).await?.is_some_and(|read| !read.state.is_empty());
            if alive {
                let detail = format!("Stack `{name}` requires `{needed}` and still has resources.");
                found.push(
                    lowtide_diagnostic::Diagnostic::error("Stack still needed", detail)
                        .hint(format!("destroy it first: {}", self.command(&format!("destroy {name}")))),
                );
            }
        }
        if found.has_errors() { Err(found.into()) } else { Ok(()) }
    }
}

/// Returns everything planning is given.
pub fn input<'a>(
    prepared: &'a Prepared,
    schema: &'a lowtide_spec::Schema,
    sights: &'a BTreeMap<RecordKey, Sight>,
    answers: &'a Answers,
    options: &'a Options,
) -> Input<'a> {
    let spec = Spec {
        stack: &prepared.loaded.key,
        configuration: &prepared.loaded.configuration,
        graph: &prepared.loaded.graph,
        schema,
        values: &prepared.values,
        providers: &prepared.providers,
        beside: &prepared.beside,
    };
    Input { spec, places: &prepared.places, state: &prepared.state, sights, answers, digester: &*prepared.digester, options }
}
