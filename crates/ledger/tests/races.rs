//! Many writers at once on a shared ledger: at any time at most one has the right to write, and what was acknowledged stays.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use lowtide_ledger::{MemoryStore, Moment};
use lowtide_state::{Ledger, LedgerFault, Loaded};

use crate::samples::{forget, key, names, put, shared};

const ROUNDS: usize = 1_000;

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// One writer's try; `None` where another was at work.
pub async fn write(ledger: &dyn Ledger, name: &str, before: &str, inside: &AtomicUsize) -> Option<Loaded> {
    let key = key();
    let mut run = match ledger.open(&key, "apply").await {
        Ok(run) => run,
        Err(LedgerFault::Held { .. }) => return None,
        Err(fault) => panic!("{name}: {fault}"),
    };
    assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0, "{name}: another has the right to write");
    run.append(&[forget(before), put(name)]).await.unwrap();
    assert_eq!(inside.fetch_sub(1, Ordering::SeqCst), 1, "{name}");
    Some(run.finish().await.unwrap())
}

/// Lets writers race for many rounds, with the answer to some write lost in each; returns the figures.
async fn race(writers: usize) -> String {
    let store = MemoryStore::new();
    let inside = Arc::new(AtomicUsize::new(0));
    let mut dice = Dice(0x5EED_0000 + writers as u64);
    let (mut last, mut wins) = ("none".to_owned(), 0);
    for round in 0..ROUNDS {
        let moment = [Moment::Before, Moment::Midway, Moment::After][dice.below(3) as usize];
        store.fail_write(1 + dice.below(6), moment);
        store.set_delay(Duration::from_millis(dice.below(3)));
        let mut racing = tokio::task::JoinSet::new();
        for writer in 0..writers {
            let (ledger, inside, before) = (shared(&store.line()), inside.clone(), last.clone());
            racing.spawn(async move { write(&ledger, &format!("r{round}_{writer}"), &before, &inside).await });
        }
        let won: Vec<_> = racing.join_all().await.into_iter().flatten().collect();
        assert!(!won.is_empty(), "round {round}: somebody wins");
        wins += won.len();
        let newest = won.into_iter().max_by_key(|loaded| loaded.state.serial).expect("somebody won");
        let found = shared(&store).read(&key()).await.unwrap().expect("a state");
        assert_eq!(found, newest, "round {round}");
        assert_eq!(found.state.serial, wins as u64, "round {round}: each run counts once");
        // Those of a round all forget the one before it; one name is enough to go on with.
        last = names(&found).pop().expect("the winner's record");
        let mut run = shared(&store).open(&key(), "state rm").await.unwrap();
        let others: Vec<_> = names(&found).iter().filter(|name| **name != last).map(|name| forget(name)).collect();
        run.append(&others).await.unwrap();
        wins += usize::from(!others.is_empty());
        run.finish().await.unwrap();
    }
    format!("{writers} writers, {ROUNDS} rounds: {wins} runs, never two at once, none lost")
}

#[tokio::test(start_paused = true)]
async fn of_two_writers_one_has_the_right() {
    println!("{}", race(2).await);
}

#[tokio::test(start_paused = true)]
async fn of_sixty_four_writers_one_has_the_right() {
    println!("{}", race(64).await);
}

/// A writer is stopped at a random moment for a random while, as by SIGSTOP, and others go on.
#[tokio::test(start_paused = true)]
async fn what_a_stopped_writer_was_told_is_durable_and_what_it_was_not_told_is_harmless() {
    let mut dice = Dice(0x5709);
    let (mut lost, mut kept) = (0, 0);
    for round in 0..ROUNDS {
        let store = MemoryStore::new();
        let line = store.line();
        let key = key();
        store.set_delay(Duration::from_millis(50));
        let mut zombie = shared(&line).open(&key, "apply").await.unwrap();
        let (cut_after, cut_for) = (dice.below(8_000), 10_000 + dice.below(60_000));
        let switch = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(cut_after)).await;
            line.set_cut(true);
            tokio::time::sleep(Duration::from_millis(cut_for)).await;
            line.set_cut(false);
        });
        let rival = shared(&store.line());
        let began = dice.below(10_000);
        let next = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(began)).await;
            for _ in 0..20 {
                match write(&rival, "rival", "none", &AtomicUsize::new(0)).await {
                    Some(done) => return done,
                    None => tokio::time::sleep(Duration::from_secs(3)).await,
                }
            }
            panic!("round {round}: the stack never became free");
        });
        let mut told = Vec::new();
        for n in 0..20 {
            match zombie.append(&[put(&format!("z{n}"))]).await {
                Ok(()) => told.push(format!("z{n}")),
                Err(_) => break,
            }
            tokio::time::sleep(Duration::from_millis(dice.below(1_000))).await;
        }
        match zombie.finish().await {
            Ok(_) => kept += 1,
            Err(_) => lost += 1,
        }
        switch.await.unwrap();
        let ended = next.await.unwrap();
        let found = names(&shared(&store).read(&key).await.unwrap().expect("a state"));
        assert!(told.iter().all(|name| found.contains(name)), "round {round}: {told:?} of {found:?}");
        assert!(found.contains(&"rival".to_owned()) && names(&ended).contains(&"rival".to_owned()), "round {round}");
    }
    assert!(lost > ROUNDS / 10 && kept > ROUNDS / 10, "both are tried: {lost} {kept}");
    println!("{ROUNDS} stopped writers: {lost} shut out, {kept} in time, nothing acknowledged lost");
}
