//! `aws_s3_bucket`: where objects are kept.
//!
//! The name is the key, in all of AWS, and the physical id. In us-east-1 `CreateBucket` of a bucket that is ours already
//! succeeds, so a bucket is looked for before it is made. Tags are set as a whole afterwards. What else there is to set are
//! kinds of their own.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration, Delete, ObjectIdentifier, Tag, Tagging};
use lowtide_model::{Arn, Check, Complaint, Create, Model, Object, Place, PlannedObject, Value};
use lowtide_resource::{
    Ask, Asked, Changed, Class, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, absent_is_none, prefix_of_name,
};

use crate::S3;

/// A bucket: where objects are kept, under names that are unique in it.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Bucket {
    /// The name, unique in all of AWS: lower-case letters, digits, `-` and `.`. Lowtide chooses one when it is not given.
    #[attr(computed, identity, range = 3..=63, replaces)]
    pub bucket: Option<String>,
    /// What the name starts with when Lowtide chooses it.
    #[attr(computed, range = 1..=37, replaces)]
    pub bucket_prefix: Option<String>,
    /// Whether objects can be kept from being deleted for a time.
    #[attr(computed, replaces)]
    pub object_lock_enabled: Option<bool>,
    /// Whether the bucket is deleted even if it holds objects, which go with it, all their versions.
    #[attr(default = false, option)]
    pub force_destroy: bool,
    /// Tags by key.
    #[attr(open)]
    pub tags: Option<BTreeMap<String, String>>,
}

/// What AWS decides about a bucket.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct BucketOutputs {
    /// The bucket's ARN.
    #[attr(predict = "arn:{partition}:s3:::{bucket}")]
    pub arn: Arn,
    /// The bucket's name.
    #[attr(predict = "{bucket}")]
    pub id: String,
    /// The region it is in.
    #[attr(predict = "{region}")]
    pub region: String,
    /// Its host.
    pub bucket_domain_name: String,
    /// Its host in its region.
    pub bucket_regional_domain_name: String,
}

