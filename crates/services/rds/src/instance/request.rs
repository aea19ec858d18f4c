//! Databases as requests have them.

use aws_sdk_rds::types::CloudwatchLogsExportConfiguration;
use lowtide_model::{Arn, Set};
use lowtide_resource::{Changed, Context, Fault, Observed};

use super::Instance;
use crate::{Rds, tags};

fn small(number: Option<i64>) -> Result<Option<i32>, Fault> {
    number.map(|number| i32::try_from(number).map_err(|_| Fault::ours(&format!("{number} is far too large")))).transpose()
}

fn list(all: &Option<Set<String>>) -> Option<Vec<String>> {
    all.as_ref().map(|all| all.0.clone())
}

fn text(arn: &Option<Arn>) -> Option<String> {
    arn.as_ref().map(|arn| arn.0.clone())
}

pub async fn create(cx: &Context<'_, Rds>, name: &str, wish: &Instance) -> Result<(), Fault> {
    cx.client
        .create_db_instance()
        .db_instance_identifier(name)
        .engine(&wish.engine)
        .set_engine_version(wish.engine_version.clone())
        .db_instance_class(&wish.instance_class)
        .set_allocated_storage(small(wish.allocated_storage)?)
        .set_max_allocated_storage(small(wish.max_allocated_storage)?)
        .set_storage_type(wish.storage_type.clone())
        .set_iops(small(wish.iops)?)
        .set_storage_throughput(small(wish.storage_throughput)?)
        .storage_encrypted(wish.storage_encrypted)
        .set_kms_key_id(text(&wish.kms_key_id))
        .set_db_name(wish.db_name.clone())
        .set_master_username(wish.username.clone())
        .set_master_user_password(wish.password.clone())
        .set_manage_master_user_password(wish.manage_master_user_password)
        .set_master_user_secret_kms_key_id(wish.master_user_secret_kms_key_id.clone())
        .set_db_subnet_group_name(wish.db_subnet_group_name.clone())
        .set_vpc_security_group_ids(list(&wish.vpc_security_group_ids))
        .set_db_parameter_group_name(wish.parameter_group_name.clone())
        .set_option_group_name(wish.option_group_name.clone())
        .set_port(small(wish.port)?)
        .publicly_accessible(wish.publicly_accessible)
        .set_multi_az(wish.multi_az)
        .set_availability_zone(wish.availability_zone.clone())
        .set_backup_retention_period(small(wish.backup_retention_period)?)
        .set_preferred_backup_window(wish.backup_window.clone())
        .set_preferred_maintenance_window(wish.maintenance_window.clone())
        .auto_minor_version_upgrade(wish.auto_minor_version_upgrade)
        .copy_tags_to_snapshot(wish.copy_tags_to_snapshot)
        .deletion_protection(wish.deletion_protection)
        .set_enable_cloudwatch_logs_exports(list(&wish.enabled_cloudwatch_logs_exports))
        .enable_iam_database_authentication(wish.iam_database_authentication_enabled)
        .set_monitoring_interval(small(Some(wish.monitoring_interval))?)
        .set_monitoring_role_arn(text(&wish.monitoring_role_arn))
        .enable_performance_insights(wish.performance_insights_enabled)
        .set_performance_insights_kms_key_id(text(&wish.performance_insights_kms_key_id))
        .set_performance_insights_retention_period(small(wish.performance_insights_retention_period)?)
        .set_ca_certificate_identifier(wish.ca_cert_identifier.clone())
        .set_license_model(wish.license_model.clone())
        .set_network_type(wish.network_type.clone())
        .set_tags(tags::request(&wish.tags))
        .send()
        .await?;
    Ok(())
}

