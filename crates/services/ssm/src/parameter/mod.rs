//! `aws_ssm_parameter`: a value in Parameter Store.
//!
//! The name is the key and the physical id. One request, `PutParameter`, creates and changes; each change but that of
//! tags makes a new version. It takes tags only where it does not overwrite, so with `overwrite` they follow as an update.
//! Values come from `GetParameters`, ten to a call, the rest from `DescribeParameters`. A value that may not be decrypted
//! spoils the whole call, so the names are then asked for in halves.

pub mod lookup;

mod checks;
mod wire;

use aws_sdk_ssm::types::{ParameterTier, ParameterType};
use lowtide_model::{Arn, Check, Create, Model, Place};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen};

use crate::{
    Ssm,
    tags::{self, Tags},
};

/// A value in Systems Manager Parameter Store, plain or encrypted.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Parameter {
    /// The name, with `/` between levels: `/production/web/key`. It takes letters, digits and `_ . - /`.
    #[attr(identity, range = 1..=2048, replaces)]
    pub name: String,
    /// What the value is: `String`, `StringList` (values with commas between them) or `SecureString` (encrypted).
    #[attr(one_of = ["String", "StringList", "SecureString"])]
    pub r#type: String,
    /// The value. It is never shown or stored in clear, whatever the type.
    #[attr(computed, secret)]
    pub value: Option<String>,
    /// The value, shown in clear in plans. Not for `SecureString`.
    #[attr(computed)]
    pub insecure_value: Option<String>,
    /// What it is for.
    #[attr(range = 0..=1024)]
    pub description: Option<String>,
    /// A regular expression that values must match.
    #[attr(range = 0..=1024)]
    pub allowed_pattern: Option<String>,
    /// What AWS checks about a `String`: `text` (nothing), `aws:ec2:image` (an AMI id) or `aws:ssm:integration`.
    #[attr(computed, one_of = ["text", "aws:ec2:image", "aws:ssm:integration"], replaces)]
    pub data_type: Option<String>,
    /// The KMS key that encrypts a `SecureString`: an id, an ARN or an alias. Without one it is the account's `alias/aws/ssm`.
    #[attr(computed, refers = "aws_kms_key.key_id")]
    pub key_id: Option<String>,
    /// `Standard` (up to 4 KB, free), `Advanced` (up to 8 KB, paid) or `Intelligent-Tiering` (AWS chooses). AWS does not take an advanced parameter back to
    /// `Standard`, whoever chose it: it is deleted and made again, and its earlier versions are gone.
    // Source: AWS Systems Manager User Guide, "Managing parameter tiers", "Changing a standard parameter to an advanced parameter".
    #[attr(computed, one_way = ("Advanced", "Standard"), chooses = "Intelligent-Tiering", one_of = ["Standard", "Advanced", "Intelligent-Tiering"])]
    pub tier: Option<String>,
    /// Whether a parameter of this name that is there already may be taken over at creation.
    #[attr(default = false, option)]
    pub overwrite: bool,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// What AWS decides about a parameter.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct ParameterOutputs {
    /// The parameter's ARN.
    pub arn: Arn,
    /// The parameter's name.
    #[attr(predict = "{name}")]
    pub id: String,
    /// How often it was set: 1 for a new one.
    #[attr(renewed_by = ["type", "value", "insecure_value", "description", "allowed_pattern", "key_id", "tier"])]
    pub version: i64,
}

impl Resource for Parameter {
    type Outputs = ParameterOutputs;
    type Service = Ssm;
    const KIND: &'static str = "aws_ssm_parameter";
    const CREATE: Create = Create::Key;
    const IMPORT: &'static str = "PARAMETER_NAME";
    const BATCH: usize = 50;
    const CHECKS: &'static [Check] = &[checks::name, checks::value, checks::key];
    const LEFT_OUT: &'static [(&'static str, &'static str)] = &[
        ("value_wo", "`value` is never stored in clear, which is what write-only arguments are for"),
        ("value_wo_version", "goes with value_wo"),
        ("has_value_wo", "goes with value_wo"),
    ];

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        Some(wish.name.clone())
    }

    async fn create(cx: &Context<'_, Ssm>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        let tags = if wish.overwrite { None } else { tags::request(&wish.tags)? };
        cx.client
            .put_parameter()
            .name(&wish.name)
            .overwrite(wish.overwrite)
            .r#type(ParameterType::from(wish.r#type.as_str()))
            .set_value(wish.value.as_ref().or(wish.insecure_value.as_ref()).cloned())
            .set_description(wish.description.clone())
            .set_allowed_pattern(wish.allowed_pattern.clone())
            .set_data_type(wish.data_type.clone())
            .set_key_id(wish.key_id.clone())
            .set_tier(wish.tier.as_deref().map(ParameterTier::from))
            .set_tags(tags)
            .send()
            .await?;
        Made::id(Some(&wish.name), "the name of the parameter")
    }

    async fn read(cx: &Context<'_, Ssm>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        wire::read(cx, asked).await
    }

    async fn update(cx: &Context<'_, Ssm>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.any(&["type", "value", "insecure_value", "description", "allowed_pattern", "data_type", "key_id", "tier"]) {
            let value = if changed.has("insecure_value") && !changed.has("value") { &to.insecure_value } else { &to.value };
            // What is left out stays as it is: only empty text takes it away.
            let text = |name: &str, value: &Option<String>| value.clone().or_else(|| changed.has(name).then(String::new));
            cx.client
                .put_parameter()
                .name(&now.id)
                .overwrite(true)
                .r#type(ParameterType::from(to.r#type.as_str()))
                .set_value(value.as_ref().or(to.insecure_value.as_ref()).or(now.inputs.value.as_ref()).cloned())
                .set_description(text("description", &to.description))
                .set_allowed_pattern(text("allowed_pattern", &to.allowed_pattern))
                .set_data_type(to.data_type.clone())
                .set_key_id(to.key_id.clone().filter(|_| to.r#type == "SecureString"))
                .set_tier(to.tier.as_deref().map(ParameterTier::from))
                .send()
                .await?;
        }
        if changed.has("tags") {
            tags::update(cx, &now.id, &now.inputs.tags, &to.tags).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Ssm>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        cx.client.delete_parameter().name(&last.id).send().await?;
        Ok(Going::Gone)
    }
}
