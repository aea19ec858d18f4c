//! Updating: desired-state requests, repeatable, then a look whether it is so.

use lowtide_model::{Object, Observation};
use lowtide_plan::Change;
use lowtide_resource::Changed;

use super::{
    Desk, Early, Ended, Noted,
    patience::Patience,
    settle::{self, Goal},
};

/// What an update needs.
pub struct Alteration {
    /// What there is.
    pub now: Observation,
    /// What is asked for.
    pub wish: Object,
    /// All inputs as they should be.
    pub to: Object,
    /// What changes.
    pub changes: Vec<Change>,
    /// The operation that created it.
    pub uid: String,
}

/// Brings one to what it should be.
pub async fn update(desk: Desk, alteration: Alteration) -> Ended {
    match alter(&desk, alteration).await {
        Ok(ended) => ended,
        Err(early) => early.into(),
    }
}

async fn alter(desk: &Desk, alteration: Alteration) -> Result<Ended, Early> {
    let patience = desk.patience(desk.kind.patience().update);
    let Alteration { now, wish, to, changes, uid } = alteration;
    let id = desk.send_update(&now, &to, &changes, patience).await?;
    if id != now.id {
        desk.note(Noted::Made(id.clone()), &uid).await?;
    }
    let seen = desk.settle(&id, &to, patience).await?;
    let taken_away = changes.iter().filter(|change| change.path.0.len() == 1 && change.after.is_null());
    let cleared = taken_away.filter_map(|change| change.path.attribute()).map(str::to_owned).collect();
    let seen = desk.complete(seen, &Goal { wish, whole: to, cleared }, patience).await?;
    Ok(Ended::Here { uid, seen: Box::new(seen) })
}

impl Desk {
    /// Sends what changes; options are remembered and not sent. Returns the physical id, which may be another now.
    ///
    /// # Errors
    /// Returns the fault that does not pass.
    pub async fn send_update(&self, now: &Observation, to: &Object, changes: &[Change], patience: Patience) -> Result<String, Early> {
        let description = self.kind.description();
        let mut names = settle::names(changes);
        names.retain(|name| description.input(name).is_some_and(|row| !row.option));
        if names.is_empty() {
            return Ok(now.id.clone());
        }
        let changed = Changed(names);
        let moved = self.persist(true, patience.lasts, || self.kind.update(&self.session, now, to, &changed)).await?;
        Ok(moved.unwrap_or_else(|| now.id.clone()))
    }
}
