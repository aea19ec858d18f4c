//! What went wrong with a call, as far as the ledger must know: whether a condition did not hold, whether it may have been done,
//! and in which words to say so.

use aws_sdk_s3::{
    config::http::HttpResponse,
    error::{DisplayErrorContext, ProvideErrorMetadata, SdkError},
};

use crate::remote::StoreFault;

/// Codes that say that a condition did not hold: S3's, and DynamoDB's.
const CONFLICTS: [&str; 2] = ["PreconditionFailed", "ConditionalCheckFailedException"];
/// Codes that ask to try again. Amazon S3 API Reference, "Error responses" (409 `ConditionalRequestConflict` comes when two
/// conditional writes meet); Amazon DynamoDB Developer Guide, "Error handling with DynamoDB".
const AGAIN: [&str; 11] = [
    "ConditionalRequestConflict",
    "InternalError",
    "InternalServerError",
    "OperationAborted",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestTimeout",
    "ServiceUnavailable",
    "SlowDown",
    "ThrottlingException",
    "TransactionConflictException",
];

/// Returns what a failed call means for the ledger.
pub(super) fn fault<E>(error: &SdkError<E, HttpResponse>) -> StoreFault
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    match error {
        SdkError::ServiceError(context) => {
            let (code, status) = (error.code().unwrap_or_default(), context.raw().status().as_u16());
            if CONFLICTS.contains(&code) {
                return StoreFault::Conflict;
            }
            let words = words(error);
            let may_be_done = AGAIN.contains(&code) || status >= 500 || is_unreadable(status);
            if may_be_done { StoreFault::Unknown(words) } else { StoreFault::Refused(words) }
        }
        // Nothing was sent: we refused it ourselves, or there is nothing to sign it with.
        SdkError::ConstructionFailure(_) => StoreFault::Refused(words(error)),
        SdkError::DispatchFailure(failure) if failure.is_user() || unsigned(&causes(error)) => StoreFault::Refused(words(error)),
        _ => StoreFault::Unknown(words(error)),
    }
}

/// Returns what went wrong with a call, for people.
pub(crate) fn words<E>(error: &SdkError<E, HttpResponse>) -> String
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let SdkError::ServiceError(context) = error else { return causes(error) };
    match (error.code(), error.message()) {
        (None | Some(""), _) if is_unreadable(context.raw().status().as_u16()) => "what AWS answered can't be read".to_owned(),
        (None | Some(""), _) => format!("AWS answered with status {}", context.raw().status().as_u16()),
        (Some(code), Some(message)) if is_skewed(code, message) => {
            format!("{code}: {message}; the clock of this machine is wrong by minutes: set it, and run this again")
        }
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(code), None) => code.to_owned(),
    }
}

/// Returns whether AWS did what was asked, where a call failed all the same: for what it answered.
fn is_unreadable(status: u16) -> bool {
    (200..300).contains(&status)
}

/// Returns whether a request was refused because it was signed too long ago, or later than now. Amazon S3 API Reference, "Error
/// responses"; IAM User Guide, "Troubleshoot Signature Version 4 signed requests for AWS API operations".
fn is_skewed(code: &str, message: &str) -> bool {
    code == "RequestTimeTooSkewed" || message.contains("Signature expired") || message.contains("Signature not yet current")
}

fn unsigned(causes: &str) -> bool {
    ["credential", "CredentialsNotLoaded", "identity resolver"].iter().any(|word| causes.contains(word))
}

/// Returns whether a call failed because there is no such thing.
pub(super) fn is_missing<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> bool {
    matches!(error.code(), Some("NoSuchKey" | "NotFound"))
}

fn causes<E>(error: &SdkError<E, HttpResponse>) -> String
where
    E: std::error::Error + 'static,
{
    let mut all: Vec<String> = Vec::new();
    let mut next: Option<&dyn std::error::Error> = Some(error);
    while let Some(cause) = next {
        let words = cause.to_string();
        if !all.iter().any(|said| said.contains(&words)) {
            all.push(words);
        }
        next = cause.source();
    }
    if all.is_empty() { DisplayErrorContext(error).to_string() } else { all.join(": ") }
}
