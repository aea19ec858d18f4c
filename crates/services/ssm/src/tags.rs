//! Tags of parameters: read one to a call, or many through the tagging API.

use std::collections::BTreeMap;

use aws_sdk_ssm::types::{ResourceTypeForTagging, Tag};
use lowtide_resource::{Asked, Context, Fault, absent_is_none, tag_change};

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
    asked: &Asked<'_>,
) -> Result<BTreeMap<String, BTreeMap<String, String>>, Fault> {
    let names: BTreeMap<_, _> = named.iter().map(|(name, arn)| (arn, name)).collect();
    let arns: Vec<_> = named.iter().map(|(_, arn)| arn.clone()).collect();
    let one = |arn: String| {
        let name = names.get(&arn).copied().cloned();
        let asking = cx.client.list_tags_for_resource().resource_type(ResourceTypeForTagging::Parameter).set_resource_id(name).send();
        async move {
            let found = absent_is_none(asking.await)?.and_then(|found| found.tag_list);
            Ok(found.into_iter().flatten().map(|tag| (tag.key, tag.value)).collect())
        }
    };
    let mut tags = cx.tags_or_each(&arns, asked, one).await?;
    Ok(named.iter().map(|(name, arn)| (name.clone(), tags.remove(arn).unwrap_or_default())).collect())
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
