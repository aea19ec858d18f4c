//! The passage between the attributes of a cluster and what the SDK sends and receives.

use aws_sdk_ecs::types::{
    Cluster as Described, ClusterConfiguration, ClusterServiceConnectDefaultsRequest, ClusterSetting, ClusterSettingName,
    ExecuteCommandConfiguration, ExecuteCommandLogConfiguration, ManagedStorageConfiguration,
};
use lowtide_model::{Object, Phase, Set};
use lowtide_resource::{Fault, Observed};

use super::attributes::*;
use crate::{
    asked_for::{several, unless_idle},
    tags,
};

/// Returns what AWS says of a cluster.
pub fn observed(cluster: Described, arn: String, last: &Object) -> Observed<Cluster> {
    let namespace = cluster.service_connect_defaults.and_then(|defaults| defaults.namespace).filter(|name| !name.is_empty());
    let settings = cluster.settings.unwrap_or_default().into_iter();
    let settings =
        settings.filter_map(|setting| Some(Setting { name: setting.name?.as_str().to_owned(), value: setting.value.unwrap_or_default() }));
    let inputs = Cluster {
        name: cluster.cluster_name.unwrap_or_default(),
        configuration: unless_idle(last, "configuration", cluster.configuration.map(seen_configuration), |seen| {
            *seen == Configuration::default() || *seen == idle_configuration()
        }),
        service_connect_defaults: namespace.map(|name| ServiceConnectDefaults { namespace: name.into() }),
        setting: several(settings),
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
pub fn idle_configuration() -> Configuration {
    let exec = ExecuteCommand { logging: Some("DEFAULT".to_owned()), ..ExecuteCommand::default() };
    Configuration { execute_command_configuration: Some(exec), managed_storage_configuration: None }
}

/// Returns the request for defaults of Service Connect; an empty name takes them away.
pub fn namespace(name: &str) -> Result<ClusterServiceConnectDefaultsRequest, Fault> {
    ClusterServiceConnectDefaultsRequest::builder().namespace(name).build().map_err(|error| Fault::ours(&error.to_string()))
}

/// Returns settings as the SDK sends them.
pub fn settings(all: &Set<Setting>) -> Vec<ClusterSetting> {
    let setting = |one: &Setting| ClusterSetting::builder().name(ClusterSettingName::from(one.name.as_str())).value(&one.value).build();
    all.iter().map(setting).collect()
}

/// Returns a configuration as the SDK sends it.
pub fn configuration(wish: &Configuration) -> ClusterConfiguration {
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
            .set_logging(exec.logging.as_deref().map(Into::into))
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
