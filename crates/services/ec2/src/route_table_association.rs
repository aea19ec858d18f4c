//! `aws_route_table_association`: which route table a subnet, or traffic that comes in by a gateway, follows.
//!
//! A subnet or gateway follows one table, so its id is the key and the physical id. AWS's id of the association is only
//! an output: it changes when another table is given, and is looked up by the key where a request needs it.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{RouteTable, RouteTableAssociation as Described, RouteTableAssociationStateCode as State};
use lowtide_model::{Check, Complaint, Create, Model, Phase, Place, PlannedObject};
use lowtide_resource::{Asked, Changed, Context, Currency, Fault, Going, Made, Observed, Operation, Resource, Seen, absent_is_none};

use crate::{
    Ec2, routing,
    tables::{By, tables},
};

/// Which route table a subnet, or traffic that comes in by a gateway, follows.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct RouteTableAssociation {
    /// The route table.
    #[attr(refers = "aws_route_table.id")]
    pub route_table_id: String,
    /// The subnet that follows it.
    #[attr(replaces, identity, parent, refers = "aws_subnet.id")]
    pub subnet_id: Option<String>,
    /// The internet gateway or virtual private gateway whose incoming traffic follows it.
    #[attr(replaces, identity, parent, refers = "aws_internet_gateway.id")]
    pub gateway_id: Option<String>,
}

/// What AWS decides about an association.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct RouteTableAssociationOutputs {
    /// The association's id.
    #[attr(renewed_by = ["route_table_id"])]
    pub id: String,
}

impl Resource for RouteTableAssociation {
    type Outputs = RouteTableAssociationOutputs;
    type Service = Ec2;
    const KIND: &'static str = "aws_route_table_association";
    const CREATE: Create = Create::Key;
    const IMPORT: &'static str = "SUBNET_OR_GATEWAY_ID/ROUTE_TABLE_ID";
    const BATCH: usize = 200;
    const CHECKS: &'static [Check] = &[one_follower];

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        wish.subnet_id.clone().or_else(|| wish.gateway_id.clone())
    }

    fn import(id: &str, _place: &Place) -> Result<String, String> {
        match id.split_once('/') {
            Some((follower, table)) if !follower.is_empty() && table.starts_with("rtb-") => Ok(follower.to_owned()),
            _ => Err(format!("`{id}` is not of the form SUBNET_OR_GATEWAY_ID/ROUTE_TABLE_ID, like `subnet-1/rtb-1`")),
        }
    }

    async fn create(cx: &Context<'_, Ec2>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        cx.client
            .associate_route_table()
            .route_table_id(&wish.route_table_id)
            .set_subnet_id(wish.subnet_id.clone())
            .set_gateway_id(wish.gateway_id.clone())
            .send()
            .await?;
        Made::id(Self::identity(wish, cx.place), "a subnet or gateway")
    }

    async fn read(cx: &Context<'_, Ec2>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        // A look asks for the tables that they were given, as others do; one that is in none of them is asked for by itself.
        if asked.currency == Currency::Indexed {
            let given = asked.these.iter().filter_map(|ask| ask.last.text("route_table_id").map(str::to_owned)).collect::<Vec<_>>();
            if given.len() == asked.these.len() {
                return Ok(asked.answer(shown(&tables(cx, By::Id, given).await?)));
            }
        }
        Ok(asked.answer(associations(cx, asked.ids()).await?))
    }

    async fn update(cx: &Context<'_, Ec2>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.has("route_table_id") {
            let request = cx.client.replace_route_table_association().association_id(&now.outputs.id);
            request.route_table_id(&to.route_table_id).send().await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Ec2>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        let Some(now) = associations(cx, vec![last.id.clone()]).await?.remove(&last.id) else { return Ok(Going::Gone) };
        absent_is_none(cx.client.disassociate_route_table().association_id(&now.outputs.id).send().await)?;
        Ok(Going::Gone)
    }
}

/// Returns the associations of subnets and gateways, by their ids.
async fn associations(cx: &Context<'_, Ec2>, ids: Vec<String>) -> Result<BTreeMap<String, Observed<RouteTableAssociation>>, Fault> {
    let (subnets, gateways): (Vec<_>, Vec<_>) = ids.into_iter().partition(|id| id.starts_with("subnet-"));
    let (of_subnets, of_gateways) = futures::future::try_join(tables(cx, By::Subnet, subnets), tables(cx, By::Gateway, gateways)).await?;
    let mut all = shown(&of_subnets);
    all.append(&mut shown(&of_gateways));
    Ok(all)
}

/// Returns the associations that tables show, by the ids of subnets and gateways.
fn shown(tables: &[RouteTable]) -> BTreeMap<String, Observed<RouteTableAssociation>> {
    tables.iter().flat_map(|table| table.associations()).filter_map(observed).map(|seen| (seen.id.clone(), seen)).collect()
}

/// Returns what an association is; none for one that is leaving, and for a VPC's main one, which no subnet has of its own.
fn observed(association: &Described) -> Option<Observed<RouteTableAssociation>> {
    let given = |id: Option<&str>| id.filter(|id| !id.is_empty()).map(str::to_owned);
    let inputs = RouteTableAssociation {
        route_table_id: association.route_table_id().unwrap_or_default().to_owned(),
        subnet_id: given(association.subnet_id()),
        gateway_id: given(association.gateway_id()),
    };
    let id = inputs.subnet_id.clone().or_else(|| inputs.gateway_id.clone())?;
    let outputs = RouteTableAssociationOutputs { id: association.route_table_association_id().unwrap_or_default().to_owned() };
    let state = association.association_state();
    let phase = match state.and_then(|state| state.state()) {
        Some(State::Disassociated | State::Disassociating) => return None,
        Some(State::Associating) => Phase::Accepted("associating".to_owned()),
        Some(State::Failed) => {
            let why = state.and_then(|state| state.status_message()).unwrap_or("AWS says no more than `failed`");
            Phase::Failed { replace: true, why: why.to_owned() }
        }
        _ => Phase::Stable,
    };
    Some(Observed::stable(id, inputs, outputs).in_phase(phase))
}

fn one_follower(wish: &PlannedObject) -> Vec<Complaint> {
    let all = ["subnet_id", "gateway_id"];
    routing::exactly_one(|name| wish.get(name), &all, "An association", all[0]).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types::RouteTableAssociationState;

    use super::*;

    #[test]
    fn an_association_shows_while_it_lasts() {
        let of = |state: State| {
            let state = RouteTableAssociationState::builder().state(state).build();
            observed(&Described::builder().subnet_id("subnet-1").association_state(state).build()).map(|seen| seen.phase)
        };
        assert_eq!(of(State::Associated), Some(Phase::Stable));
        assert_eq!(of(State::Associating), Some(Phase::Accepted("associating".to_owned())));
        assert_eq!(of(State::Disassociating), None);
        assert!(matches!(of(State::Failed), Some(Phase::Failed { replace: true, .. })));
        assert!(observed(&Described::builder().main(true).route_table_association_id("rtbassoc-1").build()).is_none());
    }
}
