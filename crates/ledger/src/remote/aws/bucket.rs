//! Objects of an S3 bucket beneath a prefix. Amazon S3 User Guide, "How to prevent object overwrites with conditional writes":
//! reads see every earlier write, and of several conditional writes one succeeds.

use aws_sdk_s3::{
    Client,
    error::ProvideErrorMetadata,
    operation::put_object::PutObjectOutput,
    primitives::ByteStream,
    types::{Object, ServerSideEncryption},
};
use aws_types::SdkConfig;

use super::{
    fault::{fault, is_missing},
    patience,
};
use crate::remote::StoreFault;

/// Objects of a bucket beneath a prefix.
#[derive(Clone, Debug)]
pub struct Bucket {
    client: Client,
    name: String,
    /// Empty, or with a slash at its end.
    prefix: String,
    kms_key_id: Option<String>,
    /// The account that it must be in; one elsewhere answers every request with a refusal.
    owner: Option<String>,
}

/// How often an object is replaced while others replace it too.
const REPLACING: usize = 5;

/// Under which condition an object is written.
pub(super) enum Over<'a> {
    /// There is no such object.
    Nothing,
    /// The object has this entity tag.
    Tag(&'a str),
}

impl Bucket {
    /// Returns the objects of a bucket beneath a prefix, written with a KMS key where one is named.
    pub fn new(config: &SdkConfig, name: &str, prefix: &str, kms_key_id: Option<&str>) -> Self {
        // Buckets have hosts of their own but on a simulator, which has one host for all.
        let settings = aws_sdk_s3::config::Builder::from(config).force_path_style(config.endpoint_url().is_some());
        let prefix = prefix.trim_matches('/');
        Self {
            client: Client::from_conf(settings.build()),
            name: name.to_owned(),
            prefix: if prefix.is_empty() { String::new() } else { format!("{prefix}/") },
            kms_key_id: kms_key_id.map(str::to_owned),
            owner: None,
        }
    }

    /// Returns it with the account that it must be in. Should the bucket be deleted and its name taken by somebody else, S3 refuses every
    /// request (Amazon S3 User Guide, "Verifying bucket ownership with bucket owner condition").
    #[must_use]
    pub fn owned_by(self, owner: Option<&str>) -> Self {
        Self { owner: owner.map(str::to_owned), ..self }
    }

    /// Returns the bucket's name and what its keys begin with: what tells it from every other.
    pub(super) fn identity(&self) -> String {
        format!("{}/{}", self.name, self.prefix)
    }

    /// Says where an object is.
    pub(super) fn place(&self, name: &str) -> String {
        format!("s3://{}/{}{name}", self.name, self.prefix)
    }

    fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// Returns an object and its entity tag.
    pub(super) async fn get(&self, name: &str) -> Result<Option<(Vec<u8>, String)>, StoreFault> {
        match self.client.get_object().bucket(&self.name).set_expected_bucket_owner(self.owner.clone()).key(self.key(name)).send().await {
            Ok(found) => {
                let tag = found.e_tag.ok_or_else(|| StoreFault::Refused("S3 gave no entity tag".to_owned()))?;
                let body = found.body.collect().await.map_err(|error| StoreFault::Unknown(error.to_string()))?;
                Ok(Some((body.to_vec(), tag)))
            }
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(self.fault(&error)),
        }
    }

    /// Writes an object; returns its entity tag.
    pub(super) async fn put(&self, name: &str, bytes: &[u8], over: Over<'_>) -> Result<String, StoreFault> {
        let put = self
            .client
            .put_object()
            .bucket(&self.name)
            .set_expected_bucket_owner(self.owner.clone())
            .key(self.key(name))
            .body(ByteStream::from(bytes.to_vec()));
        let put = match over {
            Over::Nothing => put.if_none_match("*"),
            Over::Tag(tag) => put.if_match(tag),
        };
        let put = match &self.kms_key_id {
            Some(key) => put.server_side_encryption(ServerSideEncryption::AwsKms).ssekms_key_id(key).bucket_key_enabled(true),
            None => put,
        };
        let sent = match patience::for_upload(self.client.config().timeout_config(), bytes.len()) {
            Some(longer) => put.customize().config_override(aws_sdk_s3::config::Builder::new().timeout_config(longer)).send().await,
            None => put.send().await,
        };
        match sent {
            Ok(PutObjectOutput { e_tag: Some(tag), .. }) => Ok(tag),
            Ok(_) => Err(StoreFault::Unknown("S3 gave no entity tag".to_owned())),
            // What was to be replaced is gone.
            Err(error) if is_missing(&error) && matches!(over, Over::Tag(_)) => Err(StoreFault::Conflict),
            Err(error) => Err(self.fault(&error)),
        }
    }

