//! A run over a graph of all idempotency classes is struck at each of its moments in turn: before a request is sent, when it is
//! done and not answered, when it is answered; before, midway and after each write to the ledger, checkpoints among them. Peace then brings everything
//! about, with no duplicate and no orphan.
//!
//! All moments are gone through in the profile `thorough`, some of them elsewhere. `LOWTIDE_MOMENT` names one of those that a
//! failure prints.

use std::{collections::BTreeMap, time::Instant};

use lowtide_testkit::pretend::Blow;

use crate::{
    bench::{Bench, failures, run},
    spread::{spread, thorough},
};

/// How many moments are passed over where not all are tried. Each request and each write has three, so that each sort is met.
const SOME: usize = 31;

/// More than fifty resources: each class several times, wide and deep.
fn graph(setting: u8) -> String {
    let mut text = format!(
        "[data.pretend_zones.all]\n\
         [resource.pretend_net.net]\ncount = 4\ncidr = '10.0.0.0/16'\nsize = {setting}\nlabel = 'l{setting}'\ntags = {{ Name = 'n{setting}' }}\n\
         [resource.pretend_net.moves]\ncidr = '10.{setting}.0.0/16'\nzone = '${{data.pretend_zones.all.names[0]}}'\n\
         [resource.pretend_host.of_moved]\ncount = 2\nnet = '${{pretend_net.moves.id}}'\n\
         [resource.pretend_role.role]\ncount = 8\nname = 'r${{count.index}}'\nnote = '{setting}'\n\
         [resource.pretend_role.renamed]\nname = 'renamed{setting}'\n\
         [resource.pretend_grant.of_renamed]\nrole = '${{pretend_role.renamed.id}}'\nname = 'g'\ndocument = {{ Statement = [] }}\n\
         [resource.pretend_gate.of_renamed]\nrole = '${{pretend_role.renamed.id}}'\nname = 'k'\n\
         [resource.pretend_alarm.alarm]\ncount = 2\nname = 'a${{count.index}}'\nnote = '{setting}'\n\
         [resource.pretend_task.task]\ncount = 5\nfamily = 'f${{count.index}}'\ncontainers = [{{ name = 'c', image = 'i{setting}' }}]\n\
         [resource.pretend_base.base]\ncount = 4\npassword = 'p{setting}'\nstorage = {{ size = {setting} }}\nuses = ['${{pretend_net.net[0].id}}']\nholds = ['${{pretend_task.task[count.index].id}}']\n\
         [resource.pretend_base.gone_{setting}]\n\
         [resource.pretend_note.note]\ntext = '${{pretend_net.net[0].version}}'\n\
         [output.task]\nvalue = '${{pretend_task.task[0].id}}'\n"
    );
    for net in 0..4 {
        text += &format!("[resource.pretend_host.of_{net}]\ncount = 3\nnet = '${{pretend_net.net[{net}].id}}'\nlabel = '{setting}'\n");
    }
    for role in 0..6 {
        text += &format!(
            "[resource.pretend_grant.of_{role}]\nrole = '${{pretend_role.role[{role}].id}}'\nname = 'g'\ndocument = {{ Statement = [{{ Action = 'a:{setting}' }}] }}\n"
        );
        text += &format!("[resource.pretend_gate.of_{role}]\nrole = '${{pretend_role.role[{role}].id}}'\nname = 'k'\nnote = '{setting}'\n");
    }
    text
}

/// What is being done when a run is struck.
#[derive(Clone, Copy, Debug)]
enum Doing {
    Create,
    Edit,
    Destroy,
}

/// Comes to where it is struck, or to its end.
async fn until_struck(bench: &Bench, doing: Doing) -> Result<(), String> {
    let (before, after) = (graph(1), graph(2));
    let ended = match doing {
        Doing::Create | Doing::Edit => bench.mortal(bench.apply(&after)).await,
        Doing::Destroy => bench.mortal(bench.destroy(&before)).await,
    };
    // Whoever lived on has said what went wrong, if that could be known.
    ended.map_or(Ok(()), |ended| failures(&ended).map_or(Ok(()), Err))
}

async fn prepared(doing: Doing) -> Bench {
    let bench = Bench::new();
    if !matches!(doing, Doing::Create) {
        let applied = bench.apply(&graph(1)).await;
        assert_eq!(failures(&applied), None, "in peace");
    }
    bench.pretend.fate().spare();
    bench
}

