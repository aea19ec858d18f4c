//! `aws_ecs_cluster`: a group that tasks and services run in.
//!
//! The name is the key, and `CreateCluster` returns a cluster of that name if there is one already: the engine looks
//! before it creates. Calls name a cluster by its ARN, which follows from the name; what is deleted can still be described
//! for a while, as `INACTIVE`. Parts of the configuration can't be taken away, only set back to what they were at first.

use aws_sdk_ecs::types::{
    Cluster as Described, ClusterConfiguration, ClusterField, ClusterServiceConnectDefaultsRequest, ClusterSetting, ClusterSettingName,
    ExecuteCommandConfiguration, ExecuteCommandLogConfiguration, ExecuteCommandLogging, ManagedStorageConfiguration,
};
use lowtide_model::{Arn, Create, Model, Object, Phase, Place, Set};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen};

use crate::{
    Ecs,
    arn::arn,
    asked_for::unless_idle,
    tags::{self, Tags},
};

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

impl Resource for Cluster {
    type Outputs = ClusterOutputs;
    type Service = Ecs;
    const KIND: &'static str = "aws_ecs_cluster";
    const CREATE: Create = Create::Key;
    const IMPORT: &'static str = "CLUSTER_NAME";

    fn identity(wish: &Self, place: &Place) -> Option<String> {
        Some(arn(place, &format!("cluster/{}", wish.name)))
    }

    fn import(id: &str, place: &Place) -> Result<String, String> {
        Ok(if id.starts_with("arn:") { id.to_owned() } else { arn(place, &format!("cluster/{id}")) })
    }

    async fn create(cx: &Context<'_, Ecs>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        let made = cx
            .client
            .create_cluster()
            .cluster_name(&wish.name)
            .set_configuration(wish.configuration.as_ref().map(configuration))
            .set_service_connect_defaults(wish.service_connect_defaults.as_ref().map(|set| namespace(&set.namespace)).transpose()?)
            .set_settings(wish.setting.as_ref().map(settings))
            .set_tags(tags::sent(&wish.tags))
            .send()
            .await?;
        Made::id(made.cluster.and_then(|cluster| cluster.cluster_arn), "the ARN of the cluster")
    }

    async fn read(cx: &Context<'_, Ecs>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let call = cx.client.describe_clusters().set_clusters(Some(asked.ids()));
        let call = call.include(ClusterField::Configurations).include(ClusterField::Settings).include(ClusterField::Tags);
        let found = call.send().await?.clusters.unwrap_or_default();
        let here = found.into_iter().filter(|cluster| cluster.status() != Some("INACTIVE"));
        let seen = here.filter_map(|cluster| {
            let arn = cluster.cluster_arn.clone()?;
            let last = asked.these.iter().find(|ask| ask.id == arn)?;
            Some((arn.clone(), observed(cluster, arn, &last.last)))
        });
        Ok(asked.answer(seen.collect()))
    }

    async fn update(cx: &Context<'_, Ecs>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.any(&["configuration", "service_connect_defaults", "setting"]) {
            let mut call = cx.client.update_cluster().cluster(&now.id);
            if changed.has("configuration") {
                call = call.configuration(configuration(&to.configuration.clone().unwrap_or_else(idle_configuration)));
            }
            if changed.has("service_connect_defaults") {
                // An empty name takes the defaults away.
                let name = to.service_connect_defaults.as_ref().map_or("", |set| &set.namespace);
                call = call.service_connect_defaults(namespace(name)?);
            }
            if changed.has("setting") {
                call = call.set_settings(to.setting.as_ref().map(settings));
            }
            call.send().await?;
        }
        if changed.has("tags") {
            tags::update(&cx.client, &now.id, &now.inputs.tags, &to.tags).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Ecs>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        let cluster = cx.client.delete_cluster().cluster(&last.id).send().await?.cluster;
        Ok(match cluster.and_then(|cluster| cluster.status).as_deref() {
            Some("DEPROVISIONING") => Going::Going("deprovisioning".to_owned()),
            _ => Going::Gone,
        })
    }
}

