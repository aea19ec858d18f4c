//! What a task definition is made of.

use std::collections::BTreeMap;

use lowtide_model::{Arn, Json, Model, Set};

use crate::tags::Tags;

/// An ECS task definition: which containers run together, and what they need.
///
/// Every change registers a new revision of the family; the old one is deregistered once what used it has moved on.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct TaskDefinition {
    /// The family that this is a revision of: up to 255 letters, digits, hyphens and underscores.
    #[attr(replaces, range = 1..=255)]
    pub family: String,
    /// The containers, as a list with the names of the Amazon ECS API (`portMappings`, `logConfiguration`), given as
    /// structure or as JSON text.
    #[attr(filled, replaces)]
    pub container_definitions: Json,
    /// How much CPU the whole task gets: units of 1/1024 of a core (`256`), or `.25 vCPU`. Fargate needs it.
    #[attr(replaces)]
    pub cpu: Option<String>,
    /// How much memory the whole task gets: MiB (`512`), or `1 GB`. Fargate needs it.
    #[attr(replaces)]
    pub memory: Option<String>,
    /// Whether tasks answer requests for faults, as fault injection experiments make them.
    #[attr(computed, replaces)]
    pub enable_fault_injection: Option<bool>,
    /// How much storage a Fargate task gets beyond the 20 GiB that each has.
    #[attr(replaces)]
    pub ephemeral_storage: Option<EphemeralStorage>,
    /// The role that ECS itself takes on to pull images, read secrets and write logs.
    #[attr(replaces, refers = "aws_iam_role.arn")]
    pub execution_role_arn: Option<Arn>,
    /// Whose inter-process communication the containers share.
    #[attr(replaces, one_of = ["host", "task", "none"])]
    pub ipc_mode: Option<String>,
    /// How containers are connected: `awsvpc` (a network interface to each task; Fargate needs it), `bridge` (what Linux
    /// gets when nothing is said), `host` or `none`.
    #[attr(computed, replaces, one_of = ["awsvpc", "bridge", "host", "none"])]
    pub network_mode: Option<String>,
    /// Whose processes the containers see.
    #[attr(replaces, one_of = ["host", "task"])]
    pub pid_mode: Option<String>,
    /// Which container instances tasks may be placed on.
    #[attr(replaces, range = 0..=10)]
    pub placement_constraints: Option<Set<PlacementConstraint>>,
    /// The proxy of App Mesh.
    #[attr(replaces)]
    pub proxy_configuration: Option<ProxyConfiguration>,
    /// Where the definition must be able to run: `EC2`, `FARGATE`, `EXTERNAL` or `MANAGED_INSTANCES`; checked on registering.
    #[attr(replaces)]
    pub requires_compatibilities: Option<Set<String>>,
    /// The processor and operating system that the images are built for.
    #[attr(replaces)]
    pub runtime_platform: Option<RuntimePlatform>,
    /// Whether the revision stays in use when it is destroyed or replaced.
    #[attr(option, default = false)]
    pub skip_destroy: bool,
    /// The role that the program in the containers takes on.
    #[attr(replaces, refers = "aws_iam_role.arn")]
    pub task_role_arn: Option<Arn>,
    /// Whether to compare with the newest revision of the family, whoever registered it, and not with the one registered here.
    #[attr(option, default = false)]
    pub track_latest: bool,
    /// Volumes that containers can mount.
    #[attr(replaces)]
    pub volume: Option<Set<Volume>>,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// Storage of a Fargate task.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct EphemeralStorage {
    /// How much, in GiB.
    #[attr(range = 21..=200)]
    pub size_in_gib: i32,
}

/// Which container instances tasks may be placed on.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct PlacementConstraint {
    /// An expression of the cluster query language.
    pub expression: Option<String>,
    /// The sort of constraint.
    #[attr(one_of = ["memberOf"])]
    pub r#type: String,
}

/// The proxy of App Mesh.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct ProxyConfiguration {
    /// The container that is the proxy.
    pub container_name: String,
    /// The proxy's settings, such as `AppPorts` and `ProxyEgressPort`.
    pub properties: Option<BTreeMap<String, String>>,
    /// The sort of proxy.
    #[attr(default = "APPMESH", one_of = ["APPMESH"])]
    pub r#type: String,
}

