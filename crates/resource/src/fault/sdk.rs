//! Faults from what the SDK returns.

use aws_smithy_runtime_api::client::{
    orchestrator::HttpResponse,
    result::{DispatchFailure, SdkError},
};
use aws_smithy_types::error::{display::DisplayErrorContext, metadata::ProvideErrorMetadata};

use super::{Class, Fault, table};
use crate::pace::Overfull;

impl<E> From<SdkError<E, HttpResponse>> for Fault
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        let (service, operation) = asked(std::any::type_name::<E>());
        let words = format!("{}", DisplayErrorContext(&error));
        let causes = causes(&error);
        let mut fault = Self { service, operation, ..Self::bare(Class::Other, causes.clone()) };
        match error {
            SdkError::ServiceError(context) => {
                let meta = context.err().meta();
                fault.code = meta.code().map(str::to_owned);
                fault.request_id = meta.extra("aws_request_id").map(str::to_owned);
                let status = context.raw().status().as_u16();
                let unsaid = || if fault.code.is_none() { without_a_code(status) } else { causes.clone() };
                fault.message = meta.message().map_or_else(unsaid, str::to_owned);
                fault.class = table::class(&fault.service, &fault.operation, fault.code.as_deref(), &fault.message, status);
            }
            SdkError::DispatchFailure(_) if unsigned(&words) => {
                fault.class = Class::Unauthenticated;
                let why = causes.lines().next().unwrap_or_default();
                let why = why.trim_start_matches("dispatch failure: other: ").trim_end_matches(" Attempted:").trim_end_matches('.');
                fault.message = format!("no AWS credentials could be found or used ({why})");
            }
            SdkError::DispatchFailure(failure) if overfull(&failure) => {
                fault.class = Class::Throttled;
                fault.message = causes.trim_start_matches("dispatch failure: other: ").to_owned();
            }
            // Refused before it left: by the transport, or for want of what a request needs.
            SdkError::DispatchFailure(failure) if failure.is_user() => {
                fault.class = Class::Invalid;
                fault.message = causes;
            }
            // Only a connection that was never made is known to have carried nothing.
            SdkError::DispatchFailure(_) if never_left(&words) => {
                fault.class = Class::Unreachable;
                fault.message = format!("the endpoint can't be reached ({causes})");
            }
            SdkError::ConstructionFailure(_) => fault.class = if unsigned(&words) { Class::Unauthenticated } else { Class::Invalid },
            SdkError::ResponseError(_) => {
                fault.class = Class::Ambiguous;
                fault.message = format!("{UNREADABLE} ({})", causes.trim_start_matches("response error: "));
            }
            SdkError::DispatchFailure(_) | SdkError::TimeoutError(_) => fault.class = Class::Ambiguous,
            _ => fault.class = Class::Ambiguous,
        }
        fault
    }
}

/// What is wrong with an answer of which nobody can tell what it says.
const UNREADABLE: &str = "the answer can't be read";

/// Returns what is wrong with an answer that names no error.
fn without_a_code(status: u16) -> String {
    match status {
        200..300 => UNREADABLE.to_owned(),
        _ => format!("answered with status {status}, and nothing that can be read"),
    }
}

/// Returns whether the request has waited in vain before it was sent.
fn overfull(failure: &DispatchFailure) -> bool {
    let source = failure.as_connector_error().and_then(std::error::Error::source);
    source.is_some_and(|source| source.is::<Overfull>())
}

fn unsigned(words: &str) -> bool {
    ["credential", "CredentialsNotLoaded", "identity resolver"].iter().any(|word| words.contains(word))
}

/// Returns whether there never was a connection: hyper-util's own words, and those of the SDK's connect timeout. A connection
/// that was there and broke may have carried the request.
fn never_left(words: &str) -> bool {
    words.contains("client error (Connect)") || words.contains("connect timeout")
}

/// Returns what went wrong and what caused it, each said once: `dispatch failure: io error: … Connection refused`.
fn causes(error: &dyn std::error::Error) -> String {
    let mut all = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        let words = cause.to_string();
        if !all.iter().any(|said| said.contains(&words)) {
            all.push(words);
        }
        next = cause.source();
    }
    all.join(": ")
}

/// Tells service and operation from an SDK error's type: `aws_sdk_ec2::operation::create_vpc::CreateVpcError`.
fn asked(type_name: &str) -> (String, String) {
    let service = type_name.strip_prefix("aws_sdk_").and_then(|rest| rest.split("::").next()).unwrap_or_default();
    let operation = type_name.rsplit("::").next().and_then(|last| last.strip_suffix("Error")).unwrap_or_default();
    (service.to_owned(), operation.to_owned())
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::client::result::ConnectorError;
    use aws_smithy_types::error::metadata::ErrorMetadata;

    use super::*;

    #[derive(Debug)]
    struct NoAnswer;

    impl std::fmt::Display for NoAnswer {
        fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            out.write_str("no answer")
        }
    }

    impl std::error::Error for NoAnswer {}

    impl ProvideErrorMetadata for NoAnswer {
        fn meta(&self) -> &ErrorMetadata {
            unreachable!("there was no answer")
        }
    }

    fn class(error: ConnectorError) -> Class {
        Fault::from(SdkError::<NoAnswer, HttpResponse>::dispatch_failure(error)).class
    }

    #[test]
    fn only_a_connection_that_never_was_carried_nothing() {
        assert_eq!(class(ConnectorError::io("client error (Connect): tcp connect error".into())), Class::Unreachable);
        assert_eq!(class(ConnectorError::timeout("HTTP connect timeout occurred after 5s".into())), Class::Unreachable);
        for broken in ["client error (SendRequest): connection closed before message completed", "connection reset by peer"] {
            assert_eq!(class(ConnectorError::io(broken.into())), Class::Ambiguous, "{broken}");
        }
    }

    #[test]
    fn what_we_refuse_ourselves_is_no_want_of_credentials() {
        assert_eq!(class(ConnectorError::user("ec2:CreateVpc would change something".into())), Class::Invalid);
        assert_eq!(class(ConnectorError::user("no providers in chain provided credentials".into())), Class::Unauthenticated);
    }

    #[test]
    fn what_waited_in_vain_was_not_sent_and_may_be_tried_again() {
        let overfull = Overfull { service: "ec2".to_owned(), waited: std::time::Duration::from_secs(120) };
        let error = ConnectorError::other(overfull.into(), Some(aws_smithy_types::retry::ErrorKind::ThrottlingError));
        let fault = Fault::from(SdkError::<NoAnswer, HttpResponse>::dispatch_failure(error));
        assert_eq!(fault.class, Class::Throttled);
        assert_eq!(fault.message, "ec2 is asked more than it bears: after 120 s in line the request was not sent");
    }

    #[test]
    fn a_connection_that_broke_later_may_have_carried_the_request() {
        assert!(never_left("dispatch failure: io error: client error (Connect): tcp connect error: Connection refused"));
        assert!(!never_left("dispatch failure: io error: client error (SendRequest): connection closed before message completed"));
    }

    #[test]
    fn an_error_type_names_its_operation() {
        let name = "aws_sdk_ec2::operation::create_vpc::CreateVpcError";
        assert_eq!(asked(name), ("ec2".to_owned(), "CreateVpc".to_owned()));
        assert_eq!(asked("something::else"), (String::new(), String::new()));
    }
}
