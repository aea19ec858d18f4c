//! Tables as requests and answers have them.
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, GlobalSecondaryIndexDescription, IndexStatus, KeySchemaElement, KeyType,
    LocalSecondaryIndex, LocalSecondaryIndexDescription, OnDemandThroughput, PointInTimeRecoveryDescription, PointInTimeRecoveryStatus,
    Projection, ProjectionType, ProvisionedThroughput, ProvisionedThroughputDescription, ScalarAttributeType, SseSpecification, SseStatus,
    SseType, StreamSpecification, StreamViewType, TableClass, TableDescription, TableStatus, TimeToLiveDescription, TimeToLiveStatus,
};
use lowtide_model::{Phase, Set};
use lowtide_resource::{Ask, Asked, Context, Fault, Observed, Seen, absent_is_none, described};

use super::{Encryption, GlobalIndex, KeyAttribute, LocalIndex, OnDemand, Recovery, Table, TableOutputs, Ttl};
use crate::{DynamoDb, built, tags};

pub async fn create(cx: &Context<'_, DynamoDb>, wish: &Table) -> Result<(), Fault> {
    let globals = wish.global_secondary_index.iter().flat_map(|all| all.iter()).map(|index| global(index, &wish.billing_mode));
    let locals = wish.local_secondary_index.iter().flat_map(|all| all.iter()).map(|index| local(index, &wish.hash_key));
    let some = |count: usize| count > 0;
    let globals = globals.collect::<Result<Vec<_>, _>>()?;
    let locals = locals.collect::<Result<Vec<_>, _>>()?;
    cx.client
        .create_table()
        .table_name(&wish.name)
        .set_attribute_definitions(Some(definitions(wish.attribute.iter().flat_map(|all| all.iter()))?))
        .set_key_schema(Some(key(&wish.hash_key, wish.range_key.as_deref())?))
        .billing_mode(BillingMode::from(wish.billing_mode.as_str()))
        .set_provisioned_throughput(throughput(&wish.billing_mode, wish.read_capacity, wish.write_capacity)?)
        .set_on_demand_throughput(wish.on_demand_throughput.as_ref().map(on_demand))
        .set_global_secondary_indexes(some(globals.len()).then_some(globals))
        .set_local_secondary_indexes(some(locals.len()).then_some(locals))
        .set_stream_specification(if wish.stream_enabled { Some(stream(wish)?) } else { None })
        .set_sse_specification(wish.server_side_encryption.as_ref().map(encryption))
        .table_class(TableClass::from(wish.table_class.as_str()))
        .deletion_protection_enabled(wish.deletion_protection_enabled)
        .set_tags(tags::request(&wish.tags)?)
        .send()
        .await?;
    Ok(())
}