impl Resource for Bucket {
    type Outputs = BucketOutputs;
    type Service = S3;
    const KIND: &'static str = "aws_s3_bucket";
    const CREATE: Create = Create::Key;
    const IMPORT: &'static str = "BUCKET_NAME";
    const CHECKS: &'static [Check] = &[names];
    const LEFT_OUT: &'static [(&'static str, &'static str)] = &[
        ("acceleration_status", "deprecated by the provider: aws_s3_bucket_accelerate_configuration takes its place"),
        ("acl", "deprecated by the provider: aws_s3_bucket_acl takes its place"),
        ("cors_rule", "deprecated by the provider: aws_s3_bucket_cors_configuration takes its place"),
        ("grant", "deprecated by the provider: aws_s3_bucket_acl takes its place"),
        ("hosted_zone_id", "a number of each region that AWS publishes and does not tell"),
        ("lifecycle_rule", "deprecated by the provider: aws_s3_bucket_lifecycle_configuration takes its place"),
        ("logging", "deprecated by the provider: aws_s3_bucket_logging takes its place"),
        ("object_lock_configuration", "deprecated by the provider: aws_s3_bucket_object_lock_configuration takes its place"),
        ("policy", "deprecated by the provider: aws_s3_bucket_policy takes its place"),
        ("replication_configuration", "deprecated by the provider: aws_s3_bucket_replication_configuration takes its place"),
        ("request_payer", "deprecated by the provider: aws_s3_bucket_request_payment_configuration takes its place"),
        (
            "server_side_encryption_configuration",
            "deprecated by the provider: aws_s3_bucket_server_side_encryption_configuration takes its place",
        ),
        ("versioning", "deprecated by the provider: aws_s3_bucket_versioning takes its place"),
        ("website", "deprecated by the provider: aws_s3_bucket_website_configuration takes its place"),
        ("website_domain", "goes with website"),
        ("website_endpoint", "goes with website"),
    ];

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        wish.bucket.clone()
    }

    async fn create(cx: &Context<'_, S3>, wish: &Self, op: &Operation) -> Result<Made, Fault> {
        let name = op.name(wish.bucket.as_deref(), wish.bucket_prefix.as_deref());
        let region = cx.place.region.as_str();
        // The oldest region is the one that may not be named.
        let elsewhere = (region != "us-east-1").then(|| BucketLocationConstraint::from(region));
        let tags = request_tags(&wish.tags)?;
        let given = elsewhere.is_some() || !tags.is_empty();
        let settings = CreateBucketConfiguration::builder().set_location_constraint(elsewhere);
        let settings = settings.set_tags((!tags.is_empty()).then_some(tags)).build();
        let lock = wish.object_lock_enabled.filter(|wanted| *wanted);
        cx.client
            .create_bucket()
            .bucket(&name)
            .set_create_bucket_configuration(given.then_some(settings))
            .set_object_lock_enabled_for_bucket(lock)
            .send()
            .await?;
        Made::id(Some(name), "the name of the bucket")
    }

    async fn read(cx: &Context<'_, S3>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let listed = if asked.exact() { None } else { Some(cx.round.once("s3:ListBuckets", || names_of_all(cx)).await?) };
        let arn = |name: &str| format!("arn:{}:s3:::{name}", cx.place.partition);
        let arns: Vec<_> = asked.these.iter().map(|ask| arn(&ask.id)).collect();
        let known = if asked.exact() { None } else { cx.tags_of(&arns).await? };
        let one = |ask: Ask| {
            let (listed, known) = (listed.clone(), known.as_ref().map(|all| all.get(&arn(&ask.id)).cloned().unwrap_or_default()));
            async move {
                let there = match listed {
                    Some(all) => all.contains(&ask.id),
                    None => is_there(cx, &ask.id).await?,
                };
                if !there {
                    return Ok(None);
                }
                let tags = match known {
                    Some(tags) => tags,
                    None => tags(cx, &ask.id).await?,
                };
                let lock = match ask.last.get("object_lock_enabled").and_then(Value::as_bool) {
                    Some(true) => locks(cx, &ask.id).await?,
                    Some(false) | None => false,
                };
                Ok(Some(observed(cx.place, &ask.id, lock, tags, &ask.last)))
            }
        };
        Ok(asked.each(one).await.seen(|_, seen| Ok(seen)))
    }

    async fn update(cx: &Context<'_, S3>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.has("tags") {
            let set = request_tags(&to.tags)?;
            if set.is_empty() {
                cx.client.delete_bucket_tagging().bucket(&now.id).send().await?;
            } else {
                let tagging = Tagging::builder().set_tag_set(Some(set)).build().map_err(|error| Fault::ours(&error.to_string()))?;
                cx.client.put_bucket_tagging().bucket(&now.id).tagging(tagging).send().await?;
            }
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, S3>, last: &Observed<Self>, how: &Self) -> Result<Going, Fault> {
        if how.force_destroy
            && let Some(count) = emptied(cx, &last.id).await?
        {
            return Ok(Going::Going(format!("{count} objects deleted so far in this step")));
        }
        match cx.client.delete_bucket().bucket(&last.id).send().await.map_err(Fault::from) {
            Ok(_) => Ok(Going::Gone),
            // Nobody else empties it, so that waiting would not help.
            Err(fault) if fault.class == Class::InUse && !how.force_destroy => {
                let message =
                    format!("{}; with `force_destroy = true` its objects are deleted with it", fault.message.trim_end_matches('.'));
                Err(Fault { message, class: Class::Invalid, ..fault })
            }
            Err(fault) => Err(fault),
        }
    }

    /// Names that Lowtide chose end in the operation's id.
    async fn find(cx: &Context<'_, S3>, op: &Operation, _wish: &Object) -> Result<Vec<String>, Fault> {
        Ok(names_of_all(cx).await?.into_iter().filter(|name| name.ends_with(&op.name_ending())).collect())
    }
}

/// Returns whether a bucket is there.
///
/// # Errors
/// When it is in another region, where its settings would be asked for in vain.
async fn is_there(cx: &Context<'_, S3>, name: &str) -> Result<bool, Fault> {
    let Some(said) = absent_is_none(cx.client.get_bucket_location().bucket(name).send().await)? else { return Ok(false) };
    let region = region_of(said.location_constraint.as_ref().map(BucketLocationConstraint::as_str));
    if region != cx.place.region {
        return Err(Fault::ours(&format!(
            "the bucket `{name}` is in {region}, and not in {}, where it is looked for; declare it with a provider of that region",
            cx.place.region
        )));
    }
    Ok(true)
}

/// Returns the region that a bucket says it is in: nothing is the oldest one, and `EU` the oldest of Europe (Amazon S3 API
/// Reference, GetBucketLocation).
fn region_of(constraint: Option<&str>) -> &str {
    match constraint {
        None | Some("") => "us-east-1",
        Some("EU") => "eu-west-1",
        Some(region) => region,
    }
}

fn request_tags(tags: &Option<BTreeMap<String, String>>) -> Result<Vec<Tag>, Fault> {
    let tag =
        |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build().map_err(|error| Fault::ours(&error.to_string()));
    tags.iter().flatten().map(tag).collect()
}

/// Returns the names of all buckets of this region. One of another region is told by an exact look.
async fn names_of_all(cx: &Context<'_, S3>) -> Result<BTreeSet<String>, Fault> {
    let pages =
        cx.client.list_buckets().bucket_region(&cx.place.region).into_paginator().items().send().collect::<Result<Vec<_>, _>>().await?;
    Ok(pages.into_iter().filter_map(|bucket| bucket.name).collect())
}

