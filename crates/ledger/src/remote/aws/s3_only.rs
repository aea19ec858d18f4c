//! All of a ledger in one bucket: the head by If-Match, the slots by If-None-Match.

use super::bucket::{Bucket, Over};
use crate::remote::{Asked, Store, StoreFault, Version, stack::slot_name};

/// How many slots are read at once.
const AT_ONCE: usize = 16;

/// A ledger in one bucket.
#[derive(Clone, Debug)]
pub struct S3Only(Bucket);

impl S3Only {
    /// Returns the ledger in a bucket.
    pub fn new(bucket: Bucket) -> Self {
        Self(bucket)
    }

    async fn read_slots(&self, stack: &str, from: u64) -> Result<Vec<(u64, Vec<u8>)>, StoreFault> {
        let folder = format!("{stack}/journal");
        let names = self.0.names_from(&folder, &format!("{from:020}")).await?;
        let mut slots = Vec::new();
        for names in names.chunks(AT_ONCE) {
            let mut reading = tokio::task::JoinSet::new();
            for name in names {
                let (number, bucket, object) = (name.parse::<u64>().ok(), self.0.clone(), format!("{folder}/{name}"));
                reading.spawn(async move { Ok((number, bucket.get(&object).await?)) });
            }
            while let Some(read) = reading.join_next().await {
                // One that went while we looked has been covered by a snapshot: whoever asked looks at the head again.
                if let (Some(number), Some((bytes, _))) = read.map_err(|error| StoreFault::Unknown(error.to_string()))?? {
                    slots.push((number, bytes));
                }
            }
        }
        slots.sort_unstable_by_key(|(number, _)| *number);
        Ok(slots)
    }
}

fn head(stack: &str) -> String {
    format!("{stack}/head.json")
}

fn slot(stack: &str, number: u64) -> String {
    format!("{stack}/{}", slot_name(number))
}

impl Store for S3Only {
    fn head<'a>(&'a self, stack: &'a str) -> Asked<'a, Option<(Vec<u8>, Version)>> {
        Box::pin(async move { Ok(self.0.get(&head(stack)).await?.map(|(bytes, tag)| (bytes, Version(tag)))) })
    }

    fn set_head<'a>(&'a self, stack: &'a str, text: &'a [u8], _write_id: &'a str, over: Option<&'a Version>) -> Asked<'a, Version> {
        // No two heads have the same entity tag: each text holds a random id.
        let over = over.map_or(Over::Nothing, |Version(tag)| Over::Tag(tag));
        Box::pin(async move { self.0.put(&head(stack), text, over).await.map(Version) })
    }

    fn slots<'a>(&'a self, stack: &'a str, from: u64) -> Asked<'a, Vec<(u64, Vec<u8>)>> {
        Box::pin(self.read_slots(stack, from))
    }

    fn slot<'a>(&'a self, stack: &'a str, number: u64) -> Asked<'a, Option<Vec<u8>>> {
        Box::pin(async move { Ok(self.0.get(&slot(stack, number)).await?.map(|(bytes, _)| bytes)) })
    }

    fn add_slot<'a>(&'a self, stack: &'a str, number: u64, text: &'a [u8]) -> Asked<'a, ()> {
        Box::pin(async move { self.0.put(&slot(stack, number), text, Over::Nothing).await.map(|_| ()) })
    }

    fn remove_slot<'a>(&'a self, stack: &'a str, number: u64) -> Asked<'a, ()> {
        Box::pin(async move { self.0.delete(&slot(stack, number)).await })
    }

    fn object<'a>(&'a self, name: &'a str) -> Asked<'a, Option<Vec<u8>>> {
        Box::pin(async move { Ok(self.0.get(name).await?.map(|(bytes, _)| bytes)) })
    }

    fn add_object<'a>(&'a self, name: &'a str, bytes: &'a [u8]) -> Asked<'a, ()> {
        Box::pin(async move { self.0.put(name, bytes, Over::Nothing).await.map(|_| ()) })
    }

    fn replace_object<'a>(&'a self, name: &'a str, bytes: Option<Vec<u8>>) -> Asked<'a, ()> {
        Box::pin(async move {
            match bytes {
                Some(bytes) => self.0.replace(name, &bytes).await,
                None => self.0.delete(name).await,
            }
        })
    }

    fn exchange_object<'a>(&'a self, name: &'a str, seen: &'a [u8], bytes: &'a [u8]) -> Asked<'a, ()> {
        Box::pin(self.0.exchange(name, seen, bytes))
    }

    fn names<'a>(&'a self, folder: &'a str) -> Asked<'a, Vec<String>> {
        Box::pin(self.0.names(folder))
    }

    fn place(&self, name: &str) -> String {
        // The head has a name of its own here.
        let name = if name.ends_with("/head") { format!("{name}.json") } else { name.to_owned() };
        self.0.place(&name)
    }
}
