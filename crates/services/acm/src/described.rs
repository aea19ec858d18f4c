//! What ACM says of certificates: one call each, since it describes only one at a time; several calls at once.

use std::sync::Arc;

use aws_sdk_acm::types::{CertificateDetail, CertificateStatus, FailureReason};
use futures::stream::{self, StreamExt, TryStreamExt};
use lowtide_model::Phase;
use lowtide_resource::{Context, Fault, described};

use crate::Acm;

/// How many are asked about at once.
const AT_ONCE: usize = 8;

/// Returns what is said of each of these by ARN; nothing of those that are gone.
pub async fn each(cx: &Context<'_, Acm>, arns: Vec<String>) -> Result<Vec<(String, Option<Arc<CertificateDetail>>)>, Fault> {
    let asking = |arn: String| async move { one(cx, &arn).await.map(|said| (arn, said)) };
    stream::iter(arns.into_iter().map(asking)).buffered(AT_ONCE).try_collect().await
}

/// Returns what is said of one. A certificate and its validation share the answer within a round.
async fn one(cx: &Context<'_, Acm>, arn: &str) -> Result<Option<Arc<CertificateDetail>>, Fault> {
    let ask =
        || async { described(cx.client.describe_certificate().certificate_arn(arn).send().await, "the certificate", |it| it.certificate) };
    let said: Arc<Option<CertificateDetail>> = cx.round.once(format!("DescribeCertificate {arn}"), ask).await?;
    Ok(said.as_ref().clone().map(Arc::new))
}

/// Returns how far a certificate is that waits for nothing but its issue; `None` where it waits for its owner.
pub fn ended(said: &CertificateDetail) -> Option<Phase> {
    let broken = |why: &str| Phase::Failed { replace: true, why: why.to_owned() };
    match &said.status {
        Some(CertificateStatus::PendingValidation) => None,
        Some(CertificateStatus::Failed) => {
            let why = said.failure_reason.as_ref().map_or("no reason given", FailureReason::as_str);
            Some(broken(&format!("ACM could not issue the certificate: {why}")))
        }
        Some(CertificateStatus::ValidationTimedOut) => {
            Some(broken("nobody showed within 72 hours that the domain is theirs, so ACM gave up"))
        }
        Some(CertificateStatus::Revoked) => Some(broken("the certificate was revoked")),
        Some(_) | None => Some(Phase::Stable),
    }
}
