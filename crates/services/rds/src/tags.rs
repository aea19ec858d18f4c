//! Tags of this service: in the creating request, by ARN afterwards; instances show theirs when they are described.

use std::collections::BTreeMap;

use aws_sdk_rds::types::Tag;
use lowtide_resource::{Asked, Context, Fault, absent_is_none, tag_change};

use crate::Rds;

/// Tags by key, as attributes hold them.
pub type Tags = Option<BTreeMap<String, String>>;

/// Returns tags for a request; `None` where there are none.
pub fn request(tags: &Tags) -> Option<Vec<Tag>> {
    let tags: Vec<_> = tags.iter().flatten().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect();
    (!tags.is_empty()).then_some(tags)
}

/// Returns tags as attributes hold them.
pub fn read(tags: Option<Vec<Tag>>) -> Tags {
    let pairs = tags.into_iter().flatten().filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default())));
    Some(pairs.collect::<BTreeMap<_, _>>()).filter(|tags| !tags.is_empty())
}

/// Returns the tags of each of these by ARN.
pub async fn of(cx: &Context<'_, Rds>, arns: &[String], asked: &Asked<'_>) -> Result<BTreeMap<String, BTreeMap<String, String>>, Fault> {
    let one = |arn: String| async move {
        let found = absent_is_none(cx.client.list_tags_for_resource().resource_name(arn).send().await)?;
        Ok(read(found.and_then(|found| found.tag_list)).unwrap_or_default())
    };
    cx.tags_or_each(arns, asked, one).await
}

/// Brings the tags of one thing from what they are to what they should be.
pub async fn update(cx: &Context<'_, Rds>, arn: &str, now: &Tags, to: &Tags) -> Result<(), Fault> {
    let change = tag_change(now.as_ref(), to.as_ref());
    if !change.unset.is_empty() {
        cx.client.remove_tags_from_resource().resource_name(arn).set_tag_keys(Some(change.unset)).send().await?;
    }
    if let Some(set) = request(&Some(change.set)) {
        cx.client.add_tags_to_resource().resource_name(arn).set_tags(Some(set)).send().await?;
    }
    Ok(())
}
