//! `aws_eip`: an Elastic IP address.
//!
//! `AllocateAddress` takes neither token nor name: only the ownership tag in the request tells its result apart. What the
//! address is associated with is a request of its own, and so an update. An address that something uses can't be
//! released: it is let go of first, and a NAT gateway that has it must be gone.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{Address, DomainType, ResourceType};
use lowtide_model::{Arn, Check, Complaint, Create, Follows, Model, Object, Place, PlannedObject};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, absent_is_none};

use crate::{
    Ec2,
    describe::{filter, made_by},
    internet,
    tags::{self, Tags},
};

/// An Elastic IP address: a public IPv4 address that stays until it is released.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Eip {
    /// The address itself, to get back one that the account held before, or one of its own pool.
    #[attr(computed, replaces)]
    pub address: Option<String>,
    /// The private address, of the instance or network interface, to go with; its first one unless given.
    #[attr(computed)]
    pub associate_with_private_ip: Option<String>,
    /// Where it is used: always `vpc`.
    #[attr(default = "vpc", one_of = ["vpc"], replaces)]
    pub domain: String,
    /// The instance to associate it with. Leave it out where `aws_eip_association` or a NAT gateway does that.
    #[attr(computed, refers = "aws_instance.id")]
    pub instance: Option<String>,
    /// The group of zones that announces it: the region, a Local Zone or a Wavelength Zone.
    #[attr(computed, replaces)]
    pub network_border_group: Option<String>,
    /// The network interface to associate it with. Leave it out where `aws_eip_association` or a NAT gateway does that.
    #[attr(computed, refers = "aws_network_interface.id")]
    pub network_interface: Option<String>,
    /// The pool it comes from: `amazon`, or the id of a pool of addresses that the account brought along.
    #[attr(computed, replaces)]
    pub public_ipv4_pool: Option<String>,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// What AWS decides about an Elastic IP address.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct EipOutputs {
    /// The id by which other things name it; the same as `id`.
    pub allocation_id: String,
    /// The address's ARN.
    pub arn: Arn,
    /// The id of its association with an instance or network interface.
    #[attr(renewed_by = ["instance", "network_interface", "associate_with_private_ip"])]
    pub association_id: Option<String>,
    /// The address in a carrier's network, in a Wavelength Zone.
    pub carrier_ip: Option<String>,
    /// The address of the account's own, on an Outpost.
    pub customer_owned_ip: Option<String>,
    /// The id by which other things name it.
    pub id: String,
    /// The DNS name of the private address.
    #[attr(renewed_by = ["instance", "network_interface", "associate_with_private_ip"])]
    pub private_dns: Option<String>,
    /// The private address it goes with.
    #[attr(renewed_by = ["instance", "network_interface", "associate_with_private_ip"])]
    pub private_ip: Option<String>,
    /// The DNS name of the address.
    pub public_dns: Option<String>,
    /// The address.
    pub public_ip: Option<String>,
}

impl Resource for Eip {
    type Outputs = EipOutputs;
    type Service = Ec2;
    const KIND: &'static str = "aws_eip";
    const CREATE: Create = Create::TagOnly;
    const IMPORT: &'static str = "ALLOCATION_ID";
    const BATCH: usize = 200;
    const CHECKS: &'static [Check] = &[one_user];
    const FOLLOWS: &'static [Follows] = &[internet::of_address];
    const LEFT_OUT: &'static [(&'static str, &'static str)] = &[
        ("customer_owned_ipv4_pool", "Outposts are not supported yet"),
        ("ipam_pool_id", "address pools (IPAM) are not supported yet"),
        ("ptr_record", "takes a call and a permission of its own in every read"),
        ("vpc", "deprecated: `domain` says it"),
    ];

    async fn create(cx: &Context<'_, Ec2>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        let made = cx
            .client
            .allocate_address()
            .domain(DomainType::Vpc)
            .set_address(wish.address.clone())
            .set_network_border_group(wish.network_border_group.clone())
            .set_public_ipv4_pool(wish.public_ipv4_pool.clone())
            .set_tag_specifications(tags::specification(ResourceType::ElasticIp, &wish.tags))
            .send()
            .await?;
        Made::id(made.allocation_id, "the id of the address")
    }

    async fn read(cx: &Context<'_, Ec2>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let found = described(cx, asked.ids()).await?;
        let seen = found.into_iter().map(|address| observed(cx.place, address)).map(|seen| (seen.id.clone(), seen));
        Ok(asked.answer(seen.collect::<BTreeMap<_, _>>()))
    }

    async fn update(cx: &Context<'_, Ec2>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.any(&["instance", "network_interface", "associate_with_private_ip"]) {
            let user = user(to, changed);
            if user == (None, None) {
                release(cx, now.outputs.association_id.as_deref()).await?;
            } else {
                cx.client
                    .associate_address()
                    .allocation_id(&now.id)
                    .set_instance_id(user.0)
                    .set_network_interface_id(user.1)
                    .set_private_ip_address(to.associate_with_private_ip.clone().filter(|_| changed.has("associate_with_private_ip")))
                    .allow_reassociation(true)
                    .send()
                    .await?;
            }
        }
        if changed.has("tags") {
            tags::update(&cx.client, &now.id, &now.inputs.tags, &to.tags).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Ec2>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        let Some(address) = described(cx, vec![last.id.clone()]).await?.pop() else { return Ok(Going::Gone) };
        release(cx, given(address.association_id).as_deref()).await?;
        let request = cx.client.release_address().allocation_id(&last.id);
        // Outside the region's own group of zones AWS wants the group named.
        let group = given(address.network_border_group).filter(|group| *group != cx.place.region);
        request.set_network_border_group(group).send().await?;
        Ok(Going::Gone)
    }

    async fn find(cx: &Context<'_, Ec2>, op: &Operation, _wish: &Object) -> Result<Vec<String>, Fault> {
        let found = cx.client.describe_addresses().filters(made_by(op)).send().await?;
        Ok(found.addresses.unwrap_or_default().into_iter().filter_map(|address| address.allocation_id).collect())
    }
}

