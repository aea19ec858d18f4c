//! Tags of topics: in the creating request, by ARN afterwards.

use std::collections::BTreeMap;

use aws_sdk_sns::types::Tag;
use lowtide_resource::{Asked, Context, Fault, absent_is_none, tag_change};

use crate::Sns;

/// Tags by key, as attributes hold them.
pub type Tags = Option<BTreeMap<String, String>>;

/// Returns tags for a request; `None` where there are none.
pub fn request(tags: &Tags) -> Result<Option<Vec<Tag>>, Fault> {
    let tag =
        |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build().map_err(|error| Fault::ours(&error.to_string()));
    let tags = tags.iter().flatten().map(tag).collect::<Result<Vec<_>, _>>()?;
    Ok((!tags.is_empty()).then_some(tags))
}

/// Returns the tags of each of these by ARN.
pub async fn of(cx: &Context<'_, Sns>, arns: &[String], asked: &Asked<'_>) -> Result<BTreeMap<String, BTreeMap<String, String>>, Fault> {
    let one = |arn: String| async move {
        let found = absent_is_none(cx.client.list_tags_for_resource().resource_arn(arn).send().await)?.and_then(|found| found.tags);
        Ok(found.into_iter().flatten().map(|tag| (tag.key, tag.value)).collect())
    };
    cx.tags_or_each(arns, asked, one).await
}

/// Brings the tags of one topic from what they are to what they should be.
pub async fn update(cx: &Context<'_, Sns>, arn: &str, now: &Tags, to: &Tags) -> Result<(), Fault> {
    let change = tag_change(now.as_ref(), to.as_ref());
    if !change.unset.is_empty() {
        cx.client.untag_resource().resource_arn(arn).set_tag_keys(Some(change.unset)).send().await?;
    }
    if let Some(set) = request(&Some(change.set))? {
        cx.client.tag_resource().resource_arn(arn).set_tags(Some(set)).send().await?;
    }
    Ok(())
}
