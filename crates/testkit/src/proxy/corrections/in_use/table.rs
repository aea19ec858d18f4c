//! Which deletions are refused, by what, and in which words.
//!
//! Codes are those of the pages named in each row. The words are what AWS is known to say; nothing should hang on them.

use super::Holders;

/// One deletion that is refused.
pub(super) struct Rule {
    pub(super) service: &'static str,
    pub(super) operation: &'static str,
    /// The field that names what is to go.
    pub(super) id: &'static str,
    pub(super) held_by: &'static [HeldBy],
    pub(super) status: u16,
    pub(super) code: &'static str,
    /// `{id}` is what was to go, `{holder}` what holds it.
    pub(super) message: &'static str,
    /// Where AWS says so.
    #[expect(dead_code, reason = "for the reader of this table")]
    pub(super) page: &'static str,
}

/// What holds it.
pub(super) struct HeldBy {
    pub(super) holders: &'static Holders,
    /// Ends of the paths where a holder names what it holds; none when everything that is listed holds it.
    pub(super) at: &'static [&'static str],
    /// What a holder must say of itself; `*` is anything.
    pub(super) only: &'static [(&'static str, &'static str)],
    /// What it must not say: `{id}` stands for what is to go.
    pub(super) unless: &'static [(&'static str, &'static str)],
}

