//! Buckets.

use bytes::Bytes;
use http::{Method, Request, Response};

use super::mend;
use crate::{
    proxy::{exchange::Exchange, xml::Element},
    wire,
};

/// Mends what moto does with buckets.
pub(super) async fn answer(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let uri = exchange.request.uri();
    let about_versioning = uri.query().is_some_and(|query| query.split('&').any(|part| part == "versioning"));
    let is_bucket = !uri.path().trim_matches('/').contains('/');
    match *exchange.request.method() {
        Method::GET if about_versioning => versioning(exchange).await,
        Method::PUT if is_bucket && uri.query().is_none_or(|query| query.is_empty() || query == "x-id=CreateBucket") => {
            create(exchange).await
        }
        _ => exchange.pass_on().await,
    }
}

/// The answer about versioning is a `VersioningConfiguration` (Amazon S3 API Reference, GetBucketVersioning). moto gives it
/// another name where versioning was never set.
async fn versioning(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    mend::xml(exchange.pass_on().await?, |root| "VersioningConfiguration".clone_into(&mut root.name))
}

/// A bucket is created with its tags (Amazon S3 User Guide, "Creating a bucket with tags"). moto overlooks them.
async fn create(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let reply = exchange.pass_on().await?;
    let body = String::from_utf8_lossy(exchange.request.body());
    if !reply.status().is_success() || body.is_empty() {
        return Ok(reply);
    }
    let settings = Element::parse(&body)?;
    if let Some(tags) = settings.child("Tags") {
        let tagging = Element::with_children("Tagging", vec![Element::with_children("TagSet", tags.children.clone())]);
        let mut request = Request::put(format!("{}?tagging", exchange.request.uri().path())).body(Bytes::from(tagging.document()))?;
        for name in [http::header::AUTHORIZATION, http::header::HOST] {
            request.headers_mut().extend(exchange.request.headers().get(&name).map(|value| (name, value.clone())));
        }
        let tagged = wire::send(exchange.authority, request).await?;
        anyhow::ensure!(tagged.status().is_success(), "moto does not take the tags of a new bucket: {}", tagged.status());
    }
    Ok(reply)
}
