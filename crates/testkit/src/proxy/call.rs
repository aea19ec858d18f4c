//! One call to AWS as the proxy saw it.

/// How a service words requests and answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Form in, XML out, with EC2's own shape of errors.
    Ec2Query,
    /// Form in, XML out: IAM, STS, load balancing, SNS.
    Query,
    /// JSON both ways, the operation in `X-Amz-Target`: ECS, logs, SSM, DynamoDB.
    Json,
    /// CBOR both ways, the operation in the path: CloudWatch.
    Cbor,
    /// Paths and verbs, XML bodies: S3, Route 53.
    RestXml,
    /// Paths and verbs, JSON bodies: Lambda, EKS, and every other.
    RestJson,
}

/// One call that went through the proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its place among all calls since the start or the last `clear`, from 1.
    pub number: usize,
    /// Signing name of the service: `ec2`, `ecs`, `elasticloadbalancing`, `iam`, `logs`, `ssm`, `sts`, `tagging`.
    pub service: String,
    /// `CreateVpc`; for services of paths and verbs `GET /bucket/key`.
    pub operation: String,
    /// The names in the query after the path, sorted: `policy`, `versioning`, which tell what a call of S3 is about.
    pub query: Vec<String>,
    /// The region the request was signed for.
    pub region: String,
    /// How this service words its errors.
    pub protocol: Protocol,
    /// Whether the operation may change something, by its name.
    pub mutating: bool,
    /// Status of the answer the caller got; `None` while it waits, and for good when the answer was dropped.
    pub status: Option<u16>,
    /// Who asks, in its own words: the header `User-Agent`.
    pub agent: String,
    /// What was sent, as text.
    pub request_body: String,
}

/// Beginnings of the names of operations that only look.
const READS: [&str; 20] = [
    "Assume", "BatchGet", "Check", "Decode", "Describe", "Estimate", "Filter", "GET ", "Get", "HEAD ", "Head", "List", "Lookup", "Preview",
    "Query", "Scan", "Search", "Select", "Simulate", "Validate",
];

/// Whether an operation of this name may change something. An unknown name is taken for one that does.
pub(super) fn is_mutating(operation: &str) -> bool {
    !READS.iter().any(|read| operation.starts_with(read))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_reads_from_writes() {
        for read in ["DescribeVpcs", "ListRoles", "GetParameters", "BatchGetItem", "FilterLogEvents", "GET /bucket"] {
            assert!(!is_mutating(read), "{read}");
        }
        for write in ["CreateVpc", "PutParameter", "AssociateRouteTable", "TagResources", "PUT /bucket"] {
            assert!(is_mutating(write), "{write}");
        }
    }
}
