//! Tags of alarms: in the request that creates one, by ARN afterwards.

use std::collections::BTreeMap;

use aws_sdk_cloudwatch::types::Tag;
use lowtide_resource::{Asked, Context, Fault, absent_is_none, tag_change};

use crate::CloudWatch;

/// Tags by key, as attributes hold them.
pub type Tags = Option<BTreeMap<String, String>>;

/// Returns tags for a request; `None` where there are none.
pub fn request(tags: &Tags) -> Option<Vec<Tag>> {
    let tags: Vec<_> = tags.iter().flatten().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect();
    (!tags.is_empty()).then_some(tags)
}

/// Returns the tags of each of these by ARN.
pub async fn of(
    cx: &Context<'_, CloudWatch>,
    arns: &[String],
    asked: &Asked<'_>,
) -> Result<BTreeMap<String, BTreeMap<String, String>>, Fault> {
    let one = |arn: String| async move {
        let found = absent_is_none(cx.client.list_tags_for_resource().resource_arn(arn).send().await)?.and_then(|found| found.tags);
        Ok(found.into_iter().flatten().filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default()))).collect())
    };
    cx.tags_or_each(arns, asked, one).await
}

/// Brings the tags of one alarm from what they are to what they should be.
pub async fn update(cx: &Context<'_, CloudWatch>, arn: &str, now: &Tags, to: &Tags) -> Result<(), Fault> {
    let change = tag_change(now.as_ref(), to.as_ref());
    if !change.unset.is_empty() {
        cx.client.untag_resource().resource_arn(arn).set_tag_keys(Some(change.unset)).send().await?;
    }
    if let Some(set) = request(&Some(change.set)) {
        cx.client.tag_resource().resource_arn(arn).set_tags(Some(set)).send().await?;
    }
    Ok(())
}
