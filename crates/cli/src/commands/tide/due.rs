//! The stacks that a tick is about, as loaded, and how their tides stand.

use std::collections::BTreeMap;

use lowtide_apply::Stop;
use lowtide_engine::Loaded;
use lowtide_tide::{Member, Order, TideStatus, Timestamp, Waits};
use tokio::sync::watch;

use super::Which;
use crate::{
    exit::Stopped,
    shell::{Shell, unless_stopped},
    workspace::Workspace,
};

/// A stack that has a schedule.
pub struct Due {
    pub loaded: Loaded,
    pub status: TideStatus,
}

impl Due {
    /// Loads a stack for itself: what is wrong with one spec is not wrong with the others. Returns nothing where it has no schedule.
    pub async fn load(
        shell: &Shell,
        which: &Which,
        name: &str,
        now: Timestamp,
        stop: &watch::Receiver<Stop>,
    ) -> Result<Option<Self>, Stopped> {
        let mut workspace = Workspace::open_with(shell, &which.values)?;
        let Some(loaded) = workspace.load(&[name.to_owned()])?.pop() else { return Ok(None) };
        let status = unless_stopped(stop, workspace.engine.tide(&loaded, now)).await?.map_err(|trouble| workspace.stopped(trouble))?;
        Ok(status.map(|status| Self { loaded, status }))
    }

    fn member(&self) -> Member {
        let requires = self.loaded.configuration.stack.requires.iter().map(|(name, _)| name.to_string()).collect();
        Member { stack: self.loaded.key.stack.clone(), requires, should: self.status.desired().phase, stands: self.status.resources > 0 }
    }
}

/// Returns the order in which they are to be seen to.
pub fn in_order(due: &BTreeMap<String, Due>) -> Order {
    Order::of(due.values().map(Due::member).collect())
}

/// Returns what is said of a stack that waits for another.
pub fn words(waits: &Waits) -> String {
    match waits {
        Waits::Needed(by) => format!("stays up, as {by}, which requires it, stays up"),
        Waits::Lacking(what) => format!("stays down, as {what}, which it requires, stays down"),
    }
}