/// Anything that names it.
const fn any(holders: &'static Holders, at: &'static [&'static str]) -> HeldBy {
    HeldBy { holders, at, only: &[], unless: &[] }
}

/// Anything that names it, but for some.
const fn but(holders: &'static Holders, at: &'static [&'static str], unless: &'static [(&'static str, &'static str)]) -> HeldBy {
    HeldBy { holders, at, only: &[], unless }
}

/// Those that name it and are such.
const fn such(holders: &'static Holders, at: &'static [&'static str], only: &'static [(&'static str, &'static str)]) -> HeldBy {
    HeldBy { holders, at, only, unless: &[] }
}

const fn ec2(action: &'static str, list: &'static str, name: &'static str) -> Holders {
    Holders::Query { service: "ec2", version: "2016-11-15", action, about: "", list, name }
}

const ADDRESSES: &Holders = &ec2("DescribeAddresses", "addressesSet", "allocationId");
const ENDPOINTS: &Holders = &ec2("DescribeVpcEndpoints", "vpcEndpointSet", "vpcEndpointId");
const GATEWAYS: &Holders = &ec2("DescribeInternetGateways", "internetGatewaySet", "internetGatewayId");
const GROUPS: &Holders = &ec2("DescribeSecurityGroups", "securityGroupInfo", "groupId");
const INTERFACES: &Holders = &ec2("DescribeNetworkInterfaces", "networkInterfaceSet", "networkInterfaceId");
const NAT_GATEWAYS: &Holders = &ec2("DescribeNatGateways", "natGatewaySet", "natGatewayId");
const NETWORK_ACLS: &Holders = &ec2("DescribeNetworkAcls", "networkAclSet", "networkAclId");
const ROUTE_TABLES: &Holders = &ec2("DescribeRouteTables", "routeTableSet", "routeTableId");
const SUBNETS: &Holders = &ec2("DescribeSubnets", "subnetSet", "subnetId");
const BALANCERS: &Holders = &Holders::Query {
    service: "elasticloadbalancing",
    version: "2015-12-01",
    action: "DescribeLoadBalancers",
    about: "",
    list: "LoadBalancers",
    name: "LoadBalancerName",
};
const DATABASES: &Holders = &Holders::Query {
    service: "rds",
    version: "2014-10-31",
    action: "DescribeDBInstances",
    about: "",
    list: "DBInstances",
    name: "DBInstanceIdentifier",
};
const POLICY_ROLES: &Holders = &Holders::Query {
    service: "iam",
    version: "2010-05-08",
    action: "ListEntitiesForPolicy",
    about: "PolicyArn",
    list: "PolicyRoles",
    name: "RoleName",
};
const POLICY_VERSIONS: &Holders = &Holders::Query {
    service: "iam",
    version: "2010-05-08",
    action: "ListPolicyVersions",
    about: "PolicyArn",
    list: "Versions",
    name: "VersionId",
};

/// A gateway that is deleted goes on being shown for a while.
const GONE: &[(&str, &str)] = &[("state", "deleted"), ("state", "failed")];
/// So does a service.
const INACTIVE: &[(&str, &str)] = &[("status", "INACTIVE")];

pub(super) const RULES: &[Rule] = &[
    Rule {
        service: "ec2",
        operation: "DeleteSubnet",
        id: "SubnetId",
        held_by: &[
            any(INTERFACES, &["subnetId"]),
            but(NAT_GATEWAYS, &["subnetId"], GONE),
            any(BALANCERS, &["SubnetId"]),
            any(DATABASES, &["SubnetIdentifier"]),
            but(&Holders::Services, &["subnets"], INACTIVE),
            any(&Holders::Functions, &["SubnetIds"]),
        ],
        status: 400,
        code: "DependencyViolation",
        message: "The subnet '{id}' has dependencies and cannot be deleted.",
        page: "Amazon VPC User Guide, Delete a subnet; Amazon EC2 API Reference, Error codes",
    },
    Rule {
        service: "ec2",
        operation: "DeleteVpc",
        id: "VpcId",
        held_by: &[
            any(SUBNETS, &["vpcId"]),
            any(GATEWAYS, &["vpcId"]),
            but(GROUPS, &["vpcId"], &[("groupName", "default")]),
            but(ROUTE_TABLES, &["vpcId"], &[("associationSet/main", "true")]),
            but(NETWORK_ACLS, &["vpcId"], &[("default", "true")]),
            but(NAT_GATEWAYS, &["vpcId"], GONE),
            but(ENDPOINTS, &["vpcId"], GONE),
            any(INTERFACES, &["vpcId"]),
        ],
        status: 400,
        code: "DependencyViolation",
        message: "The vpc '{id}' has dependencies and cannot be deleted.",
        page: "Amazon EC2 API Reference, DeleteVpc",
    },
    Rule {
        service: "ec2",
        operation: "DetachInternetGateway",
        id: "VpcId",
        held_by: &[
            but(NAT_GATEWAYS, &["vpcId"], &[("state", "deleted"), ("state", "failed"), ("connectivityType", "private")]),
            but(BALANCERS, &["VpcId"], &[("Scheme", "internal")]),
        ],
        status: 400,
        code: "DependencyViolation",
        message: "Network {id} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.",
        page: "Amazon EC2 API Reference, DetachInternetGateway: the VPC must not contain any running instances with Elastic IP addresses \
               or public IPv4 addresses",
    },
    Rule {
        service: "ec2",
        operation: "DeleteSecurityGroup",
        id: "GroupId",
        held_by: &[such(GROUPS, &["groupId"], &[("groupName", "default")])],
        status: 400,
        code: "CannotDelete",
        message: "the specified group: \"{id}\" name: \"default\" cannot be deleted by a user",
        page: "Amazon EC2 API Reference, Error codes",
    },
    Rule {
        service: "ec2",
        operation: "DeleteSecurityGroup",
        id: "GroupId",
        held_by: &[
            but(GROUPS, &["groups/groupId"], &[("groupId", "{id}")]),
            any(INTERFACES, &["groupSet/groupId"]),
            any(BALANCERS, &["SecurityGroups"]),
            any(DATABASES, &["VpcSecurityGroupId"]),
            but(&Holders::Services, &["securityGroups"], INACTIVE),
            any(&Holders::Functions, &["SecurityGroupIds"]),
        ],
        status: 400,
        code: "DependencyViolation",
        message: "resource {id} has a dependent object",
        page: "Amazon EC2 API Reference, DeleteSecurityGroup",
    },
    Rule {
        service: "ec2",
        operation: "ReleaseAddress",
        id: "AllocationId",
        held_by: &[such(ADDRESSES, &["allocationId"], &[("associationId", "*")])],
        status: 400,
        code: "InvalidIPAddress.InUse",
        message: "The specified Elastic IP address is in use: {id}",
        page: "Amazon EC2 API Reference, ReleaseAddress",
    },
    Rule {
        service: "ec2",
        operation: "DeleteRouteTable",
        id: "RouteTableId",
        held_by: &[such(ROUTE_TABLES, &["routeTableId"], &[("associationSet/main", "true")])],
        status: 400,
        code: "DependencyViolation",
        message: "The routeTable '{id}' has dependencies and cannot be deleted.",
        page: "Amazon EC2 API Reference, DeleteRouteTable: you can't delete the main route table",
    },
    Rule {
        service: "acm",
        operation: "DeleteCertificate",
        id: "CertificateArn",
        held_by: &[any(&Holders::Listeners, &["CertificateArn"])],
        status: 400,
        code: "ResourceInUseException",
        message: "Certificate {id} in account 123456789012 is in use.",
        page: "AWS Certificate Manager API Reference, DeleteCertificate",
    },
    Rule {
        service: "iam",
        operation: "DeletePolicy",
        id: "PolicyArn",
        held_by: &[any(POLICY_ROLES, &[])],
        status: 409,
        code: "DeleteConflict",
        message: "Cannot delete a policy attached to entities.",
        page: "IAM API Reference, DeletePolicy",
    },
    Rule {
        service: "iam",
        operation: "DeletePolicy",
        id: "PolicyArn",
        held_by: &[but(POLICY_VERSIONS, &[], &[("IsDefaultVersion", "true")])],
        status: 409,
        code: "DeleteConflict",
        message: "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default \
                  version is deleted with the policy.",
        page: "IAM API Reference, DeletePolicy",
    },
    Rule {
        service: "rds",
        operation: "DeleteDBSubnetGroup",
        id: "DBSubnetGroupName",
        held_by: &[any(DATABASES, &["DBSubnetGroupName"])],
        status: 400,
        code: "InvalidDBSubnetGroupStateFault",
        message: "Cannot delete the subnet group '{id}' because at least one database instance: {holder} is still using it.",
        page: "Amazon RDS API Reference, DeleteDBSubnetGroup",
    },
];
