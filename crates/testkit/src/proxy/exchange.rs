//! A call on its way: the request, and a line to moto for a correction that has to ask something first.

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, header};
use serde_json::Value;

use super::call::Call;
use super::xml::Element;
use crate::wire;

/// One request between its arrival and its answer.
pub(super) struct Exchange<'a> {
    /// What was recognised.
    pub(super) call: &'a Call,
    /// The request as it came.
    pub(super) request: &'a Request<Bytes>,
    /// Where moto listens.
    pub(super) authority: &'a str,
}

impl Exchange<'_> {
    /// Sends the request to moto as it came.
    pub(super) async fn pass_on(&self) -> anyhow::Result<Response<Bytes>> {
        wire::send(self.authority, self.request.clone()).await
    }

    /// Sends the request to moto with another JSON body.
    pub(super) async fn pass_on_with(&self, body: &Value) -> anyhow::Result<Response<Bytes>> {
        wire::send(self.authority, self.request_with(Bytes::from(body.to_string()))).await
    }

    /// The fields of the form, in order.
    pub(super) fn form(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(self.request.body()).into_owned().collect()
    }

    /// One field of the form.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        self.form().into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The JSON body; `Null` when it is none.
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(self.request.body()).unwrap_or_default()
    }

    /// Makes another call of the same service with the caller's own credentials, query protocol.
    pub(super) async fn ask_query(&self, action: &str, fields: &[(String, String)]) -> anyhow::Result<Element> {
        let version = self.field("Version").unwrap_or_default();
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("Action", action)
            .append_pair("Version", &version)
            .extend_pairs(fields)
            .finish();
        let answer = wire::send(self.authority, self.request_with(Bytes::from(body))).await?;
        anyhow::ensure!(answer.status().is_success(), "moto answered {} to {action}", answer.status());
        Element::parse(&String::from_utf8_lossy(answer.body()))
    }

    /// Makes another call of the same service with the caller's own credentials, JSON protocol.
    pub(super) async fn ask_json(&self, operation: &str, body: &Value) -> anyhow::Result<Value> {
        let mut request = self.request_with(Bytes::from(body.to_string()));
        let target = self.request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
        let family = target.and_then(|target| target.rsplit_once('.')).map_or("", |(family, _)| family);
        request.headers_mut().insert("x-amz-target", HeaderValue::from_str(&format!("{family}.{operation}"))?);
        let answer = wire::send(self.authority, request).await?;
        anyhow::ensure!(answer.status().is_success(), "moto answered {} to {operation}", answer.status());
        Ok(serde_json::from_slice(answer.body())?)
    }

    /// Sends another request of the same service with the caller's own credentials: verb, path with query, body.
    pub(super) async fn ask_path(&self, method: Method, path: &str, body: String) -> anyhow::Result<Response<Bytes>> {
        let mut request = self.request_with(Bytes::from(body));
        *request.method_mut() = method;
        *request.uri_mut() = path.parse()?;
        let answer = wire::send(self.authority, request).await?;
        anyhow::ensure!(answer.status().is_success(), "moto answered {} to {path}", answer.status());
        Ok(answer)
    }

    /// The request with another body.
    pub(super) fn request_with(&self, body: Bytes) -> Request<Bytes> {
        let mut request = self.request.clone();
        request.headers_mut().remove(header::CONTENT_ENCODING);
        *request.body_mut() = body;
        request
    }
}
