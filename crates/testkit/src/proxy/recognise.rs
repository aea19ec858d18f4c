//! Names a call from what is on the wire: service and region from the signature's scope, the operation from the form,
//! the target header, or verb and path.

use bytes::Bytes;
use http::{Request, header};

use super::call::{Call, Protocol, is_mutating};

/// Describes a request as a call; its number is given when it is recorded.
pub(super) fn recognise(request: &Request<Bytes>) -> Call {
    let body = String::from_utf8_lossy(request.body()).into_owned();
    let target = header_text(request, "x-amz-target").and_then(|target| target.rsplit('.').next());
    let action = form_field(request, "Action");
    let (region, service) = signed_scope(request).unwrap_or_else(|| unsigned_scope(action.as_deref()));
    let named = request.uri().path().strip_prefix("/service/").and_then(|path| path.split_once("/operation/"));
    let (operation, protocol) = match (target, action) {
        _ if named.is_some() => (named.map(|(_, name)| name.to_owned()).unwrap_or_default(), Protocol::Cbor),
        (Some(target), _) => (target.to_owned(), Protocol::Json),
        (None, Some(action)) if service == "ec2" => (action, Protocol::Ec2Query),
        (None, Some(action)) => (action, Protocol::Query),
        (None, None) => (format!("{} {}", request.method(), request.uri().path()), rest_protocol(&service)),
    };
    let query = query_names(request);
    Call {
        number: 0,
        mutating: is_mutating(&operation),
        service,
        operation,
        query,
        region,
        protocol,
        status: None,
        agent: header_text(request, header::USER_AGENT.as_str()).unwrap_or_default().to_owned(),
        request_body: body,
    }
}

/// Region and service of `Credential=<key>/<date>/<region>/<service>/aws4_request`, in the header or the query.
fn signed_scope(request: &Request<Bytes>) -> Option<(String, String)> {
    let in_header = header_text(request, header::AUTHORIZATION.as_str())
        .and_then(|value| Some(value.split_once("Credential=")?.1.split(',').next()?.trim().to_owned()));
    let in_query = || pairs(request.uri().query()?.as_bytes(), "X-Amz-Credential");
    let scope = in_header.or_else(in_query)?;
    let mut words = scope.split('/').skip(2);
    Some((words.next()?.to_owned(), words.next()?.to_owned()))
}

/// Only the calls that fetch credentials go unsigned in what we do.
fn unsigned_scope(action: Option<&str>) -> (String, String) {
    let service = if action.is_some_and(|action| action.starts_with("AssumeRoleWith")) { "sts" } else { "unknown" };
    ("us-east-1".to_owned(), service.to_owned())
}

fn rest_protocol(service: &str) -> Protocol {
    match service {
        "s3" | "route53" | "cloudfront" => Protocol::RestXml,
        _ => Protocol::RestJson,
    }
}

fn header_text<'a>(request: &'a Request<Bytes>, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

/// A field of a form in the body, or of the query when there is no body.
fn form_field(request: &Request<Bytes>, name: &str) -> Option<String> {
    let is_form =
        header_text(request, header::CONTENT_TYPE.as_str()).is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    if is_form { pairs(request.body(), name) } else { pairs(request.uri().query()?.as_bytes(), name) }
}

fn query_names(request: &Request<Bytes>) -> Vec<String> {
    let mut names: Vec<_> =
        form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()).map(|(name, _)| name.into_owned()).collect();
    names.sort();
    names
}

fn pairs(form: &[u8], name: &str) -> Option<String> {
    form_urlencoded::parse(form).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::authorization;

    fn request(service: &str, headers: &[(&str, &str)], body: &'static str) -> Request<Bytes> {
        let mut request = Request::post("/").header("authorization", authorization(service, "eu-west-1"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Bytes::from_static(body.as_bytes())).unwrap()
    }

    #[test]
    fn a_form_names_its_action() {
        let form = [("content-type", "application/x-www-form-urlencoded; charset=utf-8")];
        let call = recognise(&request("ec2", &form, "Action=CreateVpc&CidrBlock=10.0.0.0%2F16"));
        assert_eq!((call.service.as_str(), call.operation.as_str()), ("ec2", "CreateVpc"));
        assert_eq!((call.region.as_str(), call.protocol, call.mutating), ("eu-west-1", Protocol::Ec2Query, true));
    }

    #[test]
    fn a_target_names_its_operation_after_the_dot() {
        let target = [("x-amz-target", "AmazonEC2ContainerServiceV20141113.DescribeServices")];
        let call = recognise(&request("ecs", &target, "{}"));
        assert_eq!((call.operation.as_str(), call.protocol, call.mutating), ("DescribeServices", Protocol::Json, false));
    }

    #[test]
    fn a_path_is_its_own_name() {
        let request = Request::put("/bucket/key?x=1&policy").header("authorization", authorization("s3", "us-west-2"));
        let call = recognise(&request.body(Bytes::new()).unwrap());
        assert_eq!((call.operation.as_str(), call.protocol), ("PUT /bucket/key", Protocol::RestXml));
        assert_eq!(call.query, ["policy", "x"]);
    }
}
