//! Which lists come in pages, and how their pages are called.
//!
//! Source: the request and response parameters of each operation in the AWS API references.

use crate::proxy::exchange::Exchange;

/// One list.
pub(super) struct List {
    pub(super) service: &'static str,
    pub(super) operation: &'static str,
    /// Where the list is in the answer.
    pub(super) list: &'static str,
    /// The token in the request.
    pub(super) token: &'static str,
    /// The token in the answer.
    pub(super) next: &'static str,
    /// The size in the request.
    pub(super) size: &'static str,
}

impl List {
    /// Whether a request to EC2 gives ids: such a list has one page (Amazon EC2 API Reference, "Query requests", pagination: no
    /// `MaxResults` beside ids).
    pub(super) fn names_what_it_asks_for(&self, exchange: &Exchange<'_>) -> bool {
        self.service == "ec2"
            && exchange.form().iter().any(|(name, _)| name.split_once("Id.").is_some_and(|(start, _)| !start.contains('.')))
    }
}

const fn ec2(operation: &'static str, list: &'static str) -> List {
    List { service: "ec2", operation, list, token: "NextToken", next: "nextToken", size: "MaxResults" }
}

const fn elb(operation: &'static str, list: &'static str) -> List {
    List { service: "elasticloadbalancing", operation, list, token: "Marker", next: "NextMarker", size: "PageSize" }
}

const fn iam(operation: &'static str, list: &'static str) -> List {
    List { service: "iam", operation, list, token: "Marker", next: "Marker", size: "MaxItems" }
}

const fn rds(operation: &'static str, list: &'static str) -> List {
    List { service: "rds", operation, list, token: "Marker", next: "Marker", size: "MaxRecords" }
}

/// JSON whose fields begin with a small letter.
const fn small(service: &'static str, operation: &'static str, list: &'static str, size: &'static str) -> List {
    List { service, operation, list, token: "nextToken", next: "nextToken", size }
}

/// JSON whose fields begin with a capital.
const fn capital(service: &'static str, operation: &'static str, list: &'static str, size: &'static str) -> List {
    List { service, operation, list, token: "NextToken", next: "NextToken", size }
}

pub(super) const LISTS: &[List] = &[
    ec2("DescribeInternetGateways", "internetGatewaySet"),
    ec2("DescribeNatGateways", "natGatewaySet"),
    ec2("DescribeNetworkAcls", "networkAclSet"),
    ec2("DescribeNetworkInterfaces", "networkInterfaceSet"),
    ec2("DescribeRouteTables", "routeTableSet"),
    ec2("DescribeSecurityGroupRules", "securityGroupRuleSet"),
    ec2("DescribeSecurityGroups", "securityGroupInfo"),
    ec2("DescribeSubnets", "subnetSet"),
    ec2("DescribeTags", "tagSet"),
    ec2("DescribeVpcs", "vpcSet"),
    elb("DescribeListeners", "Listeners"),
    elb("DescribeLoadBalancers", "LoadBalancers"),
    elb("DescribeRules", "Rules"),
    elb("DescribeTargetGroups", "TargetGroups"),
    iam("ListAttachedRolePolicies", "AttachedPolicies"),
    iam("ListPolicies", "Policies"),
    iam("ListPolicyVersions", "Versions"),
    iam("ListRolePolicies", "PolicyNames"),
    iam("ListRoleTags", "Tags"),
    iam("ListRoles", "Roles"),
    rds("DescribeDBInstances", "DBInstances"),
    rds("DescribeDBSubnetGroups", "DBSubnetGroups"),
    List {
        service: "sns",
        operation: "ListTopics",
        list: "Topics",
        token: "NextToken",
        next: "NextToken",
        // None can be asked for.
        size: "",
    },
    small("ecr", "DescribeRepositories", "repositories", "maxResults"),
    small("ecs", "ListClusters", "clusterArns", "maxResults"),
    small("ecs", "ListServices", "serviceArns", "maxResults"),
    small("ecs", "ListTaskDefinitions", "taskDefinitionArns", "maxResults"),
    small("logs", "DescribeLogGroups", "logGroups", "limit"),
    capital("acm", "ListCertificates", "CertificateSummaryList", "MaxItems"),
    capital("application-autoscaling", "DescribeScalableTargets", "ScalableTargets", "MaxResults"),
    capital("application-autoscaling", "DescribeScalingPolicies", "ScalingPolicies", "MaxResults"),
    capital("events", "ListTargetsByRule", "Targets", "Limit"),
    capital("ssm", "DescribeParameters", "Parameters", "MaxResults"),
];