/// Returns the addresses of these ids that there are. AWS has no pages for them.
async fn described(cx: &Context<'_, Ec2>, ids: Vec<String>) -> Result<Vec<Address>, Fault> {
    let found = cx.client.describe_addresses().filters(filter("allocation-id", ids)).send().await?;
    Ok(found.addresses.unwrap_or_default())
}

/// Takes an address from what uses it; that nothing does is as good.
async fn release(cx: &Context<'_, Ec2>, association: Option<&str>) -> Result<(), Fault> {
    if let Some(association) = association {
        absent_is_none(cx.client.disassociate_address().association_id(association).send().await)?;
    }
    Ok(())
}

/// Returns the instance or the network interface to associate with. What did not change may be left from before, and an
/// instance's address shows its network interface as well.
fn user(to: &Eip, changed: &Changed) -> (Option<String>, Option<String>) {
    match (&to.instance, &to.network_interface) {
        (Some(instance), _) if changed.has("instance") => (Some(instance.clone()), None),
        (_, Some(interface)) if changed.has("network_interface") => (None, Some(interface.clone())),
        _ if changed.any(&["instance", "network_interface"]) => (None, None),
        (_, Some(interface)) => (None, Some(interface.clone())),
        (instance, None) => (instance.clone(), None),
    }
}

/// Returns what is there; AWS leaves out or empties what is not.
fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

fn observed(place: &Place, address: Address) -> Observed<Eip> {
    let id = address.allocation_id.unwrap_or_default();
    let (public_ip, private_ip) = (given(address.public_ip), given(address.private_ip_address));
    let inputs = Eip {
        address: public_ip.clone(),
        associate_with_private_ip: private_ip.clone(),
        domain: address.domain.map_or_else(|| "vpc".to_owned(), |domain| domain.as_str().to_owned()),
        instance: given(address.instance_id),
        network_border_group: given(address.network_border_group),
        network_interface: given(address.network_interface_id),
        public_ipv4_pool: given(address.public_ipv4_pool),
        tags: tags::read(address.tags.as_deref()),
    };
    let outputs = EipOutputs {
        allocation_id: id.clone(),
        arn: format!("arn:{}:ec2:{}:{}:elastic-ip/{id}", place.partition, place.region, place.account).into(),
        association_id: given(address.association_id),
        carrier_ip: given(address.carrier_ip),
        customer_owned_ip: given(address.customer_owned_ip),
        id: id.clone(),
        private_dns: private_ip.as_deref().map(|ip| private_name(place, ip)),
        private_ip,
        public_dns: public_ip.as_deref().map(|ip| public_name(place, ip)),
        public_ip,
    };
    Observed::stable(id, inputs, outputs)
}

fn private_name(place: &Place, ip: &str) -> String {
    let ip = ip.replace('.', "-");
    if place.region == "us-east-1" { format!("ip-{ip}.ec2.internal") } else { format!("ip-{ip}.{}.compute.internal", place.region) }
}

fn public_name(place: &Place, ip: &str) -> String {
    let ip = ip.replace('.', "-");
    let domain = if place.partition == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
    if place.region == "us-east-1" { format!("ec2-{ip}.compute-1.{domain}") } else { format!("ec2-{ip}.{}.compute.{domain}", place.region) }
}

fn one_user(wish: &PlannedObject) -> Vec<Complaint> {
    let known = |name| wish.get(name).is_some_and(|value| !value.is_unknown());
    let detail = "An address goes with an instance or with a network interface, not with both.";
    (known("instance") && known("network_interface")).then(|| Complaint::about("network_interface", detail)).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(region: &str) -> Place {
        Place { account: "123456789012".to_owned(), partition: "aws".to_owned(), region: region.to_owned() }
    }

    #[test]
    fn names_follow_from_addresses() {
        assert_eq!(public_name(&place("us-east-1"), "203.0.113.25"), "ec2-203-0-113-25.compute-1.amazonaws.com");
        assert_eq!(public_name(&place("us-west-2"), "203.0.113.25"), "ec2-203-0-113-25.us-west-2.compute.amazonaws.com");
        assert_eq!(private_name(&place("us-east-1"), "10.0.0.4"), "ip-10-0-0-4.ec2.internal");
        assert_eq!(private_name(&place("us-west-2"), "10.0.0.4"), "ip-10-0-0-4.us-west-2.compute.internal");
    }

    #[test]
    fn an_address_moves_to_the_user_that_changed() {
        let address = Address::builder().allocation_id("eipalloc-1").instance_id("i-1").network_interface_id("eni-1").build();
        let mut to = observed(&place("us-west-2"), address).inputs;
        let user = |to: &Eip, changed: &[&str]| user(to, &Changed(changed.iter().map(|name| (*name).to_owned()).collect()));
        assert_eq!(user(&to, &["instance"]), (Some("i-1".to_owned()), None));
        assert_eq!(user(&to, &["network_interface"]), (None, Some("eni-1".to_owned())));
        assert_eq!(user(&to, &["associate_with_private_ip"]), (None, Some("eni-1".to_owned())));
        to.instance = None;
        assert_eq!(user(&to, &["instance"]), (None, None));
    }
}
