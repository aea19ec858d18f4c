//! The addresses of a NAT gateway beside its first.
//!
//! A private gateway has private addresses; a public one has Elastic IP addresses, each with a private one.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{NatGatewayAddress as Address, NatGatewayAddressStatus as AddressStatus};
use lowtide_model::Set;
use lowtide_resource::{Changed, Context, Fault, Observed};

use super::{NatGateway, described};
use crate::Ec2;

/// Gives a private gateway the private addresses it should have beside the first.
pub async fn set_private(cx: &Context<'_, Ec2>, now: &Observed<NatGateway>, to: &NatGateway) -> Result<(), Fault> {
    let (new, old) = difference(now.inputs.secondary_private_ip_addresses.as_ref(), to.secondary_private_ip_addresses.as_ref());
    if !old.is_empty() {
        cx.client.unassign_private_nat_gateway_address().nat_gateway_id(&now.id).set_private_ip_addresses(Some(old)).send().await?;
    }
    if !new.is_empty() {
        cx.client.assign_private_nat_gateway_address().nat_gateway_id(&now.id).set_private_ip_addresses(Some(new)).send().await?;
    }
    Ok(())
}

/// Gives a public gateway the Elastic IP addresses it should have beside the first, each with a private one.
pub async fn set_public(cx: &Context<'_, Ec2>, now: &Observed<NatGateway>, to: &NatGateway, changed: &Changed) -> Result<(), Fault> {
    let (mut new, mut old) = difference(now.inputs.secondary_allocation_ids.as_ref(), to.secondary_allocation_ids.as_ref());
    let held = described(cx, vec![now.id.clone()]).await?;
    let addresses: Vec<_> = held.iter().flat_map(|gateway| gateway.nat_gateway_addresses()).filter(|one| is_secondary(one)).collect();
    let mut private = None;
    if changed.has("secondary_private_ip_addresses") {
        let (come, go) = difference(now.inputs.secondary_private_ip_addresses.as_ref(), to.secondary_private_ip_addresses.as_ref());
        // An Elastic IP address whose private one goes is let go, and comes back with another if it stays.
        for allocation in addresses
            .iter()
            .filter(|one| one.private_ip.as_ref().is_some_and(|ip| go.contains(ip)))
            .filter_map(|one| one.allocation_id.clone())
        {
            if !old.contains(&allocation) {
                old.push(allocation.clone());
                new.push(allocation);
            }
        }
        private = Some(come).filter(|come| come.len() == new.len());
    }
    let leaving = addresses.iter().filter(|one| one.allocation_id.as_ref().is_some_and(|id| old.contains(id)));
    let leaving: Vec<_> = leaving.filter_map(|one| one.association_id.clone()).collect();
    if !leaving.is_empty() {
        cx.client.disassociate_nat_gateway_address().nat_gateway_id(&now.id).set_association_ids(Some(leaving)).send().await?;
    }
    if !new.is_empty() {
        let request = cx.client.associate_nat_gateway_address().nat_gateway_id(&now.id).set_allocation_ids(Some(new));
        request.set_private_ip_addresses(private).send().await?;
    }
    Ok(())
}

/// Returns what comes and what goes.
fn difference(now: Option<&Set<String>>, to: Option<&Set<String>>) -> (Vec<String>, Vec<String>) {
    let all = |set: Option<&Set<String>>| set.into_iter().flat_map(|set| set.0.iter().cloned()).collect::<BTreeSet<_>>();
    let (now, to) = (all(now), all(to));
    (to.difference(&now).cloned().collect(), now.difference(&to).cloned().collect())
}

/// Returns whether an address is one beside the first, and not leaving.
pub fn is_secondary(address: &Address) -> bool {
    let leaving =
        |status: &AddressStatus| matches!(status, AddressStatus::Disassociating | AddressStatus::Unassigning | AddressStatus::Failed);
    address.is_primary == Some(false) && !address.status.as_ref().is_some_and(leaving)
}
