//! What was about to be asked of AWS: what became of it, and what is written down about that.

use std::{sync::Arc, time::Duration};

use lowtide_apply::{may_be_made_anew, merged};
use lowtide_diagnostic::Diagnostic;
use lowtide_model::Create;
use lowtide_observe::Observer;
use lowtide_plan::{Event, Recovered, Recovery};
use lowtide_resource::{Kind, Operation, TAG_ID, TAG_STACK};
use lowtide_state::{Attempt, Entry, Intent, Lingering, Record, Run, StackKey, State};

use super::{Aim, Looks, seen_now};
use crate::{Engine, Trouble};

impl Engine {
    /// Finds out what became of what a stack has open, each as soon as that is certain.
    pub(super) async fn recover_in(&self, stack: &StackKey, run: &mut dyn Run, aim: Aim) -> Result<Vec<Recovered>, Trouble> {
        let open: Vec<Intent> = run.loaded().state.pending.values().cloned().collect();
        let mut state = run.loaded().state.clone();
        self.reach(open.iter().filter_map(|intent| Some(&intent.record.as_ref()?.place))).await?;
        let observer = self.observer();
        let mut recovered = Vec::new();
        let mut left: Vec<_> = open.into_iter().map(|intent| (self.left_of(&intent), intent)).collect();
        let until = self.settings.ambiguous_until();
        let mut looks = Looks::default();
        while !left.is_empty() {
            for (lingers, intent) in std::mem::take(&mut left) {
                let look = look(&observer, &state, &intent).await.map_err(|why| in_doubt(&intent, why))?;
                let how = match &look {
                    Look::Made { id, .. } => Recovery::Adopted(id.clone()),
                    Look::Nothing => Recovery::Nothing,
                    Look::Seen => Recovery::Seen,
                    Look::Free if aim == Aim::Apply => Recovery::Free,
                    Look::Free | Look::Later if looks.waited >= lingers => Recovery::Nothing,
                    Look::Free | Look::Later if !self.settings.waits => Recovery::Open(intent.until.unwrap_or(until)),
                    Look::Free | Look::Later => {
                        left.push((lingers, intent));
                        continue;
                    }
                };
                let entries = answer(&state, &intent, &look, &how, &self.lingering(&state, &intent, until));
                if !entries.is_empty() {
                    run.append(&entries).await?;
                    entries.iter().for_each(|entry| state.apply(entry));
                }
                let one = Recovered { stack: stack.clone(), address: intent.address, attempt: intent.attempt, how };
                self.listener.hear(&Event::Recovered(one.clone()));
                recovered.push(one);
            }
            if !left.is_empty() {
                looks.pause(&self.settings).await;
            }
        }
        Ok(recovered)
    }

    /// Returns for how long an intent's request may still arrive. Whoever sent it is gone, and its clock may have been another.
    fn left_of(&self, intent: &Intent) -> Duration {
        intent.until.map_or(self.settings.settle_window, |until| self.settings.left_until(until))
    }

    /// Returns the requests that may still arrive for what an intent is about: those that its record and it tell of, and its own, since the
    /// run that died may have sent it more than once.
    fn lingering(&self, state: &State, intent: &Intent, until: u64) -> Vec<Lingering> {
        let known = self.settings.still_lingering(state.records.get(&intent.key()));
        let told = self.settings.still_lingering(intent.record.as_deref());
        let anew = self.schema.kind(intent.address.kind()).is_some_and(|kind| may_be_made_anew(kind.create));
        let own = intent.record.as_ref().filter(|_| anew).map(|record| record.lingering_until(until));
        merged(known.into_iter().chain(told).chain(own))
    }
}

/// What one look says.
enum Look {
    /// It is there, and this operation made it.
    Made {
        /// Its physical id.
        id: String,
        /// The operation in its tag, where it carries one.
        op: Option<String>,
    },
    /// There is nothing of ours, and there won't be.
    Nothing,
    /// Nothing of it is to be seen; its request may be on its way, and meets a name that is taken, or its own token.
    Free,
    /// It is not to be seen, and may still appear.
    Later,
    /// It may be asked for again.
    Seen,
}

async fn look(observer: &Observer, state: &State, intent: &Intent) -> Result<Look, String> {
    let look = look_for(observer, state, intent).await?;
    Ok(match look {
        Look::Made { id, .. } if is_anothers(state, intent, &id) => Look::Nothing,
        look => look,
    })
}

/// Returns whether what was found is the thing of another record: no two have one. What was deleted and is watched has none.
fn is_anothers(state: &State, intent: &Intent, id: &str) -> bool {
    let Some(record) = &intent.record else { return false };
    let found = Record { id: id.to_owned(), ..(**record).clone() };
    state.records.values().any(|one| one.key() != intent.key() && !one.is_watched() && one.has_the_name_of(&found))
}

