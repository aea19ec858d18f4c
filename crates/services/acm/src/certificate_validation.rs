//! `aws_acm_certificate_validation`: a certificate that was issued.
//!
//! Nothing is asked of AWS but how far the certificate is: this resource is there for others to wait for. Its physical id is
//! the certificate's ARN, and destroying it does nothing.

use aws_sdk_acm::types::CertificateDetail;
use lowtide_model::{Create, Model, Object, Phase, Place, Set, Value};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Patience, Resource, Seen};

use crate::{Acm, described};

/// That a certificate was issued: what refers to it waits until the domain was shown to be yours.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct CertificateValidation {
    /// The ARN of the certificate.
    #[attr(identity, parent, refers = "aws_acm_certificate.arn", replaces)]
    pub certificate_arn: String,
    /// The names of the records that show that the domains are yours, so that they come first.
    #[attr(option)]
    pub validation_record_fqdns: Option<Set<String>>,
}

/// What AWS decides about the validation.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct CertificateValidationOutputs {
    /// The ARN of the certificate.
    #[attr(predict = "{certificate_arn}")]
    pub id: String,
}

impl Resource for CertificateValidation {
    type Outputs = CertificateValidationOutputs;
    type Service = Acm;
    const KIND: &'static str = "aws_acm_certificate_validation";
    const CREATE: Create = Create::NoCall;
    const IMPORT: &'static str = "CERTIFICATE_ARN";
    // As long as the Terraform provider waits.
    const PATIENCE: Patience = Patience { create: 75, update: 75, delete: 5, ..Patience::DEFAULT };

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        Some(wish.certificate_arn.clone())
    }

    async fn create(_cx: &Context<'_, Acm>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        Made::id(Some(&wish.certificate_arn), "the ARN of the certificate")
    }

    async fn read(cx: &Context<'_, Acm>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let found = described::each(cx, asked.ids()).await?;
        let seen = found.into_iter().filter_map(|(arn, said)| {
            let ask = asked.these.iter().find(|ask| ask.id == arn)?;
            Some((arn.clone(), observed(arn, &*said?, &ask.last)))
        });
        Ok(asked.answer(seen.collect()))
    }

    async fn update(_cx: &Context<'_, Acm>, _now: &Observed<Self>, _to: &Self, _changed: &Changed) -> Result<Option<String>, Fault> {
        Ok(None)
    }

    async fn delete(_cx: &Context<'_, Acm>, _last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        Ok(Going::Gone)
    }
}

fn observed(arn: String, said: &CertificateDetail, last: &Object) -> Observed<CertificateValidation> {
    let names = last.get("validation_record_fqdns").and_then(Value::elements);
    let names = names.map(|all| all.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect());
    let inputs = CertificateValidation { certificate_arn: arn.clone(), validation_record_fqdns: names };
    let phase = described::ended(said).unwrap_or_else(|| {
        let open = said
            .domain_validation_options()
            .iter()
            .filter(|one| one.validation_status.as_ref().is_none_or(|status| status.as_str() != "SUCCESS"));
        let domains: Vec<_> = open.map(|one| one.domain_name.as_str()).collect();
        Phase::Accepted(format!("ACM waits to be shown that {} is yours", domains.join(", ")))
    });
    Observed::stable(arn.clone(), inputs, CertificateValidationOutputs { id: arn }).in_phase(phase)
}
