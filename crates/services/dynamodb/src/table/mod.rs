//! `aws_dynamodb_table`: items by key.
//!
//! The name is the key and the physical id. DynamoDB changes one thing of a table at a time and the table is then `UPDATING`,
//! so that `change` sends one `UpdateTable` and the engine comes back for the rest. `wire` turns attributes into requests and
//! answers into attributes.

mod change;
mod checks;
mod wire;

use lowtide_model::{Arn, Check, Create, Model, Place, Set};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Patience, Resource, Seen, described};

use crate::{
    DynamoDb,
    tags::{self, Tags},
};

/// Items by key.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Table {
    /// The name: letters, digits, `-`, `_` and `.`.
    #[attr(identity, range = 3..=255, replaces)]
    pub name: String,
    /// What is paid for: `PROVISIONED` capacity, or each request, `PAY_PER_REQUEST`.
    #[attr(default = "PROVISIONED", one_of = ["PROVISIONED", "PAY_PER_REQUEST"])]
    pub billing_mode: String,
    /// The attribute that is the partition key.
    #[attr(range = 1..=255, replaces)]
    pub hash_key: String,
    /// The attribute that is the sort key.
    #[attr(range = 1..=255, replaces)]
    pub range_key: Option<String>,
    /// The types of the attributes that are keys of the table or of an index.
    pub attribute: Option<Set<KeyAttribute>>,
    /// How many reads a second are provisioned. Where an `aws_appautoscaling_target` of the stack scales them, what they begin with.
    #[attr(computed, range = 1..=9223372036854775807)]
    pub read_capacity: Option<i64>,
    /// How many writes a second are provisioned. Where an `aws_appautoscaling_target` of the stack scales them, what they begin with.
    #[attr(computed, range = 1..=9223372036854775807)]
    pub write_capacity: Option<i64>,
    /// The most that is served where each request is paid for.
    #[attr(computed)]
    pub on_demand_throughput: Option<OnDemand>,
    /// Indexes with a partition key of their own.
    pub global_secondary_index: Option<Set<GlobalIndex>>,
    /// Indexes with another sort key; they come with the table alone.
    #[attr(replaces)]
    pub local_secondary_index: Option<Set<LocalIndex>>,
    /// Whether changes are told in a stream.
    #[attr(default = false)]
    pub stream_enabled: bool,
    /// What the stream tells of an item that changed.
    #[attr(computed, one_of = ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"])]
    pub stream_view_type: Option<String>,
    /// When items expire.
    pub ttl: Option<Ttl>,
    /// Continuous backups.
    pub point_in_time_recovery: Option<Recovery>,
    /// Encryption with a key in KMS, rather than one of DynamoDB's own.
    pub server_side_encryption: Option<Encryption>,
    /// What is cheaper, reads and writes or storage: `STANDARD`, `STANDARD_INFREQUENT_ACCESS`.
    #[attr(default = "STANDARD", one_of = ["STANDARD", "STANDARD_INFREQUENT_ACCESS"])]
    pub table_class: String,
    /// Whether AWS refuses to delete it.
    #[attr(default = false)]
    pub deletion_protection_enabled: bool,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// The type of an attribute.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct KeyAttribute {
    /// The attribute.
    #[attr(key, range = 1..=255)]
    pub name: String,
    /// `S` is text, `N` a number, `B` bytes.
    #[attr(one_of = ["S", "N", "B"])]
    pub r#type: String,
}

/// The most that is served where each request is paid for.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct OnDemand {
    /// Reads a second.
    #[attr(computed)]
    pub max_read_request_units: Option<i64>,
    /// Writes a second.
    #[attr(computed)]
    pub max_write_request_units: Option<i64>,
}

/// An index with a partition key of its own.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct GlobalIndex {
    /// The name.
    #[attr(key, range = 3..=255)]
    pub name: String,
    /// The attribute that is its partition key.
    pub hash_key: String,
    /// The attribute that is its sort key.
    pub range_key: Option<String>,
    /// What it holds: `ALL`, `KEYS_ONLY`, or what is in `non_key_attributes` too, `INCLUDE`.
    #[attr(one_of = ["ALL", "INCLUDE", "KEYS_ONLY"])]
    pub projection_type: String,
    /// What it holds besides keys.
    pub non_key_attributes: Option<Set<String>>,
    /// How many reads a second are provisioned.
    #[attr(computed)]
    pub read_capacity: Option<i64>,
    /// How many writes a second are provisioned.
    #[attr(computed)]
    pub write_capacity: Option<i64>,
    /// The most that is served where each request is paid for.
    #[attr(computed)]
    pub on_demand_throughput: Option<OnDemand>,
}

