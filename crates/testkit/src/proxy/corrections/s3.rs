//! Buckets.

use bytes::Bytes;
use http::{Method, Response};

use super::mend;
use crate::proxy::exchange::Exchange;
use crate::proxy::xml::Element;

/// What is set on every new bucket: no public access (Amazon S3 User Guide, "Blocking public access to your Amazon S3
/// storage"), no access lists (there, "Controlling ownership of objects and disabling ACLs for your bucket"), encryption by
/// keys of S3 (there, "Setting default server-side encryption behavior for Amazon S3 buckets"). moto sets none of it.
const FROM_THE_START: [(&str, &str); 3] = [
    (
        "publicAccessBlock",
        "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>\
         <BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>",
    ),
    ("ownershipControls", "<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>"),
    (
        "encryption",
        "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>\
         </ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>",
    ),
];

/// Answers a call.
pub(super) async fn answer(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let uri = exchange.request.uri();
    let asks_for = |setting: &str| uri.query().is_some_and(|query| query.split('&').any(|part| part.trim_end_matches('=') == setting));
    let bucket = uri.path().trim_matches('/');
    let whole = !bucket.is_empty() && !bucket.contains('/');
    match *exchange.request.method() {
        Method::PUT if whole && uri.query().is_none_or(|query| query.is_empty() || query == "x-id=CreateBucket") => {
            create(exchange, bucket).await
        }
        Method::GET if asks_for("versioning") => versioning(exchange).await,
        _ => exchange.pass_on().await,
    }
}

/// The answer about versioning is a `VersioningConfiguration` (Amazon S3 API Reference, GetBucketVersioning). moto gives it
/// another name where versioning was never set.
async fn versioning(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    mend::xml(exchange.pass_on().await?, |root| "VersioningConfiguration".clone_into(&mut root.name))
}

/// A bucket is made with the tags in the request (Amazon S3 API Reference, CreateBucketConfiguration), which moto does not
/// read, and with what every new bucket has.
async fn create(exchange: &Exchange<'_>, bucket: &str) -> anyhow::Result<Response<Bytes>> {
    // In us-east-1 making one that is there already succeeds and changes nothing.
    let was_there = exchange.ask_path(Method::HEAD, &format!("/{bucket}"), String::new()).await.is_ok();
    let reply = exchange.pass_on().await?;
    if !reply.status().is_success() || was_there {
        return Ok(reply);
    }
    for (setting, body) in FROM_THE_START {
        exchange.ask_path(Method::PUT, &format!("/{bucket}?{setting}"), body.to_owned()).await?;
    }
    if let Some(tags) = tags(exchange)? {
        exchange.ask_path(Method::PUT, &format!("/{bucket}?tagging"), tags.document()).await?;
    }
    Ok(reply)
}

/// The tags of a creating request, as a request of their own has them.
fn tags(exchange: &Exchange<'_>) -> anyhow::Result<Option<Element>> {
    if exchange.request.body().is_empty() {
        return Ok(None);
    }
    let asked = Element::parse(&String::from_utf8_lossy(exchange.request.body()))?;
    let tags = asked.child("Tags").map(|tags| tags.children.clone());
    Ok(tags.map(|tags| Element::with_children("Tagging", vec![Element::with_children("TagSet", tags)])))
}
