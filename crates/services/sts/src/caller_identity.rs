//! `aws_caller_identity`, and the same question as the engine asks it before anything else.

use aws_sdk_sts::Client;
use aws_types::SdkConfig;
use lowtide_model::{Arn, Model};
use lowtide_resource::{Caller, Context, Fault, Lookup};

use crate::Sts;

/// Who the credentials in use belong to.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct CallerIdentity {}

/// What AWS says of the caller.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Found {
    /// The account's twelve digits.
    pub account_id: String,
    /// The ARN of the user or of the session of a role.
    pub arn: Arn,
    /// The account's twelve digits, too.
    pub id: String,
    /// The unique id of the user, or of the role with the name of the session.
    pub user_id: String,
}

impl Lookup for CallerIdentity {
    type Found = Found;
    type Service = Sts;
    const KIND: &'static str = "aws_caller_identity";

    async fn look(cx: &Context<'_, Sts>, _query: &Self) -> Result<Found, Fault> {
        let caller = match cx.caller {
            Some(caller) => caller.clone(),
            None => ask(&cx.client).await?,
        };
        Ok(Found { account_id: caller.account.clone(), arn: caller.arn.into(), id: caller.account, user_id: caller.user_id })
    }
}

/// Asks AWS who the credentials of a configuration belong to. It needs no permission (AWS STS API Reference, "GetCallerIdentity").
///
/// # Errors
/// When there are no credentials, AWS does not know them, or can't be reached.
pub async fn identity(config: &SdkConfig) -> Result<Caller, Fault> {
    ask(&Client::new(config)).await
}

async fn ask(client: &Client) -> Result<Caller, Fault> {
    let caller = client.get_caller_identity().send().await?;
    let account = caller.account.ok_or_else(|| Fault::silent("the account of the caller"))?;
    let arn = caller.arn.ok_or_else(|| Fault::silent("the ARN of the caller"))?;
    let partition = partition(&arn).ok_or_else(|| Fault::silent("an ARN of the caller that names a partition"))?.to_owned();
    Ok(Caller { account, user_id: caller.user_id.unwrap_or_default(), arn, partition })
}

/// Returns the second part of an ARN.
fn partition(arn: &str) -> Option<&str> {
    arn.strip_prefix("arn:")?.split(':').next().filter(|partition| !partition.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arn_names_the_partition() {
        assert_eq!(partition("arn:aws-cn:sts::123456789012:assumed-role/r/s"), Some("aws-cn"));
        assert_eq!(partition("nonsense"), None);
    }
}
