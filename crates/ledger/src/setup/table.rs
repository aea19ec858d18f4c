//! The table: one partition a stack, billed by request, with deletion protection and backups of every second.

use std::time::Duration;

use aws_sdk_dynamodb::{
    Client,
    error::BuildError,
    types::{
        AttributeDefinition, BillingMode, KeySchemaElement, KeyType, PointInTimeRecoverySpecification, ScalarAttributeType,
        SseSpecification, SseType, TableDescription, TableStatus,
    },
};
use aws_types::SdkConfig;

use super::{Checked, Done, Needs, SetupFault, Tell, because, set, sound};
use crate::remote::{ITEM, STACK};

/// How often a new table is looked at, and how often at most.
const LOOK: Duration = Duration::from_secs(1);
const LOOKS: u64 = 120;

pub(super) async fn set_up(config: &SdkConfig, needs: &Needs, name: &str, tell: Tell<'_>) -> Result<(), SetupFault> {
    let client = Client::new(config);
    let what = format!("table {name}");
    let description = match look(&client, name).await? {
        Some(description) => {
            tell(sound(&what));
            description
        }
        None => {
            create(&client, needs, name).await?;
            tell(set(&what));
            usable(&client, name).await?
        }
    };
    has_our_keys(&description, &what)?;
    tell(protection(&client, name, &description).await?);
    tell(backups(&client, name).await?);
    Ok(())
}

async fn look(client: &Client, name: &str) -> Result<Option<TableDescription>, SetupFault> {
    match client.describe_table().table_name(name).send().await {
        Ok(found) => Ok(found.table),
        Err(error) if error.as_service_error().is_some_and(|error| error.is_resource_not_found_exception()) => Ok(None),
        Err(error) => Err(because(format!("table {name} can't be seen"))(error)),
    }
}

async fn create(client: &Client, needs: &Needs, name: &str) -> Result<(), SetupFault> {
    let what = || format!("table {name} can't be made");
    let incomplete = |error: BuildError| SetupFault { what: what(), why: error.to_string() };
    let mut create = client.create_table().table_name(name).billing_mode(BillingMode::PayPerRequest).deletion_protection_enabled(true);
    for (attribute, role) in [(STACK, KeyType::Hash), (ITEM, KeyType::Range)] {
        let text = AttributeDefinition::builder().attribute_name(attribute).attribute_type(ScalarAttributeType::S);
        let key = KeySchemaElement::builder().attribute_name(attribute).key_type(role);
        create = create.attribute_definitions(text.build().map_err(incomplete)?).key_schema(key.build().map_err(incomplete)?);
    }
    if let Some(key) = &needs.kms_key_id {
        let by = SseSpecification::builder().enabled(true).sse_type(SseType::Kms).kms_master_key_id(key).build();
        create = create.sse_specification(by);
    }
    match create.send().await {
        Ok(_) => Ok(()),
        // Somebody else is setting it up as well.
        Err(error) if error.as_service_error().is_some_and(|error| error.is_resource_in_use_exception()) => Ok(()),
        Err(error) => Err(because(what())(error)),
    }
}

async fn usable(client: &Client, name: &str) -> Result<TableDescription, SetupFault> {
    for _ in 0..LOOKS {
        if let Some(found) = look(client, name).await?
            && found.table_status == Some(TableStatus::Active)
        {
            return Ok(found);
        }
        tokio::time::sleep(LOOK).await;
    }
    let why = format!("it is still not active after {} s; run this again later", LOOK.as_secs() * LOOKS);
    Err(SetupFault { what: format!("table {name} can't be used yet"), why })
}

fn has_our_keys(description: &TableDescription, what: &str) -> Result<(), SetupFault> {
    let keys: Vec<_> = description.key_schema().iter().map(|key| (key.attribute_name(), key.key_type())).collect();
    if keys == [(STACK, &KeyType::Hash), (ITEM, &KeyType::Range)] {
        return Ok(());
    }
    let why = format!(
        "its keys are not `{STACK}` and `{ITEM}`, so it serves something else (a lock table of Terraform can't be shared); name another \
         lock_table"
    );
    Err(SetupFault { what: format!("{what} can't be used"), why })
}

async fn protection(client: &Client, name: &str, description: &TableDescription) -> Result<Checked, SetupFault> {
    let what = format!("deletion protection of table {name}");
    if description.deletion_protection_enabled == Some(true) {
        return Ok(sound(what));
    }
    let done = client.update_table().table_name(name).deletion_protection_enabled(true).send().await;
    done.map_err(because(format!("{what} can't be turned on")))?;
    usable(client, name).await?;
    Ok(set(what))
}

async fn backups(client: &Client, name: &str) -> Result<Checked, SetupFault> {
    let what = format!("point-in-time recovery of table {name}");
    let found = client.describe_continuous_backups().table_name(name).send().await.map_err(because(format!("{what} can't be read")))?;
    let found = found.continuous_backups_description.and_then(|found| found.point_in_time_recovery_description);
    if found.and_then(|found| found.point_in_time_recovery_status).is_some_and(|status| status.as_str() == "ENABLED") {
        return Ok(sound(what));
    }
    let failed = || format!("{what} can't be turned on");
    let on = PointInTimeRecoverySpecification::builder().point_in_time_recovery_enabled(true).build();
    let on = on.map_err(|error: BuildError| SetupFault { what: failed(), why: error.to_string() })?;
    match client.update_continuous_backups().table_name(name).point_in_time_recovery_specification(on).send().await {
        Ok(_) => Ok(set(what)),
        // A new table has it only after a while.
        Err(error) if error.as_service_error().is_some_and(|error| error.is_continuous_backups_unavailable_exception()) => {
            Ok(Checked { what, done: Done::Left("AWS is not ready for it yet; run this again later".to_owned()) })
        }
        Err(error) => Err(because(failed())(error)),
    }
}
