//! Every kind of this service led through its life against moto.

use lowtide_model::Observation;
use lowtide_resource::Catalog;
use lowtide_testkit::bench::{Bench, object};

mod listener;
mod listener_rule;
mod load_balancer;
mod target_group;

/// One simulator for one test.
async fn start() -> anyhow::Result<Bench> {
    Bench::start(lowtide_service_elbv2::register(Catalog::default())).await
}

/// Returns the ids of what moto has of this class from the start, in the region of the world.
async fn there(bench: &Bench, class: &str) -> anyhow::Result<Vec<String>> {
    let held = bench.world.simulator().inventory().await?.into_iter().map(|held| held.identity);
    Ok(held.filter(|one| one.kind == class && one.region == bench.world.region()).map(|one| one.id).collect())
}

async fn load_balancer(bench: &Bench, rest: &str) -> anyhow::Result<Observation> {
    let subnets = serde_json::to_string(&there(bench, "Subnet").await?[..2])?;
    bench.driver("aws_lb").create(&object(&format!(r#"{{"subnets": {subnets}, {rest}}}"#))).await
}

async fn target_group(bench: &Bench, rest: &str) -> anyhow::Result<Observation> {
    let vpc = &there(bench, "VPC").await?[0];
    bench.driver("aws_lb_target_group").create(&object(&format!(r#"{{"vpc_id": "{vpc}", {rest}}}"#))).await
}

/// Asks moto for a certificate, for which there is no kind here, and returns its ARN.
async fn certificate(bench: &Bench) -> anyhow::Result<String> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let endpoint = bench.world.simulator().endpoint();
    let authority = endpoint.trim_start_matches("http://").trim_end_matches('/');
    let body = r#"{"DomainName": "example.com"}"#;
    let scope = format!("Credential=testing/20250101/{}/acm/aws4_request", bench.world.region());
    let head = format!(
        "POST / HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\nContent-Type: application/x-amz-json-1.1\r\n\
         X-Amz-Target: CertificateManager.RequestCertificate\r\nAuthorization: AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, \
         Signature=0\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = tokio::net::TcpStream::connect(authority).await?;
    stream.write_all(head.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let start = answer.find("arn:").ok_or_else(|| anyhow::anyhow!("no certificate: {answer}"))?;
    Ok(answer[start..].chars().take_while(|letter| *letter != '"').collect())
}
