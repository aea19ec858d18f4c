//! The ledger fails, or the process ends, at any result: the next run goes on without losing anything that can be found again.

use lowtide_ledger::Moment;

use crate::{
    bench::{Bench, failures, run},
    troubles::showcase,
};

/// Applies while the n-th result can't be written down, then again. Returns whether it came so far.
async fn crash(nth: usize, moment: Moment, before: Option<&str>, after: &str) -> Result<bool, String> {
    let bench = Bench::new();
    if let Some(before) = before {
        failures(&bench.apply(before).await).map_or(Ok(()), Err)?;
    }
    bench.ledger.fail_append(nth, moment);
    let so_far = bench.ledger.appends();
    let first = bench.apply(after).await;
    let reached = bench.ledger.appends() - so_far >= nth;
    bench.ledger.crash();
    if reached && failures(&first).is_none() {
        return Err("a lost result went unnoticed".to_owned());
    }
    let known = bench.state().await;
    let lost: Vec<_> =
        bench.pretend.things().into_iter().filter(|thing| !known.records.values().any(|record| record.id == thing.id)).collect();
    // Until there is a journal, what only a tag can find and whose id was never written down is lost.
    for thing in lost.iter().filter(|thing| !matches!(thing.kind, "pretend_role" | "pretend_grant")) {
        bench.pretend.remove(&thing.id);
    }
    if lost.len() > 4 {
        return Err(format!("more is lost than was under way: {}", lost.len()));
    }
    failures(&bench.apply(after).await).map_or(Ok(()), |why| Err(format!("second apply: {why}")))?;
    bench.settled(after).await?;
    Ok(reached)
}

fn every_crash(before: Option<&str>, after: &str) -> usize {
    let mut crashes = 0;
    for nth in 1..200 {
        let mut reached = false;
        for moment in [Moment::Before, Moment::Midway, Moment::After] {
            match run(crash(nth, moment, before, after)) {
                Ok(so_far) => reached |= so_far,
                Err(why) => panic!("{moment:?} result {nth}: {why}"),
            }
        }
        if !reached {
            return crashes;
        }
        crashes += 3;
    }
    crashes
}

#[test]
fn a_create_goes_on_after_any_lost_result() {
    println!("{} crashes while creating", every_crash(None, &showcase(1)));
}

#[test]
fn an_edit_goes_on_after_any_lost_result() {
    println!("{} crashes while editing", every_crash(Some(&showcase(1)), &showcase(2)));
}
