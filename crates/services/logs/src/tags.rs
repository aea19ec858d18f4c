//! Tags of this service: read one resource to a call, or many through the tagging API.

use std::collections::{BTreeMap, HashMap};

use lowtide_resource::{Asked, Context, Fault, absent_is_none, tag_change};

use crate::Logs;

/// Tags by key, as attributes hold them.
pub type Tags = Option<BTreeMap<String, String>>;

/// Returns the tags for a creating request; `None` where there are none, which the service wants left out.
pub fn request(tags: &Tags) -> Option<HashMap<String, String>> {
    tags.as_ref().filter(|tags| !tags.is_empty()).map(|tags| tags.clone().into_iter().collect())
}

/// Returns the tags of each of these by ARN. What is gone meanwhile has none.
pub async fn of(cx: &Context<'_, Logs>, arns: &[String], asked: &Asked<'_>) -> Result<BTreeMap<String, BTreeMap<String, String>>, Fault> {
    let one = |arn: String| async move {
        let found = absent_is_none(cx.client.list_tags_for_resource().resource_arn(arn).send().await)?;
        Ok(found.and_then(|found| found.tags).into_iter().flatten().collect())
    };
    cx.tags_or_each(arns, asked, one).await
}

/// Brings the tags of one thing from what they are to what they should be.
pub async fn update(cx: &Context<'_, Logs>, arn: &str, now: &Tags, to: &Tags) -> Result<(), Fault> {
    let change = tag_change(now.as_ref(), to.as_ref());
    if !change.unset.is_empty() {
        cx.client.untag_resource().resource_arn(arn).set_tag_keys(Some(change.unset)).send().await?;
    }
    if !change.set.is_empty() {
        cx.client.tag_resource().resource_arn(arn).set_tags(Some(change.set.into_iter().collect())).send().await?;
    }
    Ok(())
}
