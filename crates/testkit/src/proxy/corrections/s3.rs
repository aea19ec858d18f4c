//! Buckets.

use bytes::Bytes;
use http::{Method, Response};

use super::mend;
use crate::proxy::exchange::Exchange;

/// The answer about versioning is a `VersioningConfiguration` (Amazon S3 API Reference, GetBucketVersioning). moto gives it
/// another name where versioning was never set.
pub(super) async fn answer(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    let about_versioning = exchange.request.uri().query().is_some_and(|query| query.split('&').any(|part| part == "versioning"));
    let reply = exchange.pass_on().await?;
    if exchange.request.method() != Method::GET || !about_versioning {
        return Ok(reply);
    }
    mend::xml(reply, |root| "VersioningConfiguration".clone_into(&mut root.name))
}
