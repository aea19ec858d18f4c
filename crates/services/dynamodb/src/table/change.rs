//! Changes of a table, one at a time.
//!
//! Source: Amazon DynamoDB API Reference, UpdateTable ("You can only perform one of the following operations at once").

use aws_sdk_dynamodb::{
    operation::update_table::builders::UpdateTableFluentBuilder,
    types::{
        BillingMode, CreateGlobalSecondaryIndexAction, DeleteGlobalSecondaryIndexAction, GlobalSecondaryIndexUpdate,
        PointInTimeRecoverySpecification, StreamSpecification, TableClass, TimeToLiveSpecification, UpdateGlobalSecondaryIndexAction,
    },
};
use lowtide_resource::{Changed, Context, Fault};

use super::{GlobalIndex, KeyAttribute, Table, wire};
use crate::{DynamoDb, built};

/// Sets what has a request of its own.
pub async fn settings(cx: &Context<'_, DynamoDb>, now: &Table, to: &Table, changed: &Changed) -> Result<(), Fault> {
    if changed.has("ttl") {
        let on = |table: &Table| table.ttl.clone().filter(|ttl| ttl.enabled).and_then(|ttl| ttl.attribute_name);
        let (before, after) = (on(now), on(to));
        // Another attribute takes its turn once the first one is off.
        let wish = match (before, after) {
            (Some(before), after) if after.as_ref() != Some(&before) => Some((before, false)),
            (None, Some(after)) => Some((after, true)),
            _ => None,
        };
        if let Some((attribute, enabled)) = wish {
            let wish = built(TimeToLiveSpecification::builder().attribute_name(attribute).enabled(enabled).build())?;
            cx.client.update_time_to_live().table_name(&to.name).time_to_live_specification(wish).send().await?;
        }
    }
    if changed.has("point_in_time_recovery") {
        let wish = to.point_in_time_recovery.as_ref().filter(|wish| wish.enabled);
        let days = wish.and_then(|wish| wish.recovery_period_in_days).map(i32::try_from).transpose();
        let days = days.map_err(|_| Fault::ours("recovery_period_in_days is far too large"))?;
        let request = PointInTimeRecoverySpecification::builder().point_in_time_recovery_enabled(wish.is_some());
        let wish = built(request.set_recovery_period_in_days(days).build())?;
        cx.client.update_continuous_backups().table_name(&to.name).point_in_time_recovery_specification(wish).send().await?;
    }
    Ok(())
}

/// Sends the next `UpdateTable`; the engine comes back when the table is active again and something still differs.
pub async fn one(cx: &Context<'_, DynamoDb>, now: &Table, to: &Table, changed: &Changed) -> Result<(), Fault> {
    if let Some(request) = next(cx, now, to, changed)? {
        request.send().await?;
    }
    Ok(())
}

fn next(cx: &Context<'_, DynamoDb>, now: &Table, to: &Table, changed: &Changed) -> Result<Option<UpdateTableFluentBuilder>, Fault> {
    let request = cx.client.update_table().table_name(&to.name);
    if let Some(old) = indexes(now).find(|old| indexes(to).all(|new| !same_index(old, new))) {
        let gone = built(DeleteGlobalSecondaryIndexAction::builder().index_name(&old.name).build())?;
        let mut left = now.clone();
        left.global_secondary_index.iter_mut().for_each(|all| all.0.retain(|index| index.name != old.name));
        let keys = wire::definitions(now.attribute.iter().flat_map(|all| all.iter()).filter(|one| is_key(&left, &one.name)))?;
        let gone = GlobalSecondaryIndexUpdate::builder().delete(gone).build();
        return Ok(Some(request.set_attribute_definitions(Some(keys)).global_secondary_index_updates(gone)));
    }
    if changed.any(&["billing_mode", "read_capacity", "write_capacity", "on_demand_throughput"]) || resized(now, to).next().is_some() {
        return Ok(Some(capacity(request, now, to)?));
    }
    if let Some(new) = indexes(to).find(|new| indexes(now).all(|old| old.name != new.name)) {
        let made = CreateGlobalSecondaryIndexAction::builder()
            .index_name(&new.name)
            .set_key_schema(Some(wire::key(&new.hash_key, new.range_key.as_deref())?))
            .projection(wire::projection(&new.projection_type, &new.non_key_attributes))
            .set_provisioned_throughput(wire::throughput(&to.billing_mode, new.read_capacity, new.write_capacity)?)
            .set_on_demand_throughput(new.on_demand_throughput.as_ref().map(wire::on_demand));
        let made = GlobalSecondaryIndexUpdate::builder().create(built(made.build())?).build();
        let kept = |one: &&KeyAttribute| is_key(now, &one.name) || [Some(&new.hash_key), new.range_key.as_ref()].contains(&Some(&one.name));
        let keys = wire::definitions(to.attribute.iter().flat_map(|all| all.iter()).filter(kept))?;
        return Ok(Some(request.set_attribute_definitions(Some(keys)).global_secondary_index_updates(made)));
    }
    if changed.any(&["stream_enabled", "stream_view_type"]) {
        // A stream that is on must be off before it tells something else.
        let off = now.stream_enabled && to.stream_enabled;
        let wish = if off { built(StreamSpecification::builder().stream_enabled(false).build())? } else { wire::stream(to)? };
        return Ok(Some(request.stream_specification(wish)));
    }
    if changed.has("server_side_encryption") {
        let off = super::Encryption { enabled: false, kms_key_arn: None };
        return Ok(Some(request.sse_specification(wire::encryption(to.server_side_encryption.as_ref().unwrap_or(&off)))));
    }
    if changed.has("table_class") {
        return Ok(Some(request.table_class(TableClass::from(to.table_class.as_str()))));
    }
    Ok(changed.has("deletion_protection_enabled").then(|| request.deletion_protection_enabled(to.deletion_protection_enabled)))
}

