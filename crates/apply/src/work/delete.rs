//! Deleting: asked for again until it is gone.

use lowtide_model::{Object, Observation};
use lowtide_resource::{Class, Going};

use super::{Desk, Early, Ended, Trouble};

/// Removes one.
pub async fn delete(desk: Desk, last: Observation, how: Object) -> Ended {
    match remove(&desk, &last, &how).await {
        Ok(ended) => ended,
        Err(early) => early.into(),
    }
}

async fn remove(desk: &Desk, last: &Observation, how: &Object) -> Result<Ended, Early> {
    let patience = desk.patience(desk.kind.patience().delete);
    let mut attempt = 0;
    loop {
        let doing = match desk.persist(true, patience, || desk.kind.delete(&desk.session, last, how)).await {
            Ok(Going::Gone) => return Ok(Ended::Gone),
            Ok(Going::Left(why)) => return Ok(Ended::Left(why)),
            Ok(Going::Going(doing)) => doing,
            Err(Early::Trouble(Trouble::Fault(fault))) if fault.class == Class::NotFound => return Ok(Ended::Gone),
            Err(other) => return Err(other),
        };
        if desk.began.elapsed() >= patience {
            return Err(Trouble::Impatient { doing, minutes: patience.as_secs() / 60 }.into());
        }
        desk.waiting(&doing);
        desk.pause(attempt).await?;
        attempt += 1;
    }
}
