//! moto's HTML pages, made loud.
//!
//! An operation moto does not know, or falls over, answers 500 with an HTML page, which SDKs retry; a path it does not
//! know answers 404 with one, which looks like "the resource is gone". Both become a plain error no one retries or
//! mistakes, and are kept for the test to see.

use bytes::Bytes;
use http::{Response, StatusCode, header};

use super::call::Call;
use super::error_reply::error_reply;
use super::record::Record;

/// The code of that error; AWS has none of this name.
pub(super) const CODE: &str = "NotImplementedBySimulator";

/// Replaces an HTML page by an error of the call's own protocol; other answers pass.
pub(super) fn make_loud(call: &Call, reply: Response<Bytes>, record: &Record) -> Response<Bytes> {
    if !is_html_page(&reply) {
        return reply;
    }
    let sentence = format!("moto has no answer to {} {}: HTTP {} with an HTML page", call.service, call.operation, reply.status().as_u16());
    record.not_implemented(sentence.clone());
    error_reply(call, StatusCode::BAD_REQUEST, CODE, &sentence)
}

/// Returns whether moto has fallen over a request: it does not know the operation, or two requests met inside it.
pub(super) fn fell_over(reply: &Response<Bytes>) -> bool {
    reply.status() == StatusCode::INTERNAL_SERVER_ERROR && is_html_page(reply)
}

/// Flask calls many a good XML answer `text/html`, so the first bytes decide, and the status.
fn is_html_page(reply: &Response<Bytes>) -> bool {
    if !reply.status().is_client_error() && !reply.status().is_server_error() {
        return false;
    }
    let body = reply.body().trim_ascii_start();
    let start = body[..body.len().min(14)].to_ascii_lowercase();
    let is_labelled =
        reply.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().to_ascii_lowercase().starts_with(b"text/html"));
    start.starts_with(b"<!doctype html")
        || start.starts_with(b"<html")
        || (is_labelled && !body.is_empty() && !matches!(body[0], b'<' | b'{' | b'['))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, kind: &str, body: &'static str) -> Response<Bytes> {
        Response::builder().status(status).header("content-type", kind).body(Bytes::from_static(body.as_bytes())).unwrap()
    }

    #[test]
    fn an_html_page_is_told_from_an_xml_error() {
        assert!(is_html_page(&reply(404, "text/html; charset=utf-8", "<!doctype html>\n<html lang=en>")));
        assert!(is_html_page(&reply(500, "text/html", "<HTML>")));
        assert!(is_html_page(&reply(500, "text/html", "Traceback")));
        assert!(!is_html_page(&reply(400, "text/html", "<ErrorResponse><Error/></ErrorResponse>")));
        assert!(!is_html_page(&reply(404, "text/html", "")));
        assert!(!is_html_page(&reply(200, "text/html", "<html>an object in S3</html>")));
    }
}
