//! Errors worded the way each protocol wants them, so that an SDK reads the code and not only the status.

use bytes::Bytes;
use http::{Response, StatusCode, header};
use serde_json::json;

use super::call::{Call, Protocol};
use super::corrections::cbor;

const REQUEST_ID: &str = "00000000-0000-4000-8000-000000000000";

/// An error answer with this status, code and message.
pub(super) fn error_reply(call: &Call, status: StatusCode, code: &str, message: &str) -> Response<Bytes> {
    if call.protocol == Protocol::Cbor {
        let mut reply = Response::new(cbor::error(code, message));
        *reply.status_mut() = status;
        cbor::mark(&mut reply);
        return reply;
    }
    let (kind, body) = match call.protocol {
        Protocol::Ec2Query => ("text/xml;charset=UTF-8", ec2_error(code, message)),
        Protocol::Query => ("text/xml", query_error(status, code, message)),
        Protocol::RestXml if call.service == "s3" => ("application/xml", s3_error(code, message)),
        Protocol::RestXml => ("text/xml", query_error(status, code, message)),
        Protocol::Json | Protocol::Cbor => ("application/x-amz-json-1.1", json!({"__type": code, "message": message}).to_string()),
        Protocol::RestJson => ("application/json", json!({"__type": code, "message": message}).to_string()),
    };
    let mut reply = Response::new(Bytes::from(body));
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    headers.insert("x-amzn-requestid", header::HeaderValue::from_static(REQUEST_ID));
    if let (Protocol::RestJson, Ok(code)) = (call.protocol, header::HeaderValue::from_str(code)) {
        headers.insert("x-amzn-errortype", code);
    }
    reply
}

/// The answer of a service that is asked too often: EC2 API Reference, "Error codes", `RequestLimitExceeded`; the
/// "Common Errors" page of each other service, `ThrottlingException` (`Throttling` in the older query services).
pub(super) fn throttling(call: &Call) -> Response<Bytes> {
    let message = "Rate exceeded";
    match call.protocol {
        Protocol::Ec2Query => error_reply(call, StatusCode::SERVICE_UNAVAILABLE, "RequestLimitExceeded", message),
        Protocol::Query => error_reply(call, StatusCode::BAD_REQUEST, "Throttling", message),
        Protocol::RestXml if call.service == "s3" => {
            error_reply(call, StatusCode::SERVICE_UNAVAILABLE, "SlowDown", "Please reduce your request rate.")
        }
        Protocol::RestXml => error_reply(call, StatusCode::BAD_REQUEST, "Throttling", message),
        Protocol::Json | Protocol::Cbor => error_reply(call, StatusCode::BAD_REQUEST, "ThrottlingException", message),
        Protocol::RestJson => error_reply(call, StatusCode::TOO_MANY_REQUESTS, "ThrottlingException", message),
    }
}

fn ec2_error(code: &str, message: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>{}</Code><Message>{}</Message>\
         </Error></Errors><RequestID>{REQUEST_ID}</RequestID></Response>",
        escape(code),
        escape(message)
    )
}

fn query_error(status: StatusCode, code: &str, message: &str) -> String {
    let blame = if status.is_server_error() { "Receiver" } else { "Sender" };
    format!(
        "<ErrorResponse><Error><Type>{blame}</Type><Code>{}</Code><Message>{}</Message></Error>\
         <RequestId>{REQUEST_ID}</RequestId></ErrorResponse>",
        escape(code),
        escape(message)
    )
}

fn s3_error(code: &str, message: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code><Message>{}</Message>\
         <RequestId>{REQUEST_ID}</RequestId></Error>",
        escape(code),
        escape(message)
    )
}

/// Text as it may stand inside an XML element.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
