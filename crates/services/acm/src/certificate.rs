//! `aws_acm_certificate`: a certificate that ACM issues and renews.
//!
//! `RequestCertificate` carries a token that ACM remembers for an hour. The certificate can be used to validate it as soon as
//! ACM has said which records prove that the domain is ours, some seconds after the request; that it is issued is what
//! `aws_acm_certificate_validation` waits for.

use aws_sdk_acm::types::{CertificateDetail, DomainValidation, DomainValidationOption, Filters, KeyAlgorithm, ValidationMethod};
use lowtide_model::{Arn, Check, Complaint, Create, Model, Object, Order, Phase, Planned, PlannedObject, Predict, Set, Type};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen, TAG_ID};

use crate::{
    Acm, described,
    tags::{self, Tags},
};

/// A TLS certificate that ACM issues once it is shown that the domain is yours, and renews by itself. Give it `create_before_destroy`: what uses a certificate keeps it from being deleted.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Certificate {
    /// The domain it is for: `example.com`, or `*.example.com` for all names one level below.
    #[attr(range = 1..=253, replaces)]
    pub domain_name: String,
    /// More domains it is for.
    #[attr(computed, replaces)]
    pub subject_alternative_names: Option<Set<String>>,
    /// How it is shown that the domain is yours: `DNS` (a record, and renewed by itself as long as it stands) or `EMAIL`. Not for a certificate of a private authority.
    #[attr(computed, one_of = ["DNS", "EMAIL"], replaces)]
    pub validation_method: Option<String>,
    /// Where e-mail about a domain is sent, if not to the domain itself.
    #[attr(replaces)]
    pub validation_option: Option<Set<ValidationOption>>,
    /// The algorithm of its key: `RSA_2048`, `EC_prime256v1`, `EC_secp384r1`…
    #[attr(computed, one_of = ["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"], replaces)]
    pub key_algorithm: Option<String>,
    /// The ARN of the private certificate authority that issues it; without one it is Amazon's public one.
    #[attr(refers = "aws_acmpca_certificate_authority.arn", replaces)]
    pub certificate_authority_arn: Option<Arn>,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// Where e-mail about a domain is sent.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct ValidationOption {
    /// The domain of the certificate.
    #[attr(key)]
    pub domain_name: String,
    /// The domain whose owners get the e-mail: the same, or one above it.
    pub validation_domain: String,
}

/// What AWS decides about a certificate.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct CertificateOutputs {
    /// The certificate's ARN.
    pub arn: Arn,
    /// The certificate's ARN.
    pub id: String,
    /// The records that show that the domains are yours, for validation by DNS: one for each domain. Which domains is known before apply, so that `for_each` can go by them.
    pub domain_validation_options: Set<ValidationRecord>,
    /// How far it is: `PENDING_VALIDATION`, `ISSUED`, `EXPIRED`…
    pub status: String,
    /// Who made it: `AMAZON_ISSUED` or `PRIVATE`.
    pub r#type: String,
    /// From when it holds, in RFC 3339; empty until it is issued.
    pub not_before: String,
    /// Until when it holds, in RFC 3339; empty until it is issued.
    pub not_after: String,
    /// Whether ACM can renew it: `ELIGIBLE` or `INELIGIBLE`.
    pub renewal_eligibility: String,
    /// The addresses that e-mail was sent to.
    pub validation_emails: Vec<String>,
}

/// A record that shows that a domain is yours.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct ValidationRecord {
    /// The domain.
    #[attr(key)]
    pub domain_name: String,
    /// The record's name.
    pub resource_record_name: String,
    /// The record's type.
    pub resource_record_type: String,
    /// The record's value.
    pub resource_record_value: String,
}

