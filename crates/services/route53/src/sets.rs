//! All sets of records of a zone. The SDK has no pages for this list, since a page begins at three values.

use aws_sdk_route53::types::ResourceRecordSet;
use lowtide_resource::{Context, Fault};

use crate::Route53;

/// Lists all sets of records of a zone, sorted by name.
pub async fn all(cx: &Context<'_, Route53>, zone: &str) -> Result<Vec<ResourceRecordSet>, Fault> {
    let mut sets = Vec::new();
    let (mut name, mut kind, mut identifier) = (None, None, None);
    loop {
        let request = cx.client.list_resource_record_sets().hosted_zone_id(zone);
        let page = request.set_start_record_name(name).set_start_record_type(kind).set_start_record_identifier(identifier).send().await?;
        sets.extend(page.resource_record_sets);
        if !page.is_truncated || page.next_record_name.is_none() {
            return Ok(sets);
        }
        (name, kind, identifier) = (page.next_record_name, page.next_record_type, page.next_record_identifier);
    }
}
