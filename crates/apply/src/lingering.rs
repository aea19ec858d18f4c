//! Requests whose reply was lost, and which may still arrive when what they ask for is long there by another.
//!
//! While a thing is there its name is taken, so such a request does nothing. Once it is deleted the request makes it anew, and nobody
//! would know of it: who deletes it sees to it that it stays gone. The times are told by a [`Clock`](crate::Clock), since one
//! run writes them down and another reads them; none is waited for longer than the settle window.

use std::time::Duration;

use lowtide_model::Create;
use lowtide_state::Record;

use crate::Settings;

/// Returns whether one operation may make a thing of this class twice, once it is deleted in between: what has a token, or is found by
/// its tag alone and never sent again, is not.
pub fn may_be_made_anew(create: Create) -> bool {
    matches!(create, Create::Key | Create::Put)
}

impl Settings {
    /// Returns until when a request that was sent by now may still arrive.
    pub fn ambiguous_until(&self) -> u64 {
        self.clock.latest().saturating_add(self.settle_window.as_secs().max(1))
    }

    /// Returns for how long such a request may still arrive.
    pub fn lingers(&self, record: &Record) -> Duration {
        let left = record.ambiguous_until.map_or(0, |until| until.saturating_sub(self.clock.earliest()));
        Duration::from_secs(left).min(self.settle_window)
    }
}
