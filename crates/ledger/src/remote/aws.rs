//! Stores in AWS: all in S3, or head and journal in DynamoDB and the rest in S3.

mod bucket;
mod fault;
mod patience;
mod s3_dynamodb;
mod s3_only;
mod table;

pub use self::{bucket::Bucket, s3_dynamodb::S3DynamoDb, s3_only::S3Only, table::Table};
pub(crate) use self::{
    fault::words,
    table::{ITEM, STACK},
};