fn capacity(request: UpdateTableFluentBuilder, now: &Table, to: &Table) -> Result<UpdateTableFluentBuilder, Fault> {
    let mut request = request
        .billing_mode(BillingMode::from(to.billing_mode.as_str()))
        .set_provisioned_throughput(wire::throughput(&to.billing_mode, to.read_capacity, to.write_capacity)?)
        .set_on_demand_throughput(to.on_demand_throughput.as_ref().map(wire::on_demand));
    // With a new way to pay, each index needs its own capacity.
    let moved = now.billing_mode != to.billing_mode && to.billing_mode == "PROVISIONED";
    let all = indexes(to).filter(|new| indexes(now).any(|old| old.name == new.name));
    for index in all.filter(|new| moved || resized(now, to).any(|one| one.name == new.name)) {
        let action = UpdateGlobalSecondaryIndexAction::builder()
            .index_name(&index.name)
            .set_provisioned_throughput(wire::throughput(&to.billing_mode, index.read_capacity, index.write_capacity)?)
            .set_on_demand_throughput(index.on_demand_throughput.as_ref().map(wire::on_demand));
        let action = GlobalSecondaryIndexUpdate::builder().update(built(action.build())?).build();
        request = request.global_secondary_index_updates(action);
    }
    Ok(request)
}

fn indexes(table: &Table) -> impl Iterator<Item = &GlobalIndex> {
    table.global_secondary_index.iter().flat_map(|all| all.iter())
}

/// An index can't change its keys or what it holds: it goes, and comes anew.
fn same_index(one: &GlobalIndex, other: &GlobalIndex) -> bool {
    let others = |index: &GlobalIndex| {
        let mut all = index.non_key_attributes.as_ref().map(|all| all.0.clone()).unwrap_or_default();
        all.sort();
        all
    };
    let facts = |index: &GlobalIndex| (index.name.clone(), index.hash_key.clone(), index.range_key.clone(), index.projection_type.clone());
    facts(one) == facts(other) && others(one) == others(other)
}

/// The indexes whose capacity changes.
fn resized<'a>(now: &'a Table, to: &'a Table) -> impl Iterator<Item = &'a GlobalIndex> {
    let differs = |one: Option<i64>, other: Option<i64>| other.is_some() && one != other;
    indexes(to).filter(move |new| {
        indexes(now).any(|old| {
            old.name == new.name
                && (differs(old.read_capacity, new.read_capacity)
                    || differs(old.write_capacity, new.write_capacity)
                    || (new.on_demand_throughput.is_some() && old.on_demand_throughput != new.on_demand_throughput))
        })
    })
}

/// Whether an attribute is a key of a table or of one of its indexes.
fn is_key(table: &Table, name: &str) -> bool {
    let of_global = indexes(table).any(|index| index.hash_key == name || index.range_key.as_deref() == Some(name));
    let of_local = table.local_secondary_index.iter().flat_map(|all| all.iter()).any(|index| index.range_key == name);
    of_global || of_local || table.hash_key == name || table.range_key.as_deref() == Some(name)
}