pub fn definitions<'a>(all: impl Iterator<Item = &'a KeyAttribute>) -> Result<Vec<AttributeDefinition>, Fault> {
    let one = |wish: &KeyAttribute| {
        let of_type = ScalarAttributeType::from(wish.r#type.as_str());
        built(AttributeDefinition::builder().attribute_name(&wish.name).attribute_type(of_type).build())
    };
    all.map(one).collect()
}

pub fn key(hash: &str, range: Option<&str>) -> Result<Vec<KeySchemaElement>, Fault> {
    let parts = [(Some(hash), KeyType::Hash), (range, KeyType::Range)];
    let part = |(name, of): (Option<&str>, KeyType)| Some(built(KeySchemaElement::builder().attribute_name(name?).key_type(of).build()));
    parts.into_iter().filter_map(part).collect()
}

/// Capacity is given where it is what is paid for, one at the least.
pub fn throughput(mode: &str, read: Option<i64>, write: Option<i64>) -> Result<Option<ProvisionedThroughput>, Fault> {
    let wish = ProvisionedThroughput::builder().read_capacity_units(read.unwrap_or(1)).write_capacity_units(write.unwrap_or(1));
    (mode == "PROVISIONED").then(|| built(wish.build())).transpose()
}

pub fn on_demand(wish: &OnDemand) -> OnDemandThroughput {
    OnDemandThroughput::builder()
        .set_max_read_request_units(wish.max_read_request_units)
        .set_max_write_request_units(wish.max_write_request_units)
        .build()
}

pub fn projection(of: &str, others: &Option<Set<String>>) -> Projection {
    Projection::builder().projection_type(ProjectionType::from(of)).set_non_key_attributes(others.as_ref().map(|all| all.0.clone())).build()
}

fn global(wish: &GlobalIndex, mode: &str) -> Result<GlobalSecondaryIndex, Fault> {
    built(
        GlobalSecondaryIndex::builder()
            .index_name(&wish.name)
            .set_key_schema(Some(key(&wish.hash_key, wish.range_key.as_deref())?))
            .projection(projection(&wish.projection_type, &wish.non_key_attributes))
            .set_provisioned_throughput(throughput(mode, wish.read_capacity, wish.write_capacity)?)
            .set_on_demand_throughput(wish.on_demand_throughput.as_ref().map(on_demand))
            .build(),
    )
}

fn local(wish: &LocalIndex, hash: &str) -> Result<LocalSecondaryIndex, Fault> {
    built(
        LocalSecondaryIndex::builder()
            .index_name(&wish.name)
            .set_key_schema(Some(key(hash, Some(&wish.range_key))?))
            .projection(projection(&wish.projection_type, &wish.non_key_attributes))
            .build(),
    )
}

pub fn stream(wish: &Table) -> Result<StreamSpecification, Fault> {
    let view = wish.stream_view_type.as_deref().filter(|_| wish.stream_enabled).map(StreamViewType::from);
    built(StreamSpecification::builder().stream_enabled(wish.stream_enabled).set_stream_view_type(view).build())
}

pub fn encryption(wish: &Encryption) -> SseSpecification {
    let key = wish.kms_key_arn.as_ref().filter(|_| wish.enabled).map(|arn| arn.0.clone());
    let request = SseSpecification::builder().enabled(wish.enabled).set_kms_master_key_id(key);
    if wish.enabled { request.sse_type(SseType::Kms).build() } else { request.build() }
}

pub async fn read(cx: &Context<'_, DynamoDb>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Table>)>, Fault> {
    // DynamoDB shows one table to a call.
    let tables = asked.each(|ask| one(cx, ask)).await;
    let arns: Vec<_> = tables.found().map(|table| table.outputs.arn.0.clone()).collect();
    let mut tags = tags::of(cx, &arns, asked).await?;
    Ok(tables.seen(|_, mut table| {
        table.inputs.tags = tags.remove(&table.outputs.arn.0).filter(|tags| !tags.is_empty());
        Ok(table)
    }))
}

async fn one(cx: &Context<'_, DynamoDb>, ask: Ask) -> Result<Option<Observed<Table>>, Fault> {
    let table = described(cx.client.describe_table().table_name(&ask.id).send().await, "the table", |found| found.table)?;
    let Some(table) = table else { return Ok(None) };
    let ttl = absent_is_none(cx.client.describe_time_to_live().table_name(&ask.id).send().await)?;
    let backups = absent_is_none(cx.client.describe_continuous_backups().table_name(&ask.id).send().await)?;
    let recovery = backups.and_then(|all| all.continuous_backups_description).and_then(|all| all.point_in_time_recovery_description);
    Ok(Some(observed(&ask, table, ttl.and_then(|ttl| ttl.time_to_live_description), recovery)))
}

fn observed(
    ask: &Ask,
    table: TableDescription,
    ttl: Option<TimeToLiveDescription>,
    recovery: Option<PointInTimeRecoveryDescription>,
) -> Observed<Table> {
    let phase = phase(&table);
    // What is off is as good as absent; it is shown as off where that was asked for.
    let asked_for = |name: &str| ask.last.get(name).is_some_and(|value| !value.is_empty());
    let (hash_key, range_key) = keys(table.key_schema);
    let encrypted = table.sse_description.filter(|sse| !matches!(sse.status, None | Some(SseStatus::Disabled | SseStatus::Disabling)));
    let encrypted = encrypted.map(|sse| Encryption { enabled: true, kms_key_arn: sse.kms_master_key_arn.map(Into::into) });
    let ttl_on = ttl.filter(|ttl| matches!(ttl.time_to_live_status, Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)));
    let recovery_on = recovery.filter(|it| it.point_in_time_recovery_status == Some(PointInTimeRecoveryStatus::Enabled));
    let recovery_on = recovery_on.map(|it| Recovery { enabled: true, recovery_period_in_days: it.recovery_period_in_days.map(i64::from) });
    let (read_capacity, write_capacity) = capacity(table.provisioned_throughput.as_ref());
    let stream = table.stream_specification;
    let name = table.table_name.unwrap_or_default();
    let mode = table.billing_mode_summary.and_then(|summary| summary.billing_mode).unwrap_or(BillingMode::Provisioned);
    let class = table.table_class_summary.and_then(|summary| summary.table_class).unwrap_or(TableClass::Standard);
    let inputs = Table {
        name: name.clone(),
        billing_mode: mode.as_str().to_owned(),
        hash_key,
        range_key,
        attribute: set(table.attribute_definitions, |one| KeyAttribute {
            name: one.attribute_name,
            r#type: one.attribute_type.as_str().to_owned(),
        }),
        read_capacity,
        write_capacity,
        on_demand_throughput: table.on_demand_throughput.and_then(limits),
        global_secondary_index: set(table.global_secondary_indexes, global_seen),
        local_secondary_index: set(table.local_secondary_indexes, local_seen),
        stream_enabled: stream.as_ref().is_some_and(|stream| stream.stream_enabled),
        stream_view_type: stream.and_then(|stream| stream.stream_view_type).map(|word| word.as_str().to_owned()),
        ttl: ttl_on
            .map(|ttl| Ttl { attribute_name: ttl.attribute_name, enabled: true })
            .or_else(|| asked_for("ttl").then_some(Ttl { attribute_name: None, enabled: false })),
        point_in_time_recovery: recovery_on
            .or_else(|| asked_for("point_in_time_recovery").then_some(Recovery { enabled: false, recovery_period_in_days: None })),
        server_side_encryption: encrypted
            .or_else(|| asked_for("server_side_encryption").then_some(Encryption { enabled: false, kms_key_arn: None })),
        table_class: class.as_str().to_owned(),
        deletion_protection_enabled: table.deletion_protection_enabled.unwrap_or_default(),
        tags: None,
    };
    let outputs = TableOutputs {
        arn: table.table_arn.unwrap_or_default().into(),
        id: name.clone(),
        stream_arn: table.latest_stream_arn.map(Into::into),
        stream_label: table.latest_stream_label,
    };
    Observed::stable(name, inputs, outputs).in_phase(phase)
}