/// An index with another sort key.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct LocalIndex {
    /// The name.
    #[attr(key, range = 3..=255)]
    pub name: String,
    /// The attribute that is its sort key.
    pub range_key: String,
    /// What it holds: `ALL`, `KEYS_ONLY`, or what is in `non_key_attributes` too, `INCLUDE`.
    #[attr(one_of = ["ALL", "INCLUDE", "KEYS_ONLY"])]
    pub projection_type: String,
    /// What it holds besides keys.
    pub non_key_attributes: Option<Set<String>>,
}

/// When items expire.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Ttl {
    /// The attribute that holds when, in seconds since 1970.
    #[attr(range = 1..=255)]
    pub attribute_name: Option<String>,
    /// Whether items expire.
    #[attr(default = false)]
    pub enabled: bool,
}

/// Continuous backups.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Recovery {
    /// Whether they are made.
    pub enabled: bool,
    /// How many days back the table can be restored to.
    #[attr(computed, range = 1..=35)]
    pub recovery_period_in_days: Option<i64>,
}

/// Encryption with a key in KMS.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Encryption {
    /// Whether the key is in KMS.
    pub enabled: bool,
    /// The key, if not the one that AWS manages.
    #[attr(computed)]
    pub kms_key_arn: Option<Arn>,
}

/// What AWS decides about a table.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct TableOutputs {
    /// The table's ARN.
    #[attr(predict = "arn:{partition}:dynamodb:{region}:{account}:table/{name}")]
    pub arn: Arn,
    /// The table's name.
    #[attr(predict = "{name}")]
    pub id: String,
    /// The stream's ARN.
    #[attr(renewed_by = ["stream_enabled", "stream_view_type"])]
    pub stream_arn: Option<Arn>,
    /// When the stream began, which tells it from earlier ones.
    #[attr(renewed_by = ["stream_enabled", "stream_view_type"])]
    pub stream_label: Option<String>,
}

impl Resource for Table {
    type Outputs = TableOutputs;
    type Service = DynamoDb;
    const KIND: &'static str = "aws_dynamodb_table";
    const CREATE: Create = Create::Key;
    const IMPORT: &'static str = "TABLE_NAME";
    /// An index over many items takes long to build.
    const PATIENCE: Patience = Patience { create: 30, update: 120, ..Patience::DEFAULT };
    const CHECKS: &'static [Check] = &[checks::keys, checks::capacity, checks::stream];
    const LEFT_OUT: &'static [(&'static str, &'static str)] = &[
        ("import_table", "an import is another request that makes a table, from data in S3, once"),
        ("replica", "a global table's replicas live in other regions, where this session has no client"),
        ("restore_date_time", "a restore is another request that makes a table, from another one, once"),
        ("restore_source_name", "see restore_date_time"),
        ("restore_source_table_arn", "see restore_date_time"),
        ("restore_to_latest_time", "see restore_date_time"),
    ];

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        Some(wish.name.clone())
    }

    async fn create(cx: &Context<'_, DynamoDb>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        wire::create(cx, wish).await?;
        Made::id(Some(&wish.name), "the name of the table")
    }

    async fn read(cx: &Context<'_, DynamoDb>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        wire::read(cx, asked).await
    }

    async fn update(cx: &Context<'_, DynamoDb>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.has("tags") {
            tags::update(cx, &now.outputs.arn, &now.inputs.tags, &to.tags).await?;
        }
        change::settings(cx, &now.inputs, to, changed).await?;
        change::one(cx, &now.inputs, to, changed).await?;
        Ok(None)
    }

    async fn delete(cx: &Context<'_, DynamoDb>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        let found = described(cx.client.describe_table().table_name(&last.id).send().await, "the table", |found| found.table)?;
        let Some(table) = found else { return Ok(Going::Gone) };
        if table.table_status != Some(aws_sdk_dynamodb::types::TableStatus::Deleting) {
            cx.client.delete_table().table_name(&last.id).send().await?;
        }
        Ok(Going::Going("being deleted".to_owned()))
    }
}
