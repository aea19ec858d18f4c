//! The parts of a task definition, as the SDK sends them.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_ecs::types::{
    self as sdk, Compatibility, DockerVolumeConfiguration, EfsAuthorizationConfig, EfsVolumeConfiguration,
    FSxWindowsFileServerAuthorizationConfig, FSxWindowsFileServerVolumeConfiguration, HostVolumeProperties, KeyValuePair,
    TaskDefinitionPlacementConstraint,
};
use lowtide_model::Set;
use lowtide_resource::Fault;

use super::attributes::*;

/// Returns the storage of a Fargate task.
pub fn ephemeral_storage(storage: &EphemeralStorage) -> sdk::EphemeralStorage {
    sdk::EphemeralStorage::builder().size_in_gib(storage.size_in_gib).build()
}

/// Returns which container instances tasks may be placed on.
pub fn placement_constraints(all: &Set<PlacementConstraint>) -> Vec<TaskDefinitionPlacementConstraint> {
    let one = |one: &PlacementConstraint| {
        TaskDefinitionPlacementConstraint::builder().r#type(one.r#type.as_str().into()).set_expression(one.expression.clone()).build()
    };
    all.iter().map(one).collect()
}

/// Returns the proxy of App Mesh.
pub fn proxy_configuration(proxy: &ProxyConfiguration) -> Result<sdk::ProxyConfiguration, Fault> {
    let pair = |(name, value): (&String, &String)| KeyValuePair::builder().name(name).value(value).build();
    sdk::ProxyConfiguration::builder()
        .container_name(&proxy.container_name)
        .r#type(proxy.r#type.as_str().into())
        .set_properties(proxy.properties.as_ref().map(|all| all.iter().map(pair).collect()))
        .build()
        .map_err(unbuilt)
}

/// Returns where the definition must be able to run.
pub fn compatibilities(all: &Set<String>) -> Vec<Compatibility> {
    all.iter().map(|one| one.as_str().into()).collect()
}

/// Returns the processor and operating system.
pub fn runtime_platform(platform: &RuntimePlatform) -> sdk::RuntimePlatform {
    sdk::RuntimePlatform::builder()
        .set_cpu_architecture(platform.cpu_architecture.as_deref().map(Into::into))
        .set_operating_system_family(platform.operating_system_family.as_deref().map(Into::into))
        .build()
}

/// Returns the volumes.
pub fn volumes(all: &Set<Volume>) -> Result<Vec<sdk::Volume>, Fault> {
    let volume = |volume: &Volume| {
        Ok(sdk::Volume::builder()
            .name(&volume.name)
            .set_configured_at_launch(volume.configure_at_launch)
            .set_host(volume.host_path.as_ref().map(|path| HostVolumeProperties::builder().source_path(path).build()))
            .set_docker_volume_configuration(volume.docker_volume_configuration.as_ref().map(docker))
            .set_efs_volume_configuration(volume.efs_volume_configuration.as_ref().map(efs).transpose()?)
            .set_fsx_windows_file_server_volume_configuration(
                volume.fsx_windows_file_server_volume_configuration.as_ref().map(fsx).transpose()?,
            )
            .build())
    };
    all.iter().map(volume).collect()
}

fn docker(volume: &DockerVolume) -> DockerVolumeConfiguration {
    let map = |map: &Option<BTreeMap<String, String>>| map.clone().map(|map| map.into_iter().collect::<HashMap<_, _>>());
    DockerVolumeConfiguration::builder()
        .set_autoprovision(volume.autoprovision)
        .set_driver(volume.driver.clone())
        .set_driver_opts(map(&volume.driver_opts))
        .set_labels(map(&volume.labels))
        .set_scope(volume.scope.as_deref().map(Into::into))
        .build()
}

fn efs(volume: &EfsVolume) -> Result<EfsVolumeConfiguration, Fault> {
    let authorization = volume.authorization_config.as_ref().map(|config| {
        EfsAuthorizationConfig::builder()
            .set_access_point_id(config.access_point_id.clone())
            .set_iam(config.iam.as_deref().map(Into::into))
            .build()
    });
    EfsVolumeConfiguration::builder()
        .file_system_id(&volume.file_system_id)
        .set_root_directory(volume.root_directory.clone())
        .set_transit_encryption(volume.transit_encryption.as_deref().map(Into::into))
        .set_transit_encryption_port(volume.transit_encryption_port)
        .set_authorization_config(authorization)
        .build()
        .map_err(unbuilt)
}

fn fsx(volume: &FsxVolume) -> Result<FSxWindowsFileServerVolumeConfiguration, Fault> {
    let authorization = FSxWindowsFileServerAuthorizationConfig::builder()
        .credentials_parameter(&volume.authorization_config.credentials_parameter)
        .domain(&volume.authorization_config.domain)
        .build()
        .map_err(unbuilt)?;
    FSxWindowsFileServerVolumeConfiguration::builder()
        .file_system_id(&volume.file_system_id)
        .root_directory(&volume.root_directory)
        .authorization_config(authorization)
        .build()
        .map_err(unbuilt)
}

fn unbuilt(error: impl std::error::Error) -> Fault {
    Fault::ours(&error.to_string())
}
