//! `aws_ecr_repository`: where container images are kept.
//!
//! The name is the key and the physical id. `CreateRepository` carries everything; images go with the repository only where
//! `force_delete` says so.

use aws_sdk_ecr::types::{
    EncryptionConfiguration as Encryption, EncryptionType, ImageScanningConfiguration as Scanning, ImageTagMutability,
    Repository as Described,
};
use lowtide_model::{Arn, Check, Complaint, Create, Model, Object, Place, PlannedObject, Value};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, in_halves};

use crate::{
    Ecr,
    tags::{self, Tags},
};

/// A repository of container images.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Repository {
    /// The name: lower-case letters, digits and `. _ - /`, beginning with a letter or digit.
    #[attr(identity, range = 2..=256, replaces)]
    pub name: String,
    /// Whether a tag can be moved to another image: `MUTABLE` or `IMMUTABLE`.
    #[attr(default = "MUTABLE", one_of = ["MUTABLE", "IMMUTABLE"])]
    pub image_tag_mutability: String,
    /// Whether images are scanned for known weaknesses.
    #[attr(computed)]
    pub image_scanning_configuration: Option<ImageScanning>,
    /// How images are encrypted; without it by keys of Amazon S3.
    #[attr(computed, replaces)]
    pub encryption_configuration: Option<EncryptionConfiguration>,
    /// Whether the repository is deleted even if it holds images, which go with it.
    #[attr(default = false, option)]
    pub force_delete: bool,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// Whether images are scanned.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct ImageScanning {
    /// Whether each image is scanned when it is pushed.
    pub scan_on_push: bool,
}

/// How images are encrypted.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct EncryptionConfiguration {
    /// `AES256` (keys of Amazon S3), `KMS` or `KMS_DSSE` (two layers).
    #[attr(default = "AES256", one_of = ["AES256", "KMS", "KMS_DSSE"])]
    pub encryption_type: String,
    /// The ARN of the KMS key; without it one of the service.
    #[attr(computed, refers = "aws_kms_key.arn")]
    pub kms_key: Option<Arn>,
}

/// What AWS decides about a repository.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct RepositoryOutputs {
    /// The repository's ARN.
    #[attr(predict = "arn:{partition}:ecr:{region}:{account}:repository/{name}")]
    pub arn: Arn,
    /// The repository's name.
    #[attr(predict = "{name}")]
    pub id: String,
    /// The account whose registry it is in.
    #[attr(predict = "{account}")]
    pub registry_id: String,
    /// What images are pushed to and pulled from: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/web`.
    #[attr(predict = "{account}.dkr.ecr.{region}.{dns_suffix}/{name}")]
    pub repository_url: String,
}

impl Resource for Repository {
    type Outputs = RepositoryOutputs;
    type Service = Ecr;
    const KIND: &'static str = "aws_ecr_repository";
    const CREATE: Create = Create::Key;
    const IMPORT: &'static str = "REPOSITORY_NAME";
    const CHECKS: &'static [Check] = &[name, key];

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        Some(wish.name.clone())
    }

    async fn create(cx: &Context<'_, Ecr>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        let encryption = |wanted: &EncryptionConfiguration| {
            let kind = EncryptionType::from(wanted.encryption_type.as_str());
            let key = wanted.kms_key.as_ref().map(|key| key.0.clone());
            Encryption::builder().encryption_type(kind).set_kms_key(key).build().map_err(|error| Fault::ours(&error.to_string()))
        };
        cx.client
            .create_repository()
            .repository_name(&wish.name)
            .image_tag_mutability(ImageTagMutability::from(wish.image_tag_mutability.as_str()))
            .set_image_scanning_configuration(wish.image_scanning_configuration.as_ref().map(scanning))
            .set_encryption_configuration(wish.encryption_configuration.as_ref().map(encryption).transpose()?)
            .set_tags(tags::request(&wish.tags)?)
            .send()
            .await?;
        Made::id(Some(&wish.name), "the name of the repository")
    }

    async fn read(cx: &Context<'_, Ecr>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let described = |names: Vec<String>| async move {
            let pages = cx.client.describe_repositories().set_repository_names(Some(names)).into_paginator().items().send();
            Ok(pages.collect::<Result<Vec<_>, _>>().await?)
        };
        let found = in_halves(asked.ids(), described).await?;
        let arns: Vec<_> = found.iter().filter_map(|one| one.repository_arn.clone()).collect();
        let mut tags = tags::of(cx, &arns, asked).await?;
        let seen = found.into_iter().filter_map(|one| {
            let ask = asked.these.iter().find(|ask| Some(&ask.id) == one.repository_name.as_ref())?;
            let tags = tags.remove(one.repository_arn.as_ref()?).filter(|tags| !tags.is_empty());
            Some((ask.id.clone(), observed(one, &ask.last, tags)))
        });
        Ok(asked.answer(seen.collect()))
    }

    async fn update(cx: &Context<'_, Ecr>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.has("image_tag_mutability") {
            let mutability = ImageTagMutability::from(to.image_tag_mutability.as_str());
            cx.client.put_image_tag_mutability().repository_name(&now.id).image_tag_mutability(mutability).send().await?;
        }
        if let (true, Some(wanted)) = (changed.has("image_scanning_configuration"), &to.image_scanning_configuration) {
            let scanning = scanning(wanted);
            cx.client.put_image_scanning_configuration().repository_name(&now.id).image_scanning_configuration(scanning).send().await?;
        }
        if changed.has("tags") {
            tags::update(cx, &now.outputs.arn, &now.inputs.tags, &to.tags).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Ecr>, last: &Observed<Self>, how: &Self) -> Result<Going, Fault> {
        let deleted = cx.client.delete_repository().repository_name(&last.id).force(how.force_delete).send().await;
        match deleted.map_err(Fault::from) {
            Ok(_) => Ok(Going::Gone),
            Err(fault) if fault.code.as_deref() == Some("RepositoryNotEmptyException") => {
                let message = format!("{}; with `force_delete = true` its images are deleted with it", fault.message.trim_end_matches('.'));
                Err(Fault { message, ..fault })
            }
            Err(fault) => Err(fault),
        }
    }
}

