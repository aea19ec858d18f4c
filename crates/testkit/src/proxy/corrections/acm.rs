//! Certificates.

use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};

use super::{Memory, mend};
use crate::proxy::exchange::Exchange;

/// What is asked for is what is described: method, algorithm, where e-mail goes (AWS Certificate Manager API Reference,
/// RequestCertificate). moto describes every certificate as one with an RSA key that DNS validates.
pub(super) async fn request(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Response<Bytes>> {
    let reply = exchange.pass_on().await?;
    if let Some(arn) =
        serde_json::from_slice::<Value>(reply.body()).ok().and_then(|body| body["CertificateArn"].as_str().map(str::to_owned))
    {
        memory.certificates.put(arn, exchange.json());
    }
    Ok(reply)
}

/// Validation by e-mail has addresses and no record (AWS Certificate Manager API Reference, DomainValidation).
pub(super) async fn describe(exchange: &Exchange<'_>, memory: &Memory) -> anyhow::Result<Response<Bytes>> {
    let asked = exchange.json()["CertificateArn"].as_str().and_then(|arn| memory.certificates.get(&arn.to_owned()));
    mend::json(exchange.pass_on().await?, |body| {
        let Some(asked) = asked else { return };
        let certificate = &mut body["Certificate"];
        if let Some(algorithm) = asked["KeyAlgorithm"].as_str() {
            certificate["KeyAlgorithm"] = json!(algorithm);
        }
        for one in certificate["DomainValidationOptions"].as_array_mut().into_iter().flatten() {
            let domain = one["DomainName"].as_str().unwrap_or_default().to_owned();
            let ways = asked["DomainValidationOptions"].as_array().into_iter().flatten();
            let way = ways.into_iter().find(|way| way["DomainName"] == domain.as_str()).and_then(|way| way["ValidationDomain"].as_str());
            one["ValidationDomain"] = json!(way.unwrap_or(&domain));
            if asked["ValidationMethod"] == "EMAIL" {
                one["ValidationMethod"] = json!("EMAIL");
                one["ValidationEmails"] = json!([format!("admin@{}", way.unwrap_or(&domain))]);
                one.as_object_mut().map(|one| one.remove("ResourceRecord"));
            }
        }
    })
}
