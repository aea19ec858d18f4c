//! Which code means what. A row says service and operation where the code alone lies, and a fragment of the message where
//! even that does. The first row that fits counts.
//!
//! Source: the "Errors" section of each operation in the AWS API references, and "Error codes for the Amazon EC2 API".

use super::Class;

/// Service, operation, code, fragment of the message; empty means any. A code that starts with `*` is the end of one.
type Row = (&'static str, &'static str, &'static str, &'static str, Class);

const ROWS: &[Row] = &[
    // What the code alone says wrongly.
    ("ec2", "", "InvalidParameterValue", "does not exist", Class::NotFound),
    ("ec2", "CreateRoute", "InvalidGatewayID.NotFound", "", Class::NotYet),
    ("ec2", "CreateRoute", "InvalidNatGatewayID.NotFound", "", Class::NotYet),
    ("ec2", "ReplaceRoute", "InvalidGatewayID.NotFound", "", Class::NotYet),
    ("ec2", "ReplaceRoute", "InvalidNatGatewayID.NotFound", "", Class::NotYet),
    ("ec2", "DisassociateAddress", "AuthFailure", "", Class::InUse),
    ("ec2", "AssociateAddress", "Gateway.NotAttached", "", Class::NotYet),
    ("ec2", "CreateNatGateway", "Gateway.NotAttached", "", Class::NotYet),
    ("ec2", "", "Gateway.NotAttached", "", Class::NotFound),
    // Only an address that was just described is released: it is not another account's, but a gateway still lets go of it.
    ("ec2", "ReleaseAddress", "AuthFailure", "", Class::Busy),
    ("ec2", "ReleaseAddress", "InvalidIPAddress.InUse", "", Class::Busy),
    ("ec2", "", "InvalidAssociationID.NotFound", "", Class::NotFound),
    ("ec2", "", "InvalidPermission.Duplicate", "", Class::AlreadyExists),
    ("ec2", "", "InvalidGroup.Duplicate", "", Class::AlreadyExists),
    ("ec2", "", "InvalidGroup.InUse", "", Class::InUse),
    ("ec2", "", "RouteAlreadyExists", "", Class::AlreadyExists),
    ("ec2", "", "Resource.AlreadyAssociated", "", Class::AlreadyExists),
    ("ec2", "", "DependencyViolation", "", Class::InUse),
    ("ec2", "", "IncorrectState", "", Class::Busy),
    ("ec2", "", "UnauthorizedOperation", "", Class::Denied),
    ("ec2", "", "AuthFailure", "", Class::Unauthenticated),
    ("ecs", "", "ClusterNotFoundException", "", Class::NotFound),
    ("ecs", "", "ServiceNotActiveException", "", Class::NotFound),
    ("ecs", "", "ServiceNotFoundException", "", Class::NotFound),
    ("ecs", "CreateService", "InvalidParameterException", "Unable to assume", Class::NotYet),
    ("ecs", "CreateService", "InvalidParameterException", "does not have an associated load balancer", Class::NotYet),
    ("ecs", "CreateService", "InvalidParameterException", "not idempotent", Class::AlreadyExists),
    ("ecs", "CreateService", "InvalidParameterException", "still Draining", Class::Busy),
    ("ecs", "CreateService", "InvalidParameterException", "proper permissions", Class::NotYet),
    ("ecs", "UpdateService", "InvalidParameterException", "Unable to assume", Class::NotYet),
    ("ecs", "UpdateService", "InvalidParameterException", "proper permissions", Class::NotYet),
    ("ecs", "UpdateService", "InvalidParameterException", "does not have an associated load balancer", Class::NotYet),
    ("ecs", "DeleteService", "InvalidParameterException", "scaled above 0", Class::Busy),
    ("ecs", "DeleteService", "InvalidParameterException", "deployments are active", Class::Busy),
    ("ecs", "CreateCluster", "InvalidParameterException", "Unable to assume", Class::NotYet),
    ("ecs", "RegisterTaskDefinition", "ClientException", "Role is not valid", Class::NotYet),
    ("ecs", "", "ClusterContainsContainerInstancesException", "", Class::InUse),
    ("ecs", "", "ClusterContainsCapacityProviderException", "", Class::InUse),
    ("ecs", "", "ResourceInUseException", "", Class::InUse),
    ("ecs", "DescribeTaskDefinition", "ClientException", "Unable to describe task definition", Class::NotFound),
    ("ecs", "DeregisterTaskDefinition", "ClientException", "does not exist", Class::NotFound),
    ("ecs", "RegisterTaskDefinition", "ClientException", "unable to assume", Class::NotYet),
    ("ecs", "", "ClusterContainsServicesException", "", Class::InUse),
    ("ecs", "", "ClusterContainsTasksException", "", Class::Busy),
    ("ecs", "", "UpdateInProgressException", "", Class::Busy),
    ("dynamodb", "CreateTable", "ResourceInUseException", "", Class::AlreadyExists),
    ("dynamodb", "", "ResourceInUseException", "", Class::Busy),
    ("dynamodb", "", "LimitExceededException", "", Class::Busy),
    ("dynamodb", "", "TableNotFoundException", "", Class::NotFound),
    // Images do not go by themselves.
    ("ecr", "", "RepositoryNotEmptyException", "", Class::Invalid),
    ("ecr", "", "LifecyclePolicyPreviewInProgressException", "", Class::Busy),
    ("ecr", "", "ServerException", "", Class::Ambiguous),
    ("ecr", "SetRepositoryPolicy", "InvalidParameterException", "Principal not found", Class::NotYet),
    ("elasticloadbalancingv2", "", "ResourceInUse", "", Class::InUse),
    ("elasticloadbalancingv2", "", "TooMany", "", Class::Limit),
    ("eventbridge", "", "ConcurrentModificationException", "", Class::Busy),
    ("eventbridge", "DeleteRule", "ValidationException", "targets", Class::InUse),
    ("iam", "", "NoSuchEntity", "", Class::NotFound),
    ("iam", "", "EntityAlreadyExists", "", Class::AlreadyExists),
    ("iam", "", "DeleteConflict", "", Class::InUse),
    ("iam", "", "ConcurrentModification", "", Class::Busy),
    ("iam", "", "EntityTemporarilyUnmodifiable", "", Class::Busy),
    ("iam", "", "MalformedPolicyDocument", "Invalid principal", Class::NotYet),
    ("iam", "", "MalformedPolicyDocument", "", Class::Invalid),
    ("iam", "", "PolicyNotAttachable", "", Class::Invalid),
    ("iam", "", "UnmodifiableEntity", "", Class::Invalid),
    ("acm", "", "ResourceInUseException", "", Class::InUse),
    ("acm", "", "RequestInProgressException", "", Class::Busy),
    ("acm", "", "InvalidStateException", "", Class::Busy),
    ("acm", "", "ConflictException", "", Class::Busy),
    ("applicationautoscaling", "", "ConcurrentUpdateException", "", Class::Busy),
    ("applicationautoscaling", "", "ObjectNotFoundException", "", Class::NotFound),
    ("budgets", "", "DuplicateRecordException", "", Class::AlreadyExists),
    ("budgets", "", "ResourceLockedException", "", Class::Busy),
    ("cloudwatch", "", "ResourceNotFound", "", Class::NotFound),
    ("cloudwatchlogs", "", "OperationAbortedException", "", Class::Busy),
    ("rds", "", "DBInstanceNotFound", "", Class::NotFound),
    ("rds", "", "DBSubnetGroupNotFoundFault", "", Class::NotFound),
    ("rds", "", "DBInstanceAlreadyExists", "", Class::AlreadyExists),
    ("rds", "", "DBSubnetGroupAlreadyExists", "", Class::AlreadyExists),
    // Deletion protection does not go by itself.
    ("rds", "DeleteDBInstance", "InvalidParameterCombination", "protected", Class::Invalid),
    ("rds", "", "InvalidDBInstanceState", "", Class::Busy),
    ("rds", "", "InvalidDBSubnetGroupStateFault", "", Class::InUse),
    ("route53", "", "NoSuchChange", "", Class::NotFound),
    ("route53", "", "NoSuchHostedZone", "", Class::NotFound),
    ("route53", "", "HostedZoneNotEmpty", "", Class::InUse),
    ("route53", "", "HostedZoneAlreadyExists", "", Class::AlreadyExists),
    ("route53", "", "ConflictingDomainExists", "", Class::AlreadyExists),
    ("route53", "", "PriorRequestNotComplete", "", Class::Busy),
    ("route53", "", "InvalidChangeBatch", "already exists", Class::AlreadyExists),
    ("route53", "", "InvalidChangeBatch", "was not found", Class::NotFound),
    ("route53", "", "VPCAssociationNotFound", "", Class::NotFound),
    ("sns", "", "NotFound", "", Class::NotFound),
    ("sns", "", "InvalidParameter", "does not exist", Class::NotFound),
    ("lambda", "", "ResourceConflictException", "already exist", Class::AlreadyExists),
    ("lambda", "", "ResourceConflictException", "", Class::Busy),
    ("lambda", "", "InvalidParameterValueException", "cannot be assumed", Class::NotYet),
    ("lambda", "", "InvalidParameterValueException", "does not have permissions", Class::NotYet),
    ("s3", "", "NoSuchBucket", "", Class::NotFound),
    ("s3", "", "NoSuchBucketPolicy", "", Class::NotFound),
    ("s3", "", "NoSuchTagSet", "", Class::NotFound),
    ("s3", "", "NoSuchPublicAccessBlockConfiguration", "", Class::NotFound),
    ("s3", "", "*NotFoundError", "", Class::NotFound),
    ("s3", "", "BucketAlreadyOwnedByYou", "", Class::AlreadyExists),
    ("s3", "", "BucketAlreadyExists", "", Class::AlreadyExists),
    ("s3", "", "BucketNotEmpty", "", Class::InUse),
    // It is there, and in another region.
    ("s3", "", "PermanentRedirect", "", Class::Invalid),
    ("s3", "", "AuthorizationHeaderMalformed", "", Class::Invalid),
    ("s3", "", "IllegalLocationConstraintException", "", Class::Invalid),
    ("s3", "", "OperationAborted", "", Class::Busy),
    ("s3", "PutBucketPolicy", "MalformedPolicy", "Invalid principal", Class::NotYet),
    ("scheduler", "CreateSchedule", "ConflictException", "", Class::AlreadyExists),
    ("scheduler", "", "ConflictException", "", Class::Busy),
    ("scheduler", "", "ValidationException", "must allow AWS EventBridge Scheduler to assume", Class::NotYet),
    ("ssm", "", "ParameterNotFound", "", Class::NotFound),
    ("ssm", "", "InvalidResourceId", "", Class::NotFound),
    ("ssm", "", "ParameterAlreadyExists", "", Class::AlreadyExists),
    ("ssm", "", "TooManyUpdates", "", Class::Busy),
    // What a code says in every service.
    ("", "", "NotImplementedBySimulator", "", Class::Invalid),
    ("", "", "Throttling", "", Class::Throttled),
    ("", "", "ThrottlingException", "", Class::Throttled),
    ("", "", "ThrottledException", "", Class::Throttled),
    ("", "", "RequestLimitExceeded", "", Class::Throttled),
    ("", "", "RequestThrottled", "", Class::Throttled),
    ("", "", "RequestThrottledException", "", Class::Throttled),
    ("", "", "TooManyRequestsException", "", Class::Throttled),
    ("", "", "ProvisionedThroughputExceededException", "", Class::Throttled),
    ("", "", "BandwidthLimitExceeded", "", Class::Throttled),
    ("", "", "EC2ThrottledException", "", Class::Throttled),
    ("", "", "SlowDown", "", Class::Throttled),
    ("", "", "AccessDenied", "", Class::Denied),
    ("", "", "AccessDeniedException", "", Class::Denied),
    ("", "", "ExpiredToken", "", Class::Unauthenticated),
    ("", "", "ExpiredTokenException", "", Class::Unauthenticated),
    ("", "", "InvalidClientTokenId", "", Class::Unauthenticated),
    ("", "", "UnrecognizedClientException", "", Class::Unauthenticated),
    ("", "", "SignatureDoesNotMatch", "", Class::Unauthenticated),
    ("", "", "ResourceNotFoundException", "", Class::NotFound),
    ("", "", "ResourceAlreadyExistsException", "", Class::AlreadyExists),
    ("", "", "LimitExceeded", "", Class::Limit),
    ("", "", "LimitExceededException", "", Class::Limit),
    ("", "", "*LimitExceeded", "", Class::Limit),
    ("", "", "*.NotFound", "", Class::NotFound),
    ("", "", "*NotFound", "", Class::NotFound),
    ("", "", "*NotFoundException", "", Class::NotFound),
    ("", "", "*AlreadyExistsException", "", Class::AlreadyExists),
    ("", "", "InternalError", "", Class::Ambiguous),
    ("", "", "InternalFailure", "", Class::Ambiguous),
    ("", "", "ServiceUnavailable", "", Class::Ambiguous),
    ("", "", "ServiceUnavailableException", "", Class::Ambiguous),
    ("elasticloadbalancingv2", "", "Duplicate*", "", Class::AlreadyExists),
    ("elasticloadbalancingv2", "", "PriorityInUse", "", Class::AlreadyExists),
];

