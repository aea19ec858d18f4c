//! The bucket: there, ours, with versions, encrypted, closed to the public, and with a policy that enforces how it is used.

use aws_sdk_s3::{
    Client,
    error::ProvideErrorMetadata,
    types::{
        BucketLocationConstraint, BucketVersioningStatus, CreateBucketConfiguration, PublicAccessBlockConfiguration, ServerSideEncryption,
        ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration, ServerSideEncryptionRule, VersioningConfiguration,
    },
};
use aws_types::SdkConfig;

use super::{Checked, Done, Needs, SetupFault, Tell, because, policy, set, sound};

/// The region whose buckets name none. Amazon S3 API Reference, `CreateBucket`.
const CLASSIC: &str = "us-east-1";

pub(super) async fn set_up(config: &SdkConfig, needs: &Needs, tell: Tell<'_>) -> Result<(), SetupFault> {
    let settings = aws_sdk_s3::config::Builder::from(config).force_path_style(config.endpoint_url().is_some());
    let client = Client::from_conf(settings.build());
    tell(exists(&client, needs).await?);
    tell(versions(&client, needs).await?);
    tell(encryption(&client, needs).await?);
    tell(no_public_access(&client, needs).await?);
    tell(access_rules(&client, needs).await?);
    Ok(())
}

async fn exists(client: &Client, needs: &Needs) -> Result<Checked, SetupFault> {
    let what = format!("bucket {}", needs.bucket);
    let unusable = |why: String| Err(SetupFault { what: format!("bucket {} can't be used", needs.bucket), why });
    // Of somebody else's bucket of this name nothing may be believed.
    match client.head_bucket().bucket(&needs.bucket).expected_bucket_owner(&needs.account).send().await {
        Ok(found) => match found.bucket_region() {
            Some(region) if region != needs.region => return unusable(format!("it is in {region}, and [state] says {}", needs.region)),
            Some(_) | None => return Ok(sound(what)),
        },
        Err(error) => match error.raw_response().map(|raw| raw.status().as_u16()) {
            Some(404) => {}
            Some(403) => {
                let why = format!("it is there, but not in account {}, or the credentials in use may not see it", needs.account);
                return unusable(why);
            }
            Some(301) => return unusable(format!("it is in another region than {}, which [state] says", needs.region)),
            _ => return Err(because(format!("{what} can't be seen"))(error)),
        },
    }
    let create = client.create_bucket().bucket(&needs.bucket);
    let create = if needs.region == CLASSIC {
        create
    } else {
        let place = BucketLocationConstraint::from(needs.region.as_str());
        create.create_bucket_configuration(CreateBucketConfiguration::builder().location_constraint(place).build())
    };
    create.send().await.map_err(because(format!("{what} can't be made")))?;
    Ok(set(what))
}

async fn versions(client: &Client, needs: &Needs) -> Result<Checked, SetupFault> {
    let what = format!("versions of bucket {}", needs.bucket);
    let found = client.get_bucket_versioning().bucket(&needs.bucket).send().await;
    if found.map_err(because(format!("{what} can't be read")))?.status == Some(BucketVersioningStatus::Enabled) {
        return Ok(sound(what));
    }
    let on = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
    let done = client.put_bucket_versioning().bucket(&needs.bucket).versioning_configuration(on).send().await;
    done.map_err(because(format!("{what} can't be turned on")))?;
    Ok(set(what))
}

async fn encryption(client: &Client, needs: &Needs) -> Result<Checked, SetupFault> {
    let what = format!("encryption of bucket {}", needs.bucket);
    let found = match client.get_bucket_encryption().bucket(&needs.bucket).send().await {
        Ok(found) => found.server_side_encryption_configuration,
        Err(error) if error.code() == Some("ServerSideEncryptionConfigurationNotFoundError") => None,
        Err(error) => return Err(because(format!("{what} can't be read"))(error)),
    };
    let rules = found.map(|found| found.rules).unwrap_or_default();
    let default = rules.iter().find_map(|rule| rule.apply_server_side_encryption_by_default());
    let wanted = needs.kms_key_id.as_deref();
    match default {
        Some(default) if *default.sse_algorithm() != ServerSideEncryption::Aes256 => {
            if wanted.is_none() || default.kms_master_key_id() == wanted {
                return Ok(sound(what));
            }
            let other = default.kms_master_key_id().unwrap_or("AWS's own");
            let why = format!("its default is another key ({other}); whatever Lowtide writes names its key itself");
            return Ok(Checked { what, done: Done::Left(why) });
        }
        Some(_) if wanted.is_none() => return Ok(sound(what)),
        Some(_) | None => {}
    }
    let by = match wanted {
        Some(key) => ServerSideEncryptionByDefault::builder().sse_algorithm(ServerSideEncryption::AwsKms).kms_master_key_id(key),
        None => ServerSideEncryptionByDefault::builder().sse_algorithm(ServerSideEncryption::Aes256),
    };
    let failed = |error: aws_sdk_s3::error::BuildError| SetupFault { what: format!("{what} can't be turned on"), why: error.to_string() };
    let by = by.build().map_err(failed)?;
    let rule = ServerSideEncryptionRule::builder().apply_server_side_encryption_by_default(by).bucket_key_enabled(wanted.is_some()).build();
    let rules = ServerSideEncryptionConfiguration::builder().rules(rule).build().map_err(failed)?;
    let done = client.put_bucket_encryption().bucket(&needs.bucket).server_side_encryption_configuration(rules).send().await;
    done.map_err(because(format!("{what} can't be turned on")))?;
    Ok(set(what))
}

async fn no_public_access(client: &Client, needs: &Needs) -> Result<Checked, SetupFault> {
    let what = format!("no public access to bucket {}", needs.bucket);
    let found = match client.get_public_access_block().bucket(&needs.bucket).send().await {
        Ok(found) => found.public_access_block_configuration,
        Err(error) if error.code() == Some("NoSuchPublicAccessBlockConfiguration") => None,
        Err(error) => return Err(because(format!("{what} can't be read"))(error)),
    };
    let all = |found: &PublicAccessBlockConfiguration| {
        [found.block_public_acls, found.ignore_public_acls, found.block_public_policy, found.restrict_public_buckets] == [Some(true); 4]
    };
    if found.as_ref().is_some_and(all) {
        return Ok(sound(what));
    }
    let block = PublicAccessBlockConfiguration::builder()
        .block_public_acls(true)
        .ignore_public_acls(true)
        .block_public_policy(true)
        .restrict_public_buckets(true)
        .build();
    let done = client.put_public_access_block().bucket(&needs.bucket).public_access_block_configuration(block).send().await;
    done.map_err(because(format!("{what} can't be set")))?;
    Ok(set(what))
}

async fn access_rules(client: &Client, needs: &Needs) -> Result<Checked, SetupFault> {
    let what = format!("policy of bucket {}: encrypted connections, conditional writes", needs.bucket);
    let found = match client.get_bucket_policy().bucket(&needs.bucket).send().await {
        Ok(found) => found.policy,
        Err(error) if error.code() == Some("NoSuchBucketPolicy") => None,
        Err(error) => return Err(because("the bucket's policy can't be read")(error)),
    };
    match policy::with_ours(found.as_deref(), needs) {
        policy::Merged::Sound => Ok(sound(what)),
        policy::Merged::Left(why) => Ok(Checked { what, done: Done::Left(why) }),
        policy::Merged::Next(text) => {
            let done = client.put_bucket_policy().bucket(&needs.bucket).policy(text).send().await;
            done.map_err(because("the bucket's policy can't be set"))?;
            Ok(set(what))
        }
    }
}
