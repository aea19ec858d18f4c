//! Tags of this service: all its things take them in the creating request and by ARN afterwards.

use std::collections::BTreeMap;

use aws_sdk_ecs::{Client, types::Tag};
use lowtide_resource::{Fault, TAG_ID, tag_change};

/// Tags by key, as attributes hold them.
pub type Tags = Option<BTreeMap<String, String>>;

/// Returns the tags for a creating request.
pub fn sent(tags: &Tags) -> Option<Vec<Tag>> {
    let tags: Vec<_> = tags.iter().flatten().map(|(key, value)| tag(key, value)).collect();
    (!tags.is_empty()).then_some(tags)
}

/// Returns tags as attributes hold them.
pub fn read(tags: Option<&[Tag]>) -> Tags {
    let tags = tags.unwrap_or_default().iter();
    let tags: BTreeMap<_, _> =
        tags.map(|tag| (tag.key().unwrap_or_default().to_owned(), tag.value().unwrap_or_default().to_owned())).collect();
    (!tags.is_empty()).then_some(tags)
}

/// Returns whether tags say that an operation made what carries them.
pub fn made_by(tags: &[Tag], operation: &str) -> bool {
    tags.iter().any(|tag| tag.key() == Some(TAG_ID) && tag.value() == Some(operation))
}

/// Brings the tags of one thing from what they are to what they should be.
pub async fn update(client: &Client, arn: &str, now: &Tags, to: &Tags) -> Result<(), Fault> {
    let change = tag_change(now.as_ref(), to.as_ref());
    if !change.unset.is_empty() {
        client.untag_resource().resource_arn(arn).set_tag_keys(Some(change.unset)).send().await?;
    }
    if !change.set.is_empty() {
        let set = change.set.iter().map(|(key, value)| tag(key, value)).collect();
        client.tag_resource().resource_arn(arn).set_tags(Some(set)).send().await?;
    }
    Ok(())
}

fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().key(key).value(value).build()
}
