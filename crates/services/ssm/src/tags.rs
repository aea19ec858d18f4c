//! Tags of parameters: read one to a call, or many through the tagging API.

use std::collections::BTreeMap;

use aws_sdk_ssm::types::{ResourceTypeForTagging, Tag};
use futures::future::try_join_all;
use lowtide_resource::{Context, Fault, absent_is_none, tag_change};

use crate::Ssm;

/// Tags by key, as attributes hold them.
pub type Tags = Option<BTreeMap<String, String>>;

/// Returns tags as requests hold them; `None` where there are none.
pub fn request(tags: &Tags) -> Result<Option<Vec<Tag>>, Fault> {
    let tags = tags.iter().flatten().map(|(key, value)| tag(key, value)).collect::<Result<Vec<_>, _>>()?;
    Ok((!tags.is_empty()).then_some(tags))
}

fn tag(key: &str, value: &str) -> Result<Tag, Fault> {
    Tag::builder().key(key).value(value).build().map_err(|error| Fault::ours(&error.to_string()))
}

/// Returns the tags of each of these parameters, name and ARN, by name. What is gone meanwhile has none.
pub async fn of(
    cx: &Context<'_, Ssm>,
    named: &[(String, String)],
    exact: bool,
) -> Result<BTreeMap<String, BTreeMap<String, String>>, Fault> {
    let arns: Vec<_> = named.iter().map(|(_, arn)| arn.clone()).collect();
    if !exact && let Some(mut tags) = cx.tags_of(&arns).await? {
        return Ok(named.iter().map(|(name, arn)| (name.clone(), tags.remove(arn).unwrap_or_default())).collect());
    }
    let one = |name: &String| {
        let asking = cx.client.list_tags_for_resource().resource_type(ResourceTypeForTagging::Parameter).resource_id(name).send();
        let name = name.clone();
        async move { Ok::<_, Fault>((name, absent_is_none(asking.await)?.and_then(|found| found.tag_list))) }
    };
    let found = try_join_all(named.iter().map(|(name, _)| one(name))).await?;
    Ok(found.into_iter().map(|(name, tags)| (name, tags.into_iter().flatten().map(|tag| (tag.key, tag.value)).collect())).collect())
}

/// Brings the tags of one parameter from what they are to what they should be.
pub async fn update(cx: &Context<'_, Ssm>, name: &str, now: &Tags, to: &Tags) -> Result<(), Fault> {
    let change = tag_change(now.as_ref(), to.as_ref());
    let kind = ResourceTypeForTagging::Parameter;
    if !change.unset.is_empty() {
        let keys = Some(change.unset);
        cx.client.remove_tags_from_resource().resource_type(kind.clone()).resource_id(name).set_tag_keys(keys).send().await?;
    }
    if let Some(tags) = request(&Some(change.set))? {
        cx.client.add_tags_to_resource().resource_type(kind).resource_id(name).set_tags(Some(tags)).send().await?;
    }
    Ok(())
}
