//! A store whose texts are sealed. Only heads stand in clear: they hold numbers, hashes and who writes, and are written under
//! conditions on what stands there.

use std::sync::Arc;

use super::{Keys, Passage, SealFault, Sealer, Seals};
use crate::remote::{Asked, Store, StoreFault, Version};

/// A store whose texts are sealed.
pub struct SealedStore {
    inner: Arc<dyn Store>,
    seals: Seals,
}

impl SealedStore {
    /// Seals a store.
    pub fn over(inner: Arc<dyn Store>, keys: Arc<dyn Keys>) -> Self {
        Self { inner, seals: Seals::new(keys) }
    }

    /// Returns it reading texts in clear as well, on the way to being sealed.
    #[must_use]
    pub fn letting_clear(self) -> Self {
        Self { seals: self.seals.letting(Passage::LettingClear), ..self }
    }

    /// Returns it reading texts in clear as well, and writing no others: on the way out of the seal.
    #[must_use]
    pub fn leaving(self) -> Self {
        Self { seals: self.seals.letting(Passage::Leaving), ..self }
    }

    fn seal_of(&self, name: &str) -> Sealer {
        self.seals.of(name.match_indices('/').nth(2).map_or(name, |(at, _)| &name[..at]))
    }

    async fn open(&self, name: &str, bytes: Option<Vec<u8>>) -> Result<Option<Vec<u8>>, StoreFault> {
        let Some(bytes) = bytes else { return Ok(None) };
        self.seal_of(name).open(name, &bytes).await.map(Some).map_err(refused)
    }
}

fn slot(stack: &str, number: u64) -> String {
    format!("{stack}/journal/{number:020}")
}

fn refused(fault: SealFault) -> StoreFault {
    StoreFault::Refused(fault.to_string())
}

impl Store for SealedStore {
    fn head<'a>(&'a self, stack: &'a str) -> Asked<'a, Option<(Vec<u8>, Version)>> {
        self.inner.head(stack)
    }

    fn set_head<'a>(&'a self, stack: &'a str, text: &'a [u8], write_id: &'a str, over: Option<&'a Version>) -> Asked<'a, Version> {
        Box::pin(async move {
            // Nobody gets the right to write who could not then write what was done.
            self.seals.of(stack).prepare().await.map_err(refused)?;
            self.inner.set_head(stack, text, write_id, over).await
        })
    }

    fn slots<'a>(&'a self, stack: &'a str, from: u64) -> Asked<'a, Vec<(u64, Vec<u8>)>> {
        Box::pin(async move {
            let seal = self.seals.of(stack);
            let mut opened = Vec::new();
            for (number, bytes) in self.inner.slots(stack, from).await? {
                opened.push((number, seal.open(&slot(stack, number), &bytes).await.map_err(refused)?));
            }
            Ok(opened)
        })
    }

    fn slot<'a>(&'a self, stack: &'a str, number: u64) -> Asked<'a, Option<Vec<u8>>> {
        Box::pin(async move { self.open(&slot(stack, number), self.inner.slot(stack, number).await?).await })
    }

    fn add_slot<'a>(&'a self, stack: &'a str, number: u64, text: &'a [u8]) -> Asked<'a, ()> {
        Box::pin(async move {
            let sealed = self.seals.of(stack).seal(&slot(stack, number), text).await.map_err(refused)?;
            self.inner.add_slot(stack, number, &sealed).await
        })
    }

    fn remove_slot<'a>(&'a self, stack: &'a str, number: u64) -> Asked<'a, ()> {
        self.inner.remove_slot(stack, number)
    }

    fn object<'a>(&'a self, name: &'a str) -> Asked<'a, Option<Vec<u8>>> {
        Box::pin(async move { self.open(name, self.inner.object(name).await?).await })
    }

    fn add_object<'a>(&'a self, name: &'a str, bytes: &'a [u8]) -> Asked<'a, ()> {
        Box::pin(async move {
            let sealed = self.seal_of(name).seal(name, bytes).await.map_err(refused)?;
            self.inner.add_object(name, &sealed).await
        })
    }

    fn replace_object<'a>(&'a self, name: &'a str, bytes: Option<Vec<u8>>) -> Asked<'a, ()> {
        Box::pin(async move {
            let sealed = match bytes {
                Some(bytes) => Some(self.seal_of(name).seal(name, &bytes).await.map_err(refused)?),
                None => None,
            };
            self.inner.replace_object(name, sealed).await
        })
    }

    fn exchange_object<'a>(&'a self, name: &'a str, seen: &'a [u8], bytes: &'a [u8]) -> Asked<'a, ()> {
        Box::pin(async move {
            let seal = self.seal_of(name);
            let Some(found) = self.inner.object(name).await? else { return Err(StoreFault::Conflict) };
            if seal.open(name, &found).await.map_err(refused)? != seen {
                return Err(StoreFault::Conflict);
            }
            let sealed = seal.seal(name, bytes).await.map_err(refused)?;
            self.inner.exchange_object(name, &found, &sealed).await
        })
    }

    fn sealed<'a>(&'a self, name: &'a str, text: &'a [u8]) -> Asked<'a, Vec<u8>> {
        Box::pin(async move { self.seal_of(name).seal(name, text).await.map_err(refused) })
    }

    fn opened<'a>(&'a self, name: &'a str, bytes: &'a [u8]) -> Asked<'a, Vec<u8>> {
        Box::pin(async move { self.seal_of(name).open(name, bytes).await.map_err(refused) })
    }

    fn names<'a>(&'a self, folder: &'a str) -> Asked<'a, Vec<String>> {
        self.inner.names(folder)
    }

    fn place(&self, name: &str) -> String {
        self.inner.place(name)
    }
}
