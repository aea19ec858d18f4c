//! `aws_s3_bucket_server_side_encryption_configuration`: how objects are encrypted. Deleting it sets it back to keys of S3.
//!
//! Setting it creates and overwrites alike, so that repeating it is harmless. The physical id is the bucket's name.

use aws_sdk_s3::types::{ServerSideEncryption, ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration, ServerSideEncryptionRule};
use lowtide_model::{Create, Model, Place, Set};
use lowtide_resource::{Ask, Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, absent_is_none};

use crate::S3;

/// How objects are encrypted where who writes them does not say.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Encryption {
    /// The name of the bucket.
    #[attr(identity, parent, refers = "aws_s3_bucket.id", replaces)]
    pub bucket: String,
    /// The rule; S3 takes one.
    pub rule: Set<Rule>,
}

/// What follows from the encryption of a bucket.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct EncryptionOutputs {
    /// The name of the bucket.
    #[attr(predict = "{bucket}")]
    pub id: String,
}

impl Resource for Encryption {
    type Outputs = EncryptionOutputs;
    type Service = S3;
    const KIND: &'static str = "aws_s3_bucket_server_side_encryption_configuration";
    const CREATE: Create = Create::Put;
    const IMPORT: &'static str = "BUCKET_NAME";
    const LEFT_OUT: &'static [(&'static str, &'static str)] =
        &[("expected_bucket_owner", "the account is checked for the whole run: `allowed_account_ids`")];

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        Some(wish.bucket.clone())
    }

    async fn create(cx: &Context<'_, S3>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        put(cx, wish).await?;
        Made::id(Some(&wish.bucket), "the name of the bucket")
    }

    async fn read(cx: &Context<'_, S3>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let one = |ask: Ask| async move {
            let bucket = ask.id;
            let found = absent_is_none(cx.client.get_bucket_encryption().bucket(&bucket).send().await)?;
            let rules = found.and_then(|found| found.server_side_encryption_configuration).map(|settings| settings.rules);
            let inputs = rules.map(|rules| Self { bucket: bucket.clone(), rule: rules.into_iter().map(seen).collect() });
            Ok(inputs.map(|inputs| Observed::stable(&bucket, inputs, EncryptionOutputs { id: bucket.clone() })))
        };
        Ok(asked.each(one).await.seen(|_, seen| Ok(seen)))
    }

    async fn update(cx: &Context<'_, S3>, _now: &Observed<Self>, to: &Self, _changed: &Changed) -> Result<Option<String>, Fault> {
        put(cx, to).await?;
        Ok(None)
    }

    async fn delete(cx: &Context<'_, S3>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        cx.client.delete_bucket_encryption().bucket(&last.id).send().await?;
        Ok(Going::Gone)
    }
}

async fn put(cx: &Context<'_, S3>, wish: &Encryption) -> Result<(), Fault> {
    let invalid = |error: aws_sdk_s3::error::BuildError| Fault::ours(&error.to_string());
    let rule = |rule: &Rule| {
        let by_default = rule.apply_server_side_encryption_by_default.as_ref().map(|one| {
            let algorithm = ServerSideEncryption::from(one.sse_algorithm.as_str());
            ServerSideEncryptionByDefault::builder()
                .sse_algorithm(algorithm)
                .set_kms_master_key_id(one.kms_master_key_id.clone())
                .build()
                .map_err(invalid)
        });
        let by_default = by_default.transpose()?;
        Ok::<_, Fault>(
            ServerSideEncryptionRule::builder()
                .set_apply_server_side_encryption_by_default(by_default)
                .bucket_key_enabled(rule.bucket_key_enabled)
                .build(),
        )
    };
    let rules = wish.rule.iter().map(rule).collect::<Result<Vec<_>, _>>()?;
    let settings = ServerSideEncryptionConfiguration::builder().set_rules(Some(rules)).build().map_err(invalid)?;
    cx.client.put_bucket_encryption().bucket(&wish.bucket).server_side_encryption_configuration(settings).send().await?;
    Ok(())
}

/// How objects are encrypted.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Rule {
    /// Whether a key of the bucket saves calls to KMS.
    #[attr(default = false)]
    pub bucket_key_enabled: bool,
    /// By which algorithm and key.
    pub apply_server_side_encryption_by_default: Option<ByDefault>,
}

/// By which algorithm and key.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct ByDefault {
    /// `AES256` (keys of S3), `aws:kms`, or `aws:kms:dsse` (two layers).
    #[attr(one_of = ["AES256", "aws:kms", "aws:kms:dsse"])]
    pub sse_algorithm: String,
    /// The KMS key, by id, ARN or alias; without it one of the service.
    #[attr(refers = "aws_kms_key.arn")]
    pub kms_master_key_id: Option<String>,
}

fn seen(rule: ServerSideEncryptionRule) -> Rule {
    let by_default = rule
        .apply_server_side_encryption_by_default
        .map(|one| ByDefault { sse_algorithm: one.sse_algorithm.as_str().to_owned(), kms_master_key_id: one.kms_master_key_id });
    Rule { bucket_key_enabled: rule.bucket_key_enabled.unwrap_or_default(), apply_server_side_encryption_by_default: by_default }
}
