//! One kind led through its life: created, read back, changed, replaced, drifted, lost, imported, destroyed.

use anyhow::{Context, Result, ensure};
use lowtide_engine::StackPlan;
use lowtide_model::{Create, Object, Observation, PlannedObject, Value};
use lowtide_plan::{Action, Reason, Sight, Step};
use lowtide_resource::{Changed, Class, Fault, Going, Operation};
use lowtide_state::Record;

use super::{
    case::{Case, Edit},
    unreadable::unreadable,
};
use crate::bench::{Bench, drift_of, session, shown};

const PROJECT: &str = "[project]\nname = \"conformance\"\n\n[stacks.case]\nspec = \"case.toml\"\n";
const STACK: &[&str] = &["case"];

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

/// Leads a case through its life.
pub async fn walk(bench: &Bench, mut case: Case) -> Result<Drifts> {
    let mut drifts = Drifts::default();
    bench.write("lowtide.toml", PROJECT)?;
    for (path, text) in &case.files {
        bench.write(path, text.as_str().context("a file is a text")?)?;
    }
    let original = case.subject()?.clone();
    bench.write("case.toml", &case.text()?)?;
    bench.converge(STACK).await.context("create")?;
    refound(bench, &case).await.context("found again")?;
    unreadable(bench, &case).await.context("answers that can't be read")?;
    nameless(bench, &mut case).await.context("named by us")?;
    back(bench, &mut case, &original).await?;
    for update in case.updates.clone() {
        let (_, before) = subject(bench, &case).await?;
        step(bench, &mut case, &update, Action::Update).await.with_context(|| format!("update {}", words(&update)))?;
        if let Sight::Here(before) = before {
            undone(bench, &case, &update, &before.inputs, &mut drifts).await.with_context(|| format!("drift of {}", words(&update)))?;
        }
    }
    tags(bench, &mut case).await.context("tags")?;
    back(bench, &mut case, &original).await?;
    for drift in case.drifts.clone() {
        drifted(bench, &case, &drift).await.with_context(|| format!("drift {}", words(&drift)))?;
    }
    for replace in case.replaces.clone() {
        back(bench, &mut case, &original).await?;
        step(bench, &mut case, &replace, Action::Create).await.with_context(|| format!("replace {}", words(&replace)))?;
        refound(bench, &case).await.with_context(|| format!("found again after replace {}", words(&replace)))?;
    }
    back(bench, &mut case, &original).await?;
    lost(bench, &case).await.context("deleted behind our back")?;
    imported(bench, &case).await.context("import")?;
    bench.destroy(STACK).await.context("destroy")?;
    bench.is_clean().await?;
    Ok(drifts)
}

/// What a run that was killed had made is found by its intent alone: by the id that the wish tells, or by the operation.
async fn refound(bench: &Bench, case: &Case) -> Result<()> {
    let (record, _) = subject(bench, case).await?;
    let catalog = lowtide_catalog::all();
    let kind = catalog.kind(case.subject.kind()).context("the kind is in the catalog")?;
    if kind.description().create == Create::NoCall {
        return Ok(());
    }
    let op = Operation { id: record.uid.clone() };
    let mut wish = record.inputs.clone();
    kind.name(&mut wish, &op);
    let session = session(bench)?;
    match kind.identity(&session.place, &wish) {
        Some(id) => ensure!(id == record.id, "its wish tells {id}, and it is {}", record.id),
        None => {
            let found = kind.find(&session, &op, &wish).await?;
            ensure!(found == [record.id.clone()], "its operation finds {found:?}, and it is {}", record.id);
        }
    }
    Ok(())
}

/// Whatever may be named by us is, and is found again all the same.
async fn nameless(bench: &Bench, case: &mut Case) -> Result<()> {
    let catalog = lowtide_catalog::all();
    let kind = catalog.kind(case.subject.kind()).context("the kind is in the catalog")?;
    let named: Vec<_> = kind.description().inputs.iter().filter(|row| row.identity && row.computed()).map(|row| row.name).collect();
    for name in named {
        if case.subject()?.remove(name).is_some() {
            bench.write("case.toml", &case.text()?)?;
            bench.converge(STACK).await?;
            refound(bench, case).await.with_context(|| format!("without {name}"))?;
        }
    }
    Ok(())
}

