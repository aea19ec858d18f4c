//! `aws_internet_gateway`: the way from a VPC to the internet and back.
//!
//! `CreateInternetGateway` makes one that leads nowhere; attaching it to its VPC is a request of its own, and so an
//! update. It must be detached before it can be deleted, and AWS lets it go only when the VPC holds no public address.

use aws_sdk_ec2::types::{AttachmentStatus, InternetGateway as Described, ResourceType};
use lowtide_model::{Arn, Create, Model, Object, Phase};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Patience, Resource, Seen, absent_is_none};

use crate::{
    Ec2, HELD_BY_INTERFACES,
    describe::{filter, made_by},
    tags::{self, Tags},
};

/// An internet gateway: the way from a VPC to the internet and back.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct InternetGateway {
    /// The VPC it is attached to. A VPC has one internet gateway at most; without a VPC the gateway leads nowhere.
    #[attr(computed, refers = "aws_vpc.id")]
    pub vpc_id: Option<String>,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// What AWS decides about an internet gateway.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct InternetGatewayOutputs {
    /// The gateway's ARN.
    pub arn: Arn,
    /// The gateway's id.
    pub id: String,
    /// The account that owns it.
    #[attr(predict = "{account}")]
    pub owner_id: String,
}

impl Resource for InternetGateway {
    type Outputs = InternetGatewayOutputs;
    type Service = Ec2;
    const KIND: &'static str = "aws_internet_gateway";
    const CREATE: Create = Create::TagOnly;
    const IMPORT: &'static str = "INTERNET_GATEWAY_ID";
    const BATCH: usize = 200;
    const PATIENCE: Patience = HELD_BY_INTERFACES;

    async fn create(cx: &Context<'_, Ec2>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        let tags = tags::specification(ResourceType::InternetGateway, &wish.tags);
        let made = cx.client.create_internet_gateway().set_tag_specifications(tags).send().await?;
        Made::id(made.internet_gateway.and_then(|gateway| gateway.internet_gateway_id), "the id of the internet gateway")
    }

    async fn read(cx: &Context<'_, Ec2>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let found = described(cx, asked.ids()).await?;
        Ok(asked.answer(found.into_iter().map(|gateway| observed(cx, gateway)).map(|seen| (seen.id.clone(), seen)).collect()))
    }

    async fn update(cx: &Context<'_, Ec2>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.has("vpc_id") {
            if let Some(old) = &now.inputs.vpc_id {
                detach(cx, &now.id, old).await?;
            }
            if let Some(new) = &to.vpc_id {
                cx.client.attach_internet_gateway().internet_gateway_id(&now.id).vpc_id(new).send().await?;
            }
        }
        if changed.has("tags") {
            tags::update(&cx.client, &now.id, &now.inputs.tags, &to.tags).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Ec2>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        let Some(gateway) = described(cx, [last.id.clone()]).await?.pop() else { return Ok(Going::Gone) };
        if let Some(vpc) = vpc_of(&gateway) {
            detach(cx, &last.id, vpc).await?;
        }
        cx.client.delete_internet_gateway().internet_gateway_id(&last.id).send().await?;
        Ok(Going::Gone)
    }

    async fn find(cx: &Context<'_, Ec2>, op: &Operation, _wish: &Object) -> Result<Vec<String>, Fault> {
        let found = cx.client.describe_internet_gateways().filters(made_by(op)).send().await?;
        Ok(found.internet_gateways.unwrap_or_default().into_iter().filter_map(|gateway| gateway.internet_gateway_id).collect())
    }
}

async fn described(cx: &Context<'_, Ec2>, ids: impl IntoIterator<Item = String>) -> Result<Vec<Described>, Fault> {
    let pages = cx.client.describe_internet_gateways().filters(filter("internet-gateway-id", ids)).into_paginator().items().send();
    Ok(pages.collect::<Result<_, _>>().await?)
}

/// Detaches it; that it is not attached is as good.
async fn detach(cx: &Context<'_, Ec2>, id: &str, vpc: &str) -> Result<(), Fault> {
    absent_is_none(cx.client.detach_internet_gateway().internet_gateway_id(id).vpc_id(vpc).send().await)?;
    Ok(())
}

fn vpc_of(gateway: &Described) -> Option<&str> {
    let leaving = |status: &AttachmentStatus| matches!(status, AttachmentStatus::Detached | AttachmentStatus::Detaching);
    gateway.attachments().iter().find(|one| !one.state().is_some_and(leaving))?.vpc_id()
}

fn observed(cx: &Context<'_, Ec2>, gateway: Described) -> Observed<InternetGateway> {
    let inputs = InternetGateway { vpc_id: vpc_of(&gateway).map(str::to_owned), tags: tags::read(gateway.tags.as_deref()) };
    let attaching = gateway.attachments().iter().any(|one| one.state() == Some(&AttachmentStatus::Attaching));
    let id = gateway.internet_gateway_id.unwrap_or_default();
    let owner = gateway.owner_id.unwrap_or_else(|| cx.place.account.clone());
    let outputs = InternetGatewayOutputs {
        arn: format!("arn:{}:ec2:{}:{owner}:internet-gateway/{id}", cx.place.partition, cx.place.region).into(),
        id: id.clone(),
        owner_id: owner,
    };
    let phase = if attaching { Phase::Accepted("attaching".to_owned()) } else { Phase::Stable };
    Observed::stable(id, inputs, outputs).in_phase(phase)
}
