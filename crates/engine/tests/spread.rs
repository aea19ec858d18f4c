//! Many tries that know nothing of each other, over all processors.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

/// Returns whether all is tried: in the profile `thorough`, which leaves debug assertions out, and not in a build that takes
/// several times as long for it.
pub fn thorough() -> bool {
    !cfg!(debug_assertions)
}

/// Returns what each try from 1 to `count` says, in their order.
pub fn spread<T: Send>(count: usize, try_one: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(1);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        let mut said = Vec::new();
        loop {
            let nth = next.fetch_add(1, Ordering::Relaxed);
            if nth > count {
                return said;
            }
            said.push((nth, try_one(nth)));
        }
    };
    let mut all: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a try does not panic")).collect()
    });
    all.sort_by_key(|(nth, _)| *nth);
    all.into_iter().map(|(_, said)| said).collect()
}
