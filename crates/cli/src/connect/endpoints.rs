//! Endpoints other than AWS's own: which may be used, and with which credentials.
//!
//! Who can set a variable or a line in `~/.aws/config` could otherwise have requests, signed with real credentials, sent to
//! a host of their own. So this machine may be named (moto, LocalStack), any other host only with
//! `--allow-endpoint-override`, and both only with the static credentials of the environment.

use std::net::IpAddr;

use aws_credential_types::Credentials;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};
use http::Uri;
use lowtide_diagnostic::{Diagnostic, Diagnostics};

use crate::environment::{AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL, AWS_PROFILE, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, Environment};

/// The services that are called, as the SDKs name them: those of the catalog, of the ledger, and those that credentials come from.
pub const SERVICES: [&str; 25] = [
    "ACM",
    "Application Auto Scaling",
    "Budgets",
    "CloudWatch",
    "CloudWatch Logs",
    "DynamoDB",
    "EC2",
    "ECR",
    "ECS",
    "Elastic Load Balancing v2",
    "EventBridge",
    "IAM",
    "KMS",
    "Lambda",
    "RDS",
    "Resource Groups Tagging API",
    "Route 53",
    "S3",
    "Scheduler",
    "Signin",
    "SNS",
    "SSM",
    "SSO",
    "SSO OIDC",
    "STS",
];

/// An endpoint that somebody named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The endpoint.
    pub url: String,
    /// What names it, in words: the variable, or the profile.
    pub named_by: String,
}

/// Returns every endpoint that environment and profile name, as the SDK reads them.
pub fn overrides(all: Option<&str>, services: Option<&dyn LoadServiceConfig>, environment: &Environment) -> Vec<Override> {
    let profile = environment.get(AWS_PROFILE).unwrap_or("default");
    let named_by = |variables: &[&str], whose: &str| {
        let variable = variables.iter().find(|name| environment.get(name).is_some());
        variable.map_or_else(|| format!("`endpoint_url`{whose} in the AWS profile `{profile}`"), |name| (*name).to_owned())
    };
    let mut found: Vec<_> =
        all.map(|url| Override { url: url.to_owned(), named_by: named_by(&[AWS_ENDPOINT_URL], "") }).into_iter().collect();
    for service in SERVICES {
        let key = ServiceConfigKey::builder().service_id(service).env(AWS_ENDPOINT_URL).profile("endpoint_url").build();
        let Some(url) = key.ok().and_then(|key| services?.load_config(key)) else { continue };
        let variable = format!("{AWS_ENDPOINT_URL}_{}", service.to_uppercase().replace(' ', "_"));
        let one = Override { url, named_by: named_by(&[&variable, AWS_ENDPOINT_URL], &format!(" for {service}")) };
        if !found.iter().any(|other| other.url == one.url) {
            found.push(one);
        }
    }
    found
}

/// Returns the credentials that go to the endpoints.
///
/// # Errors
/// Says of each endpoint why it is refused, or that the credentials for it are missing.
pub fn credentials(overrides: &[Override], allowed: bool, environment: &Environment) -> Result<Credentials, Diagnostics> {
    let mut found: Diagnostics = overrides.iter().filter_map(|one| refused(one, allowed)).collect();
    let key = environment.get(AWS_ACCESS_KEY_ID).zip(environment.get(AWS_SECRET_ACCESS_KEY));
    let Some((id, secret)) = key.filter(|_| !found.has_errors()) else {
        if !found.has_errors() {
            let named_by = overrides.first().map_or(AWS_ENDPOINT_URL, |one| &one.named_by);
            let detail = format!(
                "{named_by} names another endpoint. Only static credentials of the environment go there, never those of a profile, and there \
                 are none."
            );
            found.push(
                Diagnostic::error("No credentials for this endpoint", detail)
                    .hint(format!("for a simulator any will do: {AWS_ACCESS_KEY_ID}=testing {AWS_SECRET_ACCESS_KEY}=testing"))
                    .hint(format!("to talk to AWS itself, take {named_by} away")),
            );
        }
        return Err(found);
    };
    let token = environment.get(AWS_SESSION_TOKEN).map(str::to_owned);
    Ok(Credentials::new(id, secret, token, None, "environment"))
}

