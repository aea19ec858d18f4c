//! What every read of this service does alike: filters, and finding by tag.

use aws_sdk_ec2::types::Filter;
use lowtide_resource::{Operation, TAG_ID};

/// How many values the filters of one request may have (Amazon EC2 User Guide, "List and filter using the CLI and API").
pub const FILTER_VALUES: usize = 200;

/// Returns a filter of a name and its values.
pub fn filter(name: &str, values: impl IntoIterator<Item = impl Into<String>>) -> Filter {
    Filter::builder().name(name).set_values(Some(values.into_iter().map(Into::into).collect())).build()
}

/// Returns the filter that finds what an operation created.
pub fn made_by(op: &Operation) -> Filter {
    filter(&format!("tag:{TAG_ID}"), [op.id.as_str()])
}