/// Only what changes is sent: what is sent without change may make RDS restart the database.
pub async fn modify(cx: &Context<'_, Rds>, now: &Observed<Instance>, to: &Instance, changed: &Changed) -> Result<(), Fault> {
    if changed.0.iter().all(|name| name == "tags") {
        return Ok(());
    }
    let if_changed = |name: &str| changed.has(name).then_some(());
    let logs = |all: &Option<Set<String>>| list(all).unwrap_or_default();
    let (old, new) = (logs(&now.inputs.enabled_cloudwatch_logs_exports), logs(&to.enabled_cloudwatch_logs_exports));
    let exports = CloudwatchLogsExportConfiguration::builder()
        .set_enable_log_types(Some(new.iter().filter(|log| !old.contains(log)).cloned().collect()))
        .set_disable_log_types(Some(old.iter().filter(|log| !new.contains(log)).cloned().collect()))
        .build();
    cx.client
        .modify_db_instance()
        .db_instance_identifier(&now.id)
        .apply_immediately(to.apply_immediately)
        .allow_major_version_upgrade(to.allow_major_version_upgrade)
        .set_engine_version(if_changed("engine_version").and(to.engine_version.clone()))
        .set_db_instance_class(if_changed("instance_class").map(|()| to.instance_class.clone()))
        .set_allocated_storage(small(if_changed("allocated_storage").and(to.allocated_storage))?)
        // RDS stops growing it when both are the same.
        .set_max_allocated_storage(small(
            if_changed("max_allocated_storage").and(to.max_allocated_storage.or(now.inputs.allocated_storage)),
        )?)
        .set_storage_type(if_changed("storage_type").and(to.storage_type.clone()))
        .set_iops(small(if_changed("iops").and(to.iops))?)
        .set_storage_throughput(small(if_changed("storage_throughput").and(to.storage_throughput))?)
        .set_master_user_password(if_changed("password").and(to.password.clone()))
        .set_manage_master_user_password(
            if_changed("manage_master_user_password").map(|()| to.manage_master_user_password.unwrap_or_default()),
        )
        .set_master_user_secret_kms_key_id(if_changed("master_user_secret_kms_key_id").and(to.master_user_secret_kms_key_id.clone()))
        .set_db_subnet_group_name(if_changed("db_subnet_group_name").and(to.db_subnet_group_name.clone()))
        .set_vpc_security_group_ids(if_changed("vpc_security_group_ids").and(list(&to.vpc_security_group_ids)))
        .set_db_parameter_group_name(if_changed("parameter_group_name").and(to.parameter_group_name.clone()))
        .set_option_group_name(if_changed("option_group_name").and(to.option_group_name.clone()))
        .set_db_port_number(small(if_changed("port").and(to.port))?)
        .set_publicly_accessible(if_changed("publicly_accessible").map(|()| to.publicly_accessible))
        .set_multi_az(if_changed("multi_az").and(to.multi_az))
        .set_backup_retention_period(small(if_changed("backup_retention_period").and(to.backup_retention_period))?)
        .set_preferred_backup_window(if_changed("backup_window").and(to.backup_window.clone()))
        .set_preferred_maintenance_window(if_changed("maintenance_window").and(to.maintenance_window.clone()))
        .set_auto_minor_version_upgrade(if_changed("auto_minor_version_upgrade").map(|()| to.auto_minor_version_upgrade))
        .set_copy_tags_to_snapshot(if_changed("copy_tags_to_snapshot").map(|()| to.copy_tags_to_snapshot))
        .set_deletion_protection(if_changed("deletion_protection").map(|()| to.deletion_protection))
        .set_cloudwatch_logs_export_configuration(if_changed("enabled_cloudwatch_logs_exports").map(|()| exports))
        .set_enable_iam_database_authentication(
            if_changed("iam_database_authentication_enabled").map(|()| to.iam_database_authentication_enabled),
        )
        .set_monitoring_interval(small(if_changed("monitoring_interval").map(|()| to.monitoring_interval))?)
        .set_monitoring_role_arn(if_changed("monitoring_role_arn").and(text(&to.monitoring_role_arn)))
        .set_enable_performance_insights(if_changed("performance_insights_enabled").map(|()| to.performance_insights_enabled))
        .set_performance_insights_kms_key_id(if_changed("performance_insights_kms_key_id").and(text(&to.performance_insights_kms_key_id)))
        .set_performance_insights_retention_period(small(
            if_changed("performance_insights_retention_period").and(to.performance_insights_retention_period),
        )?)
        .set_ca_certificate_identifier(if_changed("ca_cert_identifier").and(to.ca_cert_identifier.clone()))
        .set_license_model(if_changed("license_model").and(to.license_model.clone()))
        .set_network_type(if_changed("network_type").and(to.network_type.clone()))
        .send()
        .await?;
    Ok(())
}
