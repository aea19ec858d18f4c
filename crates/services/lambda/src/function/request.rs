//! Functions as requests have them.

use aws_sdk_lambda::{
    primitives::Blob,
    types::{
        ApplicationLogLevel, Architecture, DeadLetterConfig, Environment as Variables, EphemeralStorage, FunctionCode, ImageConfig,
        LogFormat, LoggingConfig, PackageType, Runtime, SystemLogLevel, TracingConfig, TracingMode, VpcConfig,
    },
};
use lowtide_resource::{Context, Fault};

use super::{Function, Image, Logging, attributes::ARCHIVE};
use crate::Lambda;

/// Returns a number as the SDK takes it.
pub fn small(number: i64) -> Result<i32, Fault> {
    i32::try_from(number).map_err(|_| Fault::ours(&format!("{number} is far too large")))
}

pub async fn create(cx: &Context<'_, Lambda>, wish: &Function) -> Result<(), Fault> {
    let code = FunctionCode::builder()
        .set_zip_file(archive(cx, wish)?)
        .set_image_uri(wish.image_uri.clone())
        .set_s3_bucket(wish.s3_bucket.clone())
        .set_s3_key(wish.s3_key.clone())
        .set_s3_object_version(wish.s3_object_version.clone())
        .build();
    cx.client
        .create_function()
        .function_name(&wish.function_name)
        .role(&*wish.role)
        .package_type(PackageType::from(wish.package_type.as_str()))
        .code(code)
        .publish(wish.publish)
        .set_architectures(architectures(wish))
        .set_description(wish.description.clone())
        .set_runtime(wish.runtime.as_deref().map(Runtime::from))
        .set_handler(wish.handler.clone())
        .memory_size(small(wish.memory_size)?)
        .timeout(small(wish.timeout)?)
        .set_environment(environment(wish))
        .set_kms_key_arn(wish.kms_key_arn.as_ref().map(|arn| arn.0.clone()))
        .set_layers(wish.layers.clone())
        .set_vpc_config(wish.vpc_config.is_some().then(|| network(wish)))
        .set_dead_letter_config(wish.dead_letter_config.is_some().then(|| dead_letter(wish)))
        .set_tracing_config(tracing(wish))
        .set_ephemeral_storage(storage(wish)?)
        .set_image_config(wish.image_config.as_ref().map(image))
        .set_logging_config(wish.logging_config.as_ref().map(logging))
        .set_tags(wish.tags.clone().map(|tags| tags.into_iter().collect()))
        .send()
        .await?;
    Ok(())
}

/// The processors go with the code that runs on them.
pub async fn send_code(cx: &Context<'_, Lambda>, name: &str, to: &Function) -> Result<(), Fault> {
    cx.client
        .update_function_code()
        .function_name(name)
        .set_zip_file(archive(cx, to)?)
        .set_image_uri(to.image_uri.clone())
        .set_s3_bucket(to.s3_bucket.clone())
        .set_s3_key(to.s3_key.clone())
        .set_s3_object_version(to.s3_object_version.clone())
        .set_architectures(architectures(to))
        .publish(to.publish)
        .send()
        .await?;
    Ok(())
}

/// The content of its file, as it was planned.
fn archive(cx: &Context<'_, Lambda>, wish: &Function) -> Result<Option<Blob>, Fault> {
    let Some(path) = &wish.filename else { return Ok(None) };
    cx.planned_file(ARCHIVE, path, wish.source_code_hash.as_deref()).map(|content| Some(Blob::new(content)))
}

fn architectures(wish: &Function) -> Option<Vec<Architecture>> {
    wish.architectures.as_ref().map(|all| all.iter().map(|one| Architecture::from(one.as_str())).collect())
}

/// What is left out stays as it is, so that what is taken away is sent empty.
pub async fn configure(cx: &Context<'_, Lambda>, name: &str, to: &Function) -> Result<(), Fault> {
    let image = to.image_config.as_ref().map_or_else(|| ImageConfig::builder().build(), image);
    cx.client
        .update_function_configuration()
        .function_name(name)
        .role(&*to.role)
        .description(to.description.clone().unwrap_or_default())
        .set_runtime(to.runtime.as_deref().map(Runtime::from))
        .set_handler(to.handler.clone())
        .memory_size(small(to.memory_size)?)
        .timeout(small(to.timeout)?)
        .environment(environment(to).unwrap_or_else(|| Variables::builder().set_variables(Some(Default::default())).build()))
        .kms_key_arn(to.kms_key_arn.as_ref().map(|arn| arn.0.clone()).unwrap_or_default())
        .set_layers(Some(to.layers.clone().unwrap_or_default()))
        .vpc_config(network(to))
        .dead_letter_config(dead_letter(to))
        .set_tracing_config(tracing(to))
        .set_ephemeral_storage(storage(to)?)
        .set_image_config((to.package_type == "Image").then_some(image))
        .set_logging_config(to.logging_config.as_ref().map(logging))
        .send()
        .await?;
    Ok(())
}

fn environment(wish: &Function) -> Option<Variables> {
    let variables = wish.environment.as_ref()?.variables.clone().unwrap_or_default();
    Some(Variables::builder().set_variables(Some(variables.into_iter().collect())).build())
}

fn network(wish: &Function) -> VpcConfig {
    let (subnets, groups, both) = wish
        .vpc_config
        .as_ref()
        .map_or_else(Default::default, |vpc| (vpc.subnet_ids.0.clone(), vpc.security_group_ids.0.clone(), vpc.ipv6_allowed_for_dual_stack));
    VpcConfig::builder().set_subnet_ids(Some(subnets)).set_security_group_ids(Some(groups)).ipv6_allowed_for_dual_stack(both).build()
}

fn dead_letter(wish: &Function) -> DeadLetterConfig {
    let arn = wish.dead_letter_config.as_ref().map(|config| config.target_arn.clone()).unwrap_or_default();
    DeadLetterConfig::builder().target_arn(arn).build()
}

fn tracing(wish: &Function) -> Option<TracingConfig> {
    let mode = TracingMode::from(wish.tracing_config.as_ref()?.mode.as_str());
    Some(TracingConfig::builder().mode(mode).build())
}

fn storage(wish: &Function) -> Result<Option<EphemeralStorage>, Fault> {
    let Some(size) = wish.ephemeral_storage.as_ref().and_then(|storage| storage.size) else { return Ok(None) };
    EphemeralStorage::builder().size(small(size)?).build().map(Some).map_err(|error| Fault::ours(&error.to_string()))
}

fn image(wish: &Image) -> ImageConfig {
    let wish = wish.clone();
    ImageConfig::builder().set_command(wish.command).set_entry_point(wish.entry_point).set_working_directory(wish.working_directory).build()
}

fn logging(wish: &Logging) -> LoggingConfig {
    LoggingConfig::builder()
        .log_format(LogFormat::from(wish.log_format.as_str()))
        .set_application_log_level(wish.application_log_level.as_deref().map(ApplicationLogLevel::from))
        .set_system_log_level(wish.system_log_level.as_deref().map(SystemLogLevel::from))
        .set_log_group(wish.log_group.clone())
        .build()
}
