//! A run dies between the two halves of a replacement: the old one is gone and forgotten, and the new one is in doubt. It is asked for again
//! as the same thing, so there is one thing and one record of it, however many runs follow.

use std::collections::BTreeMap;

use lowtide_state::{Attempt, Entry, Intent, Ledger, Record, RecordKey, Status};
use lowtide_testkit::pretend::{Blow, LATE, Trouble, Verb, What};

use crate::bench::{Bench, failures, run, words};

const KINDS: [&str; 4] = ["net", "role", "gate", "grant"];

/// One of each kind that is asked for again by its name or its token; each is replaced with the setting.
fn replaced_with(setting: u8) -> String {
    format!(
        "[resource.pretend_net.net]\ncidr = '10.{setting}.0.0/16'\n\
         [resource.pretend_role.role]\nname = 'r{setting}'\n\
         [resource.pretend_role.whole]\nname = 'w'\n\
         [resource.pretend_grant.grant]\nrole = '${{pretend_role.whole.id}}'\nname = 'g{setting}'\ndocument = {{ Statement = [] }}\n\
         [resource.pretend_gate.gate]\nrole = '${{pretend_role.whole.id}}'\nname = 'k{setting}'\n"
    )
}

/// Returns a world in which a replacement died at a moment of its create, which is on its way for long, if it is late.
async fn dead_at(kind: &str, moment: &str, late: bool) -> Result<Bench, String> {
    let (before, after) = (replaced_with(1), replaced_with(2));
    let mut benches = [Bench::new(), Bench::new()];
    for bench in &benches {
        failures(&bench.apply(&before).await).map_or(Ok(()), Err)?;
        bench.pretend.fate().spare();
        bench.pretend.calm();
    }
    let [counted, bench] = &mut benches;
    failures(&counted.apply(&after).await).map_or(Ok(()), Err)?;
    let moment = format!("Create pretend_{kind} : {moment}");
    let nth = counted.pretend.fate().moments().iter().position(|one| *one == moment).ok_or("it is never sent")? + 1;
    if late {
        bench.pretend.make_trouble(Trouble { kind: format!("pretend_{kind}"), verb: Verb::Create, nth: 1, what: What::Late });
    }
    bench.pretend.fate().strike_at(nth, Blow::Death);
    if bench.mortal(bench.apply(&after)).await.is_some() || bench.pretend.fate().struck() != Some(moment) {
        return Err("it did not die there".to_owned());
    }
    let [_, mut bench] = benches;
    bench.pretend.fate().spare();
    bench.pretend.calm();
    bench.kill();
    Ok(bench)
}

async fn goes_on(kind: &str, moment: &str, late: bool) -> Result<(), String> {
    let spec = replaced_with(2);
    let mut bench = dead_at(kind, moment, late).await?;
    for apply in 2..=4 {
        bench.another_process();
        failures(&bench.apply(&spec).await).map_or(Ok(()), |why| Err(format!("apply {apply}: {why}")))?;
        bench.settled(&spec).await.map_err(|why| format!("after apply {apply}: {why}"))?;
        let open = bench.state().await.pending.len();
        if open > 0 {
            return Err(format!("after apply {apply} {open} are in doubt"));
        }
        tokio::time::sleep(2 * LATE).await;
    }
    failures(&bench.destroy(&spec).await).map_or(Ok(()), |why| Err(format!("destroy: {why}")))?;
    bench.nothing_is_left().await
}

#[test]
fn what_a_dead_replacement_was_about_to_make_is_made_once() {
    let moments = [("before it is sent", false), ("done, not answered", false), ("done, not answered", true)];
    let all = KINDS.iter().flat_map(|kind| moments.map(|(moment, late)| (*kind, moment, late)));
    let wrong: Vec<_> = all
        .filter_map(|(kind, moment, late)| Some(format!("{kind}, {moment}, late: {late}: {}", run(goes_on(kind, moment, late)).err()?)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Leaves in doubt that a successor of something is made, as a run did that took it for another generation than it was.
async fn doubt_a_successor(bench: &Bench, record: &Record) {
    let successor = Record { generation: record.generation + 1, ..record.clone() };
    let intent = Intent {
        op: record.uid.clone(),
        attempt: Attempt::Create,
        address: record.address.clone(),
        generation: successor.generation,
        record: Some(Box::new(successor)),
        until: None,
    };
    let mut run = bench.ledger.open(&bench.engine.key("all"), "test").await.expect("it is free");
    run.append(&[Entry::Intent { intent: Box::new(intent) }]).await.expect("it is written");
    run.finish().await.expect("it is done");
}

#[test]
fn what_has_a_record_is_not_taken_on_by_another() {
    let spec = replaced_with(1);
    for kind in KINDS {
        for named in [true, false] {
            run(async {
                let bench = Bench::new();
                assert_eq!(failures(&bench.apply(&spec).await), None);
                let before = bench.state().await.records;
                let record = before.values().find(|record| record.address.kind() == format!("pretend_{kind}")).expect("one of each");
                let id = if named { record.id.clone() } else { String::new() };
                doubt_a_successor(&bench, &Record { id, ..record.clone() }).await;
                assert_eq!(failures(&bench.apply(&spec).await), None, "{kind}, by name: {named}");
                let state = bench.state().await;
                let keys = |records: &BTreeMap<RecordKey, Record>| records.keys().cloned().collect::<Vec<_>>();
                assert_eq!((keys(&state.records), state.pending.len()), (keys(&before), 0), "{kind}, by name: {named}");
                assert_eq!(bench.settled(&spec).await, Ok(()), "{kind}, by name: {named}");
            });
        }
    }
}

#[test]
fn what_is_imported_does_not_take_the_place_of_an_older_generation() {
    run(async {
        let spec = replaced_with(1);
        let bench = Bench::new();
        assert_eq!(failures(&bench.apply(&spec).await), None);
        let older = bench.state().await.records.into_values().find(|record| record.address.kind() == "pretend_net").expect("a net");
        let mut run = bench.ledger.open(&bench.engine.key("all"), "test").await.expect("it is free");
        let deposed = Record { status: Status::Deposed, ..older.clone() };
        run.append(&[Entry::Put { record: Box::new(deposed) }]).await.expect("it is written");
        run.finish().await.expect("it is done");
        let inputs = [("cidr".to_owned(), "10.1.0.0/16".into())].into_iter().collect();
        bench.pretend.put("pretend_net", "net-of-others", inputs);
        let imported = bench.engine.import(&bench.load(&spec)[0], &older.address, "net-of-others").await;
        assert_eq!(imported.map_err(|trouble| words(&trouble)).expect("it is there").generation, 1);
        assert!(bench.state().await.records.contains_key(&older.key()), "the older one is forgotten, and still there");
        assert_eq!(failures(&bench.apply(&spec).await), None);
        assert_eq!(bench.settled(&spec).await, Ok(()));
    });
}