/// A table takes no other change until it and its indexes are active.
fn phase(table: &TableDescription) -> Phase {
    let building = table.global_secondary_indexes().iter().find(|index| index.index_status != Some(IndexStatus::Active));
    match (&table.table_status, building) {
        (Some(TableStatus::Active) | None, None) => Phase::Stable,
        (Some(TableStatus::Active) | None, Some(index)) => {
            let status = index.index_status.as_ref().map_or("not active", |status| status.as_str());
            Phase::Accepted(format!("index {} is {status}", index.index_name.as_deref().unwrap_or_default()))
        }
        (Some(TableStatus::InaccessibleEncryptionCredentials), _) => {
            Phase::Failed { replace: false, why: "DynamoDB can't use the key that it is encrypted with".to_owned() }
        }
        (Some(status), _) => Phase::Accepted(status.as_str().to_lowercase()),
    }
}

fn keys(schema: Option<Vec<KeySchemaElement>>) -> (String, Option<String>) {
    let (mut hash, mut range) = (String::new(), None);
    for part in schema.into_iter().flatten() {
        match part.key_type {
            KeyType::Hash => hash = part.attribute_name,
            _ => range = Some(part.attribute_name),
        }
    }
    (hash, range)
}

/// Where each request is paid for, DynamoDB shows no capacity as zero.
fn capacity(seen: Option<&ProvisionedThroughputDescription>) -> (Option<i64>, Option<i64>) {
    let some = |number: Option<i64>| number.filter(|number| *number > 0);
    (seen.and_then(|it| some(it.read_capacity_units)), seen.and_then(|it| some(it.write_capacity_units)))
}

/// No limit is shown as -1.
fn limits(seen: OnDemandThroughput) -> Option<OnDemand> {
    let some = |number: Option<i64>| number.filter(|number| *number > 0);
    let (read, write) = (some(seen.max_read_request_units), some(seen.max_write_request_units));
    (read.is_some() || write.is_some()).then_some(OnDemand { max_read_request_units: read, max_write_request_units: write })
}

fn projected(seen: Option<Projection>) -> (String, Option<Set<String>>) {
    let of = seen.as_ref().and_then(|it| it.projection_type.as_ref()).map_or("ALL", |word| word.as_str()).to_owned();
    (of, seen.and_then(|it| it.non_key_attributes).filter(|all| !all.is_empty()).map(Set))
}

fn global_seen(seen: GlobalSecondaryIndexDescription) -> GlobalIndex {
    let (hash_key, range_key) = keys(seen.key_schema);
    let (projection_type, non_key_attributes) = projected(seen.projection);
    let (read_capacity, write_capacity) = capacity(seen.provisioned_throughput.as_ref());
    GlobalIndex {
        name: seen.index_name.unwrap_or_default(),
        hash_key,
        range_key,
        projection_type,
        non_key_attributes,
        read_capacity,
        write_capacity,
        on_demand_throughput: seen.on_demand_throughput.and_then(limits),
    }
}

fn local_seen(seen: LocalSecondaryIndexDescription) -> LocalIndex {
    let (_, range_key) = keys(seen.key_schema);
    let (projection_type, non_key_attributes) = projected(seen.projection);
    let name = seen.index_name.unwrap_or_default();
    LocalIndex { name, range_key: range_key.unwrap_or_default(), projection_type, non_key_attributes }
}

fn set<T, U>(all: Option<Vec<T>>, one: impl Fn(T) -> U) -> Option<Set<U>> {
    all.filter(|all| !all.is_empty()).map(|all| Set(all.into_iter().map(one).collect()))
}
