//! Items of a DynamoDB table: one partition a stack, its head and the slots of its journal beneath. Amazon DynamoDB Developer
//! Guide, "Read consistency" and "Condition expressions": consistent reads see every earlier write, and a condition is checked
//! and the item written in one step.

use std::collections::HashMap;

use aws_sdk_dynamodb::{Client, primitives::Blob, types::AttributeValue};
use aws_types::SdkConfig;

use super::fault::fault;
use crate::remote::StoreFault;

/// The partition key: whose item it is.
pub(crate) const STACK: &str = "stack";
/// The sort key: `HEAD`, or `J#` and the number of a slot.
pub(crate) const ITEM: &str = "item";
const TEXT: &str = "text";
const WRITE_ID: &str = "write_id";

/// One item's attributes.
pub(super) type Item = HashMap<String, AttributeValue>;

/// Items of a table.
#[derive(Clone, Debug)]
pub struct Table {
    client: Client,
    name: String,
}

/// Under which condition an item is written.
pub(super) enum Over<'a> {
    /// There is no such item.
    Nothing,
    /// The item is from this write.
    Write(&'a str),
}

impl Table {
    /// Returns the items of a table.
    pub fn new(config: &SdkConfig, name: &str) -> Self {
        Self { client: Client::new(config), name: name.to_owned() }
    }

    /// Says which table it is.
    pub(super) fn place(&self) -> String {
        format!("dynamodb table {}", self.name)
    }

    /// Returns an item's text and the id of the write that it is from.
    pub(super) async fn get(&self, stack: &str, item: &str) -> Result<Option<(Vec<u8>, String)>, StoreFault> {
        let key = [(STACK, stack), (ITEM, item)].map(|(name, value)| (name.to_owned(), AttributeValue::S(value.to_owned())));
        let get = self.client.get_item().table_name(&self.name).set_key(Some(key.into())).consistent_read(true);
        let found = get.send().await.map_err(|error| self.fault(&error))?;
        found.item.map(|item| Ok((text(&item)?, write_id(&item)))).transpose()
    }

    /// Writes an item.
    pub(super) async fn put(&self, stack: &str, item: &str, text: &[u8], write_id: &str, over: Over<'_>) -> Result<(), StoreFault> {
        let put = self
            .client
            .put_item()
            .table_name(&self.name)
            .item(STACK, AttributeValue::S(stack.to_owned()))
            .item(ITEM, AttributeValue::S(item.to_owned()))
            .item(TEXT, AttributeValue::B(Blob::new(text)))
            .item(WRITE_ID, AttributeValue::S(write_id.to_owned()));
        let put = match over {
            Over::Nothing => put.condition_expression("attribute_not_exists(#item)").expression_attribute_names("#item", ITEM),
            Over::Write(seen) => put
                .condition_expression("#write_id = :seen")
                .expression_attribute_names("#write_id", WRITE_ID)
                .expression_attribute_values(":seen", AttributeValue::S(seen.to_owned())),
        };
        put.send().await.map(|_| ()).map_err(|error| self.fault(&error))
    }

    /// Deletes an item; that it is gone already is as good.
    pub(super) async fn delete(&self, stack: &str, item: &str) -> Result<(), StoreFault> {
        let key = [(STACK, stack), (ITEM, item)].map(|(name, value)| (name.to_owned(), AttributeValue::S(value.to_owned())));
        let done = self.client.delete_item().table_name(&self.name).set_key(Some(key.into())).send().await;
        done.map(|_| ()).map_err(|error| self.fault(&error))
    }

    /// Returns the items of a stack from one name to another, in their order, with their texts.
    pub(super) async fn between(&self, stack: &str, first: &str, last: &str) -> Result<Vec<(String, Vec<u8>)>, StoreFault> {
        let query = self
            .client
            .query()
            .table_name(&self.name)
            .consistent_read(true)
            .key_condition_expression("#stack = :stack AND #item BETWEEN :first AND :last")
            .expression_attribute_names("#stack", STACK)
            .expression_attribute_names("#item", ITEM)
            .expression_attribute_values(":stack", AttributeValue::S(stack.to_owned()))
            .expression_attribute_values(":first", AttributeValue::S(first.to_owned()))
            .expression_attribute_values(":last", AttributeValue::S(last.to_owned()));
        let mut pages = query.into_paginator().send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            for item in page.map_err(|error| self.fault(&error))?.items.unwrap_or_default() {
                let name = item.get(ITEM).and_then(|name| name.as_s().ok()).cloned().unwrap_or_default();
                found.push((name, text(&item)?));
            }
        }
        Ok(found)
    }

    fn fault<E>(&self, error: &aws_sdk_dynamodb::error::SdkError<E, aws_sdk_dynamodb::config::http::HttpResponse>) -> StoreFault
    where
        E: aws_sdk_dynamodb::error::ProvideErrorMetadata + std::error::Error + 'static,
    {
        match aws_sdk_dynamodb::error::ProvideErrorMetadata::code(error) {
            Some("ResourceNotFoundException") => {
                StoreFault::Refused(format!("there is no DynamoDB table {}; `lowtide init` makes it", self.name))
            }
            _ => fault(error),
        }
    }
}

/// Returns an item's text. One without is damaged, and reads as a text that is.
fn text(item: &Item) -> Result<Vec<u8>, StoreFault> {
    Ok(item.get(TEXT).and_then(|text| text.as_b().ok()).map(|text| text.as_ref().to_vec()).unwrap_or_default())
}

fn write_id(item: &Item) -> String {
    item.get(WRITE_ID).and_then(|id| id.as_s().ok()).cloned().unwrap_or_default()
}
