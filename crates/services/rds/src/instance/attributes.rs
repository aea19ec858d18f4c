//! The attributes of a database instance.

use lowtide_model::{Arn, Model, Set};

use crate::tags::Tags;

/// A database: one machine with an engine, its disks and its backups.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Instance {
    /// The name, in lower case. Lowtide chooses one when it is not given.
    #[attr(computed, identity, range = 1..=63, replaces)]
    pub identifier: Option<String>,
    /// What the name starts with when Lowtide chooses it.
    #[attr(computed, range = 1..=37, replaces)]
    pub identifier_prefix: Option<String>,
    /// The engine: `postgres`, `mysql`, `mariadb`…
    #[attr(replaces)]
    pub engine: String,
    /// The version, as exactly as it matters: `15` is satisfied by 15.7.
    #[attr(computed, upgraded_by = "auto_minor_version_upgrade")]
    pub engine_version: Option<String>,
    /// The class: `db.t4g.micro`…
    pub instance_class: String,
    /// How many GiB it has. It can grow, never shrink.
    #[attr(computed, grows_to = "max_allocated_storage", range = 5..=65536)]
    pub allocated_storage: Option<i64>,
    /// Up to how many GiB RDS lets it grow by itself.
    #[attr(range = 0..=65536)]
    pub max_allocated_storage: Option<i64>,
    /// The type of its disks.
    #[attr(computed, one_of = ["standard", "gp2", "gp3", "io1", "io2"])]
    pub storage_type: Option<String>,
    /// How many operations a second its disks do, where the type lets one choose.
    #[attr(computed)]
    pub iops: Option<i64>,
    /// How many MiB a second its disks move, where the type lets one choose.
    #[attr(computed)]
    pub storage_throughput: Option<i64>,
    /// Whether its disks are encrypted.
    #[attr(default = false, replaces)]
    pub storage_encrypted: bool,
    /// The ARN of the KMS key that encrypts them; without it one of the service.
    #[attr(computed, refers = "aws_kms_key.arn", replaces)]
    pub kms_key_id: Option<Arn>,
    /// The name of the database that is made in it.
    #[attr(computed, replaces)]
    pub db_name: Option<String>,
    /// The name of the first user.
    #[attr(computed, replaces)]
    pub username: Option<String>,
    /// The password of the first user. It is never shown or stored in clear.
    #[attr(secret, unread, range = 8..=128)]
    pub password: Option<String>,
    /// Whether RDS makes the password, keeps it in Secrets Manager and changes it.
    pub manage_master_user_password: Option<bool>,
    /// The KMS key that encrypts that secret.
    #[attr(computed, refers = "aws_kms_key.arn")]
    pub master_user_secret_kms_key_id: Option<String>,
    /// The name of its subnet group.
    #[attr(computed, refers = "aws_db_subnet_group.name")]
    pub db_subnet_group_name: Option<String>,
    /// The ids of its security groups.
    #[attr(computed, refers = "aws_security_group.id")]
    pub vpc_security_group_ids: Option<Set<String>>,
    /// The name of its parameter group.
    #[attr(computed)]
    pub parameter_group_name: Option<String>,
    /// The name of its option group.
    #[attr(computed)]
    pub option_group_name: Option<String>,
    /// The port it listens on.
    #[attr(computed, range = 1150..=65535)]
    pub port: Option<i64>,
    /// Whether it has a public address.
    #[attr(default = false)]
    pub publicly_accessible: bool,
    /// Whether a second one in another zone stands by.
    #[attr(computed)]
    pub multi_az: Option<bool>,
    /// The zone it is in.
    #[attr(computed, replaces)]
    pub availability_zone: Option<String>,
    /// For how many days backups are kept; 0 for none.
    #[attr(computed, range = 0..=35)]
    pub backup_retention_period: Option<i64>,
    /// When backups are made, in UTC: `03:00-04:00`.
    #[attr(computed)]
    pub backup_window: Option<String>,
    /// When AWS works on it, in UTC: `sun:04:30-sun:05:30`.
    #[attr(computed)]
    pub maintenance_window: Option<String>,
    /// Whether AWS brings new minor versions in by itself.
    #[attr(default = true)]
    pub auto_minor_version_upgrade: bool,
    /// Whether its snapshots get its tags.
    #[attr(default = false)]
    pub copy_tags_to_snapshot: bool,
    /// Whether AWS refuses to delete it.
    #[attr(default = false)]
    pub deletion_protection: bool,
    /// Which of its logs go to CloudWatch: `postgresql`, `upgrade`…
    pub enabled_cloudwatch_logs_exports: Option<Set<String>>,
    /// Whether roles can log in instead of users.
    #[attr(default = false)]
    pub iam_database_authentication_enabled: bool,
    /// Every how many seconds the system is measured: 0 (never), 1, 5, 10, 15, 30 or 60.
    #[attr(default = 0, range = 0..=60)]
    pub monitoring_interval: i64,
    /// The ARN of the role that writes what is measured.
    #[attr(computed, refers = "aws_iam_role.arn")]
    pub monitoring_role_arn: Option<Arn>,
    /// Whether it is watched which statements take how long.
    #[attr(default = false)]
    pub performance_insights_enabled: bool,
    /// The ARN of the KMS key that encrypts that.
    #[attr(computed, refers = "aws_kms_key.arn")]
    pub performance_insights_kms_key_id: Option<Arn>,
    /// For how many days that is kept.
    #[attr(computed)]
    pub performance_insights_retention_period: Option<i64>,
    /// The authority of its certificate.
    #[attr(computed)]
    pub ca_cert_identifier: Option<String>,
    /// How it is licensed, where the engine lets one choose.
    #[attr(computed)]
    pub license_model: Option<String>,
    /// Whether it speaks IPv6 as well: `IPV4` or `DUAL`.
    #[attr(computed, one_of = ["IPV4", "DUAL"])]
    pub network_type: Option<String>,
    /// Whether changes come at once, rather than in the next maintenance window.
    #[attr(default = false, option)]
    pub apply_immediately: bool,
    /// Whether another major version may come in.
    #[attr(default = false, option)]
    pub allow_major_version_upgrade: bool,
    /// Whether it is deleted without a last snapshot.
    #[attr(default = false, option)]
    pub skip_final_snapshot: bool,
    /// The name of that snapshot.
    #[attr(option)]
    pub final_snapshot_identifier: Option<String>,
    /// Whether its backups go with it.
    #[attr(default = true, option)]
    pub delete_automated_backups: bool,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// What AWS decides about a database.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct InstanceOutputs {
    /// The instance's ARN.
    #[attr(predict = "arn:{partition}:rds:{region}:{account}:db:{identifier}")]
    pub arn: Arn,
    /// An id that no other instance ever had or will have, whatever its name.
    pub id: String,
    /// The same.
    pub resource_id: String,
    /// Its host; empty until it has one.
    pub address: String,
    /// Host and port with a colon between.
    #[attr(renewed_by = ["port"])]
    pub endpoint: String,
    /// The id of the zone its host is in.
    pub hosted_zone_id: String,
    /// The version that runs.
    #[attr(renewed_by = ["engine_version"])]
    pub engine_version_actual: String,
    /// The secret with the password, where RDS makes it.
    #[attr(renewed_by = ["manage_master_user_password"])]
    pub master_user_secret: Vec<MasterUserSecret>,
}

/// The secret with the password.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct MasterUserSecret {
    /// The ARN of the KMS key that encrypts it.
    pub kms_key_id: String,
    /// Its ARN.
    pub secret_arn: String,
    /// How far it is.
    pub secret_status: String,
}
