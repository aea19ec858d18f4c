//! The last check before a request leaves: whatever named the host, it is AWS, or was allowed.

use std::sync::Arc;

use aws_smithy_http_client::{Builder, Connector, proxy::ProxyConfig, tls};
use aws_smithy_runtime_api::client::{
    http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector},
    orchestrator::HttpRequest,
    result::ConnectorError,
    runtime_components::RuntimeComponents,
};
use http::Uri;

use super::endpoints::is_loopback;

/// What AWS's own endpoints end in, by partition. AWS General Reference, "Service endpoints and quotas", and the partitions
/// file of the AWS SDKs.
const AWS: [&str; 13] = [
    "amazonaws.com",
    "amazonaws.com.cn",
    "amazonaws.eu",
    "api.aws",
    "api.amazonwebservices.com.cn",
    "api.amazonwebservices.eu",
    "aws.amazon.com",
    "c2s.ic.gov",
    "api.aws.ic.gov",
    "sc2s.sgov.gov",
    "api.aws.scloud",
    "cloud.adc-e.uk",
    "csp.hci.ic.gov",
];

/// Where credentials of machines and containers come from: EC2, ECS, EKS.
const CREDENTIALS: [&str; 5] = ["169.254.169.254", "169.254.170.2", "169.254.170.23", "[fd00:ec2::254]", "[fd00:ec2::23]"];

/// Where requests may go.
#[derive(Clone, Debug, Default)]
pub struct Hosts {
    /// Hosts that somebody named and that are allowed.
    pub elsewhere: Vec<String>,
    /// Whether sources of credentials may be asked, on this machine or beside it.
    pub credentials: bool,
}

impl Hosts {
    /// Returns whether a request may go there.
    fn has(&self, url: &str) -> bool {
        let Ok(uri) = url.parse::<Uri>() else { return false };
        let Some(host) = uri.host().map(str::to_ascii_lowercase) else { return false };
        let aws = || AWS.iter().any(|suffix| host.strip_suffix(suffix).is_some_and(|rest| rest.ends_with('.')));
        self.elsewhere.contains(&host)
            || (uri.scheme_str() == Some("https") && aws())
            || (self.credentials && (CREDENTIALS.contains(&&*host) || is_loopback(&host)))
    }
}

/// Returns an HTTP client over rustls with the system's certificates. Through a proxy, where the environment names one;
/// never to this machine.
pub fn client(through_proxy: bool) -> SharedHttpClient {
    Builder::new().build_with_connector_fn(move |settings, components| {
        let mut builder = Connector::builder().tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc));
        if through_proxy {
            builder.set_proxy_config(Some(ProxyConfig::from_env()));
        }
        if let Some(settings) = settings {
            builder.set_connector_settings(Some(settings.clone()));
        }
        if let Some(components) = components {
            builder.set_sleep_impl(components.sleep_impl());
        }
        builder.build()
    })
}

/// Lets requests through to these hosts only.
#[derive(Clone, Debug)]
pub struct Guard {
    inner: SharedHttpClient,
    hosts: Arc<Hosts>,
}

impl Guard {
    /// Returns a client that stands before another.
    pub fn over(inner: SharedHttpClient, hosts: Hosts) -> SharedHttpClient {
        SharedHttpClient::new(Self { inner, hosts: Arc::new(hosts) })
    }
}

impl HttpClient for Guard {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Guarded { inner, hosts: self.hosts.clone() })
    }
}

#[derive(Debug)]
struct Guarded {
    inner: SharedHttpConnector,
    hosts: Arc<Hosts>,
}

impl HttpConnector for Guarded {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if self.hosts.has(request.uri()) {
            return self.inner.call(request);
        }
        let host = super::endpoints::host(request.uri()).unwrap_or_else(|| "a host without a name".to_owned());
        let words = format!("{host} is neither AWS nor an endpoint that is allowed; nothing was sent");
        HttpConnectorFuture::ready(Err(ConnectorError::user(words.into())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aws_is_told_by_the_end_of_its_name() {
        let hosts = Hosts::default();
        for url in [
            "https://ec2.us-west-2.amazonaws.com/",
            "https://sts.cn-north-1.amazonaws.com.cn",
            "https://x.ec2.us-east-1.vpce.amazonaws.com/",
        ] {
            assert!(hosts.has(url), "{url}");
        }
        for url in [
            "http://ec2.us-west-2.amazonaws.com/",
            "https://evilamazonaws.com/",
            "https://ec2.amazonaws.com.evil.example/",
            "https://ec2.amazonaws.com@evil.example/",
            "https://amazonaws.com/",
            "http://localhost:5000/",
            "http://169.254.169.254/latest",
            "nonsense",
        ] {
            assert!(!hosts.has(url), "{url}");
        }
    }

    #[test]
    fn what_is_allowed_is_allowed_exactly() {
        let hosts = Hosts { elsewhere: vec!["127.0.0.1".to_owned()], credentials: false };
        assert!(hosts.has("http://127.0.0.1:5000/x") && !hosts.has("http://127.0.0.2:5000/x"));
    }

    #[test]
    fn credentials_come_from_beside_the_machine() {
        let hosts = Hosts { elsewhere: Vec::new(), credentials: true };
        assert!(hosts.has("http://169.254.170.2/v2/credentials") && hosts.has("http://[fd00:ec2::254]/latest"));
        assert!(!hosts.has("http://169.254.1.1/") && !hosts.has("https://sso.evil.example/"));
    }
}
