//! Recovery: what earlier runs were about to ask of AWS when they ended is looked for, before anything is planned.
//!
//! Each look is repeatable and each answer is written down by itself, so recovery may end at any point and begin anew.

use std::{sync::Arc, time::Duration};

use lowtide_apply::may_be_made_anew;
use lowtide_diagnostic::Diagnostic;
use lowtide_model::{Create, Observation};
use lowtide_observe::Observer;
use lowtide_plan::{Event, Options, Recovered, Recovery};
use lowtide_resource::{Ask, Class, Kind, Operation, TAG_ID, TAG_STACK};
use lowtide_state::{Attempt, Entry, Intent, Lingering, Record, Run, StackKey, State, Status};

use crate::{Engine, Loaded, StackPlan, Trouble, recall};

/// What is to come after a recovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// An apply. A name that is still free is taken at once; if an earlier request for it arrives late, it finds it taken. What has a
    /// token is asked for again under it; AWS makes one thing of both requests.
    Apply,
    /// An end at which nothing may be there, or be on its way: what may still arrive is waited for.
    Certainty,
    /// Nothing: as certainty, and what was deleted and is watched is looked for as well. A plan does that by itself.
    Close,
}

impl Engine {
    /// Finds out what became of every operation that earlier runs left in doubt, and tells the listener. Writes nothing where
    /// none is.
    ///
    /// # Errors
    /// When a state is in use or AWS does not say; what was found out by then is kept.
    pub async fn recover(&self, stacks: &[StackKey], aim: Aim) -> Result<Vec<Recovered>, Trouble> {
        let mut all = Vec::new();
        for stack in stacks {
            let closes = |state: &State| aim == Aim::Close && state.watched().next().is_some();
            if self.ledger.read(stack).await?.is_none_or(|read| read.state.pending.is_empty() && !closes(&read.state)) {
                continue;
            }
            let mut run = self.ledger.open(stack, "recover").await?;
            let mut recovered = self.recover_in(stack, &mut *run, aim).await;
            if let (Ok(all), Aim::Close) = (&mut recovered, aim) {
                match self.close_watched(stack, &mut *run).await {
                    Ok(closed) => all.extend(closed),
                    Err(trouble) => recovered = Err(trouble),
                }
            }
            run.finish().await?;
            all.extend(recovered?);
        }
        Ok(all)
    }

    /// Finds out what became of operations in doubt, then plans what is to be done: an end, where the options say so.
    /// `insists` goes on where persistent stacks would be destroyed.
    ///
    /// # Errors
    /// As [`Engine::recover`], [`Engine::plan`] and [`Engine::plan_destroy`].
    pub async fn recover_and_plan(&self, loaded: &[Loaded], options: &Options, insists: bool) -> Result<Vec<StackPlan>, Trouble> {
        let keys: Vec<_> = loaded.iter().map(|one| one.key.clone()).collect();
        if options.destroy {
            self.recover(&keys, Aim::Certainty).await?;
            return self.plan_destroy(loaded, options, insists).await;
        }
        self.recover(&keys, Aim::Apply).await?;
        self.plan_what_is_certain(loaded, options).await
    }

    /// Plans; what an earlier run asked for otherwise than the plan does is waited for, and planned again.
    pub(crate) async fn plan_what_is_certain(&self, loaded: &[Loaded], options: &Options) -> Result<Vec<StackPlan>, Trouble> {
        let plans = self.plan(loaded, options).await?;
        let otherwise: Vec<_> =
            plans.iter().filter(|plan| self.uncertain(plan).is_some()).map(|plan| plan.prepared.loaded.key.clone()).collect();
        if otherwise.is_empty() {
            return Ok(plans);
        }
        self.recover(&otherwise, Aim::Certainty).await?;
        let plans = self.plan(loaded, options).await?;
        plans.iter().try_for_each(|plan| self.is_certain(plan))?;
        Ok(plans)
    }

    /// Checks that a plan may be carried out while what may still arrive is left open.
    ///
    /// # Errors
    /// When it asks for something that may still arrive from an earlier run in another way; says when that is over.
    pub(crate) fn is_certain(&self, plan: &StackPlan) -> Result<(), Diagnostic> {
        let Some(intent) = self.uncertain(plan) else { return Ok(()) };
        let left = intent.until.map_or(self.settings.settle_window, |until| self.settings.left_until(until));
        let detail = format!(
            "An earlier run asked AWS for `{}`, and that request may still arrive. What the plan asks for would come beside it, or be refused. Nothing was done.",
            intent.address
        );
        let again = format!("run it again in {} minutes, or without --no-wait, which waits", left.as_secs().div_ceil(60).max(1));
        Err(Diagnostic::error("Operation in doubt", detail).hint(again))
    }

