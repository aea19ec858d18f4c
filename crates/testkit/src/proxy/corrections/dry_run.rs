//! Dry runs of EC2.

use bytes::Bytes;
use http::{Response, StatusCode};

use crate::proxy::error_reply::error_reply;
use crate::proxy::exchange::Exchange;

/// A request with `DryRun` does nothing: who may make it is told `DryRunOperation`, who may not `UnauthorizedOperation`
/// (Amazon EC2 API Reference, "Error codes"). moto does what was asked. Who may not is for a fault to say, which strikes
/// before this.
pub(super) fn answer(exchange: &Exchange<'_>) -> Option<Response<Bytes>> {
    if exchange.call.service != "ec2" || exchange.field("DryRun").as_deref() != Some("true") {
        return None;
    }
    let message = "Request would have succeeded, but DryRun flag is set.";
    Some(error_reply(exchange.call, StatusCode::PRECONDITION_FAILED, "DryRunOperation", message))
}