impl Resource for Certificate {
    type Outputs = CertificateOutputs;
    type Service = Acm;
    const KIND: &'static str = "aws_acm_certificate";
    // Amazon ACM API Reference, RequestCertificate: the token is remembered for one hour.
    const CREATE: Create = Create::Token { minutes: 60 };
    const IMPORT: &'static str = "CERTIFICATE_ARN";
    const REPLACE: Order = Order::CreateFirst;
    const CHECKS: &'static [Check] = &[validation];
    const PREDICT: Option<Predict> = Some(records);
    const LEFT_OUT: &'static [(&'static str, &'static str)] = &[
        ("certificate_body", "certificates are requested here; bring one of your own to ACM by hand and refer to its ARN"),
        ("certificate_chain", "goes with certificate_body"),
        ("private_key", "goes with certificate_body; a key that passes through a spec is a key that leaks"),
        ("options", "its one setting is gone: AWS lists every public certificate in the logs of Certificate Transparency"),
        ("early_renewal_duration", "certificates of a private authority, which are replaced by hand when it is time"),
        ("pending_renewal", "goes with early_renewal_duration"),
        ("renewal_summary", "changes by itself all the time; the console and events tell it"),
    ];

    async fn create(cx: &Context<'_, Acm>, wish: &Self, op: &Operation) -> Result<Made, Fault> {
        let option = |one: &ValidationOption| {
            let built = DomainValidationOption::builder().domain_name(&one.domain_name).validation_domain(&one.validation_domain).build();
            built.map_err(|error| Fault::ours(&error.to_string()))
        };
        let ways = wish.validation_option.as_ref().map(|all| all.iter().map(option).collect::<Result<Vec<_>, _>>()).transpose()?;
        let made = cx
            .client
            .request_certificate()
            .domain_name(&wish.domain_name)
            .idempotency_token(op.short_token())
            .set_subject_alternative_names(wish.subject_alternative_names.as_ref().filter(|all| !all.is_empty()).map(|all| all.0.clone()))
            .set_validation_method(wish.validation_method.as_deref().map(ValidationMethod::from))
            .set_domain_validation_options(ways.filter(|all| !all.is_empty()))
            .set_key_algorithm(wish.key_algorithm.as_deref().map(KeyAlgorithm::from))
            .set_certificate_authority_arn(wish.certificate_authority_arn.as_ref().map(|arn| arn.0.clone()))
            .set_tags(tags::request(&wish.tags)?)
            .send()
            .await?;
        Made::id(made.certificate_arn, "the ARN of the certificate")
    }

    async fn read(cx: &Context<'_, Acm>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let found = described::each(cx, asked.ids()).await?;
        let there: Vec<_> = found.iter().filter(|(_, said)| said.is_some()).map(|(arn, _)| arn.clone()).collect();
        let mut tags = tags::of(cx, &there, asked).await?;
        let seen = found.into_iter().filter_map(|(arn, said)| {
            let ask = asked.these.iter().find(|ask| ask.id == arn)?;
            let tags = tags.remove(&arn).filter(|tags| !tags.is_empty());
            Some((arn, observed(&*said?, &ask.last, tags)))
        });
        Ok(asked.answer(seen.collect()))
    }

    async fn update(cx: &Context<'_, Acm>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.has("tags") {
            tags::update(cx, &now.id, &now.inputs.tags, &to.tags).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Acm>, last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        cx.client.delete_certificate().certificate_arn(&last.id).send().await?;
        Ok(Going::Gone)
    }

    async fn find(cx: &Context<'_, Acm>, op: &Operation, _wish: &Object) -> Result<Vec<String>, Fault> {
        // Without being told otherwise ACM lists certificates with RSA keys of up to 2048 bits only (API Reference, ListCertificates).
        let keys = KeyAlgorithm::values().iter().map(|name| KeyAlgorithm::from(*name)).collect();
        let all_keys = Filters::builder().set_key_types(Some(keys)).build();
        let pages = cx.client.list_certificates().includes(all_keys).into_paginator().items().send().collect::<Result<Vec<_>, _>>().await?;
        let arns: Vec<_> = pages.into_iter().filter_map(|one| one.certificate_arn).collect();
        let tags = tags::of(cx, &arns, &Asked::WHATEVER).await?;
        Ok(tags.into_iter().filter(|(_, tags)| tags.get(TAG_ID) == Some(&op.id)).map(|(arn, _)| arn).collect())
    }
}