/// Says why an endpoint is refused, if it is.
fn refused(one: &Override, allowed: bool) -> Option<Diagnostic> {
    let Override { url, named_by } = one;
    let wrong =
        |summary: &str, what: String| Some(Diagnostic::error(summary, what).hint(format!("to talk to AWS itself, take {named_by} away")));
    let uri = url.parse::<Uri>().ok().filter(|uri| matches!(uri.scheme_str(), Some("http" | "https")));
    let Some((uri, host)) = uri.as_ref().and_then(|uri| Some((uri, uri.host().filter(|host| !host.is_empty())?))) else {
        return wrong("Invalid endpoint", format!("{named_by} does not hold the URL of an endpoint."));
    };
    if is_loopback(host) {
        return None;
    }
    if !allowed {
        let what = format!(
            "{named_by} would send requests to {host}, which is neither AWS nor this machine. Nothing was sent: a request there would be \
             signed with your credentials."
        );
        return wrong("Endpoint refused", what).map(|wrong| {
            wrong.hint("if that is what you want, add --allow-endpoint-override; credentials then come from the environment alone")
        });
    }
    if uri.scheme_str() != Some("https") {
        return wrong("Endpoint refused", format!("{named_by} leads to {host} without encryption. Plain http goes to this machine only."));
    }
    None
}

/// Returns whether a host is this machine.
pub fn is_loopback(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    bare.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Returns the host of a URL, in small letters.
pub fn host(url: &str) -> Option<String> {
    url.parse::<Uri>().ok()?.host().map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [(&str, &str); 2] = [(AWS_ACCESS_KEY_ID, "testing"), (AWS_SECRET_ACCESS_KEY, "testing")];

    fn judged(url: &str, allowed: bool) -> Result<(), String> {
        let one = Override { url: url.to_owned(), named_by: AWS_ENDPOINT_URL.to_owned() };
        let found = credentials(&[one], allowed, &Environment::of(&KEYS));
        found.map(|_| ()).map_err(|found| found.iter().map(|one| one.summary.clone()).collect::<Vec<_>>().join(", "))
    }

    #[test]
    fn every_service_of_the_catalog_is_among_those_that_are_asked_about() {
        let known: Vec<_> = SERVICES.iter().map(|id| id.to_lowercase().replace(' ', "")).collect();
        let called =
            lowtide_catalog::all().descriptions().map(|kind| kind.service).filter(|service| *service != "builtin").collect::<Vec<_>>();
        let missing: Vec<_> = called.iter().filter(|service| !known.iter().any(|known| known == *service)).collect();
        assert!(missing.is_empty(), "AWS_ENDPOINT_URL_<SERVICE> of {missing:?} is not looked at");
        assert!(!called.is_empty());
    }

    #[test]
    fn this_machine_may_be_named() {
        for url in ["http://127.0.0.1:5000", "http://127.9.9.9", "https://LocalHost:4566/", "http://[::1]:5000", "http://localhost/path"] {
            assert_eq!(judged(url, false), Ok(()), "{url}");
        }
    }

    #[test]
    fn another_host_is_refused() {
        for url in [
            "https://evil.example",
            "http://localhost.evil.example",
            "http://127.0.0.1.evil.example:5000",
            "http://localhost@evil.example",
            "http://10.0.0.1",
            "http://0.0.0.0:5000",
            "http://169.254.169.254",
            "http://[::ffff:10.0.0.1]",
            "https://ec2.amazonaws.com.evil.example",
        ] {
            assert_eq!(judged(url, false), Err("Endpoint refused".to_owned()), "{url}");
        }
    }

    #[test]
    fn what_is_no_url_is_said_so() {
        for url in ["localhost:5000", "ftp://localhost", "http://", "://", "http://a b"] {
            assert_eq!(judged(url, true), Err("Invalid endpoint".to_owned()), "{url}");
        }
    }

    #[test]
    fn with_the_flag_another_host_is_encrypted() {
        assert_eq!(judged("https://moto.internal", true), Ok(()));
        assert_eq!(judged("http://moto.internal", true), Err("Endpoint refused".to_owned()));
    }

    #[test]
    fn only_credentials_of_the_environment_go_elsewhere() {
        let one = [Override { url: "http://localhost:5000".to_owned(), named_by: AWS_ENDPOINT_URL.to_owned() }];
        for variables in [&[][..], &KEYS[..1], &KEYS[1..], &[("AWS_PROFILE", "prod")]] {
            let found = credentials(&one, true, &Environment::of(variables)).map(|_| ()).expect_err("no credentials");
            assert_eq!(found.iter().next().map(|one| one.summary.as_str()), Some("No credentials for this endpoint"));
        }
        let found = credentials(&one, false, &Environment::of(&KEYS)).expect("credentials are there");
        assert_eq!((found.access_key_id(), found.session_token()), ("testing", None));
    }

    #[test]
    fn every_refused_endpoint_is_told() {
        let named = |url: &str, by: &str| Override { url: url.to_owned(), named_by: by.to_owned() };
        let all =
            [named("https://a.example", "AWS_ENDPOINT_URL_EC2"), named("http://[::1]", "x"), named("nonsense", "AWS_ENDPOINT_URL_IAM")];
        let found = credentials(&all, false, &Environment::of(&KEYS)).expect_err("two are wrong");
        assert_eq!(found.len(), 2);
    }
}