    async fn recover_in(&self, stack: &StackKey, run: &mut dyn Run, aim: Aim) -> Result<Vec<Recovered>, Trouble> {
        let open: Vec<Intent> = run.loaded().state.pending.values().cloned().collect();
        let mut state = run.loaded().state.clone();
        self.reach(open.iter().filter_map(|intent| Some(&intent.record.as_ref()?.place))).await?;
        let observer = self.observer();
        let mut recovered = Vec::new();
        let mut left: Vec<_> = open.into_iter().map(|intent| (self.left_of(&intent), intent)).collect();
        let until = self.settings.ambiguous_until();
        let mut waited = Duration::ZERO;
        let mut looks = 0;
        while !left.is_empty() {
            for (lingers, intent) in std::mem::take(&mut left) {
                let look = look(&observer, &state, &intent).await.map_err(|why| in_doubt(&intent, why))?;
                let how = match &look {
                    Look::Made { id, .. } => Recovery::Adopted(id.clone()),
                    Look::Nothing => Recovery::Nothing,
                    Look::Seen => Recovery::Seen,
                    Look::Free if aim == Aim::Apply => Recovery::Free,
                    Look::Free | Look::Later if waited >= lingers => Recovery::Nothing,
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
                let pause = self.settings.pause_before(looks);
                tokio::time::sleep(pause).await;
                waited += pause;
                looks += 1;
            }
        }
        Ok(recovered)
    }

    /// Returns for how long an intent's request may still arrive. Whoever sent it is gone, and its clock may have been another.
    fn left_of(&self, intent: &Intent) -> Duration {
        intent.until.map_or(self.settings.settle_window, |until| self.settings.left_until(until))
    }

    /// Forgets what was deleted and watched as soon as it surely stays gone. What is there again stays in the state, and the next plan
    /// says what becomes of it.
    async fn close_watched(&self, stack: &StackKey, run: &mut dyn Run) -> Result<Vec<Recovered>, Trouble> {
        let state = recall::shaped(run.loaded().state.clone(), &self.schema);
        let mut left: Vec<_> = state.watched().map(|record| (self.settings.lingers(record), record)).collect();
        self.reach(left.iter().map(|(_, record)| &record.place)).await?;
        let observer = self.observer();
        let (mut closed, mut waited, mut looks) = (Vec::new(), Duration::ZERO, 0);
        while !left.is_empty() {
            for (lingers, record) in std::mem::take(&mut left) {
                let how = match is_there(&observer, record).await.map_err(|why| not_told(record, why))? {
                    _ if state.is_taken_again(record) => Recovery::Gone,
                    true => Recovery::Back(record.id.clone()),
                    false if waited >= lingers => Recovery::Gone,
                    false if !self.settings.waits => Recovery::Open(record.lingers_until().unwrap_or_default()),
                    false => {
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
                let pause = self.settings.pause_before(looks);
                tokio::time::sleep(pause).await;
                waited += pause;
                looks += 1;
            }
        }
        Ok(closed)
    }

    /// Returns the requests that may still arrive for what an intent is about, its own among them: the run that died may have sent it more
    /// than once.
    fn lingering(&self, state: &State, intent: &Intent, until: u64) -> Vec<Lingering> {
        let mut all = self.settings.still_lingering(state.records.get(&intent.key()));
        let anew = self.schema.kind(intent.address.kind()).is_some_and(|kind| may_be_made_anew(kind.create));
        all.extend(intent.record.as_ref().filter(|_| anew).map(|record| record.lingering_until(until)));
        all
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
    let seen = seen_now(observer, kind, record).await?;
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
            let older = state.generations(&intent.address).filter(|one| one.generation < intent.generation && !one.is_watched());
            let deposed = older.map(|one| Entry::Put { record: Box::new(Record { status: Status::Deposed, ..one.clone() }) });
            entries.extend(deposed);
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

async fn is_there(observer: &Observer, record: &Record) -> Result<bool, String> {
    let kind = observer.catalog().kind(record.address.kind()).ok_or("this version does not know its kind")?;
    Ok(seen_now(observer, kind, record).await?.is_some())
}

async fn seen_now(observer: &Observer, kind: &Arc<dyn Kind>, record: &Record) -> Result<Option<Observation>, String> {
    let ask = Ask::new(record.id.clone(), record.inputs.clone());
    match observer.watch(kind, &record.place, ask).await {
        Err(fault) if fault.class == Class::NotFound => Ok(None),
        seen => seen.map_err(|fault| fault.to_string()),
    }
}

fn not_told(record: &Record, why: String) -> Trouble {
    let detail = format!("Whether `{}` stays gone, which an earlier run deleted, can't be told now: {why}.", record.address);
    Diagnostic::error("Deletion in doubt", detail).hint("nothing was changed; mend what is wrong and run the command again").into()
}

fn in_doubt(intent: &Intent, why: String) -> Trouble {
    let detail = format!(
        "An earlier run ended before it knew how its operation on `{}` went, and what became of it can't be told now: {why}.",
        intent.address
    );
    Diagnostic::error("Operation in doubt", detail).hint("nothing was changed; mend what is wrong and run the command again").into()
}