/// `last` tells whether the names that were asked for contain the domain itself, which ACM always lists.
fn observed(said: &CertificateDetail, last: &Object, tags: Tags) -> Observed<Certificate> {
    let domain = said.domain_name.clone().unwrap_or_default();
    let named = last.get("subject_alternative_names").and_then(lowtide_model::Value::elements).unwrap_or_default();
    let repeats = named.iter().any(|name| name.as_str() == Some(&domain));
    let names: Set<String> = said.subject_alternative_names().iter().filter(|name| repeats || **name != domain).cloned().collect();
    let checked = said.domain_validation_options();
    let method = checked.iter().find_map(|one| one.validation_method.as_ref());
    let elsewhere = |one: &&DomainValidation| one.validation_domain.as_ref().is_some_and(|domain| *domain != one.domain_name);
    let ways: Vec<_> = checked
        .iter()
        .filter(elsewhere)
        .map(|one| ValidationOption {
            domain_name: one.domain_name.clone(),
            validation_domain: one.validation_domain.clone().unwrap_or_default(),
        })
        .collect();
    let inputs = Certificate {
        domain_name: domain,
        subject_alternative_names: Some(names),
        validation_method: method.map(|method| method.as_str().to_owned()),
        validation_option: (!ways.is_empty()).then_some(Set(ways)),
        // The answer writes `RSA-2048` where requests want `RSA_2048`.
        key_algorithm: said.key_algorithm.as_ref().map(|algorithm| algorithm.as_str().replace('-', "_")),
        certificate_authority_arn: said.certificate_authority_arn.clone().map(Arn),
        tags,
    };
    let arn = said.certificate_arn.clone().unwrap_or_default();
    let time = |at: &Option<aws_sdk_acm::primitives::DateTime>| at.as_ref().map(ToString::to_string).unwrap_or_default();
    let records: Vec<_> = checked.iter().filter_map(record).collect();
    let by_dns = method == Some(&ValidationMethod::Dns);
    let phase = described::ended(said).unwrap_or_else(|| match by_dns && records.len() < checked.len() || checked.is_empty() {
        true => Phase::Accepted("ACM works out which records show that the domain is yours".to_owned()),
        false => Phase::Usable("ACM waits to be shown that the domain is yours".to_owned()),
    });
    let outputs = CertificateOutputs {
        id: arn.clone(),
        domain_validation_options: Set(records),
        status: said.status.as_ref().map(|status| status.as_str().to_owned()).unwrap_or_default(),
        r#type: said.r#type.as_ref().map(|kind| kind.as_str().to_owned()).unwrap_or_default(),
        not_before: time(&said.not_before),
        not_after: time(&said.not_after),
        renewal_eligibility: said.renewal_eligibility.as_ref().map(|word| word.as_str().to_owned()).unwrap_or_default(),
        validation_emails: checked.iter().flat_map(|one| one.validation_emails().to_vec()).collect(),
        arn: arn.clone().into(),
    };
    Observed::stable(arn, inputs, outputs).in_phase(phase)
}

fn record(one: &DomainValidation) -> Option<ValidationRecord> {
    let record = one.resource_record.as_ref()?;
    Some(ValidationRecord {
        domain_name: one.domain_name.clone(),
        resource_record_name: record.name.clone(),
        resource_record_type: record.r#type.as_str().to_owned(),
        resource_record_value: record.value.clone(),
    })
}

