//! Repositories.

use bytes::Bytes;
use http::Response;
use serde_json::Value;

use crate::proxy::exchange::Exchange;

/// What is not said about scanning is no (Amazon ECR API Reference, ImageScanningConfiguration), and SDKs leave a no out. moto
/// then changes nothing.
pub(super) async fn answer(exchange: &Exchange<'_>) -> anyhow::Result<Response<Bytes>> {
    if exchange.call.operation != "PutImageScanningConfiguration" {
        return exchange.pass_on().await;
    }
    let mut body = exchange.json();
    let scanning = &mut body["imageScanningConfiguration"]["scanOnPush"];
    if scanning.is_null() {
        *scanning = Value::Bool(false);
    }
    exchange.pass_on_with(&body).await
}
