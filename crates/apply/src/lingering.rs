//! Requests whose reply was lost, and which may still arrive when what they ask for is long there by another.
//!
//! While a thing is there its name is taken, so such a request does nothing. Once it is deleted the request makes it anew, and nobody
//! would know of it: who deletes it sees to it that it stays gone. The times are told by a [`Clock`](crate::Clock), since one
//! run writes them down and another reads them; none is waited for longer than the settle window.

use std::time::Duration;

use lowtide_model::Create;
use lowtide_state::{Lingering, Record};

use crate::Settings;

/// Returns whether one operation may make a thing of this class twice, once it is deleted in between: what has a token, or is found by
/// its tag alone and never sent again, is not.
pub fn may_be_made_anew(create: Create) -> bool {
    matches!(create, Create::Key | Create::Put)
}

/// Adds a request to those that may still arrive; of the same one again, the later time counts.
pub fn add(all: &mut Vec<Lingering>, one: Lingering, is_same: impl Fn(&Lingering) -> bool) {
    all.retain(|known| !(known.uid == one.uid && is_same(known)));
    all.push(one);
}

/// Returns requests from several records each once; the later time counts.
pub fn merged(requests: impl IntoIterator<Item = Lingering>) -> Vec<Lingering> {
    let mut all: Vec<Lingering> = Vec::new();
    for one in requests {
        match all.iter_mut().find(|known| (&known.uid, &known.inputs, &known.digests) == (&one.uid, &one.inputs, &one.digests)) {
            Some(known) => known.until = known.until.max(one.until),
            None => all.push(one),
        }
    }
    all
}

/// Returns what helps where nobody waits for what may still arrive.
pub fn again_in(left: Duration) -> String {
    let minutes = match left.as_secs().div_ceil(60) {
        0 | 1 => "a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    };
    format!("run it again in {minutes}, or without --no-wait, which waits")
}

impl Settings {
    /// Returns until when a request that was sent by now may still arrive.
    pub fn ambiguous_until(&self) -> u64 {
        self.clock.latest().saturating_add(self.settle_window.as_secs().max(1))
    }

    /// Returns for how long a request may still arrive.
    pub fn left_until(&self, until: u64) -> Duration {
        Duration::from_secs(until.saturating_sub(self.clock.earliest())).min(self.settle_window)
    }

    /// Returns for how long one of those for a thing may still arrive.
    pub fn lingers(&self, record: &Record) -> Duration {
        record.lingering.iter().map(|one| self.left_until(one.until)).max().unwrap_or_default()
    }

    /// Returns those for a thing that may still arrive.
    pub fn still_lingering(&self, record: Option<&Record>) -> Vec<Lingering> {
        record.into_iter().flat_map(|record| &record.lingering).filter(|one| !self.left_until(one.until).is_zero()).cloned().collect()
    }
}
