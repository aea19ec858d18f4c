//! Taking on what an interrupted run of this stack left behind: remembered first, then brought to what it should be.

use super::{Desk, Ended, update, update::Alteration};

/// Takes one on.
pub async fn adopt(desk: Desk, alteration: Alteration) -> Ended {
    if let Err(early) = desk.note(&alteration.now.id, &alteration.uid).await {
        return early.into();
    }
    update(desk, alteration).await
}
