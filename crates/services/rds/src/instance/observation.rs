//! Databases as answers have them.

use aws_sdk_rds::types::{DbInstance, PendingModifiedValues};
use lowtide_model::{Arn, Object, Phase, Set, Value};
use lowtide_resource::{Observed, prefix_of_name};

use super::{Instance, InstanceOutputs, MasterUserSecret};
use crate::tags;

/// `last` holds options.
pub fn observed(one: DbInstance, last: &Object) -> Observed<Instance> {
    let option = |name: &str, default: bool| last.get(name).and_then(Value::as_bool).unwrap_or(default);
    let asked = |name: &str| last.text(name).map(str::to_owned);
    let arn = |text: Option<String>| text.filter(|text| !text.is_empty()).map(Arn);
    let phase = phase(one.db_instance_status.as_deref().unwrap_or_default());
    let name = one.db_instance_identifier.clone().unwrap_or_default();
    let version = one.engine_version.clone().unwrap_or_default();
    let pending = one.pending_modified_values.as_ref().map(pending).unwrap_or_default();
    let secret = one.master_user_secret.as_ref();
    let groups: Vec<_> = one.vpc_security_groups.unwrap_or_default().into_iter().filter_map(|group| group.vpc_security_group_id).collect();
    let logs = one.enabled_cloudwatch_logs_exports.filter(|all| !all.is_empty());
    let (host, zone, port) = one
        .endpoint
        .map_or_else(Default::default, |end| (end.address.unwrap_or_default(), end.hosted_zone_id.unwrap_or_default(), end.port));
    let port = port.or(one.db_instance_port.filter(|port| *port > 0));
    let insights = one.performance_insights_enabled.unwrap_or_default();
    let inputs = Instance {
        identifier_prefix: prefix_of_name(&name),
        identifier: Some(name.clone()),
        engine: one.engine.unwrap_or_default(),
        engine_version: Some(version.clone()),
        instance_class: one.db_instance_class.unwrap_or_default(),
        allocated_storage: one.allocated_storage.map(i64::from),
        max_allocated_storage: one.max_allocated_storage.map(i64::from),
        storage_type: one.storage_type,
        iops: one.iops.map(i64::from),
        storage_throughput: one.storage_throughput.map(i64::from),
        storage_encrypted: one.storage_encrypted.unwrap_or_default(),
        kms_key_id: arn(one.kms_key_id),
        db_name: one.db_name,
        username: one.master_username,
        password: None,
        manage_master_user_password: secret.map(|_| true),
        master_user_secret_kms_key_id: secret.and_then(|secret| secret.kms_key_id.clone()),
        db_subnet_group_name: one.db_subnet_group.and_then(|group| group.db_subnet_group_name),
        vpc_security_group_ids: Some(Set(groups)),
        parameter_group_name: one.db_parameter_groups.unwrap_or_default().into_iter().find_map(|group| group.db_parameter_group_name),
        option_group_name: one.option_group_memberships.unwrap_or_default().into_iter().find_map(|group| group.option_group_name),
        port: port.map(i64::from),
        publicly_accessible: one.publicly_accessible.unwrap_or_default(),
        multi_az: one.multi_az,
        availability_zone: one.availability_zone,
        backup_retention_period: one.backup_retention_period.map(i64::from),
        backup_window: one.preferred_backup_window,
        maintenance_window: one.preferred_maintenance_window,
        auto_minor_version_upgrade: one.auto_minor_version_upgrade.unwrap_or(true),
        copy_tags_to_snapshot: one.copy_tags_to_snapshot.unwrap_or_default(),
        deletion_protection: one.deletion_protection.unwrap_or_default(),
        enabled_cloudwatch_logs_exports: logs.map(Set),
        iam_database_authentication_enabled: one.iam_database_authentication_enabled.unwrap_or_default(),
        monitoring_interval: one.monitoring_interval.map_or(0, i64::from),
        monitoring_role_arn: arn(one.monitoring_role_arn),
        performance_insights_enabled: insights,
        performance_insights_kms_key_id: arn(one.performance_insights_kms_key_id),
        performance_insights_retention_period: one.performance_insights_retention_period.map(i64::from),
        ca_cert_identifier: one.ca_certificate_identifier,
        license_model: one.license_model,
        network_type: one.network_type,
        apply_immediately: option("apply_immediately", false),
        allow_major_version_upgrade: option("allow_major_version_upgrade", false),
        skip_final_snapshot: option("skip_final_snapshot", false),
        final_snapshot_identifier: asked("final_snapshot_identifier"),
        delete_automated_backups: option("delete_automated_backups", true),
        tags: tags::read(one.tag_list),
    };
    let secret = secret.map(|secret| MasterUserSecret {
        kms_key_id: secret.kms_key_id.clone().unwrap_or_default(),
        secret_arn: secret.secret_arn.clone().unwrap_or_default(),
        secret_status: secret.secret_status.clone().unwrap_or_default(),
    });
    let id = one.dbi_resource_id.unwrap_or_default();
    let outputs = InstanceOutputs {
        arn: one.db_instance_arn.unwrap_or_default().into(),
        resource_id: id.clone(),
        id,
        endpoint: port.filter(|_| !host.is_empty()).map(|port| format!("{host}:{port}")).unwrap_or_default(),
        address: host,
        hosted_zone_id: zone,
        engine_version_actual: version,
        master_user_secret: secret.into_iter().collect(),
    };
    let mut seen = Observed::stable(name, inputs, outputs).in_phase(phase);
    seen.pending = pending;
    seen
}

fn phase(status: &str) -> Phase {
    match status {
        "available" | "stopped" | "storage-optimization" | "" => Phase::Stable,
        "creating" => Phase::Accepted("RDS makes the database".to_owned()),
        "failed" | "restore-error" => Phase::Failed { replace: true, why: format!("RDS says the database is `{status}`") },
        broken if broken.starts_with("incompatible-") || broken.starts_with("inaccessible-") => {
            Phase::Failed { replace: false, why: format!("RDS says the database is `{broken}`") }
        }
        busy => Phase::Accepted(format!("RDS says the database is `{busy}`")),
    }
}

/// Returns what the next maintenance window brings. The password is left out: RDS shows stars, and its digest tells.
fn pending(values: &PendingModifiedValues) -> Object {
    let number = |value: Option<i32>| value.map(|value| Value::from(i64::from(value)));
    let text = |value: &Option<String>| value.clone().map(Value::from);
    let all = [
        ("allocated_storage", number(values.allocated_storage)),
        ("backup_retention_period", number(values.backup_retention_period)),
        ("ca_cert_identifier", text(&values.ca_certificate_identifier)),
        ("db_subnet_group_name", text(&values.db_subnet_group_name)),
        ("engine_version", text(&values.engine_version)),
        ("iam_database_authentication_enabled", values.iam_database_authentication_enabled.map(Value::from)),
        ("instance_class", text(&values.db_instance_class)),
        ("iops", number(values.iops)),
        ("license_model", text(&values.license_model)),
        ("multi_az", values.multi_az.map(Value::from)),
        ("port", number(values.port)),
        ("storage_throughput", number(values.storage_throughput)),
        ("storage_type", text(&values.storage_type)),
    ];
    Object(all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_next_window_brings_is_told_with_its_values_and_without_the_password() {
        let values = PendingModifiedValues::builder().db_instance_class("db.t4g.small").engine_version("15.7").master_user_password("****");
        let expected = [("engine_version".to_owned(), "15.7".into()), ("instance_class".to_owned(), "db.t4g.small".into())];
        assert_eq!(pending(&values.build()), Object(expected.into()));
    }
}
