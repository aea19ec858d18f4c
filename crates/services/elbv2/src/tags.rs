//! Tags of this service: in the creating request, by ARN afterwards, and read twenty to a call.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_elasticloadbalancingv2::{
    Client,
    types::{Tag, TagDescription},
};
use lowtide_resource::{Context, Fault, Operation, TAG_ID, in_halves, tag_change};

use crate::Elbv2;

/// How many things are asked about in one call (Elastic Load Balancing API Reference version 2015-12-01, "DescribeTags").
const BULK: usize = 20;

/// Tags by key, as attributes hold them.
pub type Tags = Option<BTreeMap<String, String>>;

/// Returns the tags for a creating request; `None` where there are none, which AWS wants left out.
pub fn request(tags: &Tags) -> Option<Vec<Tag>> {
    let tags: Vec<_> = tags.iter().flatten().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect();
    (!tags.is_empty()).then_some(tags)
}

/// Returns the tags of each of these by ARN, in the calls of other kinds that ask at the same time. What is gone meanwhile, or has no
/// tags, has no entry.
pub async fn of(cx: &Context<'_, Elbv2>, arns: &[String]) -> Result<BTreeMap<String, BTreeMap<String, String>>, Fault> {
    if arns.is_empty() {
        return Ok(BTreeMap::new());
    }
    let described = |arns: Vec<String>| async move {
        let answer = cx.client.describe_tags().set_resource_arns(Some(arns)).send().await?;
        Ok::<_, Fault>(answer.tag_descriptions.unwrap_or_default())
    };
    let found = cx.round.together("elbv2:DescribeTags", BULK, arns.to_vec(), |some| in_halves(some, described)).await?;
    let asked: BTreeSet<&str> = arns.iter().map(String::as_str).collect();
    let of_these = found.iter().filter(|one| one.resource_arn().is_some_and(|arn| asked.contains(arn)));
    Ok(of_these.cloned().filter_map(by_arn).filter(|(_, tags)| !tags.is_empty()).collect())
}

fn by_arn(described: TagDescription) -> Option<(String, BTreeMap<String, String>)> {
    let tags = described.tags.unwrap_or_default().into_iter().filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default())));
    Some((described.resource_arn?, tags.collect()))
}

/// Returns which of these an operation created.
pub async fn made_by(cx: &Context<'_, Elbv2>, arns: &[String], op: &Operation) -> Result<Vec<String>, Fault> {
    let tags = of(cx, arns).await?;
    Ok(tags.into_iter().filter(|(_, tags)| tags.get(TAG_ID) == Some(&op.id)).map(|(arn, _)| arn).collect())
}

/// Brings the tags of one thing from what they are to what they should be.
pub async fn update(client: &Client, arn: &str, now: &Tags, to: &Tags) -> Result<(), Fault> {
    let change = tag_change(now.as_ref(), to.as_ref());
    if !change.unset.is_empty() {
        client.remove_tags().resource_arns(arn).set_tag_keys(Some(change.unset)).send().await?;
    }
    if let Some(set) = request(&Some(change.set)) {
        client.add_tags().resource_arns(arn).set_tags(Some(set)).send().await?;
    }
    Ok(())
}
