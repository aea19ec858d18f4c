//! `aws_s3_bucket_versioning`: whether older versions of objects are kept. A bucket that ever kept versions can only stop to.
//!
//! Setting it creates and overwrites alike, so that repeating it is harmless. The physical id is the bucket's name.

use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration as Settings};
use lowtide_model::{Create, Model, Place};
use lowtide_resource::{Ask, Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, absent_is_none};

use crate::S3;

/// Whether older versions of objects are kept.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Versioning {
    /// The name of the bucket.
    #[attr(identity, parent, refers = "aws_s3_bucket.id", replaces)]
    pub bucket: String,
    /// How it goes about it.
    pub versioning_configuration: VersioningConfiguration,
}

/// What follows from versioning.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct VersioningOutputs {
    /// The name of the bucket.
    #[attr(predict = "{bucket}")]
    pub id: String,
}

impl Resource for Versioning {
    type Outputs = VersioningOutputs;
    type Service = S3;
    const KIND: &'static str = "aws_s3_bucket_versioning";
    const CREATE: Create = Create::Put;
    const IMPORT: &'static str = "BUCKET_NAME";
    const LEFT_OUT: &'static [(&'static str, &'static str)] = &[
        ("expected_bucket_owner", "the account is checked for the whole run: `allowed_account_ids`"),
        ("mfa", "a code of a device can't stand in a spec, so MFA delete is set by hand"),
        ("versioning_configuration.mfa_delete", "takes `mfa`"),
    ];

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
            let found = absent_is_none(cx.client.get_bucket_versioning().bucket(&bucket).send().await)?;
            let never = ask.last.get("versioning_configuration").and_then(status_of).as_deref() == Some("Disabled");
            let status = found
                .and_then(|found| found.status.map(|status| status.as_str().to_owned()).or_else(|| never.then(|| "Disabled".to_owned())));
            let inputs = status.map(|status| Self { bucket: bucket.clone(), versioning_configuration: VersioningConfiguration { status } });
            Ok(inputs.map(|inputs| Observed::stable(&bucket, inputs, VersioningOutputs { id: bucket.clone() })))
        };
        Ok(asked.each(one).await.seen(|_, seen| Ok(seen)))
    }

    async fn update(cx: &Context<'_, S3>, _now: &Observed<Self>, to: &Self, _changed: &Changed) -> Result<Option<String>, Fault> {
        put(cx, to).await?;
        Ok(None)
    }

    async fn delete(cx: &Context<'_, S3>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        if last.inputs.versioning_configuration.status == "Enabled" {
            let settings = Settings::builder().status(BucketVersioningStatus::Suspended).build();
            cx.client.put_bucket_versioning().bucket(&last.id).versioning_configuration(settings).send().await?;
        }
        Ok(Going::Gone)
    }
}

async fn put(cx: &Context<'_, S3>, wish: &Versioning) -> Result<(), Fault> {
    let status = wish.versioning_configuration.status.as_str();
    // What was never on need not be turned off, and S3 has no word for it.
    if status != "Disabled" {
        let settings = Settings::builder().status(BucketVersioningStatus::from(status)).build();
        cx.client.put_bucket_versioning().bucket(&wish.bucket).versioning_configuration(settings).send().await?;
    }
    Ok(())
}

fn status_of(block: &lowtide_model::Value) -> Option<String> {
    block.as_members()?.get("status")?.as_str().map(str::to_owned)
}

/// How versions are kept.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct VersioningConfiguration {
    /// `Enabled`, `Suspended` (no new ones), or `Disabled` for a bucket that never kept any.
    #[attr(one_of = ["Enabled", "Suspended", "Disabled"])]
    pub status: String,
}
