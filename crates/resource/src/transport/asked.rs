//! What a request asks, told from what is on the wire: kinds say nothing about it.

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;

/// What a request asks, and of whom.
pub(super) struct Asked {
    /// As the signature names it: `elasticloadbalancing`.
    pub service: String,
    pub region: String,
    /// `CreateVpc`; method and path where the protocol has no names.
    pub operation: String,
}

impl Asked {
    /// Tells service and region from the signature's scope, the operation from the target header (JSON), the form (query) or method and
    /// path (REST).
    pub(super) fn of(request: &HttpRequest) -> Self {
        let scope = request.headers().get("authorization").and_then(|value| value.split("Credential=").nth(1)).unwrap_or_default();
        let mut scope = scope.split('/').skip(2);
        let region = scope.next().unwrap_or_default().to_owned();
        let service = scope.next().unwrap_or("unsigned").to_owned();
        let target = request.headers().get("x-amz-target").and_then(|target| target.rsplit('.').next());
        let form = || {
            let body = std::str::from_utf8(request.body().bytes()?).ok()?;
            body.split('&').find_map(|pair| pair.strip_prefix("Action="))
        };
        let path = || {
            let path = request.uri().split('?').next().unwrap_or_default();
            let path = path.split_once("://").map_or(path, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
            // The operation of `rpc-v2-cbor` stands in the path.
            let named = path.strip_prefix("/service/").and_then(|rest| rest.split_once("/operation/"));
            named.map_or_else(|| format!("{} {path}", request.method()), |(_, operation)| operation.to_owned())
        };
        let operation = target.or_else(form).map_or_else(path, str::to_owned);
        Self { service, region, operation }
    }
}

/// Returns whether an operation only reads.
pub(super) fn reads(operation: &str) -> bool {
    const READS: [&str; 11] =
        ["Describe", "List", "Get", "BatchGet", "Filter", "Lookup", "Search", "Simulate", "AssumeRole", "GET ", "HEAD "];
    // Route 53 lists the tags of several zones in answer to a POST; one that changes tags names a zone in its path.
    const LISTS: [&str; 2] = ["POST /2013-04-01/tags/hostedzone", "POST /2013-04-01/tags/healthcheck"];
    READS.iter().any(|start| operation.starts_with(start)) || LISTS.contains(&operation)
}

#[cfg(test)]
mod tests {
    use aws_smithy_types::body::SdkBody;

    use super::*;

    fn asked(headers: &[(&'static str, &'static str)], uri: &str, body: &'static str) -> (String, String, String) {
        let mut request = HttpRequest::new(SdkBody::from(body));
        request.set_method("POST").expect("a method");
        request.set_uri(uri).expect("an address");
        headers.iter().for_each(|(name, value)| {
            request.headers_mut().insert(*name, *value);
        });
        let Asked { service, region, operation } = Asked::of(&request);
        (service, region, operation)
    }

    const SIGNED: (&str, &str) =
        ("authorization", "AWS4-HMAC-SHA256 Credential=AKID/20260203/eu-west-1/ec2/aws4_request, SignedHeaders=host");

    #[test]
    fn each_protocol_tells_its_operation() {
        let of = |headers: &[(&'static str, &'static str)], uri: &str, body| asked(headers, uri, body).2;
        assert_eq!(of(&[("x-amz-target", "AmazonSSM.PutParameter")], "https://ssm.eu-west-1.amazonaws.com/", "{}"), "PutParameter");
        assert_eq!(of(&[], "https://ec2.eu-west-1.amazonaws.com/", "Action=CreateVpc&Version=2016-11-15"), "CreateVpc");
        assert_eq!(of(&[], "https://monitoring/service/GraniteServiceVersion20100801/operation/PutMetricAlarm", ""), "PutMetricAlarm");
        assert_eq!(of(&[], "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions?x=1", ""), "POST /2015-03-31/functions");
        assert_eq!(of(&[], "https://bucket.s3.eu-west-1.amazonaws.com", ""), "POST /");
    }

    #[test]
    fn the_signature_tells_service_and_region() {
        let (service, region, _) = asked(&[SIGNED], "https://ec2.eu-west-1.amazonaws.com/", "Action=CreateVpc");
        assert_eq!((service.as_str(), region.as_str()), ("ec2", "eu-west-1"));
        assert_eq!(asked(&[], "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials", "").0, "unsigned");
    }

    #[test]
    fn what_may_change_something_is_no_read() {
        for read in ["DescribeVpcs", "GetParameter", "GET /bucket", "HEAD /bucket", "POST /2013-04-01/tags/hostedzone"] {
            assert!(reads(read), "{read}");
        }
        for write in ["CreateVpc", "PutParameter", "POST /2013-04-01/tags/hostedzone/Z1", "DELETE /bucket", "POST /"] {
            assert!(!reads(write), "{write}");
        }
    }
}
