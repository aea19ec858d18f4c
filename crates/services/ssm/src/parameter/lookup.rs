//! `aws_ssm_parameter`, the data source: reads a parameter that someone else made.

use lowtide_model::{Arn, Model};
use lowtide_resource::{Context, Fault, Lookup};

use crate::Ssm;

/// A parameter in Systems Manager Parameter Store.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct ParameterLookup {
    /// The parameter's name, or its ARN when another account shares it.
    pub name: String,
    /// Whether a `SecureString` is decrypted.
    #[attr(default = true)]
    pub with_decryption: bool,
}

/// What Parameter Store holds.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct ParameterFound {
    /// The parameter's ARN.
    pub arn: Arn,
    /// The parameter's name.
    pub id: String,
    /// `String`, `StringList` or `SecureString`.
    pub r#type: String,
    /// The value.
    #[attr(secret)]
    pub value: String,
    /// The value in clear; absent for a `SecureString`.
    pub insecure_value: Option<String>,
    /// How often it was set.
    pub version: i64,
}

impl Lookup for ParameterLookup {
    type Found = ParameterFound;
    type Service = Ssm;
    const KIND: &'static str = "aws_ssm_parameter";

    async fn look(cx: &Context<'_, Ssm>, query: &Self) -> Result<ParameterFound, Fault> {
        let found = cx.client.get_parameter().name(&query.name).with_decryption(query.with_decryption).send().await?;
        let found = found.parameter.ok_or_else(|| Fault::silent("the parameter"))?;
        let kind = found.r#type.map_or_else(|| "String".to_owned(), |kind| kind.as_str().to_owned());
        let value = found.value.unwrap_or_default();
        Ok(ParameterFound {
            arn: found.arn.unwrap_or_default().into(),
            id: found.name.unwrap_or_default(),
            insecure_value: (kind != "SecureString").then(|| value.clone()),
            r#type: kind,
            value,
            version: found.version,
        })
    }
}
