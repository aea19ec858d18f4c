//! Asking about things one by one, where a service tells one to a call. One that AWS won't show hides no other.

use std::future::Future;

use futures::future::join_all;

use crate::{Ask, Asked, Class, Fault, Observed, Resource, Seen};

/// How many are asked about at once.
const TOGETHER: usize = 8;

/// What AWS said of each thing asked about: it, nothing where it is gone, or a fault.
pub struct Each<T>(Vec<(Ask, Result<Option<T>, Fault>)>);

impl Asked<'_> {
    /// Asks about each by itself, a few at a time.
    pub async fn each<T, F>(&self, one: impl Fn(Ask) -> F) -> Each<T>
    where
        F: Future<Output = Result<Option<T>, Fault>>,
    {
        let mut said = Vec::with_capacity(self.these.len());
        for some in self.these.chunks(TOGETHER) {
            said.extend(some.iter().cloned().zip(join_all(some.iter().cloned().map(&one)).await));
        }
        Each(said)
    }
}

impl<T> Each<T> {
    /// Returns those that are there.
    pub fn found(&self) -> impl Iterator<Item = &T> {
        self.0.iter().filter_map(|(_, said)| said.as_ref().ok()?.as_ref())
    }

    /// Returns what was seen of each: gone where AWS said that it is not there, unseen where it would not say.
    pub fn seen<R: Resource>(self, mut observed: impl FnMut(&Ask, T) -> Result<Observed<R>, Fault>) -> Vec<(String, Seen<R>)> {
        let mut sight =
            |ask: &Ask, said: Result<Option<T>, Fault>| match said.and_then(|found| found.map(|it| observed(ask, it)).transpose()) {
                Ok(Some(it)) => Seen::Here(Box::new(it)),
                Ok(None) => Seen::Gone,
                Err(fault) if fault.class == Class::NotFound => Seen::Gone,
                Err(fault) => Seen::Unseen(fault),
            };
        self.0.into_iter().map(|(ask, said)| (ask.id.clone(), sight(&ask, said))).collect()
    }
}

#[cfg(test)]
mod tests {
    use lowtide_model::Object;

    use super::*;

    #[tokio::test]
    async fn one_that_is_denied_does_not_hide_the_others() {
        let these: Vec<_> = ["here", "denied", "gone", "vanished"].map(|id| Ask::new(id, Object::default())).into();
        let asked = Asked { these: &these, currency: crate::Currency::Exact };
        let said = asked
            .each(|ask| async move {
                match ask.id.as_str() {
                    "denied" => Err(Fault::bare(Class::Denied, "no".to_owned())),
                    "gone" => Ok(None),
                    "vanished" => Err(Fault::not_found("such thing")),
                    _ => Ok(Some(ask.id)),
                }
            })
            .await;
        assert_eq!(said.found().collect::<Vec<_>>(), ["here"]);
        let classes: Vec<_> = said.0.iter().map(|(_, said)| said.as_ref().map(Option::is_some).map_err(|fault| fault.class)).collect();
        assert_eq!(classes, [Ok(true), Err(Class::Denied), Ok(false), Err(Class::NotFound)]);
    }
}
