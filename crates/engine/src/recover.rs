//! Recovery: what earlier runs were about to ask of AWS when they ended is looked for, before anything is planned.
//!
//! Each look is repeatable and each answer is written down by itself, so recovery may end at any point and begin anew.

use std::time::Duration;

use lowtide_diagnostic::Diagnostic;
use lowtide_model::{Address, Create};
use lowtide_observe::Observer;
use lowtide_resource::{Ask, Class, Operation, TAG_ID};
use lowtide_state::{Attempt, Entry, Intent, Record, Run, StackKey, Status};

use crate::{Engine, Trouble};

/// An operation that was in doubt, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Recovered {
    /// The stack.
    pub stack: StackKey,
    /// The resource.
    pub address: Address,
    /// What was about to happen.
    pub attempt: Attempt,
    /// What became of it.
    pub how: Recovery,
}

/// What became of an operation that was in doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// It had made this; it is in the state now.
    Adopted(String),
    /// It had made nothing: the next apply makes one if the spec still asks for it.
    Nothing,
    /// It may be asked for again, and the next plan sees what there is.
    Seen,
}

impl Engine {
    /// Finds out what became of every operation that earlier runs left in doubt. Writes nothing where none is.
    ///
    /// # Errors
    /// When a state is in use or AWS does not say; what was found out by then is kept.
    pub async fn recover(&self, stacks: &[StackKey]) -> Result<Vec<Recovered>, Trouble> {
        let mut all = Vec::new();
        for stack in stacks {
            if self.ledger.read(stack).await?.is_none_or(|read| read.state.pending.is_empty()) {
                continue;
            }
            let mut run = self.ledger.open(stack, "recover").await?;
            let recovered = self.recover_in(stack, &mut *run).await;
            run.finish().await?;
            all.extend(recovered?);
        }
        Ok(all)
    }

    async fn recover_in(&self, stack: &StackKey, run: &mut dyn Run) -> Result<Vec<Recovered>, Trouble> {
        let open: Vec<Intent> = run.loaded().state.pending.values().cloned().collect();
        let mut state = run.loaded().state.clone();
        self.reach(open.iter().filter_map(|intent| Some(&intent.record.as_ref()?.place))).await?;
        let observer = self.observer();
        let mut recovered = Vec::new();
        let mut left = open;
        let mut waited = Duration::ZERO;
        let mut looks = 0;
        while !left.is_empty() {
            for intent in std::mem::take(&mut left) {
                let how = match look(&observer, &intent).await.map_err(|why| in_doubt(&intent, why))? {
                    Look::Is(how) => how,
                    Look::Later if waited >= self.settings.settle_window => Recovery::Nothing,
                    Look::Later => {
                        left.push(intent);
                        continue;
                    }
                };
                let entries = answer(&state, &intent, &how);
                run.append(&entries).await?;
                entries.iter().for_each(|entry| state.apply(entry));
                recovered.push(Recovered { stack: stack.clone(), address: intent.address, attempt: intent.attempt, how });
            }
            if !left.is_empty() {
                let pause = self.settings.pause_before(looks);
                tokio::time::sleep(pause).await;
                waited += pause;
                looks += 1;
            }
        }
        Ok(recovered)
    }
}

/// What one look says.
enum Look {
    /// It is certain.
    Is(Recovery),
    /// It is not to be seen, and may still appear.
    Later,
}

async fn look(observer: &Observer, intent: &Intent) -> Result<Look, String> {
    let Some(record) = &intent.record else { return Ok(Look::Is(Recovery::Seen)) };
    let kind = observer.catalog().kind(intent.address.kind()).ok_or("this version does not know its kind")?;
    let description = kind.description();
    let session = observer.session(&record.place).map_err(|fault| fault.to_string())?;
    if !record.id.is_empty() {
        let ask = Ask { id: record.id.clone(), last: record.inputs.clone() };
        let seen = match observer.watch(kind, &record.place, ask).await {
            Ok(seen) => seen,
            Err(fault) if fault.class == Class::NotFound => None,
            Err(fault) => return Err(fault.to_string()),
        };
        let tag = |seen: &lowtide_model::Observation| {
            seen.inputs.get("tags").and_then(|tags| tags.as_members()?.get(TAG_ID)?.as_str().map(str::to_owned))
        };
        // What carries no tags was looked up before the intent was written: it was not there, or was ours.
        let ours = seen.filter(|seen| !description.tagged() || tag(seen).as_ref() == Some(&intent.op));
        return Ok(Look::Is(ours.map_or(Recovery::Nothing, |seen| Recovery::Adopted(seen.id))));
    }
    let found = kind.find(&session, &Operation { id: intent.op.clone() }, &record.inputs).await.map_err(|fault| fault.to_string())?;
    match (found.as_slice(), description.create) {
        ([id], _) => Ok(Look::Is(Recovery::Adopted(id.clone()))),
        ([], Create::Token { .. } | Create::TagOnly | Create::Preimage | Create::Key | Create::Put) => Ok(Look::Later),
        ([], Create::NoCall) => Ok(Look::Is(Recovery::Nothing)),
        (several, _) => Err(format!("one operation made several: {}", several.join(", "))),
    }
}

/// Returns what is written down about it.
fn answer(state: &lowtide_state::State, intent: &Intent, how: &Recovery) -> Vec<Entry> {
    let resolved = |how: &str| Entry::Resolved {
        address: intent.address.clone(),
        generation: intent.generation,
        op: intent.op.clone(),
        how: how.to_owned(),
    };
    match (how, &intent.record) {
        (Recovery::Adopted(id), Some(record)) => {
            let mut entries = vec![Entry::Put { record: Box::new(Record { id: id.clone(), ..(**record).clone() }) }];
            let older = state.generations(&intent.address).filter(|one| one.generation < intent.generation);
            let deposed = older.map(|one| Entry::Put { record: Box::new(Record { status: Status::Deposed, ..one.clone() }) });
            entries.extend(deposed);
            entries
        }
        (Recovery::Adopted(_) | Recovery::Nothing, _) => vec![resolved("nothing was made")],
        (Recovery::Seen, _) => vec![resolved("the next plan sees what there is")],
    }
}

fn in_doubt(intent: &Intent, why: String) -> Trouble {
    let detail = format!(
        "An earlier run ended before it knew how its operation on `{}` went, and what became of it can't be told now: {why}.",
        intent.address
    );
    Diagnostic::error("Operation in doubt", detail).hint("nothing was changed; mend what is wrong and run the command again").into()
}
