//! What somebody else did to stacks since the last run. Nothing is written.

use lowtide_diagnostic::Diagnostics;
use lowtide_plan::{StackDrift, stack_drift};

use crate::{Engine, Loaded, Trouble, links::Links};

impl Engine {
    /// Looks at everything that stacks remember, and says what is another now.
    ///
    /// # Errors
    /// When a state can't be read, or nothing leads to AWS. What can't be seen of single resources stands in the result.
    pub async fn drift(&self, loaded: &[Loaded]) -> Result<Vec<StackDrift>, Trouble> {
        let (mut all, mut wrong) = (Vec::new(), Diagnostics::default());
        for one in loaded {
            match self.drift_of(one).await {
                Ok(drift) => all.push(drift),
                Err(Trouble::Wrong(found)) => wrong.extend(found),
                Err(held @ Trouble::Held(_)) => return Err(held),
            }
        }
        if wrong.has_errors() { Err(wrong.sorted().into()) } else { Ok(all) }
    }

    async fn drift_of(&self, loaded: &Loaded) -> Result<StackDrift, Trouble> {
        if self.ledger.read(&loaded.key).await?.is_none_or(|read| read.state.records.is_empty()) {
            return Ok(StackDrift::none(loaded.key.clone()));
        }
        let mut links = Links::default();
        self.published(loaded, &mut links).await?;
        // What is remembered is enough: the outputs of others are not.
        links.do_without(&loaded.configuration);
        let prepared = self.prepare(loaded, &links).await?;
        let sights = self.look(&prepared, &self.observer()).await;
        let (configuration, state) = (&loaded.configuration, &prepared.state);
        Ok(stack_drift(&loaded.key, configuration, &self.schema, &prepared.providers, state, &sights))
    }
}
