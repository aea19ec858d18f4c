//! Tags as IAM takes and returns them.

use std::collections::BTreeMap;

use aws_sdk_iam::types::Tag;
use lowtide_resource::Fault;

/// Tags by key, as attributes hold them.
pub type Tags = Option<BTreeMap<String, String>>;

/// Returns tags for a request.
pub fn request<'a>(tags: impl IntoIterator<Item = (&'a String, &'a String)>) -> Result<Vec<Tag>, Fault> {
    let tag =
        |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build().map_err(|error| Fault::ours(&error.to_string()));
    tags.into_iter().map(tag).collect()
}

/// Returns tags as attributes hold them.
pub fn read(tags: Option<Vec<Tag>>) -> Tags {
    let tags: BTreeMap<_, _> = tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)).collect();
    (!tags.is_empty()).then_some(tags)
}
