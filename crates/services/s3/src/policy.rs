//! `aws_s3_bucket_policy`: who may do what with a bucket.
//!
//! Setting it creates and overwrites alike, so that repeating it is harmless. The physical id is the bucket's name.

use lowtide_model::{Create, Model, Place, Policy};
use lowtide_resource::{Ask, Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, described};

use crate::S3;

/// Who may do what with a bucket and what is in it.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct BucketPolicy {
    /// The name of the bucket.
    #[attr(identity, parent, refers = "aws_s3_bucket.id", replaces)]
    pub bucket: String,
    /// The policy.
    pub policy: Policy,
}

/// What follows from the policy of a bucket.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct BucketPolicyOutputs {
    /// The name of the bucket.
    #[attr(predict = "{bucket}")]
    pub id: String,
}

impl Resource for BucketPolicy {
    type Outputs = BucketPolicyOutputs;
    type Service = S3;
    const KIND: &'static str = "aws_s3_bucket_policy";
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
            let found = cx.client.get_bucket_policy().bucket(&bucket).send().await;
            let policy = described(found, "a policy of the bucket that can be read", |found| Policy::parse(found.policy.as_deref()?))?;
            Ok(policy.map(|policy| {
                Observed::stable(&bucket, Self { bucket: bucket.clone(), policy }, BucketPolicyOutputs { id: bucket.clone() })
            }))
        };
        Ok(asked.each(one).await.seen(|_, seen| Ok(seen)))
    }

    async fn update(cx: &Context<'_, S3>, _now: &Observed<Self>, to: &Self, _changed: &Changed) -> Result<Option<String>, Fault> {
        put(cx, to).await?;
        Ok(None)
    }

    async fn delete(cx: &Context<'_, S3>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        cx.client.delete_bucket_policy().bucket(&last.id).send().await?;
        Ok(Going::Gone)
    }
}

async fn put(cx: &Context<'_, S3>, wish: &BucketPolicy) -> Result<(), Fault> {
    cx.client.put_bucket_policy().bucket(&wish.bucket).policy(wish.policy.text()).send().await?;
    Ok(())
}
