//! Tags: what changed between two sets, and reading those of many things at once.

use std::{collections::BTreeMap, future::Future};

use futures::future::try_join_all;

use crate::{Doing, Fault};

/// Tags by key.
type Tags = BTreeMap<String, String>;

/// Reads the tags of up to a hundred things in one call, whatever service they are of.
pub trait Tagger: Send + Sync {
    /// Returns tags by ARN. An ARN that the service does not know, or that has no tags, has no entry.
    fn tags<'a>(&'a self, arns: &'a [String]) -> Doing<'a, BTreeMap<String, Tags>>;
}

/// What must happen to tags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagChange {
    /// Tags to set, new or with another value.
    pub set: Tags,
    /// Keys to take away.
    pub unset: Vec<String>,
}

/// Returns what leads from one set of tags to another. AWS's own `aws:` tags are left alone.
pub fn tag_change(now: Option<&Tags>, to: Option<&Tags>) -> TagChange {
    let nothing = Tags::new();
    let (now, to) = (now.unwrap_or(&nothing), to.unwrap_or(&nothing));
    TagChange {
        set: to.iter().filter(|(key, value)| now.get(*key) != Some(value)).map(|(key, value)| (key.clone(), value.clone())).collect(),
        unset: now.keys().filter(|key| !to.contains_key(*key) && !key.starts_with("aws:")).cloned().collect(),
    }
}

impl<S: crate::Service> crate::Context<'_, S> {
    /// Returns tags by ARN from the tagging API, a hundred to a call; `None` where a session has no tagger.
    ///
    /// # Errors
    /// Returns the fault of the first call that fails.
    pub async fn tags_of(&self, arns: &[String]) -> Result<Option<BTreeMap<String, Tags>>, Fault> {
        let Some(tagger) = self.tagger else { return Ok(None) };
        let mut all = BTreeMap::new();
        for some in arns.chunks(100) {
            all.extend(tagger.tags(some).await?);
        }
        Ok(Some(all))
    }

    /// Returns tags by ARN: from the tagging API, or where that is not current enough one by one. What is gone meanwhile has none.
    ///
    /// # Errors
    /// Returns the fault of the first call that fails.
    pub async fn tags_or_each<F>(&self, arns: &[String], exact: bool, one: impl Fn(String) -> F) -> Result<BTreeMap<String, Tags>, Fault>
    where
        F: Future<Output = Result<Tags, Fault>>,
    {
        if !exact && let Some(tags) = self.tags_of(arns).await? {
            return Ok(tags);
        }
        let asking = arns.iter().map(|arn| {
            let tags = one(arn.clone());
            async { Ok::<_, Fault>((arn.clone(), tags.await?)) }
        });
        Ok(try_join_all(asking).await?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_set_or_unset() {
        let tags = |all: &[(&str, &str)]| all.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Tags>();
        let change = tag_change(
            Some(&tags(&[("a", "1"), ("b", "2"), ("c", "3"), ("aws:x", "y")])),
            Some(&tags(&[("a", "1"), ("b", "3"), ("d", "4")])),
        );
        assert_eq!(change, TagChange { set: tags(&[("b", "3"), ("d", "4")]), unset: vec!["c".to_owned()] });
    }
}