async fn look_for(observer: &Observer, state: &State, intent: &Intent) -> Result<Look, String> {
    let Some(record) = intent.record.as_ref().filter(|_| intent.attempt == Attempt::Create) else { return Ok(Look::Seen) };
    let kind = observer.catalog().kind(intent.address.kind()).ok_or("this version does not know its kind")?;
    let create = kind.description().create;
    if !record.id.is_empty() {
        return look_by_name(observer, kind, state, record).await;
    }
    let session = observer.session(&record.place).map_err(|fault| fault.to_string())?;
    let found = kind.find(&session, &Operation { id: intent.op.clone() }, &record.inputs).await.map_err(|fault| fault.to_string())?;
    match (found.as_slice(), create) {
        ([id], _) => Ok(Look::Made { id: id.clone(), op: None }),
        ([], Create::Token { .. }) => Ok(Look::Free),
        ([], Create::TagOnly | Create::Preimage | Create::Key | Create::Put) => Ok(Look::Later),
        ([], Create::NoCall) => Ok(Look::Nothing),
        (several, _) => Err(format!("one operation made several: {}", several.join(", "))),
    }
}

/// A name tells, and its tags whose it is. It may be an earlier operation of this stack that took it, whose request was late.
async fn look_by_name(observer: &Observer, kind: &Arc<dyn Kind>, state: &State, record: &Record) -> Result<Look, String> {
    let seen = seen_now(observer, record).await?;
    let Some(seen) = seen else {
        return Ok(if kind.description().create == Create::NoCall { Look::Nothing } else { Look::Free });
    };
    // What carries no tags was looked up before the intent was written: it was not there, or was ours.
    if !kind.description().tagged() {
        return Ok(Look::Made { id: seen.id, op: None });
    }
    let tag = |key: &str| seen.inputs.get("tags")?.as_members()?.get(key)?.as_str().map(str::to_owned);
    let op = tag(TAG_ID);
    let remembered = |one: &Record| one.address.kind() == record.address.kind() && one.id == seen.id && one.place == record.place;
    let ours =
        op.as_ref() == Some(&record.uid) || (tag(TAG_STACK).as_ref() == Some(&state.lineage) && !state.records.values().any(remembered));
    Ok(if ours { Look::Made { id: seen.id.clone(), op } } else { Look::Nothing })
}

/// Returns what is written down about it, with the requests that may still arrive though another has been seen to have happened.
fn answer(state: &State, intent: &Intent, look: &Look, how: &Recovery, lingering: &[Lingering]) -> Vec<Entry> {
    let resolved = |how: &str| Entry::Resolved {
        address: intent.address.clone(),
        generation: intent.generation,
        op: intent.op.clone(),
        how: how.to_owned(),
    };
    match (how, look, &intent.record) {
        (Recovery::Adopted(_), Look::Made { id, op }, Some(record)) => {
            let uid = op.clone().unwrap_or_else(|| record.uid.clone());
            let other = (uid != record.uid).then(|| resolved("an earlier operation had made it"));
            let mut made = Record { id: id.clone(), uid, lingering: lingering.to_vec(), ..(**record).clone() };
            // The one that made it may have been sent twice as well, and is told by its tag.
            let until = lingering.iter().map(|one| one.until).max().filter(|_| other.is_some());
            made.lingering.extend(until.map(|until| made.lingering_until(until)));
            let mut entries = vec![Entry::Put { record: Box::new(made) }];
            entries.extend(other);
            entries.extend(state.deposed_by(&intent.address, intent.generation));
            entries
        }
        (Recovery::Free | Recovery::Gone | Recovery::Back(_), _, _) => Vec::new(),
        // Nobody sends it any more: who looks next need not wait anew.
        (Recovery::Open(_), _, _) if intent.until.is_some() => Vec::new(),
        (Recovery::Open(until), _, _) => {
            let intent = Intent { until: Some(*until), ..intent.clone() };
            vec![Entry::Intent { intent: Box::new(intent) }]
        }
        (Recovery::Adopted(_) | Recovery::Nothing, _, _) => vec![resolved("nothing was made")],
        (Recovery::Seen, _, _) => {
            let known =
                state.records.get(&intent.key()).filter(|record| intent.attempt == Attempt::Update && record.lingering != lingering);
            let put = known.map(|record| Entry::Put { record: Box::new(Record { lingering: lingering.to_vec(), ..record.clone() }) });
            put.into_iter().chain([resolved("the next plan sees what there is")]).collect()
        }
    }
}

fn in_doubt(intent: &Intent, why: String) -> Trouble {
    let detail = format!(
        "An earlier run ended before it knew how its operation on `{}` went, and what became of it can't be told now: {why}.",
        intent.address
    );
    Diagnostic::error("Operation in doubt", detail).hint("nothing was changed; mend what is wrong and run the command again").into()
}