fn observed(cluster: Described, arn: String, last: &Object) -> Observed<Cluster> {
    let namespace = cluster.service_connect_defaults.and_then(|defaults| defaults.namespace).filter(|name| !name.is_empty());
    let settings = cluster.settings.unwrap_or_default().into_iter();
    let settings: Set<_> = settings
        .filter_map(|setting| Some(Setting { name: setting.name?.as_str().to_owned(), value: setting.value.unwrap_or_default() }))
        .collect();
    let inputs = Cluster {
        name: cluster.cluster_name.unwrap_or_default(),
        configuration: unless_idle(last, "configuration", cluster.configuration.map(seen_configuration), |seen| {
            *seen == Configuration::default() || *seen == idle_configuration()
        }),
        service_connect_defaults: namespace.map(|name| ServiceConnectDefaults { namespace: name.into() }),
        setting: (!settings.is_empty()).then_some(settings),
        tags: tags::read(cluster.tags.as_deref()),
    };
    let phase = match cluster.status.as_deref() {
        Some("PROVISIONING") => Phase::Accepted("provisioning".to_owned()),
        Some("DEPROVISIONING") => Phase::Accepted("deprovisioning".to_owned()),
        Some("FAILED") => Phase::Failed { replace: true, why: "AWS could not provision the cluster".to_owned() },
        _ => Phase::Stable,
    };
    let outputs = ClusterOutputs { arn: arn.as_str().into(), id: arn.clone() };
    Observed::stable(arn, inputs, outputs).in_phase(phase)
}

/// How a cluster is configured before anyone says anything.
fn idle_configuration() -> Configuration {
    let exec = ExecuteCommand { logging: Some("DEFAULT".to_owned()), ..ExecuteCommand::default() };
    Configuration { execute_command_configuration: Some(exec), managed_storage_configuration: None }
}

fn namespace(name: &str) -> Result<ClusterServiceConnectDefaultsRequest, Fault> {
    ClusterServiceConnectDefaultsRequest::builder().namespace(name).build().map_err(|error| Fault::ours(&error.to_string()))
}

fn settings(all: &Set<Setting>) -> Vec<ClusterSetting> {
    let setting = |one: &Setting| ClusterSetting::builder().name(ClusterSettingName::from(one.name.as_str())).value(&one.value).build();
    all.iter().map(setting).collect()
}

fn configuration(wish: &Configuration) -> ClusterConfiguration {
    let log = |log: &LogConfiguration| {
        ExecuteCommandLogConfiguration::builder()
            .set_cloud_watch_encryption_enabled(log.cloud_watch_encryption_enabled)
            .set_cloud_watch_log_group_name(log.cloud_watch_log_group_name.clone())
            .set_s3_encryption_enabled(log.s3_bucket_encryption_enabled)
            .set_s3_bucket_name(log.s3_bucket_name.clone())
            .set_s3_key_prefix(log.s3_key_prefix.clone())
            .build()
    };
    let exec = wish.execute_command_configuration.as_ref().map(|exec| {
        ExecuteCommandConfiguration::builder()
            .set_kms_key_id(exec.kms_key_id.clone())
            .set_logging(exec.logging.as_deref().map(ExecuteCommandLogging::from))
            .set_log_configuration(exec.log_configuration.as_ref().map(log))
            .build()
    });
    let storage = wish.managed_storage_configuration.as_ref().map(|storage| {
        ManagedStorageConfiguration::builder()
            .set_fargate_ephemeral_storage_kms_key_id(storage.fargate_ephemeral_storage_kms_key_id.clone())
            .set_kms_key_id(storage.kms_key_id.clone())
            .build()
    });
    ClusterConfiguration::builder().set_execute_command_configuration(exec).set_managed_storage_configuration(storage).build()
}

fn seen_configuration(seen: ClusterConfiguration) -> Configuration {
    let log = |log: ExecuteCommandLogConfiguration| LogConfiguration {
        cloud_watch_encryption_enabled: Some(log.cloud_watch_encryption_enabled),
        cloud_watch_log_group_name: log.cloud_watch_log_group_name,
        s3_bucket_encryption_enabled: Some(log.s3_encryption_enabled),
        s3_bucket_name: log.s3_bucket_name,
        s3_key_prefix: log.s3_key_prefix,
    };
    Configuration {
        execute_command_configuration: seen.execute_command_configuration.map(|exec| ExecuteCommand {
            kms_key_id: exec.kms_key_id,
            log_configuration: exec.log_configuration.map(log),
            logging: exec.logging.map(|logging| logging.as_str().to_owned()),
        }),
        managed_storage_configuration: seen.managed_storage_configuration.map(|storage| ManagedStorage {
            fargate_ephemeral_storage_kms_key_id: storage.fargate_ephemeral_storage_kms_key_id,
            kms_key_id: storage.kms_key_id,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_asked_for_is_not_shown() {
        let cluster = || Described::builder().cluster_name("c").configuration(configuration(&idle_configuration())).build();
        let seen = |last: &Object| observed(cluster(), "a".to_owned(), last).inputs.configuration;
        assert_eq!(seen(&Object::default()), None);
        let mut last = Object::default();
        last.put("configuration", idle_configuration());
        assert_eq!(seen(&last), Some(idle_configuration()));
    }
}
