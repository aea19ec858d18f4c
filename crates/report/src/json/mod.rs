//! What the JSON documents share: values without what is sensitive or unknown, resources with their addresses, modules,
//! and records as expressions see them. All in the shapes that Terraform documents.

mod address;
mod masks;
mod record;

pub use address::{identified, modules, provider};
pub use masks::{masked_type, sensitives, unknowns, values};
pub use record::record_values;

/// The version of this program, which stands in every document.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
