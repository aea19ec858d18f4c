//! Attributes of subnets that moto accepts and forgets.

use bytes::Bytes;
use http::Response;

use super::{Memory, mend};
use crate::proxy::exchange::Exchange;
use crate::proxy::xml::Element;

/// Field of ModifySubnetAttribute, and where DescribeSubnets shows it (Amazon EC2 API Reference, ModifySubnetAttribute
/// and Subnet).
const ATTRIBUTES: [(&str, &[&str]); 4] = [
    ("EnableDns64.Value", &["enableDns64"]),
    ("PrivateDnsHostnameTypeOnLaunch", &["privateDnsNameOptionsOnLaunch", "hostnameType"]),
    ("EnableResourceNameDnsARecordOnLaunch.Value", &["privateDnsNameOptionsOnLaunch", "enableResourceNameDnsARecord"]),
    ("EnableResourceNameDnsAAAARecordOnLaunch.Value", &["privateDnsNameOptionsOnLaunch", "enableResourceNameDnsAAAARecord"]),
];

/// What is modified is remembered: moto keeps none of these.
pub(super) async fn modify(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Response<Bytes>> {
    let reply = exchange.pass_on().await?;
    if reply.status().is_success() {
        let subnet = exchange.field("SubnetId").unwrap_or_default();
        for (field, _) in ATTRIBUTES {
            if let Some(value) = exchange.field(field) {
                memory.subnets.change((exchange.call.region.clone(), subnet.clone()), |attributes| {
                    attributes.insert(field.to_owned(), value);
                });
            }
        }
    }
    Ok(reply)
}

/// What was modified is shown, and `enableDns64` in any case, false unless set. The state of an IPv6 block is a word
/// (Amazon EC2 API Reference, SubnetCidrBlockState), where moto shows its own structure around that word.
pub(super) async fn show(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Response<Bytes>> {
    let show_one = |subnet: &mut Element| {
        if subnet.child("enableDns64").is_none() {
            subnet.set("enableDns64", "false");
        }
        subnet.for_each_in("ipv6CidrBlockAssociationSet", &mut |block| {
            if block.text_at(&["ipv6CidrBlockState", "state"]).contains("'associated'") {
                set_at(block, &["ipv6CidrBlockState", "state"], "associated");
            }
        });
        let place = (exchange.call.region.clone(), subnet.text_at(&["subnetId"]).to_owned());
        let remembered = memory.subnets.get(&place).unwrap_or_default();
        for (field, path) in ATTRIBUTES {
            if let Some(value) = remembered.get(field) {
                set_at(subnet, path, value);
            }
        }
    };
    mend::xml(exchange.pass_on().await?, |root| {
        root.children.iter_mut().filter(|child| child.name == "subnet").for_each(show_one);
        root.for_each_in("subnetSet", &mut { show_one });
    })
}

fn set_at(element: &mut Element, path: &[&str], value: &str) {
    match path {
        [name] => element.set(name, value),
        [name, inner @ ..] => match element.children.iter_mut().find(|child| child.name == *name) {
            Some(child) => set_at(child, inner, value),
            None => {
                let mut child = Element::with_children(name, Vec::new());
                set_at(&mut child, inner, value);
                element.children.push(child);
            }
        },
        [] => {}
    }
}
