//! Requests whose reply was lost, and which may still arrive when what they ask for is long there by another.
//!
//! While a thing is there its name is taken, so such a request does nothing. Once it is deleted the request makes it anew, and nobody
//! would know of it: who deletes it sees to it that it stays gone. The times are of the system's clock, since one run writes them down
//! and another reads them; one that leaps makes a wait shorter or longer, but never longer than the settle window.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use lowtide_model::Create;
use lowtide_state::Record;

/// Returns whether one operation may make a thing of this class twice, once it is deleted in between: what has a token, or is found by
/// its tag alone and never sent again, is not.
pub fn may_be_made_anew(create: Create) -> bool {
    matches!(create, Create::Key | Create::Put)
}

/// Returns until when a request that was sent by now may still arrive.
pub fn ambiguous_until(settle_window: Duration) -> u64 {
    now().saturating_add(settle_window.as_secs().max(1))
}

/// Returns for how long such a request may still arrive.
pub fn lingers(record: &Record, settle_window: Duration) -> Duration {
    let left = record.ambiguous_until.map_or(0, |until| until.saturating_sub(now()));
    Duration::from_secs(left).min(settle_window)
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}
