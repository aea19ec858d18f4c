//! The ledger fails, or the process ends, at any result: the next run goes on without losing anything that can be found again.

use lowtide_ledger::Moment;

use crate::{
    bench::{Bench, failures, run},
    troubles::showcase,
};

/// Applies while the n-th write to the journal fails, then applies or destroys. Returns whether it came so far.
async fn crash(nth: usize, moment: Moment, before: Option<&str>, after: &str, destroys: bool) -> Result<bool, String> {
    let mut bench = Bench::new();
    if let Some(before) = before {
        failures(&bench.apply(before).await).map_or(Ok(()), Err)?;
    }
    bench.ledger.fail_append(nth, moment);
    let so_far = bench.ledger.appends();
    let first = bench.apply(after).await;
    let reached = bench.ledger.appends() - so_far >= nth;
    bench.kill();
    if reached && failures(&first).is_none() {
        return Err("a lost result went unnoticed".to_owned());
    }
    if destroys && !reached {
        return Ok(false);
    }
    if destroys {
        failures(&bench.destroy(after).await).map_or(Ok(()), |why| Err(format!("destroy: {why}")))?;
        let left: Vec<_> = bench.pretend.things().into_iter().map(|thing| thing.id).collect();
        let state = bench.state().await;
        if !left.is_empty() || !state.records.is_empty() || !state.pending.is_empty() {
            return Err(format!("destroy leaves {left:?}"));
        }
        return Ok(reached);
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
            for destroys in [false, true] {
                match run(crash(nth, moment, before, after, destroys)) {
                    Ok(so_far) => reached |= so_far,
                    Err(why) => panic!("{moment:?} write {nth}, then destroy: {destroys}: {why}"),
                }
            }
        }
        if !reached {
            return crashes;
        }
        crashes += 6;
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
