//! Deleting: asked for again until it is gone, and looked after where it may come back.

use std::{sync::Arc, time::Duration};

use lowtide_model::{Object, Observation};
use lowtide_plan::{Likeness, likeness};
use lowtide_resource::{Ask, Class, Going};
use lowtide_state::{Digester, Record};
use tokio::time::Instant;

use super::{Desk, Early, Ended, Trouble, create::uid_of, patience::Patience, settle::Goal};

/// What a delete needs.
pub struct Deletion {
    /// What there is.
    pub last: Observation,
    /// All inputs, destroy-time options among them.
    pub how: Object,
    /// Whether it may come back, since the reply of a request for it was once lost.
    pub watch: Option<Watch>,
}

/// How what may come back is watched. The plan may have seen it gone, and by now its name may be another's, however long ago the request
/// was sent.
pub struct Watch {
    /// For how long a request may still make it anew.
    pub lingers: Duration,
    /// Its record, with what these requests ask for.
    pub record: Record,
    /// Whether the plan saw it there.
    pub was_there: bool,
    /// Tells what is sensitive apart.
    pub digester: Arc<dyn Digester>,
}

/// Removes one.
pub async fn delete(desk: Desk, deletion: Deletion) -> Ended {
    let ended = match &deletion.watch {
        None => remove(&desk, &deletion).await,
        Some(watch) => remove_for_good(&desk, &deletion, watch).await,
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
async fn remove_for_good(desk: &Desk, deletion: &Deletion, watch: &Watch) -> Result<Ended, Early> {
    let until = Instant::now() + watch.lingers;
    let mut attempt = 0;
    loop {
        let is_last_look = Instant::now() >= until;
        match there_is(desk, deletion, watch, attempt == 0).await? {
            Found::Nothing => {}
            Found::Others => return Ok(Ended::Gone),
            // What the plan showed is not it any more.
            Found::Untellable => return Err(Trouble::Untellable.into()),
            Found::Ours => match remove(desk, deletion).await? {
                Ended::Gone => {}
                other => return Ok(other),
            },
        }
        if is_last_look {
            return Ok(Ended::Gone);
        }
        if !desk.settings.waits {
            return Ok(Ended::Watched);
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
    Untellable,
}

async fn there_is(desk: &Desk, deletion: &Deletion, watch: &Watch, is_first_look: bool) -> Result<Found, Early> {
    let ask = Ask::new(deletion.last.id.clone(), deletion.last.inputs.clone());
    let Some(seen) = desk.observer.watch(&desk.kind, &desk.step.place, ask).await? else { return Ok(Found::Nothing) };
    if desk.kind.description().tagged() {
        let uid = uid_of(&seen.inputs);
        let is_ours = uid == Some(&watch.record.uid) || watch.record.lingering.iter().any(|one| uid == Some(&one.uid));
        return Ok(if is_ours { Found::Ours } else { Found::Others });
    }
    Ok(match untagged(desk, deletion, watch, &seen) {
        Likeness::Same => Found::Ours,
        // The plan saw it, and since then it was changed, or replaced.
        Likeness::Other if is_first_look && watch.was_there => Found::Untellable,
        Likeness::Other => Found::Others,
        Likeness::Untellable => Found::Untellable,
    })
}

/// What carries no tags is ours where it is as the plan saw it, or as a request asks for that may still arrive.
fn untagged(desk: &Desk, deletion: &Deletion, watch: &Watch, seen: &Observation) -> Likeness {
    let description = desk.kind.description();
    let as_seen = Goal { wish: deletion.last.inputs.clone(), whole: Object::default(), cleared: Vec::new() };
    if watch.was_there && as_seen.unlike(desk, seen).is_empty() {
        return Likeness::Same;
    }
    let requests = watch.record.lingering.iter().map(lowtide_state::Lingering::asked);
    let likenesses = requests.map(|asked| likeness(description, &watch.record, asked, seen, &*watch.digester));
    likenesses.max().unwrap_or(Likeness::Other)
}
