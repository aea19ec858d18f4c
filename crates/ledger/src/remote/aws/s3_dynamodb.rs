//! Head and journal in a DynamoDB table, snapshots and the rest in a bucket.

use super::{
    bucket::{self, Bucket},
    table::{Over, Table},
};
use crate::{
    digester::hex,
    remote::{Asked, Store, StoreFault, Version, stack::random},
};

const HEAD: &str = "HEAD";
/// A larger text lies in the bucket, and the slot leads to it. DynamoDB's limit for an item is 400 KB ("Quotas in Amazon
/// DynamoDB"), names and keys included.
const LARGEST: usize = 256 * 1024;
/// What a slot holds that leads to an object, before the object's name.
const ELSEWHERE: &[u8] = b"lowtide-elsewhere ";

/// A ledger in a bucket and a table.
#[derive(Clone, Debug)]
pub struct S3DynamoDb {
    bucket: Bucket,
    table: Table,
}

impl S3DynamoDb {
    /// Returns the ledger in a bucket and a table.
    pub fn new(bucket: Bucket, table: Table) -> Self {
        Self { bucket, table }
    }

    /// Returns the partition of a stack: several buckets may share a table.
    fn partition(&self, stack: &str) -> String {
        format!("{}{stack}", self.bucket.identity())
    }

    /// Returns what a slot leads to, if it does.
    async fn followed(&self, text: Vec<u8>) -> Result<Vec<u8>, StoreFault> {
        let Some(name) = text.strip_prefix(ELSEWHERE).and_then(|name| std::str::from_utf8(name).ok()) else { return Ok(text) };
        let gone = || StoreFault::Missing(format!("it leads to {}, which is gone", self.bucket.place(name)));
        self.bucket.get(name).await?.map(|(bytes, _)| bytes).ok_or_else(gone)
    }

    /// Puts a text that is too large for an item into the bucket; returns what the slot holds instead.
    async fn put_elsewhere(&self, stack: &str, number: u64, text: &[u8]) -> Result<Vec<u8>, StoreFault> {
        use sha2::Digest as _;
        let name = format!("{stack}/journal/{number:020}-{}", &hex(&sha2::Sha256::digest(text))[..16]);
        match self.bucket.put(&name, text, bucket::Over::Nothing).await {
            // Only this text has this name.
            Ok(_) | Err(StoreFault::Conflict) => Ok([ELSEWHERE, name.as_bytes()].concat()),
            Err(fault) => Err(fault),
        }
    }
}

fn slot(number: u64) -> String {
    format!("J#{number:020}")
}

impl Store for S3DynamoDb {
    fn head<'a>(&'a self, stack: &'a str) -> Asked<'a, Option<(Vec<u8>, Version)>> {
        Box::pin(async move {
            let found = self.table.get(&self.partition(stack), HEAD).await?;
            Ok(found.map(|(text, write_id)| (text, Version(write_id))))
        })
    }

    fn set_head<'a>(&'a self, stack: &'a str, text: &'a [u8], write_id: &'a str, over: Option<&'a Version>) -> Asked<'a, Version> {
        Box::pin(async move {
            let over = over.map_or(Over::Nothing, |Version(seen)| Over::Write(seen));
            self.table.put(&self.partition(stack), HEAD, text, write_id, over).await?;
            Ok(Version(write_id.to_owned()))
        })
    }

    fn slots<'a>(&'a self, stack: &'a str, from: u64) -> Asked<'a, Vec<(u64, Vec<u8>)>> {
        Box::pin(async move {
            let found = self.table.between(&self.partition(stack), &slot(from), &slot(u64::MAX)).await?;
            let mut slots = Vec::with_capacity(found.len());
            for (item, text) in found {
                let Some(number) = item.strip_prefix("J#").and_then(|number| number.parse().ok()) else { continue };
                slots.push((number, self.followed(text).await?));
            }
            Ok(slots)
        })
    }

    fn slot<'a>(&'a self, stack: &'a str, number: u64) -> Asked<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            match self.table.get(&self.partition(stack), &slot(number)).await? {
                Some((text, _)) => Ok(Some(self.followed(text).await?)),
                None => Ok(None),
            }
        })
    }

    fn add_slot<'a>(&'a self, stack: &'a str, number: u64, text: &'a [u8]) -> Asked<'a, ()> {
        Box::pin(async move {
            let elsewhere;
            let text = if text.len() > LARGEST {
                elsewhere = self.put_elsewhere(stack, number, text).await?;
                &elsewhere
            } else {
                text
            };
            self.table.put(&self.partition(stack), &slot(number), text, &random(), Over::Nothing).await
        })
    }

    fn remove_slot<'a>(&'a self, stack: &'a str, number: u64) -> Asked<'a, ()> {
        Box::pin(async move {
            let (partition, item) = (self.partition(stack), slot(number));
            let found = self.table.get(&partition, &item).await?;
            // The item first: whoever reads it finds what it leads to, unless both are about to go.
            self.table.delete(&partition, &item).await?;
            match found.as_ref().and_then(|(text, _)| std::str::from_utf8(text.strip_prefix(ELSEWHERE)?).ok()) {
                Some(name) => self.bucket.delete(name).await,
                None => Ok(()),
            }
        })
    }

    fn object<'a>(&'a self, name: &'a str) -> Asked<'a, Option<Vec<u8>>> {
        Box::pin(async move { Ok(self.bucket.get(name).await?.map(|(bytes, _)| bytes)) })
    }

    fn add_object<'a>(&'a self, name: &'a str, bytes: &'a [u8]) -> Asked<'a, ()> {
        Box::pin(async move { self.bucket.put(name, bytes, bucket::Over::Nothing).await.map(|_| ()) })
    }

    fn replace_object<'a>(&'a self, name: &'a str, bytes: Option<Vec<u8>>) -> Asked<'a, ()> {
        Box::pin(async move {
            match bytes {
                Some(bytes) => self.bucket.replace(name, &bytes).await,
                None => self.bucket.delete(name).await,
            }
        })
    }

    fn exchange_object<'a>(&'a self, name: &'a str, seen: &'a [u8], bytes: &'a [u8]) -> Asked<'a, ()> {
        Box::pin(self.bucket.exchange(name, seen, bytes))
    }

    fn names<'a>(&'a self, folder: &'a str) -> Asked<'a, Vec<String>> {
        Box::pin(self.bucket.names(folder))
    }

    fn place(&self, name: &str) -> String {
        // What lies in the table says so.
        match name.rsplit_once('/') {
            Some((stack, "head")) => format!("{}, {} of {}", self.table.place(), HEAD, self.partition(stack)),
            _ => match name.rsplit_once("/journal/") {
                Some((stack, number)) => format!("{}, J#{number} of {}", self.table.place(), self.partition(stack)),
                None => self.bucket.place(name),
            },
        }
    }
}
