//! One request to the pretend AWS: carried there and back under whatever load there is, with the three moments at which a run may be struck.

use lowtide_model::Description;
use lowtide_resource::{Fault, Session};

use super::{
    Pretend, What,
    fate::{Blow, Fate},
    trouble::Verb,
};

/// One request.
pub struct Asking<'a> {
    pub pretend: &'a Pretend,
    pub of: &'static Description,
    pub session: &'a Session,
    pub verb: Verb,
    /// What it is about, where that is known.
    pub id: &'a str,
}

impl Asking<'_> {
    /// Goes through it.
    ///
    /// # Errors
    /// What `done` says, or that the request or its reply was lost, or was one too many.
    pub async fn through<T>(self, done: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
        let Self { pretend, of, session, verb, id } = self;
        let request = asked(&pretend.fate, of.kind, verb, id, done);
        match pretend.strain() {
            None => request.await,
            Some(strain) => {
                // It counts as a call; of troubles there are none under a load.
                let unheard = || {
                    pretend.world().called(of.kind, verb, id);
                };
                strain.carry(of.service, &session.place.region, unheard, request).await
            }
        }
    }
}

/// Goes through a request: sent, done, answered.
async fn asked<T>(fate: &Fate, kind: &str, verb: Verb, id: &str, done: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    let named = |moment: &str| format!("{verb:?} {kind} {id}: {moment}");
    pass(fate, fate.reach(|| named("before it is sent")), What::LostBefore).await?;
    let answer = done();
    pass(fate, fate.reach(|| named("done, not answered")), What::LostAfter).await?;
    // The run may take one more step, for the answer has come in.
    if fate.reach(|| named("answered")) == Some(Blow::Death) {
        let fate = fate.clone();
        tokio::spawn(async move { fate.end().await });
    }
    answer
}

async fn pass(fate: &Fate, blow: Option<Blow>, lost: What) -> Result<(), Fault> {
    match blow {
        Some(Blow::Death) => fate.end().await,
        Some(Blow::Loss) => return lost.fault().map_or(Ok(()), Err),
        None => {}
    }
    Ok(())
}
