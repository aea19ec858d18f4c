//! Functions as answers have them.

use aws_sdk_lambda::{
    operation::get_function::GetFunctionOutput,
    types::{FunctionConfiguration, LastUpdateStatus, LoggingConfig, PackageType, State, VpcConfigResponse},
};
use lowtide_model::{Arn, Object, Phase, Place, Set, Value};
use lowtide_resource::Observed;

use super::{DeadLetter, Environment, Function, FunctionOutputs, Image, Logging, Storage, Tracing, Vpc};

/// `last` holds what Lambda never shows: where the code came from, and options.
pub fn observed(place: &Place, said: GetFunctionOutput, last: &Object) -> Observed<Function> {
    let seen = said.configuration.unwrap_or_else(|| FunctionConfiguration::builder().build());
    let text = |text: Option<String>| text.filter(|text| !text.is_empty());
    let asked = |name: &str| last.text(name).map(str::to_owned);
    let option = |name: &str| last.get(name).and_then(Value::as_bool).unwrap_or_default();
    let phase = phase(&seen);
    let name = seen.function_name.clone().unwrap_or_default();
    let hash = seen.code_sha256.clone().unwrap_or_default();
    let image = said.code.and_then(|code| code.image_uri);
    let config = seen.image_config_response.and_then(|response| response.image_config);
    let layers: Vec<_> = seen.layers.unwrap_or_default().into_iter().filter_map(|layer| layer.arn).collect();
    let variables = seen.environment.and_then(|environment| environment.variables).filter(|all| !all.is_empty());
    let inputs = Function {
        function_name: name.clone(),
        role: seen.role.unwrap_or_default().into(),
        description: text(seen.description),
        package_type: seen.package_type.unwrap_or(PackageType::Zip).as_str().to_owned(),
        filename: asked("filename"),
        image_uri: image,
        s3_bucket: asked("s3_bucket"),
        s3_key: asked("s3_key"),
        s3_object_version: asked("s3_object_version"),
        source_code_hash: Some(hash.clone()).filter(|hash| !hash.is_empty()),
        runtime: seen.runtime.map(|runtime| runtime.as_str().to_owned()),
        handler: text(seen.handler),
        architectures: seen.architectures.map(|all| all.iter().map(|one| one.as_str().to_owned()).collect()),
        memory_size: seen.memory_size.map_or(128, i64::from),
        timeout: seen.timeout.map_or(3, i64::from),
        reserved_concurrent_executions: said.concurrency.and_then(|one| one.reserved_concurrent_executions).map_or(-1, i64::from),
        environment: variables.map(|all| Environment { variables: Some(all.into_iter().collect()) }),
        kms_key_arn: text(seen.kms_key_arn).map(Arn),
        layers: (!layers.is_empty()).then_some(layers),
        vpc_config: seen.vpc_config.and_then(network),
        dead_letter_config: seen.dead_letter_config.and_then(|one| text(one.target_arn)).map(|target_arn| DeadLetter { target_arn }),
        tracing_config: seen.tracing_config.and_then(|one| one.mode).map(|mode| Tracing { mode: mode.as_str().to_owned() }),
        ephemeral_storage: seen.ephemeral_storage.map(|one| Storage { size: Some(one.size.into()) }),
        image_config: config
            .map(|one| Image { command: one.command, entry_point: one.entry_point, working_directory: text(one.working_directory) })
            .filter(says_anything),
        logging_config: seen.logging_config.and_then(logging),
        publish: option("publish"),
        skip_destroy: option("skip_destroy"),
        tags: said.tags.map(|tags| tags.into_iter().collect::<std::collections::BTreeMap<_, _>>()).filter(|tags| !tags.is_empty()),
    };
    let arn = seen.function_arn.unwrap_or_default();
    let outputs = FunctionOutputs {
        invoke_arn: format!("arn:{}:apigateway:{}:lambda:path/2015-03-31/functions/{arn}/invocations", place.partition, place.region),
        arn: arn.into(),
        id: name.clone(),
        code_sha256: hash,
        source_code_size: seen.code_size,
        version: seen.version.unwrap_or_else(|| "$LATEST".to_owned()),
    };
    Observed::stable(name, inputs, outputs).in_phase(phase)
}

fn phase(seen: &FunctionConfiguration) -> Phase {
    let why = |reason: &Option<String>| reason.clone().unwrap_or_else(|| "Lambda gives no reason".to_owned());
    match (&seen.state, &seen.last_update_status) {
        (Some(State::Pending), _) => Phase::Accepted("Lambda makes the function ready".to_owned()),
        (Some(State::Failed), _) => Phase::Failed { replace: true, why: why(&seen.state_reason) },
        (_, Some(LastUpdateStatus::InProgress)) => Phase::Accepted("Lambda brings the change about".to_owned()),
        (_, Some(LastUpdateStatus::Failed)) => Phase::Failed { replace: false, why: why(&seen.last_update_status_reason) },
        _ => Phase::Stable,
    }
}

fn network(seen: VpcConfigResponse) -> Option<Vpc> {
    let subnets = seen.subnet_ids.unwrap_or_default();
    let vpc = || Vpc {
        subnet_ids: Set(subnets.clone()),
        security_group_ids: Set(seen.security_group_ids.clone().unwrap_or_default()),
        ipv6_allowed_for_dual_stack: seen.ipv6_allowed_for_dual_stack.unwrap_or_default(),
    };
    (!subnets.is_empty()).then(vpc)
}

fn says_anything(image: &Image) -> bool {
    let some = |all: &Option<Vec<String>>| all.as_ref().is_some_and(|all| !all.is_empty());
    some(&image.command) || some(&image.entry_point) || image.working_directory.is_some()
}

fn logging(seen: LoggingConfig) -> Option<Logging> {
    Some(Logging {
        log_format: seen.log_format?.as_str().to_owned(),
        application_log_level: seen.application_log_level.map(|level| level.as_str().to_owned()),
        system_log_level: seen.system_log_level.map(|level| level.as_str().to_owned()),
        log_group: seen.log_group,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_that_lambda_is_at_makes_others_wait() {
        let of = |state: State, status: LastUpdateStatus| {
            phase(&FunctionConfiguration::builder().state(state).last_update_status(status).build())
        };
        assert!(matches!(of(State::Pending, LastUpdateStatus::Successful), Phase::Accepted(_)));
        assert!(matches!(of(State::Active, LastUpdateStatus::InProgress), Phase::Accepted(_)));
        assert_eq!(of(State::Active, LastUpdateStatus::Successful), Phase::Stable);
        assert_eq!(of(State::Inactive, LastUpdateStatus::Successful), Phase::Stable);
    }
}
