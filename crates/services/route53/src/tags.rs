//! Tags of zones, ten zones to a call. A zone is created without any.

use std::collections::BTreeMap;

use aws_sdk_route53::types::{ResourceTagSet, Tag, TagResourceType};
use lowtide_resource::{Context, Fault, in_halves, tag_change};

use crate::Route53;

/// Tags by key, as attributes hold them.
pub type Tags = Option<BTreeMap<String, String>>;

/// How many zones `ListTagsForResources` takes (Amazon Route 53 API Reference).
const AT_ONCE: usize = 10;

/// Returns the tags of each of these zones by id.
pub async fn of(cx: &Context<'_, Route53>, zones: &[String]) -> Result<BTreeMap<String, BTreeMap<String, String>>, Fault> {
    let mut all = BTreeMap::new();
    for some in zones.chunks(AT_ONCE) {
        let listed = |ids: Vec<String>| async move {
            let request = cx.client.list_tags_for_resources().resource_type(TagResourceType::Hostedzone).set_resource_ids(Some(ids));
            Ok(request.send().await?.resource_tag_sets)
        };
        all.extend(in_halves(some.to_vec(), listed).await?.into_iter().filter_map(by_id));
    }
    Ok(all)
}

fn by_id(set: ResourceTagSet) -> Option<(String, BTreeMap<String, String>)> {
    let tags = set.tags.unwrap_or_default().into_iter().filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default())));
    Some((set.resource_id?, tags.collect()))
}

/// Brings the tags of one zone from what they are to what they should be.
pub async fn update(cx: &Context<'_, Route53>, zone: &str, now: &Tags, to: &Tags) -> Result<(), Fault> {
    let change = tag_change(now.as_ref(), to.as_ref());
    let set: Vec<_> = change.set.into_iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect();
    if set.is_empty() && change.unset.is_empty() {
        return Ok(());
    }
    let some = |all: Vec<String>| (!all.is_empty()).then_some(all);
    let request = cx.client.change_tags_for_resource().resource_type(TagResourceType::Hostedzone).resource_id(zone);
    request.set_add_tags((!set.is_empty()).then_some(set)).set_remove_tag_keys(some(change.unset)).send().await?;
    Ok(())
}
