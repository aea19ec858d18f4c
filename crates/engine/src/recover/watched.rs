//! What was deleted, and may be made anew by a request that is still on its way.

use lowtide_diagnostic::Diagnostic;
use lowtide_plan::{Event, Recovered, Recovery};
use lowtide_state::{Attempt, Entry, Record, Run, StackKey};

use super::{Looks, seen_now};
use crate::{Engine, Trouble, recall};

impl Engine {
    /// Forgets what was deleted and watched as soon as it surely stays gone. What is there again stays in the state, and the next plan
    /// says what becomes of it.
    pub(super) async fn close_watched(&self, stack: &StackKey, run: &mut dyn Run) -> Result<Vec<Recovered>, Trouble> {
        let state = recall::shaped(run.loaded().state.clone(), &self.schema);
        let mut left: Vec<_> = state.watched().map(|record| (self.settings.lingers(record), record)).collect();
        self.reach(left.iter().map(|(_, record)| &record.place)).await?;
        let observer = self.observer();
        let (mut closed, mut looks) = (Vec::new(), Looks::default());
        while !left.is_empty() {
            for (lingers, record) in std::mem::take(&mut left) {
                let how = match seen_now(&observer, record).await.map_err(|why| not_told(record, why))? {
                    _ if state.is_taken_again(record) => Recovery::Gone,
                    Some(_) => Recovery::Back(record.id.clone()),
                    None if looks.waited >= lingers => Recovery::Gone,
                    None if !self.settings.waits => Recovery::Open(record.lingers_until().unwrap_or_default()),
                    None => {
                        left.push((lingers, record));
                        continue;
                    }
                };
                if how == Recovery::Gone {
                    run.append(&[Entry::Forget { address: record.address.clone(), generation: record.generation }]).await?;
                }
                let one = Recovered { stack: stack.clone(), address: record.address.clone(), attempt: Attempt::Delete, how };
                self.listener.hear(&Event::Recovered(one.clone()));
                closed.push(one);
            }
            if !left.is_empty() {
                looks.pause(&self.settings).await;
            }
        }
        Ok(closed)
    }
}

fn not_told(record: &Record, why: String) -> Trouble {
    let detail = format!("Whether `{}` stays gone, which an earlier run deleted, can't be told now: {why}.", record.address);
    Diagnostic::error("Deletion in doubt", detail).hint("nothing was changed; mend what is wrong and run the command again").into()
}
