//! What an answer says about how much a service bears, told from the bytes on the wire: who retries inside the SDK gets to see the last
//! answer only.

use aws_smithy_runtime_api::{
    client::{orchestrator::HttpResponse, result::ConnectorError},
    http::Headers,
};
use aws_smithy_types::{body::SdkBody, byte_stream::ByteStream};
use serde_json::Value;

use super::Answer;
use crate::fault;

/// Returns an answer together with what it says. That of an error is read whole for it, and is then there as it was.
///
/// # Errors
/// When it breaks off.
pub async fn heard(mut answer: HttpResponse) -> Result<(HttpResponse, Answer), ConnectorError> {
    let status = answer.status().as_u16();
    if status < 400 {
        return Ok((answer, Answer::Heard));
    }
    let body = std::mem::replace(answer.body_mut(), SdkBody::taken());
    let read = ByteStream::new(body).collect().await.map_err(|error| ConnectorError::io(error.into()))?.into_bytes();
    let said = match fault::throttles(code(answer.headers(), &read).as_deref(), status) {
        true => Answer::Throttled,
        false if status >= 500 => Answer::Lost,
        false => Answer::Heard,
    };
    *answer.body_mut() = SdkBody::from(read);
    Ok((answer, said))
}

/// Returns the error code of an answer, wherever its protocol has it. Smithy, "AWS protocols": a header or `__type` in those of JSON and
/// CBOR, `Code` in those of XML; a service that has left the query protocol still gives that one's code in a header of its own.
fn code(headers: &Headers, body: &[u8]) -> Option<String> {
    let of_query = headers.get("x-amzn-query-error").and_then(|value| value.split(';').next());
    let of_rest = headers.get("x-amzn-errortype");
    let code = of_query.or(of_rest).map(str::to_owned).or_else(|| in_json(body)).or_else(|| in_xml(body)).or_else(|| in_cbor(body))?;
    // `com.amazonaws.ssm#ThrottlingException:http://…`
    let name = code.rsplit('#').next().unwrap_or(&code);
    Some(name.split(':').next().unwrap_or(name).to_owned())
}

fn in_json(body: &[u8]) -> Option<String> {
    let error = serde_json::from_slice::<Value>(body).ok()?;
    ["__type", "code", "Code"].iter().find_map(|name| error.get(name)?.as_str().map(str::to_owned))
}

fn in_xml(body: &[u8]) -> Option<String> {
    let (_, rest) = std::str::from_utf8(body).ok()?.split_once("<Code>")?;
    rest.split_once("</Code>").map(|(code, _)| code.trim().to_owned())
}

/// A text of CBOR: its major type with its length, or with that in the next byte, then itself (RFC 8949, section 3).
fn in_cbor(body: &[u8]) -> Option<String> {
    let name = b"__type";
    let at = body.windows(name.len()).position(|window| window == name)? + name.len();
    let (length, text) = match body.get(at..)? {
        [head @ 0x60..=0x77, text @ ..] => (usize::from(head - 0x60), text),
        [0x78, length, text @ ..] => (usize::from(*length), text),
        _ => return None,
    };
    String::from_utf8(text.get(..length)?.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::http::StatusCode;
    use futures::FutureExt;

    use super::*;

    type Sent = &'static [(&'static str, &'static str)];

    fn answer(status: u16, headers: Sent, body: &[u8]) -> (Answer, Vec<u8>) {
        let mut response = HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body.to_vec()));
        headers.iter().for_each(|(name, value)| drop(response.headers_mut().insert(*name, *value)));
        let (response, said) = heard(response).now_or_never().expect("it is all there").expect("it is whole");
        (said, response.body().bytes().expect("in memory").to_vec())
    }

    fn says(status: u16, headers: Sent, body: &[u8]) -> Answer {
        let (said, left) = answer(status, headers, body);
        assert_eq!(left, body, "the body is as it was");
        said
    }

    #[test]
    fn each_protocol_has_its_own_place_for_the_code() {
        let ec2 = b"<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>x</Message></Error></Errors></Response>";
        let throttled: [(u16, Sent, &[u8]); 8] = [
            (503, &[], ec2),
            (400, &[], b"<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code></Error></ErrorResponse>"),
            (503, &[], b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"),
            (400, &[], br#"{"__type":"com.amazonaws.ssm#ThrottlingException","message":"Rate exceeded"}"#),
            (429, &[("x-amzn-errortype", "TooManyRequestsException:http://internal.amazon.com/")], b"{}"),
            (400, &[("x-amzn-query-error", "Throttling;Sender")], b"\xa1"),
            (400, &[], b"\xa1\x66__type\x73ThrottlingException"),
            (400, &[], b"\xa1\x66__type\x78\x2ccom.amazonaws.cloudwatch#ThrottlingException"),
        ];
        for (status, headers, body) in throttled {
            assert_eq!(says(status, headers, body), Answer::Throttled, "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn what_is_no_refusal_is_heard_and_what_fails_inside_tells_nothing() {
        assert_eq!(says(200, &[], b"Throttling"), Answer::Heard);
        assert_eq!(says(400, &[], br#"{"__type":"ParameterNotFound","message":"Throttling"}"#), Answer::Heard);
        assert_eq!(says(404, &[], b""), Answer::Heard);
        assert_eq!(says(500, &[], b"<Error><Code>InternalError</Code></Error>"), Answer::Lost);
        assert_eq!(says(503, &[], b""), Answer::Lost);
        assert_eq!(says(429, &[], b"slow"), Answer::Throttled, "RFC 6585, section 4");
    }
}
