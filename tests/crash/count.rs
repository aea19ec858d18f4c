//! What moto holds of each sort: more than after a life in peace is an orphan or a duplicate, less is a loss.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use lowtide_testkit::World;

/// How many there are of each sort, by service and kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count(BTreeMap<(String, String), usize>);

impl Count {
    /// Counts what was not there at the start.
    pub async fn of(world: &World) -> Result<Self> {
        let mut counts = BTreeMap::new();
        for one in world.leftovers().await? {
            *counts.entry((one.service, one.kind)).or_default() += 1;
        }
        Ok(Self(counts))
    }

    /// Returns how many there are in all.
    pub fn all(&self) -> usize {
        self.0.values().sum()
    }

    /// Returns how many are there beyond these, and how many are missing.
    pub fn beside(&self, peace: &Self) -> (usize, usize) {
        let beyond = |one: &Self, other: &Self| {
            one.0.iter().map(|(sort, count)| count.saturating_sub(other.0.get(sort).copied().unwrap_or_default())).sum()
        };
        (beyond(self, peace), beyond(peace, self))
    }

    /// Checks that there is as much of each sort as in peace.
    pub fn must_be(&self, peace: &Self) -> Result<()> {
        ensure!(self == peace, "moto holds other than after a life in peace:\n  now      {:?}\n  in peace {:?}", self.0, peace.0);
        Ok(())
    }
}
