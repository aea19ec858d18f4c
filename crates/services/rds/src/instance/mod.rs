//! `aws_db_instance`: a database.
//!
//! The name is the key and the physical id. What changes in the next maintenance window is pending: it counts as there.
//! `attributes` says what there is, `request` and `observation` turn it into requests and answers into it, `checks` says what
//! RDS would refuse.

mod attributes;
mod checks;
mod observation;
mod request;

use std::collections::BTreeMap;

use lowtide_model::{Check, Create, Object, Place, Transition};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Patience, Resource, Seen, absent_is_none};

pub use self::attributes::{Instance, InstanceOutputs, MasterUserSecret};
use crate::{Rds, tags};

impl Resource for Instance {
    type Outputs = InstanceOutputs;
    type Service = Rds;
    const KIND: &'static str = "aws_db_instance";
    const CREATE: Create = Create::Key;
    const IMPORT: &'static str = "DB_INSTANCE_IDENTIFIER";
    const PATIENCE: Patience = Patience { create: 40, update: 80, delete: 60, ..Patience::DEFAULT };
    const CHECKS: &'static [Check] = &[checks::names, checks::password, checks::windows, checks::ending, checks::storage];
    const TRANSITIONS: &'static [Transition] = &[
        Transition { attribute: "allocated_storage", refuses: "less than there is", check: checks::shrink },
        Transition {
            attribute: "engine_version",
            refuses: "an older one; a newer major one without `allow_major_version_upgrade`",
            check: checks::version,
        },
    ];
    const LEFT_OUT: &'static [(&'static str, &'static str)] = &[
        ("backup_target", "AWS Outposts only"),
        ("blue_green_update", "a deployment of several steps is begun by hand"),
        ("character_set_name", "Oracle and SQL Server only, which are not supported yet"),
        ("custom_iam_instance_profile", "RDS Custom only"),
        ("customer_owned_ip_enabled", "AWS Outposts only"),
        ("database_insights_mode", "not supported yet"),
        ("dedicated_log_volume", "not supported yet"),
        ("domain", "Active Directory is not supported yet"),
        ("domain_auth_secret_arn", "goes with Active Directory"),
        ("domain_dns_ips", "goes with Active Directory"),
        ("domain_fqdn", "goes with Active Directory"),
        ("domain_iam_role_name", "goes with Active Directory"),
        ("domain_ou", "goes with Active Directory"),
        ("engine_lifecycle_support", "not supported yet"),
        ("latest_restorable_time", "changes every five minutes"),
        ("listener_endpoint", "SQL Server only"),
        ("nchar_character_set_name", "Oracle only"),
        ("password_wo", "`password` is never stored in clear, which is what write-only arguments are for"),
        ("password_wo_version", "goes with password_wo"),
        ("replica_mode", "goes with replicas"),
        ("replicas", "goes with replicas"),
        ("replicate_source_db", "replicas are not supported yet"),
        ("restore_to_point_in_time", "a restore is begun by hand, and its database imported"),
        ("s3_import", "a database is made empty; an import is begun by hand"),
        ("snapshot_identifier", "a restore is begun by hand, and its database imported"),
        ("status", "changes by itself all the time; Lowtide waits until it is `available`"),
        ("timezone", "SQL Server only"),
        ("upgrade_storage_config", "goes with replicas"),
    ];

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        wish.identifier.clone()
    }

    async fn create(cx: &Context<'_, Rds>, wish: &Self, op: &Operation) -> Result<Made, Fault> {
        let name = op.name(wish.identifier.as_deref(), wish.identifier_prefix.as_deref());
        request::create(cx, &name, wish).await?;
        Made::id(Some(name), "the name of the database")
    }

    async fn read(cx: &Context<'_, Rds>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        // One by name, or all of the region a hundred to a page: many are fewer calls that way.
        let mut listed = Vec::new();
        if asked.these.len() == 1 {
            for ask in asked.these {
                let found = absent_is_none(cx.client.describe_db_instances().db_instance_identifier(&ask.id).send().await)?;
                listed.extend(found.and_then(|found| found.db_instances).unwrap_or_default());
            }
        } else {
            listed = cx.client.describe_db_instances().into_paginator().items().send().collect::<Result<Vec<_>, _>>().await?;
        }
        let mut found = BTreeMap::new();
        for one in listed {
            if let Some(ask) = asked.these.iter().find(|ask| Some(&ask.id) == one.db_instance_identifier.as_ref()) {
                found.insert(ask.id.clone(), observation::observed(one, &ask.last));
            }
        }
        Ok(asked.answer(found))
    }

    async fn update(cx: &Context<'_, Rds>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.has("tags") {
            tags::update(cx, &now.outputs.arn, &now.inputs.tags, &to.tags).await?;
        }
        request::modify(cx, now, to, changed).await?;
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Rds>, last: &Observed<Self>, how: &Self) -> Result<Going, Fault> {
        let found = absent_is_none(cx.client.describe_db_instances().db_instance_identifier(&last.id).send().await)?;
        let Some(one) = found.and_then(|found| found.db_instances).and_then(|all| all.into_iter().next()) else { return Ok(Going::Gone) };
        if one.db_instance_status.as_deref() != Some("deleting") {
            let name = how.final_snapshot_identifier.clone().filter(|_| !how.skip_final_snapshot);
            if name.is_none() && !how.skip_final_snapshot {
                return Err(Fault::ours("a last snapshot is wanted, but `final_snapshot_identifier` does not name it"));
            }
            let request = cx.client.delete_db_instance().db_instance_identifier(&last.id).skip_final_snapshot(how.skip_final_snapshot);
            request.set_final_db_snapshot_identifier(name).delete_automated_backups(how.delete_automated_backups).send().await?;
        }
        Ok(Going::Going("RDS deletes the database".to_owned()))
    }

    /// Names that Lowtide chose end in the operation's id.
    async fn find(cx: &Context<'_, Rds>, op: &Operation, _wish: &Object) -> Result<Vec<String>, Fault> {
        let all = cx.client.describe_db_instances().into_paginator().items().send().collect::<Result<Vec<_>, _>>().await?;
        Ok(all.into_iter().filter_map(|one| one.db_instance_identifier).filter(|name| name.ends_with(&op.name_ending())).collect())
    }
}