/// Strikes at one moment, and sees whether all comes right, here or on another machine. Returns whether the run that was struck told of it.
async fn survive(doing: Doing, nth: usize, blow: Blow, goes_elsewhere: bool) -> Result<bool, String> {
    let bench = prepared(doing).await;
    bench.pretend.fate().strike_at(nth, blow);
    let told = until_struck(&bench, doing).await;
    let moment = bench.pretend.fate().struck().ok_or("the moment never came")?;
    bench.pretend.fate().spare();
    if goes_elsewhere {
        bench.ledger.go_elsewhere();
    }
    let again = |why: String| format!("{moment}: {why}\nfirst run: {told:?}");
    if matches!(doing, Doing::Create | Doing::Edit) {
        let after = graph(2);
        failures(&bench.apply(&after).await).map_or(Ok(()), |why| Err(again(format!("apply: {why}"))))?;
        bench.settled(&after).await.map_err(again)?;
    }
    let spec = if matches!(doing, Doing::Destroy) { graph(1) } else { graph(2) };
    failures(&bench.destroy(&spec).await).map_or(Ok(()), |why| Err(again(format!("destroy: {why}"))))?;
    bench.nothing_is_left().await.map_err(again)?;
    Ok(told.is_err())
}

/// Goes through a run in peace; returns its moments and how many resources there are then.
async fn peace(doing: Doing) -> (Vec<String>, usize) {
    let bench = prepared(doing).await;
    assert_eq!(until_struck(&bench, doing).await, Ok(()));
    (bench.pretend.fate().moments(), bench.state().await.records.len())
}

fn every_moment(doing: Doing, blow: Blow) {
    let began = Instant::now();
    let (moments, resources) = run(peace(doing));
    assert!(matches!(doing, Doing::Destroy) || resources >= 50, "{resources} resources");
    assert!(moments.iter().any(|moment| moment.starts_with("checkpoint")), "no checkpoint is made");
    // The loss of an answer that has come in is none.
    let counts = |nth: usize| blow == Blow::Death || !moments[nth - 1].ends_with(": answered") && !moments[nth - 1].starts_with("open");
    let only: Option<usize> = std::env::var("LOWTIDE_MOMENT").ok().and_then(|text| text.parse().ok());
    let tried = spread(moments.len(), |nth| {
        let wanted = counts(nth) && only.map_or(thorough() || nth.is_multiple_of(SOME), |only| only == nth);
        // What can't be written down is set aside on this machine.
        let may_be_aside = blow == Blow::Loss && moments[nth - 1].starts_with("append");
        let both = || {
            let elsewhere = run(survive(doing, nth, blow, true))?;
            if may_be_aside { run(survive(doing, nth, blow, false)) } else { Ok(elsewhere) }
        };
        wanted.then(|| both().map_err(|why| format!("LOWTIDE_MOMENT={nth}: {why}")))
    });
    let tried: Vec<_> = tried.into_iter().flatten().collect();
    let told = tried.iter().filter(|one| matches!(one, Ok(true))).count();
    let wrong: Vec<_> = tried.iter().filter_map(|one| one.as_ref().err()).collect();
    let with = |word: &str| wrong.iter().filter(|why| why.contains(word)).count();
    println!(
        "{doing:?}, {blow:?} at {} of {} moments ({}): {told} told of by the run struck, {} not survived, {} with orphans, {} with duplicates, {:?}",
        tried.len(),
        moments.len(),
        sorts(&moments),
        wrong.len(),
        with("orphans") + with("destroy leaves"),
        with("two records"),
        began.elapsed(),
    );
    let words: Vec<_> = wrong.iter().map(|why| why.as_str()).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), tried.len(), words.join("\n"));
}

/// Returns how many moments there are of each sort.
fn sorts(moments: &[String]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    moments.iter().for_each(|moment| *counts.entry(moment.split(' ').next().unwrap_or_default().trim_end_matches(':')).or_default() += 1);
    counts.iter().map(|(sort, count)| format!("{sort} {count}")).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_run_that_creates_may_end_at_any_moment() {
    every_moment(Doing::Create, Blow::Death);
}

#[test]
fn a_run_that_changes_may_end_at_any_moment() {
    every_moment(Doing::Edit, Blow::Death);
}

#[test]
fn a_run_that_destroys_may_end_at_any_moment() {
    every_moment(Doing::Destroy, Blow::Death);
}

#[test]
fn a_run_that_creates_survives_any_loss() {
    every_moment(Doing::Create, Blow::Loss);
}

#[test]
fn a_run_that_changes_survives_any_loss() {
    every_moment(Doing::Edit, Blow::Loss);
}

#[test]
fn a_run_that_destroys_survives_any_loss() {
    every_moment(Doing::Destroy, Blow::Loss);
}
