//! One kind changed and deleted behind our back, by the kind itself, without the ledger knowing.

use anyhow::{Context, Result, ensure};
use lowtide_model::{Create, Object, Observation, PlannedObject, Value};
use lowtide_plan::{Action, Reason, Sight};
use lowtide_resource::{Changed, Class, Fault, Going};

use super::{
    case::{Case, Edit},
    walk::{STACK, steps, subject},
};
use crate::bench::{Bench, drift_of, session, shown};

/// Attributes that were changed behind our back, and those of them that drift found.
#[derive(Clone, Debug, Default)]
pub struct Drifts {
    /// What the kind refused to set back, in words.
    pub refused: Vec<String>,
    /// How many were changed.
    pub injected: usize,
    /// How many were found.
    pub found: usize,
}

/// Takes an update back behind our back, by the kind itself, without the ledger knowing; drift must find every attribute of it.
pub async fn undone(bench: &Bench, case: &Case, edit: &Edit, before: &Object, drifts: &mut Drifts) -> Result<()> {
    let (record, sight) = subject(bench, case).await?;
    let Sight::Here(now) = sight else { anyhow::bail!("the subject is not to be seen") };
    let catalog = lowtide_catalog::all();
    let kind = catalog.kind(case.subject.kind()).context("the kind is in the catalog")?;
    // What lives in the state alone nobody changes behind our back.
    if kind.description().create == Create::NoCall {
        return Ok(());
    }
    let readable = |name: &&String| {
        let row = kind.description().input(name);
        // What is never shown can't be found; what AWS decides where the spec does not is no drift.
        row.is_some_and(|row| {
            let hidden = row.option || row.unread || row.secret || record.digests.contains_key(row.name);
            let decided = row.computed() && (!record.manages(row.name) || before.get(row.name).is_none_or(Value::is_null));
            !hidden && !decided && !row.replaces && !case.not_alone.contains_key(row.name)
        })
    };
    let named = edit.set.keys().chain(&edit.unset).filter(readable);
    let names: Vec<_> = named.filter(|name| differ(before.get(name), now.inputs.get(name))).cloned().collect();
    if names.is_empty() {
        return Ok(());
    }
    let mut to = now.inputs.clone();
    for name in &names {
        match before.get(name) {
            Some(value) => to.set(name.clone(), value.clone()),
            None => drop(to.0.remove(name)),
        }
    }
    match brought(bench, case, &now, &to, &names).await? {
        Brought::There => {}
        // A new revision is another thing than the one remembered.
        Brought::Anew => return bench.converge(STACK).await,
        Brought::Refused(fault) => {
            drifts.refused.push(format!("{names:?} can't be set back: {fault}"));
            return bench.converge(STACK).await;
        }
    }
    let plans = bench.plan(STACK).await?;
    let drift = drift_of(&plans);
    let about: Vec<_> =
        drift.iter().flat_map(|one| one.changed.iter().chain(&one.undeclared)).filter(|one| one.address == case.subject).collect();
    let found = |name: &&String| about.iter().flat_map(|one| &one.changes).any(|change| change.path.attribute() == Some(name.as_str()));
    let missed: Vec<_> = names.iter().filter(|name| !found(name)).collect();
    drifts.injected += names.len();
    drifts.found += names.len() - missed.len();
    ensure!(missed.is_empty(), "changes of {missed:?} behind our back are not found as drift:\n{}", shown(&plans));
    // What the spec does not declare no apply puts right.
    let (_, sight) = subject(bench, case).await?;
    if let Sight::Here(back) = sight
        && let Brought::Refused(fault) = brought(bench, case, &back, &now.inputs, &names).await?
    {
        anyhow::bail!("{names:?} can't be put right again: {fault}");
    }
    bench.converge(STACK).await
}

/// What became of a change behind our back.
enum Brought {
    There,
    Anew,
    Refused(Fault),
}