/// The processor and operating system that images are built for.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct RuntimePlatform {
    /// The processor.
    #[attr(one_of = ["X86_64", "ARM64"])]
    pub cpu_architecture: Option<String>,
    /// The operating system: `LINUX`, or one of the releases of Windows, such as `WINDOWS_SERVER_2022_CORE`.
    pub operating_system_family: Option<String>,
}

/// A volume that containers can mount.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Volume {
    /// The name that mount points refer to.
    #[attr(key)]
    pub name: String,
    /// Whether the volume is described where the task is started, as EBS volumes of a service are.
    #[attr(computed)]
    pub configure_at_launch: Option<bool>,
    /// A path on the container instance; without one, an empty volume that lives as long as the task.
    pub host_path: Option<String>,
    /// A Docker volume, on container instances only.
    pub docker_volume_configuration: Option<DockerVolume>,
    /// A file system of Amazon EFS.
    pub efs_volume_configuration: Option<EfsVolume>,
    /// A file system of FSx for Windows File Server.
    pub fsx_windows_file_server_volume_configuration: Option<FsxVolume>,
}

/// A Docker volume.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct DockerVolume {
    /// Whether a shared volume that is not there is made.
    pub autoprovision: Option<bool>,
    /// The volume driver.
    #[attr(computed)]
    pub driver: Option<String>,
    /// What is passed on to the driver.
    pub driver_opts: Option<BTreeMap<String, String>>,
    /// Labels of the volume.
    pub labels: Option<BTreeMap<String, String>>,
    /// Whether it lives as long as the task, or on.
    #[attr(computed, one_of = ["task", "shared"])]
    pub scope: Option<String>,
}

/// A file system of Amazon EFS.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct EfsVolume {
    /// The file system.
    pub file_system_id: String,
    /// The folder that is mounted as the root.
    pub root_directory: Option<String>,
    /// Whether data is encrypted on its way.
    #[attr(one_of = ["ENABLED", "DISABLED"])]
    pub transit_encryption: Option<String>,
    /// The port for encrypted data.
    #[attr(range = 0..=65535)]
    pub transit_encryption_port: Option<i32>,
    /// How access is allowed.
    pub authorization_config: Option<EfsAuthorization>,
}

/// How access to a file system of Amazon EFS is allowed.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct EfsAuthorization {
    /// The access point.
    pub access_point_id: Option<String>,
    /// Whether the task role is used.
    #[attr(one_of = ["ENABLED", "DISABLED"])]
    pub iam: Option<String>,
}

/// A file system of FSx for Windows File Server.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct FsxVolume {
    /// The file system.
    pub file_system_id: String,
    /// The folder that is mounted as the root.
    pub root_directory: String,
    /// How access is allowed.
    pub authorization_config: FsxAuthorization,
}

/// How access to a file system of FSx for Windows File Server is allowed.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct FsxAuthorization {
    /// The ARN of the secret or parameter that holds the credentials.
    pub credentials_parameter: String,
    /// The domain of the Active Directory.
    pub domain: String,
}

/// What AWS decides about a task definition.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct TaskDefinitionOutputs {
    /// The ARN with the revision.
    #[attr(renewed_by = [
        "family", "container_definitions", "cpu", "memory", "enable_fault_injection", "ephemeral_storage", "execution_role_arn",
        "ipc_mode", "network_mode", "pid_mode", "placement_constraints", "proxy_configuration", "requires_compatibilities",
        "runtime_platform", "task_role_arn", "volume",
    ])]
    pub arn: Arn,
    /// The ARN without the revision: whoever uses it gets the newest.
    #[attr(predict = "arn:{partition}:ecs:{region}:{account}:task-definition/{family}")]
    pub arn_without_revision: Arn,
    /// The family.
    #[attr(predict = "{family}")]
    pub id: String,
    /// The revision, counted from 1 within the family.
    #[attr(renewed_by = [
        "family", "container_definitions", "cpu", "memory", "enable_fault_injection", "ephemeral_storage", "execution_role_arn",
        "ipc_mode", "network_mode", "pid_mode", "placement_constraints", "proxy_configuration", "requires_compatibilities",
        "runtime_platform", "task_role_arn", "volume",
    ])]
    pub revision: i64,
}