async fn tags(cx: &Context<'_, S3>, name: &str) -> Result<BTreeMap<String, String>, Fault> {
    let found = absent_is_none(cx.client.get_bucket_tagging().bucket(name).send().await)?;
    Ok(found.into_iter().flat_map(|found| found.tag_set).map(|tag| (tag.key, tag.value)).collect())
}

async fn locks(cx: &Context<'_, S3>, name: &str) -> Result<bool, Fault> {
    let found = absent_is_none(cx.client.get_object_lock_configuration().bucket(name).send().await)?;
    Ok(found.is_some_and(|found| found.object_lock_configuration.is_some()))
}

/// Deletes up to a thousand versions and markers; says how many, or nothing where there were none.
async fn emptied(cx: &Context<'_, S3>, name: &str) -> Result<Option<usize>, Fault> {
    let page = cx.client.list_object_versions().bucket(name).max_keys(1000).send().await?;
    let versions = page.versions.unwrap_or_default().into_iter().map(|one| (one.key, one.version_id));
    let markers = page.delete_markers.unwrap_or_default().into_iter().map(|one| (one.key, one.version_id));
    let invalid = |error: aws_sdk_s3::error::BuildError| Fault::ours(&error.to_string());
    let named = |(key, version): (Option<String>, Option<String>)| {
        ObjectIdentifier::builder().set_key(key).set_version_id(version).build().map_err(invalid)
    };
    let all = versions.chain(markers).map(named).collect::<Result<Vec<_>, _>>()?;
    if all.is_empty() {
        return Ok(None);
    }
    let count = all.len();
    let delete = Delete::builder().set_objects(Some(all)).quiet(true).build().map_err(invalid)?;
    let answer = cx.client.delete_objects().bucket(name).delete(delete).send().await?;
    match answer.errors().first() {
        Some(error) => Err(Fault::ours(&format!(
            "{} can't be deleted: {}",
            error.key().unwrap_or("an object"),
            error.message().unwrap_or("no reason given")
        ))),
        None => Ok(Some(count)),
    }
}

fn observed(place: &Place, name: &str, lock: bool, tags: BTreeMap<String, String>, last: &Object) -> Observed<Bucket> {
    let suffix = if place.partition == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
    let inputs = Bucket {
        bucket: Some(name.to_owned()),
        bucket_prefix: prefix_of_name(name),
        object_lock_enabled: Some(lock),
        force_destroy: last.get("force_destroy").and_then(Value::as_bool).unwrap_or_default(),
        tags: (!tags.is_empty()).then_some(tags),
    };
    let outputs = BucketOutputs {
        arn: format!("arn:{}:s3:::{name}", place.partition).into(),
        id: name.to_owned(),
        region: place.region.clone(),
        bucket_domain_name: format!("{name}.s3.{suffix}"),
        bucket_regional_domain_name: format!("{name}.s3.{}.{suffix}", place.region),
    };
    Observed::stable(name, inputs, outputs)
}

fn names(wish: &PlannedObject) -> Vec<Complaint> {
    let mut all = Vec::new();
    if wish.get("bucket").is_some() && wish.get("bucket_prefix").is_some() {
        all.push(Complaint::about("bucket_prefix", "`bucket` and `bucket_prefix` exclude each other.").hint("keep one of them"));
    }
    let fits = |name: &str| {
        let end = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
        name.chars().all(|letter| end(letter) || "-.".contains(letter)) && name.starts_with(end) && !name.contains("..")
    };
    for attribute in ["bucket", "bucket_prefix"] {
        if let Some(name) = wish.text(attribute).filter(|name| !fits(name)) {
            let detail = format!(
                "`{name}` is no name of a bucket: lower-case letters, digits, `-` and `.`, with a letter or digit first and no two dots in a row."
            );
            all.push(Complaint::about(attribute, detail).hint(format!("for example: {}", name.to_lowercase().replace(['_', ' '], "-"))));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use lowtide_model::Planned;

    use super::*;

    #[test]
    fn a_bucket_without_a_place_is_in_the_oldest_region() {
        assert_eq!([region_of(None), region_of(Some("")), region_of(Some("EU"))], ["us-east-1", "us-east-1", "eu-west-1"]);
        assert_eq!(region_of(Some("eu-central-1")), "eu-central-1");
    }

    #[test]
    fn names_that_s3_refuses_are_told() {
        let wrong = |name: &str| names(&[("bucket".to_owned(), Planned::text(name))].into_iter().collect()).len();
        assert_eq!([wrong("my-bucket.logs"), wrong("My_Bucket"), wrong("-a"), wrong("a..b")], [0, 1, 1, 1]);
    }
}
