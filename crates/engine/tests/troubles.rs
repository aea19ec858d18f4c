//! After any one trouble at any call a second apply converges, with no duplicate and no orphan.

use std::collections::BTreeMap;

use lowtide_testkit::pretend::{Call, Trouble, Verb, What};

use crate::{
    bench::{Bench, failures, run},
    spec::{Source, text},
};

/// One resource of each kind that asks something, each standing on others.
pub fn showcase(setting: u8) -> String {
    format!(
        "[data.pretend_zones.all]\n\
         [resource.pretend_net.net]\ncidr = '10.0.0.0/16'\nsize = {setting}\nlabel = 'l{setting}'\ntags = {{ Name = 'n{setting}' }}\n\
         [resource.pretend_net.other]\ncidr = '10.{setting}.0.0/16'\nzone = '${{data.pretend_zones.all.names[0]}}'\n\
         [resource.pretend_host.host]\ncount = 2\nnet = '${{pretend_net.net.id}}'\nlabel = '{setting}'\n\
         [resource.pretend_host.moves]\nnet = '${{pretend_net.other.id}}'\n\
         [resource.pretend_role.role]\nname = 'r'\nnote = '{setting}'\n\
         [resource.pretend_role.renamed]\nname = 'r{setting}'\n\
         [resource.pretend_grant.grant]\nrole = '${{pretend_role.role.id}}'\nname = 'g'\ndocument = {{ Statement = [{{ Action = 'a:{setting}' }}] }}\n\
         [resource.pretend_grant.moves]\nrole = '${{pretend_role.renamed.id}}'\nname = 'g'\ndocument = {{ Statement = [] }}\n\
         [resource.pretend_gate.gate]\nrole = '${{pretend_role.role.id}}'\nname = 'k'\nnote = '{setting}'\n\
         [resource.pretend_task.task]\nfamily = 'f'\ncontainers = [{{ name = 'c', image = 'i{setting}' }}]\n\
         [resource.pretend_base.base]\npassword = 'p{setting}'\nstorage = {{ size = {setting} }}\nuses = ['${{pretend_net.net.id}}']\nholds = ['${{pretend_task.task.id}}']\n\
         [resource.pretend_base.gone_{setting}]\n\
         [resource.pretend_note.note]\ntext = '${{pretend_net.net.version}}'\n\
         [output.task]\nvalue = '${{pretend_task.task.id}}'\n"
    )
}

/// What is done while something goes wrong.
#[derive(Clone, Copy, Debug)]
enum Doing {
    Create,
    Edit,
    Destroy,
}

/// Returns every trouble that can meet these calls.
fn troubles(calls: &[Call]) -> Vec<Trouble> {
    let mut counts: BTreeMap<(&str, Verb), usize> = BTreeMap::new();
    calls.iter().for_each(|call| *counts.entry((call.kind, call.verb)).or_default() += 1);
    let mut all = Vec::new();
    for ((kind, verb), count) in counts {
        for nth in 1..=count {
            let possible = What::ALL.into_iter().filter(|what| match verb {
                Verb::Create => *what != What::Gone,
                Verb::Read => *what != What::LostAfter,
                Verb::Find => !matches!(what, What::LostAfter | What::Gone),
                Verb::Update | Verb::Delete => true,
            });
            all.extend(possible.map(|what| Trouble { kind: kind.to_owned(), verb, nth, what }));
        }
    }
    all
}

/// Makes one trouble while something is done, then does it again in peace. Returns whether the first try noticed.
async fn survive(doing: Doing, before: &str, after: &str, trouble: Option<&Trouble>) -> Result<(bool, Vec<Call>), String> {
    let bench = Bench::new();
    if !matches!(doing, Doing::Create) {
        failures(&bench.apply(before).await).map_or(Ok(()), Err)?;
    }
    bench.pretend.calm();
    trouble.cloned().into_iter().for_each(|trouble| bench.pretend.make_trouble(trouble));
    let first = match doing {
        Doing::Create | Doing::Edit => bench.apply(after).await,
        Doing::Destroy => bench.destroy(before).await,
    };
    let noticed = failures(&first);
    let calls = bench.pretend.calls();
    bench.pretend.calm();
    let again = |why: String| format!("{why}\nfirst try: {}", noticed.clone().unwrap_or_default());
    match doing {
        Doing::Create | Doing::Edit => {
            failures(&bench.apply(after).await).map_or(Ok(()), |why| Err(again(format!("second apply: {why}"))))?;
            bench.settled(after).await.map_err(again)?;
        }
        Doing::Destroy => {
            failures(&bench.destroy(before).await).map_or(Ok(()), |why| Err(again(format!("second destroy: {why}"))))?;
            let left: Vec<_> = bench.pretend.things().into_iter().map(|thing| thing.id).collect();
            if !left.is_empty() || !bench.state().await.records.is_empty() {
                return Err(again(format!("left behind: {left:?}")));
            }
        }
    }
    Ok((noticed.is_some(), calls))
}

fn every_trouble(doing: Doing) {
    let (before, after) = (showcase(1), showcase(2));
    let calls = run(survive(doing, &before, &after, None)).expect("peace").1;
    let all = troubles(&calls);
    let (mut noticed, mut wrong) = (0, Vec::new());
    for trouble in &all {
        match run(survive(doing, &before, &after, Some(trouble))) {
            Ok((first, _)) => noticed += usize::from(first),
            Err(why) => wrong.push(format!("{trouble:?}: {why}")),
        }
    }
    println!("{doing:?}: {} calls, {} troubles, {noticed} noticed by the first try", calls.len(), all.len());
    assert!(wrong.is_empty(), "{} of {} troubles:\n{}", wrong.len(), all.len(), wrong.join("\n"));
}

#[test]
fn any_trouble_while_creating_is_survived() {
    every_trouble(Doing::Create);
}

#[test]
fn any_trouble_while_editing_is_survived() {
    every_trouble(Doing::Edit);
}

#[test]
fn any_trouble_while_destroying_is_survived() {
    every_trouble(Doing::Destroy);
}

#[test]
fn a_random_trouble_in_a_random_spec_is_survived() {
    let mut source = Source::new();
    let (mut met, mut refused) = (0, 0);
    for _ in 0..30 {
        let spec = source.spec(5..25);
        let (before, after) = (text(&spec), text(&source.edit(&spec)));
        let doing = [Doing::Create, Doing::Edit, Doing::Destroy][source.number(3)];
        let calls = match run(survive(doing, &before, &after, None)) {
            Ok((false, calls)) => calls,
            Ok((true, _)) => panic!("a failure in peace\n{before}\n-----\n{after}"),
            Err(why) if why.contains("Name still taken") || why.contains("No possible order") => {
                refused += 1;
                continue;
            }
            Err(why) => panic!("{why}\n{before}\n-----\n{after}"),
        };
        let all = troubles(&calls);
        for _ in 0..3.min(all.len()) {
            let trouble = &all[source.number(all.len())];
            met += 1;
            if let Err(why) = run(survive(doing, &before, &after, Some(trouble))) {
                panic!("{doing:?} {trouble:?}: {why}\n{before}\n-----\n{after}");
            }
        }
    }
    println!("{met} troubles, {refused} edits refused while planning");
}