/// Changes attributes behind our back, by the kind itself: one after the other where it takes one at a time, and again where
/// it is still busy with the last.
async fn brought(bench: &Bench, case: &Case, now: &Observation, to: &Object, names: &[String]) -> Result<Brought> {
    let session = session(bench)?;
    let catalog = lowtide_catalog::all();
    let kind = catalog.kind(case.subject.kind()).context("the kind is in the catalog")?;
    let mut seen = now.clone();
    let mut patience = 10;
    for _ in 0..2 * names.len() {
        let rest: Vec<_> = names.iter().filter(|name| differ(to.get(name), seen.inputs.get(name))).cloned().collect();
        if rest.is_empty() {
            break;
        }
        match kind.update(&session, &seen, to, &Changed(rest)).await {
            Ok(Some(_)) => return Ok(Brought::Anew),
            Err(fault) if fault.class != Class::Busy || patience == 0 => return Ok(Brought::Refused(fault)),
            Err(_) => patience -= 1,
            Ok(None) => {}
        }
        let (_, Sight::Here(next)) = subject(bench, case).await? else { break };
        seen = *next;
    }
    Ok(Brought::There)
}

/// Returns whether two values are not the same; an empty one is none.
fn differ(before: Option<&Value>, now: Option<&Value>) -> bool {
    let there = |value: Option<&Value>| value.filter(|value| !value.is_empty()).cloned();
    there(before) != there(now)
}

/// Changes the subject behind our back; the plan must see it and put it right.
pub async fn drifted(bench: &Bench, case: &Case, drift: &Edit) -> Result<()> {
    let (record, sight) = subject(bench, case).await?;
    let Sight::Here(now) = sight else { anyhow::bail!("the subject is not to be seen") };
    let session = session(bench)?;
    let catalog = lowtide_catalog::all();
    let kind = catalog.kind(case.subject.kind()).context("the kind is in the catalog")?;
    let mut to = now.inputs.clone();
    for (name, value) in evaluated(bench, case, drift).await?.0 {
        to.set(name, value);
    }
    let names: Vec<_> = drift.set.keys().cloned().chain(drift.unset.iter().cloned()).collect();
    drift.unset.iter().for_each(|name| drop(to.0.remove(name)));
    kind.update(&session, &now, &to, &Changed(names.clone())).await.context("behind our back")?;
    let plans = bench.plan(STACK).await?;
    let seen = plans.iter().flat_map(|plan| &plan.plan.drift).any(|drift| drift.address == case.subject && !drift.changes.is_empty());
    ensure!(seen, "a change of {names:?} of {} is not seen as drift:\n{}", record.id, shown(&plans));
    bench.apply(plans).await?;
    bench.is_settled(STACK).await
}

/// Deletes the subject behind our back; the next apply makes it anew.
pub async fn lost(bench: &Bench, case: &Case) -> Result<()> {
    let (_, sight) = subject(bench, case).await?;
    let Sight::Here(now) = sight else { anyhow::bail!("the subject is not to be seen") };
    let catalog = lowtide_catalog::all();
    let kind = catalog.kind(case.subject.kind()).context("the kind is in the catalog")?;
    if kind.description().create == Create::NoCall {
        return Ok(());
    }
    let session = session(bench)?;
    for _ in 0..50 {
        if !matches!(kind.delete(&session, &now, &now.inputs).await?, Going::Going(_)) {
            break;
        }
    }
    let plans = bench.plan(STACK).await?;
    // What is set back is there, and differs.
    let (action, reason) = if case.resets { (Action::Update, None) } else { (Action::Create, Some(Reason::GoneOutside)) };
    let made_anew = steps(&plans, case).any(|step| step.action == action && reason.as_ref().is_none_or(|reason| step.reason == *reason));
    ensure!(made_anew, "the loss is not seen:\n{}", shown(&plans));
    bench.apply(plans).await?;
    bench.is_settled(STACK).await
}

/// Returns what an edit would make of the subject, evaluated like the spec.
async fn evaluated(bench: &Bench, case: &Case, edit: &Edit) -> Result<Object> {
    let mut edited = Case::parse(&format!("[case]\nsubject = '{}'\n{}", case.subject, case.text()?))?;
    edited.edit(edit)?;
    bench.write("case.toml", &edited.text()?)?;
    let plans = bench.plan(STACK).await?;
    bench.write("case.toml", &case.text()?)?;
    let wish = steps(&plans, case).find(|step| step.action == Action::Update).map(|step| step.wish.clone()).unwrap_or_default();
    let named = |object: PlannedObject| {
        Object(
            object
                .0
                .into_iter()
                .filter(|(name, _)| edit.set.contains_key(name))
                .filter_map(|(name, value)| Some((name, value.known()?)))
                .collect(),
        )
    };
    Ok(named(wish))
}
