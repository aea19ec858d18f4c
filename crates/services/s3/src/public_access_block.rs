//! `aws_s3_bucket_public_access_block`: what keeps a bucket from the public.
//!
//! Setting it creates and overwrites alike, so that repeating it is harmless. The physical id is the bucket's name.

use aws_sdk_s3::types::PublicAccessBlockConfiguration;
use lowtide_model::{Create, Model, Place};
use lowtide_resource::{Ask, Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, absent_is_none};

use crate::S3;

/// What keeps a bucket and its objects from the public, whatever their policies and access lists say.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct PublicAccessBlock {
    /// The name of the bucket.
    #[attr(identity, parent, refers = "aws_s3_bucket.id", replaces)]
    pub bucket: String,
    /// Whether access lists that make something public are refused.
    #[attr(default = false)]
    pub block_public_acls: bool,
    /// Whether policies that make something public are refused.
    #[attr(default = false)]
    pub block_public_policy: bool,
    /// Whether access lists that make something public count for nothing.
    #[attr(default = false)]
    pub ignore_public_acls: bool,
    /// Whether only the account and services of AWS get at a bucket with a public policy.
    #[attr(default = false)]
    pub restrict_public_buckets: bool,
}

/// What follows from the block.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct PublicAccessBlockOutputs {
    /// The name of the bucket.
    #[attr(predict = "{bucket}")]
    pub id: String,
}

impl Resource for PublicAccessBlock {
    type Outputs = PublicAccessBlockOutputs;
    type Service = S3;
    const KIND: &'static str = "aws_s3_bucket_public_access_block";
    const CREATE: Create = Create::Put;
    const IMPORT: &'static str = "BUCKET_NAME";

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
            let found = absent_is_none(cx.client.get_public_access_block().bucket(&bucket).send().await)?;
            let settings = found.and_then(|found| found.public_access_block_configuration);
            let inputs = settings.map(|seen| Self {
                bucket: bucket.clone(),
                block_public_acls: seen.block_public_acls.unwrap_or_default(),
                block_public_policy: seen.block_public_policy.unwrap_or_default(),
                ignore_public_acls: seen.ignore_public_acls.unwrap_or_default(),
                restrict_public_buckets: seen.restrict_public_buckets.unwrap_or_default(),
            });
            Ok(inputs.map(|inputs| Observed::stable(&bucket, inputs, PublicAccessBlockOutputs { id: bucket.clone() })))
        };
        Ok(asked.each(one).await.seen(|_, seen| Ok(seen)))
    }

    async fn update(cx: &Context<'_, S3>, _now: &Observed<Self>, to: &Self, _changed: &Changed) -> Result<Option<String>, Fault> {
        put(cx, to).await?;
        Ok(None)
    }

    async fn delete(cx: &Context<'_, S3>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        cx.client.delete_public_access_block().bucket(&last.id).send().await?;
        Ok(Going::Gone)
    }
}

async fn put(cx: &Context<'_, S3>, wish: &PublicAccessBlock) -> Result<(), Fault> {
    let settings = PublicAccessBlockConfiguration::builder()
        .block_public_acls(wish.block_public_acls)
        .block_public_policy(wish.block_public_policy)
        .ignore_public_acls(wish.ignore_public_acls)
        .restrict_public_buckets(wish.restrict_public_buckets)
        .build();
    cx.client.put_public_access_block().bucket(&wish.bucket).public_access_block_configuration(settings).send().await?;
    Ok(())
}
