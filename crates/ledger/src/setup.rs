//! Makes and verifies what a shared ledger needs in AWS: a bucket with versions, encryption and no way in for the public, and a
//! table. What is there is only ever tightened; what is not as it should be and can't be mended is said.

mod bucket;
mod policy;
mod table;

use aws_types::SdkConfig;

/// What a shared ledger needs.
#[derive(Clone, Debug)]
pub struct Needs {
    /// The account that bucket and table are in; twelve digits.
    pub account: String,
    /// Its partition: `aws`, `aws-cn`…
    pub partition: String,
    /// The region of both.
    pub region: String,
    /// The bucket.
    pub bucket: String,
    /// What keys in it start with; may be empty.
    pub prefix: String,
    /// The table, where lease and journal are kept in one.
    pub table: Option<String>,
    /// The KMS key to encrypt with.
    pub kms_key_id: Option<String>,
}

/// One thing that a ledger needs, as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What it is, in words: `versions of bucket b`.
    pub what: String,
    /// What was done about it.
    pub done: Done,
}

/// What was done about something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// Nothing: it was as it should be.
    Sound,
    /// It was made, or set as it should be.
    Set,
    /// It is not as it should be, and was left alone, for this reason.
    Left(String),
}

/// Why the setup could not go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {why}")]
pub struct SetupFault {
    /// What was being done: `bucket b can't be made`.
    pub what: String,
    /// What AWS said, or what is wrong.
    pub why: String,
}

/// Hears of each thing.
pub type Tell<'a> = &'a mut (dyn FnMut(Checked) + Send);

/// Makes what is missing and sets what is not as it should be. May be repeated.
///
/// # Errors
/// When AWS refuses something, or what is there can't be used.
pub async fn set_up(config: &SdkConfig, needs: &Needs, tell: Tell<'_>) -> Result<(), SetupFault> {
    bucket::set_up(config, needs, tell).await?;
    if let Some(table) = &needs.table {
        table::set_up(config, needs, table, tell).await?;
    }
    Ok(())
}

fn sound(what: impl Into<String>) -> Checked {
    Checked { what: what.into(), done: Done::Sound }
}

fn set(what: impl Into<String>) -> Checked {
    Checked { what: what.into(), done: Done::Set }
}

/// Returns what turns an error of an SDK into a fault.
fn because<E>(what: impl Into<String>) -> impl FnOnce(aws_sdk_s3::error::SdkError<E, aws_sdk_s3::config::http::HttpResponse>) -> SetupFault
where
    E: aws_sdk_s3::error::ProvideErrorMetadata + std::error::Error + 'static,
{
    let what = what.into();
    move |error| SetupFault { what, why: crate::remote::words(&error) }
}