/// There is a record for each domain; which record, ACM says later.
fn records(wish: &PlannedObject) -> PlannedObject {
    let mut told = PlannedObject::default();
    let by_dns = wish.text("validation_method") == Some("DNS");
    let names = wish.get("subject_alternative_names").map(|names| names.as_elements().map(<[_]>::to_vec));
    let (true, Some(domain), Some(more)) = (by_dns, wish.get("domain_name"), names.unwrap_or(Some(Vec::new()))) else { return told };
    let mut domains = vec![domain.clone()];
    domains.extend(more);
    if domains.iter().all(Planned::is_wholly_known) {
        domains.sort();
        domains.dedup();
        let part = |name: &str| (name.to_owned(), Planned::unknown(Type::String));
        let record = |domain| {
            let open = ["resource_record_name", "resource_record_type", "resource_record_value"].map(part);
            Planned::object([("domain_name".to_owned(), domain)].into_iter().chain(open))
        };
        told.set("domain_validation_options", Planned::set(domains.into_iter().map(record)));
    }
    told
}

fn validation(wish: &PlannedObject) -> Vec<Complaint> {
    let mut all = Vec::new();
    let private = wish.get("certificate_authority_arn").is_some();
    if private && wish.get("validation_method").is_some() {
        let detail = "A private certificate authority asks nobody whether a domain is theirs, so `validation_method` and `certificate_authority_arn` exclude each other.";
        all.push(Complaint::about("validation_method", detail).hint("leave validation_method out"));
    }
    if !private && wish.get("validation_method").is_none() {
        let detail = "Amazon issues a certificate only when it is shown that the domain is yours.";
        all.push(Complaint::about("validation_method", detail).hint("write validation_method = \"DNS\""));
    }
    let names = wish.get("subject_alternative_names").and_then(Planned::as_elements).unwrap_or_default();
    for name in wish.get("domain_name").into_iter().chain(names).filter_map(Planned::as_str) {
        if name.ends_with('.')
            || !name.trim_start_matches("*.").chars().all(|letter| letter.is_ascii_alphanumeric() || ".-_".contains(letter))
        {
            let detail = format!(
                "`{name}` is no domain name as certificates have them: letters, digits, hyphens and dots, no dot at its end, and `*.` at most at its start."
            );
            all.push(Complaint::about(
                if wish.text("domain_name") == Some(name) { "domain_name" } else { "subject_alternative_names" },
                detail,
            ));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(pairs: &[(&str, Planned)]) -> PlannedObject {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    #[test]
    fn which_domains_have_records_is_known_before_apply() {
        let names = Planned::set([Planned::text("www.example.com"), Planned::text("example.com")]);
        let all = wish(&[
            ("domain_name", Planned::text("example.com")),
            ("validation_method", Planned::text("DNS")),
            ("subject_alternative_names", names),
        ]);
        let told = records(&all);
        let options = told.get("domain_validation_options").and_then(Planned::as_elements).expect("is told");
        let domains: Vec<_> = options.iter().filter_map(|one| one.as_members()?.get("domain_name")?.as_str()).collect();
        assert_eq!(domains, ["example.com", "www.example.com"]);
        assert!(
            records(&wish(&[("domain_name", Planned::unknown(Type::String)), ("validation_method", Planned::text("DNS"))])).0.is_empty()
        );
    }

    #[test]
    fn a_certificate_can_be_validated_once_every_record_is_known() {
        let pending = |record| {
            let one = DomainValidation::builder()
                .domain_name("example.com")
                .validation_method(ValidationMethod::Dns)
                .set_resource_record(record)
                .build();
            let said = CertificateDetail::builder().domain_name("example.com").subject_alternative_names("example.com");
            let status = aws_sdk_acm::types::CertificateStatus::PendingValidation;
            observed(&said.status(status).domain_validation_options(one.expect("has a domain")).build(), &Object::default(), None)
        };
        assert!(matches!(pending(None).phase, Phase::Accepted(_)));
        let record =
            aws_sdk_acm::types::ResourceRecord::builder().name("_a.example.com.").r#type("CNAME".into()).value("_b.acm-validations.aws.");
        let seen = pending(Some(record.build().expect("is whole")));
        assert!(matches!(seen.phase, Phase::Usable(_)));
        assert_eq!(seen.inputs.subject_alternative_names, Some(Set(Vec::new())));
    }
}
