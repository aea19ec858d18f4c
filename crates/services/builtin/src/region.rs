//! `aws_region`: the region that the stack lives in, or another one.
//!
//! Descriptions are AWS's own names of the regions (AWS Regions and Availability Zones User Guide); a region that is not
//! listed here is described by its name alone.

use lowtide_model::{Complaint, Model, PlannedObject};
use lowtide_resource::{Context, Fault, Lookup};

use crate::{Builtin, partition::dns_suffix};

/// The region that the stack lives in, or the one that is named.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Region {
    /// The region's name, such as `us-west-2`; without one, that of the stack.
    #[attr(computed)]
    pub name: Option<String>,
    /// The region's EC2 endpoint, as another way to name it.
    #[attr(computed)]
    pub endpoint: Option<String>,
}

/// What is known of a region.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Found {
    /// The region as people call it: `US West (Oregon)`.
    pub description: String,
    /// The region's EC2 endpoint, without `https://`.
    pub endpoint: String,
    /// The region's name, too.
    pub id: String,
    /// The region's name.
    pub name: String,
}

impl Lookup for Region {
    type Found = Found;
    type Service = Builtin;
    const KIND: &'static str = "aws_region";
    const CHECKS: &'static [lowtide_model::Check] = &[endpoint_names_a_region];

    async fn look(cx: &Context<'_, Builtin>, query: &Self) -> Result<Found, Fault> {
        let named = query.name.as_deref().or_else(|| query.endpoint.as_deref().and_then(region_of));
        let name = named.unwrap_or(&cx.place.region);
        if let Some(endpoint) = query.endpoint.as_deref().filter(|endpoint| region_of(endpoint) != Some(name)) {
            return Err(Fault::ours(&format!("`{endpoint}` is not the endpoint of {name}")));
        }
        Ok(found(name, &cx.place.partition))
    }
}

fn endpoint_names_a_region(query: &PlannedObject) -> Vec<Complaint> {
    let wrong = query.text("endpoint").filter(|endpoint| region_of(endpoint).is_none());
    let complaint = |endpoint| Complaint::about("endpoint", format!("`{endpoint}` is no EC2 endpoint of a region."));
    wrong.map(complaint).map(|complaint| complaint.hint("write it like `ec2.us-west-2.amazonaws.com`")).into_iter().collect()
}

fn found(name: &str, partition: &str) -> Found {
    let described = REGIONS.iter().find(|(region, _)| *region == name);
    Found {
        description: described.map_or(name, |(_, description)| description).to_owned(),
        endpoint: format!("ec2.{name}.{}", dns_suffix(partition)),
        id: name.to_owned(),
        name: name.to_owned(),
    }
}

/// Returns the region of `ec2.us-west-2.amazonaws.com`.
fn region_of(endpoint: &str) -> Option<&str> {
    let (region, rest) = endpoint.strip_prefix("ec2.")?.split_once('.')?;
    (region.contains('-') && !rest.is_empty()).then_some(region)
}

const REGIONS: [(&str, &str); 38] = [
    ("af-south-1", "Africa (Cape Town)"),
    ("ap-east-1", "Asia Pacific (Hong Kong)"),
    ("ap-east-2", "Asia Pacific (Taipei)"),
    ("ap-northeast-1", "Asia Pacific (Tokyo)"),
    ("ap-northeast-2", "Asia Pacific (Seoul)"),
    ("ap-northeast-3", "Asia Pacific (Osaka)"),
    ("ap-south-1", "Asia Pacific (Mumbai)"),
    ("ap-south-2", "Asia Pacific (Hyderabad)"),
    ("ap-southeast-1", "Asia Pacific (Singapore)"),
    ("ap-southeast-2", "Asia Pacific (Sydney)"),
    ("ap-southeast-3", "Asia Pacific (Jakarta)"),
    ("ap-southeast-4", "Asia Pacific (Melbourne)"),
    ("ap-southeast-5", "Asia Pacific (Malaysia)"),
    ("ap-southeast-6", "Asia Pacific (New Zealand)"),
    ("ap-southeast-7", "Asia Pacific (Thailand)"),
    ("ca-central-1", "Canada (Central)"),
    ("ca-west-1", "Canada West (Calgary)"),
    ("cn-north-1", "China (Beijing)"),
    ("cn-northwest-1", "China (Ningxia)"),
    ("eu-central-1", "Europe (Frankfurt)"),
    ("eu-central-2", "Europe (Zurich)"),
    ("eu-north-1", "Europe (Stockholm)"),
    ("eu-south-1", "Europe (Milan)"),
    ("eu-south-2", "Europe (Spain)"),
    ("eu-west-1", "Europe (Ireland)"),
    ("eu-west-2", "Europe (London)"),
    ("eu-west-3", "Europe (Paris)"),
    ("il-central-1", "Israel (Tel Aviv)"),
    ("me-central-1", "Middle East (UAE)"),
    ("me-south-1", "Middle East (Bahrain)"),
    ("mx-central-1", "Mexico (Central)"),
    ("sa-east-1", "South America (São Paulo)"),
    ("us-east-1", "US East (N. Virginia)"),
    ("us-east-2", "US East (Ohio)"),
    ("us-gov-east-1", "AWS GovCloud (US-East)"),
    ("us-gov-west-1", "AWS GovCloud (US-West)"),
    ("us-west-1", "US West (N. California)"),
    ("us-west-2", "US West (Oregon)"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_names_its_region() {
        assert_eq!(region_of(&found("eu-west-1", "aws").endpoint), Some("eu-west-1"));
        assert_eq!(region_of("ec2.amazonaws.com"), None);
        assert_eq!(found("eu-west-1", "aws").description, "Europe (Ireland)");
        assert_eq!(found("xx-new-1", "aws").description, "xx-new-1");
    }
}
