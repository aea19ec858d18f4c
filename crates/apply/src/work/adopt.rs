//! Taking on what an interrupted run of this stack left behind: remembered first, then brought to what it should be.

use super::{Desk, Ended, Noted, update, update::Alteration};

/// Takes one on.
pub async fn adopt(desk: Desk, alteration: Alteration) -> Ended {
    if let Err(early) = desk.note(Noted::Made(alteration.now.id.clone()), &alteration.uid).await {
        return early.into();
    }
    update(desk, alteration).await
}