    /// Puts an object in the place of whatever is there, on the condition that this was seen: the bucket's policy wants one of a key.
    pub(super) async fn replace(&self, name: &str, bytes: &[u8]) -> Result<(), StoreFault> {
        for _ in 0..REPLACING {
            let found = self.get(name).await?;
            let over = found.as_ref().map_or(Over::Nothing, |(_, tag)| Over::Tag(tag));
            match self.put(name, bytes, over).await {
                // Somebody else replaced it just now; or we did, and the answer was lost.
                Err(StoreFault::Conflict) => {}
                done => return done.map(drop),
            }
        }
        Err(StoreFault::Unknown("others replace it again and again; try later".to_owned()))
    }

    /// Puts an object in the place of exactly this one.
    pub(super) async fn exchange(&self, name: &str, seen: &[u8], bytes: &[u8]) -> Result<(), StoreFault> {
        match self.get(name).await? {
            Some((found, tag)) if found == seen => self.put(name, bytes, Over::Tag(&tag)).await.map(drop),
            Some(_) | None => Err(StoreFault::Conflict),
        }
    }

    /// Deletes an object; that it is gone already is as good.
    pub(super) async fn delete(&self, name: &str) -> Result<(), StoreFault> {
        let done =
            self.client.delete_object().bucket(&self.name).set_expected_bucket_owner(self.owner.clone()).key(self.key(name)).send().await;
        done.map(|_| ()).map_err(|error| self.fault(&error))
    }

    /// Returns the names of objects and folders directly in a folder, sorted.
    pub(super) async fn names(&self, folder: &str) -> Result<Vec<String>, StoreFault> {
        let start = if folder.is_empty() { self.key("") } else { self.key(&format!("{folder}/")) };
        let list =
            self.client.list_objects_v2().bucket(&self.name).set_expected_bucket_owner(self.owner.clone()).prefix(&start).delimiter("/");
        let mut pages = list.into_paginator().send();
        let mut names = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| self.fault(&error))?;
            let keys = page.contents().iter().filter_map(Object::key);
            let folders = page.common_prefixes().iter().filter_map(|folder| folder.prefix());
            let beneath = keys.chain(folders).filter_map(|key| key.strip_prefix(&start));
            names.extend(beneath.map(|name| name.trim_end_matches('/').to_owned()).filter(|name| !name.is_empty()));
        }
        names.sort();
        Ok(names)
    }

    /// Returns the names of the objects directly in a folder whose names are not less than this one, sorted.
    pub(super) async fn names_from(&self, folder: &str, first: &str) -> Result<Vec<String>, StoreFault> {
        let start = self.key(&format!("{folder}/"));
        // S3 begins after a key, not with it; a name that is cut short comes before it and after all that are less.
        let after = first.get(..first.len().saturating_sub(1)).unwrap_or_default();
        let list = self
            .client
            .list_objects_v2()
            .bucket(&self.name)
            .set_expected_bucket_owner(self.owner.clone())
            .prefix(&start)
            .start_after(format!("{start}{after}"));
        let mut pages = list.into_paginator().send();
        let mut names = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| self.fault(&error))?;
            let keys = page.contents().iter().filter_map(Object::key).filter_map(|key| key.strip_prefix(&start));
            names.extend(keys.filter(|name| *name >= first).map(str::to_owned));
        }
        names.sort();
        Ok(names)
    }

    fn fault<E>(&self, error: &aws_sdk_s3::error::SdkError<E, aws_sdk_s3::config::http::HttpResponse>) -> StoreFault
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        match error.code() {
            Some("NoSuchBucket") => StoreFault::Refused(format!("there is no bucket {}; `lowtide init` makes it", self.name)),
            Some("PermanentRedirect" | "AuthorizationHeaderMalformed") => {
                StoreFault::Refused(format!("the bucket {} is in another region than [state] says", self.name))
            }
            _ => fault(error),
        }
    }
}