/// "Too Many Requests" (RFC 6585, section 4).
const TOO_MANY: u16 = 429;

/// Returns the class of an answer. The status serves only to tell a failure inside AWS from a refusal, and what is too much where no code
/// says so.
pub fn class(service: &str, operation: &str, code: Option<&str>, message: &str, status: u16) -> Class {
    let by_status = match status {
        TOO_MANY => Some(Class::Throttled),
        // It was done, and what came back of it can't be read.
        200..300 | 500.. => Some(Class::Ambiguous),
        _ => None,
    };
    let Some(code) = code else { return by_status.unwrap_or(Class::Other) };
    let fits = |(s, o, c, fragment, _): &&Row| {
        let code_fits = match (c.strip_prefix('*'), c.strip_suffix('*')) {
            (Some(end), _) => code.ends_with(end),
            (None, Some(start)) => code.starts_with(start),
            (None, None) => code == *c,
        };
        (s.is_empty() || *s == service)
            && (o.is_empty() || *o == operation)
            && code_fits
            && (fragment.is_empty() || message.contains(fragment))
    };
    let by_code = ROWS.iter().find(fits).map(|(.., class)| *class);
    let by_name = || ["Invalid", "Validation", "Missing"].iter().any(|word| code.contains(word)).then_some(Class::Invalid);
    by_code.or(by_status).or_else(by_name).unwrap_or(Class::Other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_tell_the_class_and_statuses_never_tell_gone() {
        assert_eq!(class("ec2", "DeleteVpc", Some("InvalidVpcID.NotFound"), "", 400), Class::NotFound);
        assert_eq!(class("elasticloadbalancingv2", "X", Some("TargetGroupNotFound"), "", 400), Class::NotFound);
        assert_eq!(class("ec2", "DeleteVpc", None, "", 404), Class::Other);
        assert_eq!(class("ec2", "DeleteVpc", None, "", 503), Class::Ambiguous);
        assert_eq!(class("iam", "CreateRole", None, "", 200), Class::Ambiguous);
        assert_eq!(class("lambda", "GetFunction", None, "", 429), Class::Throttled);
        assert_eq!(class("dynamodb", "X", Some("ProvisionedThroughputExceededException"), "", 400), Class::Throttled);
        assert_eq!(class("ec2", "DeleteVpc", Some("DependencyViolation"), "", 400), Class::InUse);
        assert_eq!(class("ec2", "ReleaseAddress", Some("AuthFailure"), "", 400), Class::Busy);
        assert_eq!(class("ec2", "ReleaseAddress", Some("InvalidAllocationID.NotFound"), "", 400), Class::NotFound);
    }

    #[test]
    fn a_bucket_elsewhere_is_neither_gone_nor_in_doubt() {
        assert_eq!(class("s3", "GetBucketTagging", Some("PermanentRedirect"), "", 301), Class::Invalid);
        assert_eq!(class("s3", "GetBucketTagging", Some("AuthorizationHeaderMalformed"), "", 400), Class::Invalid);
        assert_eq!(class("s3", "CreateBucket", Some("BucketAlreadyOwnedByYou"), "", 409), Class::AlreadyExists);
        assert_eq!(class("s3", "CreateBucket", Some("BucketAlreadyExists"), "", 409), Class::AlreadyExists);
        assert_eq!(class("s3", "CreateBucket", Some("OperationAborted"), "", 409), Class::Busy);
    }

    #[test]
    fn a_conflict_of_schedules_is_one_there_already_or_one_that_changes() {
        let of = |operation| class("scheduler", operation, Some("ConflictException"), "", 409);
        assert_eq!([of("CreateSchedule"), of("UpdateSchedule"), of("DeleteSchedule")], [Class::AlreadyExists, Class::Busy, Class::Busy]);
    }

    #[test]
    fn a_protected_database_is_not_waited_for() {
        let protected = "Cannot delete protected DB Instance, please disable deletion protection and try again.";
        assert_eq!(class("rds", "DeleteDBInstance", Some("InvalidParameterCombination"), protected, 400), Class::Invalid);
        assert_eq!(class("rds", "DeleteDBInstance", Some("InvalidDBInstanceState"), "", 400), Class::Busy);
    }

    #[test]
    fn a_message_decides_where_the_code_lies() {
        assert_eq!(class("ecs", "CreateService", Some("InvalidParameterException"), "Unable to assume role x", 400), Class::NotYet);
        assert_eq!(class("ecs", "CreateService", Some("InvalidParameterException"), "cpu", 400), Class::Invalid);
        let young = "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Principal not found'";
        assert_eq!(class("ecr", "SetRepositoryPolicy", Some("InvalidParameterException"), young, 400), Class::NotYet);
    }
}