/// Takes an update back behind our back, by the kind itself, without the ledger knowing; drift must find every attribute of it.
async fn undone(bench: &Bench, case: &Case, edit: &Edit, before: &Object, drifts: &mut Drifts) -> Result<()> {
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

/// Brings the subject back to what the case declares.
async fn back(bench: &Bench, case: &mut Case, original: &toml::Table) -> Result<()> {
    original.clone_into(case.subject()?);
    bench.write("case.toml", &case.text()?)?;
    bench.converge(STACK).await.context("back to the beginning")
}

/// Edits the subject, checks that the plan does just this, applies, and checks that nothing is left to do.
async fn step(bench: &Bench, case: &mut Case, edit: &Edit, action: Action) -> Result<()> {
    case.edit(edit)?;
    bench.write("case.toml", &case.text()?)?;
    let plans = bench.plan(STACK).await?;
    let about: Vec<_> = steps(&plans, case).collect();
    let as_meant = match action {
        Action::Create => about.iter().any(|step| step.action == Action::Create && step.pair.is_some()),
        _ => matches!(about.as_slice(), [only] if only.action == action),
    };
    ensure!(as_meant, "the plan should {} it:\n{}", if action == Action::Create { "replace" } else { "update" }, shown(&plans));
    bench.apply(plans).await?;
    bench.is_settled(STACK).await
}

/// Tags come, change and go, on every kind that has some; somebody else's stay.
async fn tags(bench: &Bench, case: &mut Case) -> Result<()> {
    if !lowtide_catalog::all().kind(case.subject.kind()).is_some_and(|kind| kind.description().tagged()) {
        return Ok(());
    }
    for tags in ["{ suite = 'one', other = 'a b' }", "{ suite = 'two' }", "{ last = 'x' }"] {
        let set = format!("tags = {tags}").parse()?;
        step(bench, case, &Edit { set, ..Edit::default() }, Action::Update).await.with_context(|| tags.to_owned())?;
    }
    Ok(())
}

/// Changes the subject behind our back; the plan must see it and put it right.
async fn drifted(bench: &Bench, case: &Case, drift: &Edit) -> Result<()> {
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
async fn lost(bench: &Bench, case: &Case) -> Result<()> {
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

/// Forgets the subject and takes it on again; the plan may put nothing right but what AWS never shows.
async fn imported(bench: &Bench, case: &Case) -> Result<()> {
    let (record, _) = subject(bench, case).await?;
    let mut engine = bench.engine()?;
    if engine.catalog.kind(case.subject.kind()).is_some_and(|kind| kind.description().create == Create::NoCall) {
        return Ok(());
    }
    engine.forget_records("case", std::slice::from_ref(&case.subject)).await.map_err(|trouble| anyhow::anyhow!("{trouble:?}"))?;
    let (loaded, _) = engine.load(&[]).map_err(|trouble| anyhow::anyhow!("{trouble:?}"))?;
    let id = case.import.as_ref().map_or_else(|| record.id.clone(), |template| filled(template, &record));
    let again = engine.import(&loaded[0], &case.subject, &id).await.map_err(|trouble| anyhow::anyhow!("{trouble:?}"))?;
    ensure!(again.id == record.id, "{id} was imported as {}, it was {}", again.id, record.id);
    let plans = bench.plan(STACK).await?;
    ensure!(steps(&plans, case).all(|step| step.action == Action::Update && only_unread(step)), "the import differs:\n{}", shown(&plans));
    bench.apply(plans).await?;
    bench.is_settled(STACK).await
}

/// After an import only what AWS never shows, options, and the ownership tags may be set.
fn only_unread(step: &Step) -> bool {
    let catalog = lowtide_catalog::all();
    let Some(kind) = catalog.kind(step.address.kind()) else { return false };
    let quiet = |name: &str| name == "tags" || kind.description().input(name).is_some_and(|row| row.unread || row.option);
    step.changes.iter().all(|change| change.path.attribute().is_some_and(quiet))
}

pub async fn subject(bench: &Bench, case: &Case) -> Result<(Record, Sight)> {
    let plans = bench.plan(STACK).await?;
    let plan = plans.first().context("there is one stack")?;
    let record = plan.prepared.state.current(&case.subject).context("the subject is remembered")?.clone();
    let sight = plan.sights.get(&record.key()).cloned().unwrap_or_else(|| Sight::Here(Box::new(record.last_observation())));
    Ok((record, sight))
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

fn steps<'a>(plans: &'a [StackPlan], case: &'a Case) -> impl Iterator<Item = &'a Step> {
    plans.iter().flat_map(|plan| &plan.plan.steps).filter(|step| step.address == case.subject)
}

fn filled(template: &str, record: &Record) -> String {
    let mut text = template.to_owned();
    for (name, value) in record.seen.inputs.iter().chain(record.seen.outputs.iter()) {
        if let Some(value) = value.as_str() {
            text = text.replace(&format!("{{{name}}}"), value);
        }
    }
    text
}

fn words(edit: &Edit) -> String {
    let names: Vec<_> = edit.set.keys().map(String::as_str).chain(edit.unset.iter().map(String::as_str)).collect();
    names.join(", ")
}
