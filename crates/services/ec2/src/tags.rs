//! Tags of this service: all its things take them in the creating request and by id afterwards.

use std::collections::BTreeMap;

use aws_sdk_ec2::{
    Client,
    types::{ResourceType, Tag, TagSpecification},
};
use lowtide_resource::{Fault, tag_change};

/// Tags by key, as attributes hold them.
pub type Tags = Option<BTreeMap<String, String>>;

/// Returns the tags for a creating request; `None` where there are none, which EC2 wants left out.
pub fn specification(of: ResourceType, tags: &Tags) -> Option<Vec<TagSpecification>> {
    let tags: Vec<_> = tags.iter().flatten().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect();
    (!tags.is_empty()).then(|| vec![TagSpecification::builder().resource_type(of).set_tags(Some(tags)).build()])
}

/// Returns tags as attributes hold them.
pub fn read(tags: Option<&[Tag]>) -> Tags {
    let tags: BTreeMap<_, _> = tags
        .unwrap_or_default()
        .iter()
        .map(|tag| (tag.key().unwrap_or_default().to_owned(), tag.value().unwrap_or_default().to_owned()))
        .collect();
    (!tags.is_empty()).then_some(tags)
}

/// Brings the tags of one thing from what they are to what they should be.
pub async fn update(client: &Client, id: &str, now: &Tags, to: &Tags) -> Result<(), Fault> {
    let change = tag_change(now.as_ref(), to.as_ref());
    if !change.unset.is_empty() {
        let gone = change.unset.iter().map(|key| Tag::builder().key(key).build()).collect();
        client.delete_tags().resources(id).set_tags(Some(gone)).send().await?;
    }
    if !change.set.is_empty() {
        let set = change.set.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect();
        client.create_tags().resources(id).set_tags(Some(set)).send().await?;
    }
    Ok(())
}
