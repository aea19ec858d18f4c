//! One request to the pretend AWS, with the three moments at which a run may be struck.

use lowtide_resource::Fault;

use super::{
    What,
    fate::{Blow, Fate},
    trouble::Verb,
};

/// Goes through a request: sent, done, answered.
///
/// # Errors
/// What `done` says, or that the request or its reply was lost.
pub async fn asked<T>(fate: &Fate, kind: &str, verb: Verb, id: &str, done: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
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
