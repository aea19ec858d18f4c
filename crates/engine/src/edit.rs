//! Changes to state alone: `state mv`, `state rm`.

use lowtide_diagnostic::Diagnostic;
use lowtide_model::Address;
use lowtide_state::{Entry, Moved, Record, State};

use crate::{Engine, Trouble};

impl Engine {
    /// Gives a resource another address. AWS is not asked, and nothing there changes.
    ///
    /// # Errors
    /// When there is nothing at the one address, or something at the other.
    pub async fn move_record(&self, stack: &str, from: &Address, to: &Address) -> Result<(), Trouble> {
        let mut run = self.ledger.open(&self.key(stack), "state mv").await?;
        let state = &run.loaded().state;
        self.nothing_in_doubt(stack, state, from)?;
        self.nothing_in_doubt(stack, state, to)?;
        let moved: Vec<_> =
            state.generations(from).map(|record| Moved { from: from.clone(), to: to.clone(), generation: record.generation }).collect();
        if moved.is_empty() {
            return Err(self.not_in_state(stack, from, state.records.keys().map(|(address, _)| address.to_string()).collect()));
        }
        if from.kind() != to.kind() {
            let detail = format!("`{from}` and `{to}` are of different kinds; a resource keeps its kind.");
            return Err(Diagnostic::error("Different kinds", detail).into());
        }
        if state.generations(to).next().is_some() {
            let detail = format!("The state of `{stack}` already holds `{to}`.");
            return Err(Diagnostic::error("Address taken", detail)
                .hint(format!("move that one first, or take it out: {}", self.command(&format!("state rm {stack} '{to}'"))))
                .into());
        }
        run.append(&[Entry::Moved { moves: moved }]).await?;
        run.finish().await?;
        Ok(())
    }

    /// Forgets resources; they stay in AWS.
    ///
    /// # Errors
    /// When one of them is not in the state; then nothing is forgotten.
    pub async fn forget_records(&self, stack: &str, addresses: &[Address]) -> Result<Vec<Record>, Trouble> {
        let mut run = self.ledger.open(&self.key(stack), "state rm").await?;
        let state = &run.loaded().state;
        let mut forgotten = Vec::new();
        for address in addresses {
            self.nothing_in_doubt(stack, state, address)?;
            let before = forgotten.len();
            forgotten.extend(state.generations(address).cloned());
            if forgotten.len() == before {
                return Err(self.not_in_state(stack, address, state.records.keys().map(|(address, _)| address.to_string()).collect()));
            }
        }
        let entries: Vec<_> =
            forgotten.iter().map(|record| Entry::Forget { address: record.address.clone(), generation: record.generation }).collect();
        run.append(&entries).await?;
        run.finish().await?;
        Ok(forgotten)
    }

    /// Checks that no earlier run was at an address when it ended: what it made is known only when it was looked for.
    ///
    /// # Errors
    /// Says how to find out.
    pub(crate) fn nothing_in_doubt(&self, stack: &str, state: &State, address: &Address) -> Result<(), Diagnostic> {
        if state.pending.keys().all(|(pending, _)| pending != address) {
            return Ok(());
        }
        let detail = format!("An earlier run ended before it knew how its operation on `{address}` went. Nothing was changed.");
        Err(Diagnostic::error("Operation in doubt", detail).hint(format!("find out first: {}", self.command(&format!("recover {stack}")))))
    }

    fn not_in_state(&self, stack: &str, address: &Address, known: Vec<String>) -> Trouble {
        let wrong = Diagnostic::error("Not in state", format!("The state of `{stack}` holds no `{address}`."));
        match lowtide_diagnostic::nearest(&address.to_string(), known.iter().map(String::as_str)) {
            Some(near) => wrong.hint(format!("did you mean `{near}`?")).into(),
            None => wrong.hint(format!("see what it holds: {}", self.command(&format!("state list {stack}")))).into(),
        }
    }
}
