//! Several things go wrong one after the other, in one run and the next: peace then brings everything about, with no
//! duplicate and no orphan.
//!
//! `LOWTIDE_SEQUENCES` says how many sequences, `LOWTIDE_SEED` which is the first.

use std::time::Instant;

use lowtide_ledger::Moment;
use lowtide_testkit::pretend::{Trouble, Verb, What};

use crate::{
    bench::{Bench, failures, run},
    troubles::showcase,
};

/// Splitmix64: the same numbers for the same seed, everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).expect("below the limit")
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// Goes through one sequence. Returns how many runs went wrong.
async fn sequence(seed: u64) -> Result<usize, String> {
    let mut dice = Dice(seed);
    let mut bench = Bench::new();
    let mut wrong = 0;
    for _ in 0..=dice.below(4) {
        for _ in 0..dice.below(3) {
            let kind = dice.of(&["net", "host", "role", "grant", "task", "base"]);
            let verb = dice.of(&[Verb::Create, Verb::Create, Verb::Read, Verb::Update, Verb::Delete]);
            let what = match verb {
                Verb::Create => dice.of(&[What::Refused, What::LostBefore, What::LostAfter, What::Throttled]),
                Verb::Read => dice.of(&[What::Refused, What::LostBefore, What::Denied]),
                Verb::Update | Verb::Delete => dice.of(&What::ALL),
            };
            bench.pretend.make_trouble(Trouble { kind: format!("pretend_{kind}"), verb, nth: 1 + dice.below(4), what });
        }
        if dice.below(3) > 0 {
            bench.ledger.fail_append(1 + dice.below(40), dice.of(&[Moment::Before, Moment::Midway, Moment::After]));
        }
        let spec = showcase(if dice.below(2) == 0 { 1 } else { 2 });
        let ended = if dice.below(5) == 0 { bench.destroy(&spec).await } else { bench.apply(&spec).await };
        wrong += usize::from(failures(&ended).is_some());
        bench.kill();
    }
    bench.pretend.calm();
    bench.ledger.fail_append(usize::MAX / 2, Moment::Before);
    let last = showcase(2);
    failures(&bench.apply(&last).await).map_or(Ok(()), |why| Err(format!("apply in peace: {why}")))?;
    bench.settled(&last).await?;
    failures(&bench.destroy(&last).await).map_or(Ok(()), |why| Err(format!("destroy: {why}")))?;
    let left: Vec<_> = bench.pretend.things().into_iter().map(|thing| thing.id).collect();
    let state = bench.state().await;
    if left.is_empty() && state.records.is_empty() && state.pending.is_empty() {
        Ok(wrong)
    } else {
        Err(format!("destroy leaves {left:?}"))
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn random_sequences_of_troubles_and_crashes_are_survived() {
    let (count, first) = (number("LOWTIDE_SEQUENCES", 100), number("LOWTIDE_SEED", 1));
    let began = Instant::now();
    let mut wrong = 0;
    for seed in first..first + count {
        match run(sequence(seed)) {
            Ok(runs) => wrong += runs,
            Err(why) => panic!("LOWTIDE_SEED={seed} LOWTIDE_SEQUENCES=1: {why}"),
        }
    }
    println!("{count} sequences from seed {first}, {wrong} runs went wrong on the way, {:?}", began.elapsed());
}