fn scanning(wanted: &ImageScanning) -> Scanning {
    Scanning::builder().scan_on_push(wanted.scan_on_push).build()
}

fn observed(one: Described, last: &Object, tags: Tags) -> Observed<Repository> {
    let name = one.repository_name.unwrap_or_default();
    let encryption = |seen: Encryption| EncryptionConfiguration {
        encryption_type: seen.encryption_type.as_str().to_owned(),
        kms_key: seen.kms_key.map(Arn),
    };
    let inputs = Repository {
        name: name.clone(),
        image_tag_mutability: one.image_tag_mutability.map_or_else(|| "MUTABLE".to_owned(), |word| word.as_str().to_owned()),
        image_scanning_configuration: one.image_scanning_configuration.map(|seen| ImageScanning { scan_on_push: seen.scan_on_push }),
        encryption_configuration: one.encryption_configuration.map(encryption),
        force_delete: last.get("force_delete").and_then(Value::as_bool).unwrap_or_default(),
        tags,
    };
    let outputs = RepositoryOutputs {
        arn: one.repository_arn.unwrap_or_default().into(),
        id: name.clone(),
        registry_id: one.registry_id.unwrap_or_default(),
        repository_url: one.repository_uri.unwrap_or_default(),
    };
    Observed::stable(name, inputs, outputs)
}

fn name(wish: &PlannedObject) -> Vec<Complaint> {
    let fits = |name: &str| {
        let word = |word: &str| {
            let end = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
            word.starts_with(end) && word.ends_with(end) && word.chars().all(|letter| end(letter) || "._-".contains(letter))
        };
        name.split('/').all(word)
    };
    match wish.text("name").filter(|name| !fits(name)) {
        Some(name) => {
            let detail = format!(
                "`{name}` is no name of a repository: parts between slashes, each of lower-case letters and digits with single `.`, `_` or `-` in between."
            );
            vec![Complaint::about("name", detail).hint(format!("for example: {}", name.to_lowercase().replace(' ', "-")))]
        }
        None => Vec::new(),
    }
}

fn key(wish: &PlannedObject) -> Vec<Complaint> {
    let blocks =
        wish.get("encryption_configuration").map(|block| block.as_members().or_else(|| block.as_elements()?.first()?.as_members()));
    let Some(Some(members)) = blocks else { return Vec::new() };
    let kind = members.get("encryption_type").map_or(Some("AES256"), |kind| kind.as_str());
    if kind == Some("AES256") && members.get("kms_key").is_some_and(|key| !key.is_null()) {
        let detail = "With `AES256` images are encrypted by keys of Amazon S3, so a KMS key would not be used.";
        return vec![Complaint::about("encryption_configuration", detail).hint("write encryption_type = \"KMS\", or leave kms_key out")];
    }
    Vec::new()
}
