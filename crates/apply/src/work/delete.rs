//! Deleting: asked for again until it is gone, and looked after where it may come back.

use std::time::Duration;

use lowtide_model::{Object, Observation};
use lowtide_resource::{Ask, Class, Going};
use tokio::time::Instant;

use super::{Desk, Early, Ended, Trouble, create::uid_of, patience::Patience, settle::Goal};

/// What a delete needs.
pub struct Deletion {
    /// What there is.
    pub last: Observation,
    /// All inputs, destroy-time options among them.
    pub how: Object,
    /// The operation that created it.
    pub uid: String,
    /// For how long a request whose reply was lost may still make it anew; none where there never was one. Where there was, the plan may
    /// have seen it gone, and by now its name may be another's, however long ago that request was sent.
    pub lingers: Option<Duration>,
}

/// Removes one.
pub async fn delete(desk: Desk, deletion: Deletion) -> Ended {
    let ended = match deletion.lingers {
        None => remove(&desk, &deletion).await,
        Some(lingers) => remove_for_good(&desk, &deletion, lingers).await,
    };
    ended.unwrap_or_else(Ended::from)
}

async fn remove(desk: &Desk, deletion: &Deletion) -> Result<Ended, Early> {
    // What comes back takes as long to go as it did before.
    let patience = Patience::since(Instant::now(), desk.patience(desk.kind.patience().delete).lasts);
    let mut attempt = 0;
    loop {
        let doing = match desk.persist(true, patience.lasts, || desk.kind.delete(&desk.session, &deletion.last, &deletion.how)).await {
            Ok(Going::Gone) => return Ok(Ended::Gone),
            Ok(Going::Left(why)) => return Ok(Ended::Left(why)),
            Ok(Going::Going(doing)) => doing,
            Err(Early::Trouble(Trouble::Fault(fault))) if fault.class == Class::NotFound => return Ok(Ended::Gone),
            Err(other) => return Err(other),
        };
        patience.check(&doing)?;
        desk.waiting(&doing);
        desk.pause(attempt).await?;
        attempt += 1;
    }
}

/// Removes it whenever it is there, until no request that makes it anew can be on its way any more. It may be gone already, and
/// another may have taken its name meanwhile.
async fn remove_for_good(desk: &Desk, deletion: &Deletion, lingers: Duration) -> Result<Ended, Early> {
    let until = Instant::now() + lingers;
    let mut attempt = 0;
    loop {
        let is_last_look = Instant::now() >= until;
        match there_is(desk, deletion).await? {
            Found::Nothing => {}
            Found::Others => return Ok(Ended::Gone),
            Found::Ours => match remove(desk, deletion).await? {
                Ended::Gone => {}
                other => return Ok(other),
            },
        }
        if is_last_look {
            return Ok(Ended::Gone);
        }
        desk.waiting("it is gone; waiting whether a request whose reply was lost makes it once more");
        desk.pause(attempt).await?;
        attempt += 1;
    }
}

/// What there is by its name now.
enum Found {
    Nothing,
    Ours,
    Others,
}

async fn there_is(desk: &Desk, deletion: &Deletion) -> Result<Found, Early> {
    let last = &deletion.last;
    let ask = Ask { id: last.id.clone(), last: last.inputs.clone() };
    let seen = match desk.observer.watch(&desk.kind, &desk.step.place, ask).await {
        Ok(Some(seen)) => seen,
        Ok(None) => return Ok(Found::Nothing),
        Err(fault) if fault.class == Class::NotFound => return Ok(Found::Nothing),
        Err(fault) => return Err(fault.into()),
    };
    // What carries no tags is ours where it is as we asked for it.
    let is_ours = match desk.kind.description().tagged() {
        true => uid_of(&seen.inputs) == Some(&deletion.uid),
        false => Goal { wish: last.inputs.clone(), whole: Object::default(), cleared: Vec::new() }.unlike(desk, &seen).is_empty(),
    };
    Ok(if is_ours { Found::Ours } else { Found::Others })
}
