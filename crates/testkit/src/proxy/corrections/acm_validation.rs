//! Certificates that DNS validates.

use bytes::Bytes;
use http::{Request, Response, header};
use serde_json::{Value, json};

use super::Memory;
use crate::proxy::exchange::Exchange;
use crate::proxy::xml::Element;
use crate::wire;

/// A certificate is `PENDING_VALIDATION` until the record of each of its names is to be found, and stays `ISSUED` from then on
/// (AWS Certificate Manager User Guide, "DNS validation"; API Reference, CertificateDetail). In moto it is issued by itself
/// after a while.
pub(super) async fn show(exchange: &Exchange<'_>, memory: &Memory, reply: Response<Bytes>) -> anyhow::Result<Response<Bytes>> {
    if !reply.status().is_success() {
        return Ok(reply);
    }
    let mut body: Value = serde_json::from_slice(reply.body())?;
    let certificate = &mut body["Certificate"];
    let arn = certificate["CertificateArn"].as_str().unwrap_or_default().to_owned();
    let by_dns = certificate["Type"] == "AMAZON_ISSUED" && certificate["Status"] == "ISSUED" && !records(certificate).is_empty();
    if !by_dns || memory.issued.get(&arn).is_some() {
        return Ok(reply);
    }
    let there = published(exchange).await?;
    if records(certificate).iter().all(|record| there.contains(record)) {
        memory.issued.put(arn, ());
        return Ok(reply);
    }
    certificate["Status"] = json!(PENDING);
    for option in certificate["DomainValidationOptions"].as_array_mut().into_iter().flatten() {
        option["ValidationStatus"] = json!(PENDING);
    }
    if let Some(certificate) = certificate.as_object_mut() {
        ["IssuedAt", "NotAfter", "NotBefore", "RenewalEligibility", "Serial"].iter().for_each(|field| drop(certificate.remove(*field)));
        certificate.insert("RenewalEligibility".to_owned(), json!("INELIGIBLE"));
    }
    Ok(reply.map(|_| Bytes::from(body.to_string())))
}

const PENDING: &str = "PENDING_VALIDATION";

/// Name and value of a record, without the dot at their end.
type Named = (String, String);

fn named(name: &str, value: &str) -> Named {
    (name.trim_end_matches('.').to_lowercase(), value.trim_end_matches('.').to_lowercase())
}

/// The records that show whose the names of a certificate are.
fn records(certificate: &Value) -> Vec<Named> {
    let options = certificate["DomainValidationOptions"].as_array().into_iter().flatten();
    let record = |option: &Value| {
        let record = &option["ResourceRecord"];
        Some(named(record["Name"].as_str()?, record["Value"].as_str()?))
    };
    options.filter_map(record).collect()
}

/// All aliases in public zones.
async fn published(exchange: &Exchange<'_>) -> anyhow::Result<Vec<Named>> {
    let zones = route53(exchange, "/2013-04-01/hostedzone").await?;
    let mut all = Vec::new();
    for zone in zones.members("HostedZones").iter().filter(|zone| zone.text_at(&["Config", "PrivateZone"]) != "true") {
        let sets = route53(exchange, &format!("/2013-04-01{}/rrset", zone.text_at(&["Id"]))).await?;
        for set in sets.members("ResourceRecordSets").iter().filter(|set| set.text_at(&["Type"]) == "CNAME") {
            all.extend(set.members("ResourceRecords").iter().map(|record| named(set.text_at(&["Name"]), record.text_at(&["Value"]))));
        }
    }
    Ok(all)
}

async fn route53(exchange: &Exchange<'_>, path: &str) -> anyhow::Result<Element> {
    let request = Request::get(path).header(header::AUTHORIZATION, wire::authorization("route53", "us-east-1")).body(Bytes::new())?;
    Element::parse(&String::from_utf8_lossy(wire::send(exchange.authority, request).await?.body()))
}
