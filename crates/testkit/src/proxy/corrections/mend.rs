//! Changes inside an answer. A refusal passes as it is: corrections mend what moto shows, not what it says no to.

use bytes::Bytes;
use http::Response;
use serde_json::Value;

use crate::proxy::xml::Element;

/// Changes an XML answer.
pub(super) fn xml(reply: Response<Bytes>, change: impl FnOnce(&mut Element)) -> anyhow::Result<Response<Bytes>> {
    if !reply.status().is_success() {
        return Ok(reply);
    }
    let mut root = Element::parse(&String::from_utf8_lossy(reply.body()))?;
    change(&mut root);
    Ok(reply.map(|_| Bytes::from(root.document())))
}

/// Changes a JSON answer.
pub(super) fn json(reply: Response<Bytes>, change: impl FnOnce(&mut Value)) -> anyhow::Result<Response<Bytes>> {
    if !reply.status().is_success() {
        return Ok(reply);
    }
    let mut body = serde_json::from_slice(reply.body())?;
    change(&mut body);
    Ok(reply.map(|_| Bytes::from(body.to_string())))
}

/// A JSON answer of our own.
pub(super) fn json_reply(body: &Value) -> Response<Bytes> {
    let mut reply = Response::new(Bytes::from(body.to_string()));
    let kind = http::HeaderValue::from_static("application/x-amz-json-1.1");
    reply.headers_mut().insert(http::header::CONTENT_TYPE, kind);
    reply
}

/// An XML answer of our own.
pub(super) fn xml_reply(root: &Element) -> Response<Bytes> {
    let mut reply = Response::new(Bytes::from(root.document()));
    reply.headers_mut().insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("text/xml"));
    reply
}
