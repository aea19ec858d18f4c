//! What a cluster is made of.

use lowtide_model::{Arn, Model, Set};

use crate::tags::Tags;

/// An ECS cluster: a group that tasks and services run in.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Cluster {
    /// The cluster's name: up to 255 letters, digits, hyphens and underscores.
    #[attr(replaces, identity, range = 1..=255)]
    pub name: String,
    /// Where the commands of ECS Exec are logged, and which keys encrypt what the cluster stores.
    pub configuration: Option<Configuration>,
    /// The namespace that services with Service Connect use unless they name another.
    pub service_connect_defaults: Option<ServiceConnectDefaults>,
    /// Settings such as `containerInsights`.
    #[attr(computed)]
    pub setting: Option<Set<Setting>>,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// How a cluster runs commands and stores data.
#[derive(Clone, Debug, Model, PartialEq, Default)]
pub struct Configuration {
    /// What ECS Exec does in this cluster.
    pub execute_command_configuration: Option<ExecuteCommand>,
    /// Which keys encrypt the storage that AWS manages.
    pub managed_storage_configuration: Option<ManagedStorage>,
}

/// What ECS Exec does in a cluster.
#[derive(Clone, Debug, Model, PartialEq, Default)]
pub struct ExecuteCommand {
    /// The KMS key that encrypts what passes between client and container.
    pub kms_key_id: Option<String>,
    /// Where the logs go, when `logging` is `OVERRIDE`.
    pub log_configuration: Option<LogConfiguration>,
    /// `DEFAULT` uses the log driver of the task definition, `OVERRIDE` uses `log_configuration`, `NONE` logs nothing.
    #[attr(one_of = ["DEFAULT", "NONE", "OVERRIDE"])]
    pub logging: Option<String>,
}

/// Where the commands of ECS Exec are logged.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct LogConfiguration {
    /// Whether the logs in CloudWatch are encrypted.
    pub cloud_watch_encryption_enabled: Option<bool>,
    /// The log group; it must exist.
    #[attr(refers = "aws_cloudwatch_log_group.name")]
    pub cloud_watch_log_group_name: Option<String>,
    /// Whether the logs in S3 are encrypted.
    pub s3_bucket_encryption_enabled: Option<bool>,
    /// The bucket; it must exist.
    pub s3_bucket_name: Option<String>,
    /// What the keys of the objects start with.
    pub s3_key_prefix: Option<String>,
}

/// Which keys encrypt the storage that AWS manages.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct ManagedStorage {
    /// The KMS key of the ephemeral storage of Fargate tasks.
    pub fargate_ephemeral_storage_kms_key_id: Option<String>,
    /// The KMS key of other managed storage.
    pub kms_key_id: Option<String>,
}

/// What services with Service Connect use unless they say otherwise.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct ServiceConnectDefaults {
    /// The ARN of the Cloud Map namespace.
    pub namespace: Arn,
}

/// One setting.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Setting {
    /// The setting's name.
    #[attr(key, one_of = ["containerInsights"])]
    pub name: String,
    /// `enhanced`, `enabled` or `disabled`.
    #[attr(one_of = ["enhanced", "enabled", "disabled"])]
    pub value: String,
}

/// What AWS decides about a cluster.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct ClusterOutputs {
    /// The cluster's ARN.
    #[attr(predict = "arn:{partition}:ecs:{region}:{account}:cluster/{name}")]
    pub arn: Arn,
    /// The cluster's ARN, too.
    #[attr(predict = "arn:{partition}:ecs:{region}:{account}:cluster/{name}")]
    pub id: String,
}
