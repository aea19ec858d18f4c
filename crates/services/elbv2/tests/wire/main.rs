//! Every kind of this service led through its life against moto.

use lowtide_model::{Object, Observation, Value};
use lowtide_resource::{Catalog, Session};
use lowtide_testkit::{World, drive::Driver};

mod listener;
mod listener_rule;
mod load_balancer;
mod target_group;

/// One simulator for one test, with a session that leads to it.
struct Bench {
    world: World,
    session: Session,
    catalog: Catalog,
}

impl Bench {
    async fn start() -> anyhow::Result<Self> {
        let world = World::start().await?;
        let session = lowtide_testkit::drive::session(&world.endpoint(), world.region(), |_| None);
        Ok(Self { world, session, catalog: lowtide_service_elbv2::register(Catalog::default()) })
    }

    fn driver(&self, kind: &str) -> Driver<'_> {
        Driver { kind: self.catalog.kind(kind).expect("a kind of this service").as_ref(), session: &self.session }
    }

    /// Returns the ids of what moto has of this class from the start, in the region of the world.
    async fn there(&self, class: &str) -> anyhow::Result<Vec<String>> {
        let held = self.world.simulator().inventory().await?.into_iter().map(|held| held.identity);
        Ok(held.filter(|one| one.kind == class && one.region == self.world.region()).map(|one| one.id).collect())
    }

    async fn load_balancer(&self, rest: &str) -> anyhow::Result<Observation> {
        let subnets = serde_json::to_string(&self.there("Subnet").await?[..2])?;
        self.driver("aws_lb").create(&object(&format!(r#"{{"subnets": {subnets}, {rest}}}"#))).await
    }

    async fn target_group(&self, rest: &str) -> anyhow::Result<Observation> {
        let vpc = &self.there("VPC").await?[0];
        self.driver("aws_lb_target_group").create(&object(&format!(r#"{{"vpc_id": "{vpc}", {rest}}}"#))).await
    }

    /// Asks moto for a certificate, for which there is no kind here, and returns its ARN.
    async fn certificate(&self) -> anyhow::Result<String> {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let endpoint = self.world.simulator().endpoint();
        let authority = endpoint.trim_start_matches("http://").trim_end_matches('/');
        let body = r#"{"DomainName": "example.com"}"#;
        let scope = format!("Credential=testing/20250101/{}/acm/aws4_request", self.world.region());
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

    /// Ends a test: no call may have met something the simulator can't do.
    fn finish(self) {
        assert!(self.world.proxy().not_implemented().is_empty(), "{:?}", self.world.proxy().not_implemented());
    }
}

/// Reads attributes from JSON.
fn object(json: &str) -> Object {
    match Value::from_json(&serde_json::from_str(json).expect("JSON")) {
        Some(Value::Object(members)) => Object(members),
        other => panic!("{other:?} is no object"),
    }
}
