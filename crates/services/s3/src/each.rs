//! Asking about buckets one by one: S3 tells each setting of one bucket to a call.

use std::future::Future;

use futures::future::try_join_all;
use lowtide_resource::{Ask, Asked, Fault, Observed, Resource, Seen};

/// Asks about each, a few at a time. What is not there is gone.
pub async fn each<R, F>(asked: &Asked<'_>, one: impl Fn(Ask) -> F) -> Result<Vec<(String, Seen<R>)>, Fault>
where
    R: Resource,
    F: Future<Output = Result<Option<Observed<R>>, Fault>>,
{
    let mut found = std::collections::BTreeMap::new();
    for some in asked.these.chunks(8) {
        let seen = try_join_all(some.iter().cloned().map(&one)).await?;
        found.extend(seen.into_iter().flatten().map(|seen| (seen.id.clone(), seen)));
    }
    Ok(asked.answer(found))
}
