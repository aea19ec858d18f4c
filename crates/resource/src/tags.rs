//! Tags: what changed between two sets, and reading those of many things at once.

use std::{collections::BTreeMap, future::Future};

use futures::future::try_join_all;
use lowtide_model::Value;

use crate::{Ask, Asked, Currency, Doing, Fault, TAG_ID};

/// Tags by key.
type Tags = BTreeMap<String, String>;

/// How many things are asked about in one call (Resource Groups Tagging API Reference, "GetResources").
const BULK: usize = 100;

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
    /// Returns tags by ARN from the tagging API, a hundred to a call, those that other kinds ask for at the same time among them; `None`
    /// where a session has no tagger.
    ///
    /// # Errors
    /// Returns the fault of the first call that fails.
    pub async fn tags_of(&self, arns: &[String]) -> Result<Option<BTreeMap<String, Tags>>, Fault> {
        let Some(tagger) = self.tagger.filter(|_| !arns.is_empty()) else { return Ok(self.tagger.map(|_| BTreeMap::new())) };
        let all = self.round.together("tagging:GetResources", BULK, arns.to_vec(), |arns| async move { tagger.tags(&arns).await }).await?;
        Ok(Some(arns.iter().filter_map(|arn| Some((arn.clone(), all.get(arn)?.clone()))).collect()))
    }

    /// Returns tags by ARN: from the tagging API, or where that is not current enough one by one. What is gone meanwhile has none.
    ///
    /// # Errors
    /// Returns the fault of the first call that fails.
    pub async fn tags_or_each<F>(
        &self,
        arns: &[String],
        asked: &Asked<'_>,
        one: impl Fn(String) -> F,
    ) -> Result<BTreeMap<String, Tags>, Fault>
    where
        F: Future<Output = Result<Tags, Fault>>,
    {
        let mut known = match asked.currency {
            Currency::Indexed => match self.tags_of(arns).await? {
                Some(tags) => return Ok(tags),
                None => BTreeMap::new(),
            },
            // For one the index saves nothing; and where it fails, the things themselves tell.
            Currency::Written if arns.len() > 1 => match self.tagger {
                Some(tagger) => read(tagger, arns).await.unwrap_or_default(),
                None => BTreeMap::new(),
            },
            Currency::Written | Currency::Exact => BTreeMap::new(),
        };
        known.retain(|_, tags| asked.wrote(tags));
        let asking = arns.iter().filter(|arn| !known.contains_key(*arn)).map(|arn| {
            let tags = one(arn.clone());
            async { Ok::<_, Fault>((arn.clone(), tags.await?)) }
        });
        let each = try_join_all(asking).await?;
        known.extend(each);
        Ok(known)
    }
}

async fn read(tagger: &dyn Tagger, arns: &[String]) -> Result<BTreeMap<String, Tags>, Fault> {
    let mut all = BTreeMap::new();
    for some in arns.chunks(BULK) {
        all.extend(tagger.tags(some).await?);
    }
    Ok(all)
}

impl Asked<'_> {
    /// Returns whether these are the tags that something asked about was last given. The id of its operation is among them, so they
    /// are no other thing's, and none that was there before it.
    fn wrote(&self, tags: &Tags) -> bool {
        let given = |ask: &Ask| {
            let last = ask.last.get("tags").and_then(Value::as_members)?;
            Some(last.len() == tags.len() && tags.iter().all(|(key, value)| last.get(key).and_then(Value::as_str) == Some(value)))
        };
        tags.contains_key(TAG_ID) && self.these.iter().any(|ask| given(ask) == Some(true))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use aws_types::SdkConfig;
    use lowtide_model::{Object, Place};

    use super::*;
    use crate::{Round, Service, Session};

    fn tags(all: &[(&str, &str)]) -> Tags {
        all.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn only_what_differs_is_set_or_unset() {
        let change = tag_change(
            Some(&tags(&[("a", "1"), ("b", "2"), ("c", "3"), ("aws:x", "y")])),
            Some(&tags(&[("a", "1"), ("b", "3"), ("d", "4")])),
        );
        assert_eq!(change, TagChange { set: tags(&[("b", "3"), ("d", "4")]), unset: vec!["c".to_owned()] });
    }

    struct Nothing;

    impl Service for Nothing {
        type Client = ();
        const NAME: &'static str = "nothing";

        fn connect(_config: &SdkConfig) {}
    }

    /// An index that knows these, or that nobody may ask.
    struct Index(Option<BTreeMap<String, Tags>>);

    impl Tagger for Index {
        fn tags<'a>(&'a self, arns: &'a [String]) -> Doing<'a, BTreeMap<String, Tags>> {
            let known = self.0.as_ref().map(|all| all.iter().filter(|(arn, _)| arns.contains(arn)));
            let known = known.map(|all| all.map(|(arn, tags)| (arn.clone(), tags.clone())).collect());
            Box::pin(async move { known.ok_or_else(|| Fault::bare(crate::Class::Denied, "no".to_owned())) })
        }
    }

    /// Reads the tags of `a` and `b`, which were made with these ids, and returns those that were asked about one by one.
    async fn asked_one_by_one(index: Option<&[(&str, &str)]>, currency: Currency) -> Vec<String> {
        let index = index.map(|all| all.iter().map(|(arn, id)| ((*arn).to_owned(), tags(&[(TAG_ID, id)]))).collect());
        let place = Place { account: String::new(), partition: "aws".to_owned(), region: String::new() };
        let config = SdkConfig::builder().build();
        let session = Session::new(place, config.clone(), config, Some(Arc::new(Index(index))));
        let made = |id: &str| {
            let mut last = Object::default();
            last.set("tags".to_owned(), Value::Map([(TAG_ID.to_owned(), Value::from(id))].into()));
            Ask::new(id, last)
        };
        let these = [made("1"), made("2")];
        let one_by_one = Mutex::new(Vec::new());
        let one = |arn: String| {
            one_by_one.lock().expect("no panic").push(arn);
            async { Ok(Tags::new()) }
        };
        let round = Round::default();
        let context = session.to_read::<Nothing>(&round);
        let arns = ["a".to_owned(), "b".to_owned()];
        context.tags_or_each(&arns, &Asked { these: &these, currency }, one).await.expect("an answer");
        one_by_one.into_inner().expect("no panic")
    }

    #[tokio::test]
    async fn after_a_write_the_index_counts_where_it_shows_what_was_written() {
        let fresh = [("a", "1"), ("b", "2")];
        assert_eq!(asked_one_by_one(Some(&fresh), Currency::Written).await, Vec::<String>::new());
        assert_eq!(asked_one_by_one(Some(&[("a", "1"), ("b", "before")]), Currency::Written).await, ["b"]);
        assert_eq!(asked_one_by_one(Some(&[("b", "2")]), Currency::Written).await, ["a"]);
        assert_eq!(asked_one_by_one(None, Currency::Written).await, ["a", "b"]);
    }

    #[tokio::test]
    async fn an_exact_read_asks_no_index_and_a_quick_one_nothing_else() {
        let stale = [("a", "before")];
        assert_eq!(asked_one_by_one(Some(&stale), Currency::Exact).await, ["a", "b"]);
        assert_eq!(asked_one_by_one(Some(&stale), Currency::Indexed).await, Vec::<String>::new());
    }
}
