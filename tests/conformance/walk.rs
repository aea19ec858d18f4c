//! One kind led through its life: created, read back, changed, replaced, drifted, lost, imported, destroyed.

use anyhow::{Context, Result, ensure};
use lowtide_engine::StackPlan;
use lowtide_model::Create;
use lowtide_plan::{Action, Sight, Step};
use lowtide_resource::Operation;
use lowtide_state::Record;

use super::{
    behind::{Drifts, drifted, lost, undone},
    case::{Case, Edit},
    unreadable::unreadable,
};
use crate::bench::{Bench, session, shown};

const PROJECT: &str = "[project]\nname = \"conformance\"\n\n[stacks.case]\nspec = \"case.toml\"\n";
pub const STACK: &[&str] = &["case"];

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

/// Returns what is remembered of the subject, and what is to be seen of it.
pub async fn subject(bench: &Bench, case: &Case) -> Result<(Record, Sight)> {
    let plans = bench.plan(STACK).await?;
    let plan = plans.first().context("there is one stack")?;
    let record = plan.prepared.state.current(&case.subject).context("the subject is remembered")?.clone();
    let sight = plan.sights.get(&record.key()).cloned().unwrap_or_else(|| Sight::Here(Box::new(record.last_observation())));
    Ok((record, sight))
}

/// Returns what plans do with the subject.
pub fn steps<'a>(plans: &'a [StackPlan], case: &'a Case) -> impl Iterator<Item = &'a Step> {
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
