//! What AWS says of a task definition, as attributes hold it.

use std::collections::HashMap;

use aws_sdk_ecs::types::{self as sdk, KeyValuePair, Tag, TaskDefinitionPlacementConstraint};
use lowtide_resource::{Ask, Fault, Observed};

use super::{attributes::*, check, containers};
use crate::{
    asked_for::{in_its_words, option, several},
    tags,
};

/// Returns what AWS says of a task definition.
pub fn observed(ask: &Ask, (seen, seen_tags): (sdk::TaskDefinition, Vec<Tag>)) -> Result<Observed<TaskDefinition>, Fault> {
    let last = &ask.last;
    let text = |word: &str| word.to_owned();
    let inputs = TaskDefinition {
        family: seen.family.clone().unwrap_or_default(),
        container_definitions: containers::seen(seen.container_definitions())?,
        cpu: seen.cpu.clone().map(|cpu| in_its_words(last, "cpu", cpu, |a, b| check::units(a) == check::units(b))),
        memory: seen.memory.clone().map(|memory| in_its_words(last, "memory", memory, |a, b| check::units(a) == check::units(b))),
        enable_fault_injection: seen.enable_fault_injection,
        ephemeral_storage: seen.ephemeral_storage.as_ref().map(|storage| EphemeralStorage { size_in_gib: storage.size_in_gib }),
        execution_role_arn: seen.execution_role_arn().map(Into::into),
        ipc_mode: seen.ipc_mode().map(|mode| text(mode.as_str())),
        network_mode: seen.network_mode().map(|mode| text(mode.as_str())),
        pid_mode: seen.pid_mode().map(|mode| text(mode.as_str())),
        placement_constraints: several(seen.placement_constraints().iter().map(seen_constraint)),
        proxy_configuration: seen.proxy_configuration().map(seen_proxy),
        requires_compatibilities: several(seen.requires_compatibilities().iter().map(|one| text(one.as_str()))),
        runtime_platform: seen.runtime_platform().map(|platform| RuntimePlatform {
            cpu_architecture: platform.cpu_architecture().map(|one| text(one.as_str())),
            operating_system_family: platform.operating_system_family().map(|one| text(one.as_str())),
        }),
        skip_destroy: option(last, "skip_destroy"),
        task_role_arn: seen.task_role_arn().map(Into::into),
        track_latest: option(last, "track_latest"),
        volume: several(seen.volumes().iter().map(seen_volume)),
        tags: tags::read(Some(&seen_tags)),
    };
    let arn = seen.task_definition_arn.ok_or_else(|| Fault::silent("the ARN of the task definition"))?;
    let outputs = TaskDefinitionOutputs {
        arn_without_revision: arn.rsplit_once(':').map_or(arn.as_str(), |(start, _)| start).into(),
        arn: arn.into(),
        id: inputs.family.clone(),
        revision: seen.revision.into(),
    };
    Ok(Observed::stable(&ask.id, inputs, outputs))
}

fn seen_constraint(one: &TaskDefinitionPlacementConstraint) -> PlacementConstraint {
    PlacementConstraint {
        expression: one.expression.clone(),
        r#type: one.r#type.as_ref().map(|word| word.as_str().to_owned()).unwrap_or_default(),
    }
}

fn seen_proxy(proxy: &sdk::ProxyConfiguration) -> ProxyConfiguration {
    let pair = |pair: &KeyValuePair| Some((pair.name.clone()?, pair.value.clone().unwrap_or_default()));
    ProxyConfiguration {
        container_name: proxy.container_name.clone(),
        properties: proxy.properties.as_ref().map(|all| all.iter().filter_map(pair).collect()),
        r#type: proxy.r#type.as_ref().map_or_else(|| "APPMESH".to_owned(), |word| word.as_str().to_owned()),
    }
}

fn seen_volume(volume: &sdk::Volume) -> Volume {
    let map = |map: &Option<HashMap<String, String>>| map.clone().map(|map| map.into_iter().collect());
    Volume {
        name: volume.name.clone().unwrap_or_default(),
        configure_at_launch: volume.configured_at_launch,
        host_path: volume.host.as_ref().and_then(|host| host.source_path.clone()),
        docker_volume_configuration: volume.docker_volume_configuration.as_ref().map(|docker| DockerVolume {
            autoprovision: docker.autoprovision,
            driver: docker.driver.clone(),
            driver_opts: map(&docker.driver_opts),
            labels: map(&docker.labels),
            scope: docker.scope.as_ref().map(|scope| scope.as_str().to_owned()),
        }),
        efs_volume_configuration: volume.efs_volume_configuration.as_ref().map(|efs| EfsVolume {
            file_system_id: efs.file_system_id.clone(),
            root_directory: efs.root_directory.clone(),
            transit_encryption: efs.transit_encryption.as_ref().map(|word| word.as_str().to_owned()),
            transit_encryption_port: efs.transit_encryption_port,
            authorization_config: efs.authorization_config.as_ref().map(|config| EfsAuthorization {
                access_point_id: config.access_point_id.clone(),
                iam: config.iam.as_ref().map(|word| word.as_str().to_owned()),
            }),
        }),
        fsx_windows_file_server_volume_configuration: volume.fsx_windows_file_server_volume_configuration.as_ref().map(|fsx| FsxVolume {
            file_system_id: fsx.file_system_id.clone(),
            root_directory: fsx.root_directory.clone(),
            authorization_config: FsxAuthorization {
                credentials_parameter: fsx
                    .authorization_config
                    .as_ref()
                    .map(|config| config.credentials_parameter.clone())
                    .unwrap_or_default(),
                domain: fsx.authorization_config.as_ref().map(|config| config.domain.clone()).unwrap_or_default(),
            },
        }),
    }
}
