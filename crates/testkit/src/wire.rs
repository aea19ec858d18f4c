//! One HTTP request, one answer, one connection: moto closes every connection anyway.

use anyhow::Context;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, header};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Sends a request to `authority` (`127.0.0.1:5000`) and returns the whole answer.
///
/// # Errors
///
/// When nobody listens, or the connection ends before the answer is complete.
pub async fn send(authority: &str, mut request: Request<Bytes>) -> anyhow::Result<Response<Bytes>> {
    let headers = request.headers_mut();
    for length in [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION] {
        headers.remove(length);
    }
    if !headers.contains_key(header::HOST) {
        headers.insert(header::HOST, HeaderValue::from_str(authority)?);
    }
    let stream = TcpStream::connect(authority).await.with_context(|| format!("Connecting to {authority}"))?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let conversation = async {
        let answer = sender.send_request(request.map(Full::new)).await?;
        let (parts, body) = answer.into_parts();
        Ok::<_, hyper::Error>(Response::from_parts(parts, body.collect().await?.to_bytes()))
    };
    tokio::pin!(conversation);
    tokio::select! {
        answer = &mut conversation => Ok(answer?),
        ended = connection => {
            ended?;
            Ok(conversation.await?)
        }
    }
}

/// Fetches a page of `authority` by GET.
///
/// # Errors
///
/// As [`send`].
pub async fn get(authority: &str, path: &str) -> anyhow::Result<Response<Bytes>> {
    send(authority, Request::get(path).body(Bytes::new())?).await
}

/// Makes a call of the query protocol (EC2, IAM, load balancing), signed only as far as moto looks.
///
/// # Errors
///
/// As [`send`].
pub async fn query(authority: &str, service: &str, region: &str, fields: &[(&str, &str)]) -> anyhow::Result<Response<Bytes>> {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = Request::post("/")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::AUTHORIZATION, authorization(service, region))
        .body(Bytes::from(body))?;
    send(authority, request).await
}

/// Makes a call of the JSON protocol: `target` is `AmazonSSM.GetParameter`.
///
/// # Errors
///
/// As [`send`].
pub async fn json(authority: &str, service: &str, region: &str, target: &str, body: &serde_json::Value) -> anyhow::Result<Response<Bytes>> {
    let request = Request::post("/")
        .header(header::CONTENT_TYPE, "application/x-amz-json-1.1")
        .header("x-amz-target", target)
        .header(header::AUTHORIZATION, authorization(service, region))
        .body(Bytes::from(body.to_string()))?;
    send(authority, request).await
}

/// An `Authorization` header that names a service and a region. moto checks no signature.
#[must_use]
pub fn authorization(service: &str, region: &str) -> String {
    format!("AWS4-HMAC-SHA256 Credential=testing/20260101/{region}/{service}/aws4_request, SignedHeaders=host, Signature=0")
}
