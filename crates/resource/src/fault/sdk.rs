//! Faults from what the SDK returns.

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::{display::DisplayErrorContext, metadata::ProvideErrorMetadata};

use super::{Class, Fault, table};

impl<E> From<SdkError<E, HttpResponse>> for Fault
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        let (service, operation) = asked(std::any::type_name::<E>());
        let words = format!("{}", DisplayErrorContext(&error));
        let mut fault = Self { service, operation, ..Self::bare(Class::Other, words.clone()) };
        match error {
            SdkError::ServiceError(context) => {
                let meta = context.err().meta();
                fault.code = meta.code().map(str::to_owned);
                fault.message = meta.message().map_or_else(|| first_line(&words), str::to_owned);
                fault.request_id = meta.extra("aws_request_id").map(str::to_owned);
                let status = context.raw().status().as_u16();
                fault.class = table::class(&fault.service, &fault.operation, fault.code.as_deref(), &fault.message, status);
            }
            SdkError::DispatchFailure(failure) if failure.is_user() || unsigned(&words) => {
                fault.class = Class::Unauthenticated;
                fault.message = "no AWS credentials could be found or used".to_owned();
            }
            // Only a connection that was never made is known to have carried nothing.
            SdkError::DispatchFailure(_) if words.contains("onnect") => {
                fault.class = Class::Unreachable;
                fault.message = format!("the endpoint can't be reached: {}", first_line(&words));
            }
            SdkError::ConstructionFailure(_) => fault.class = if unsigned(&words) { Class::Unauthenticated } else { Class::Invalid },
            SdkError::DispatchFailure(_) | SdkError::TimeoutError(_) | SdkError::ResponseError(_) => fault.class = Class::Ambiguous,
            _ => fault.class = Class::Ambiguous,
        }
        fault
    }
}

fn unsigned(words: &str) -> bool {
    ["credential", "CredentialsNotLoaded", "identity resolver"].iter().any(|word| words.contains(word))
}

fn first_line(words: &str) -> String {
    words.lines().next().unwrap_or_default().to_owned()
}

/// Tells service and operation from an SDK error's type: `aws_sdk_ec2::operation::create_vpc::CreateVpcError`.
fn asked(type_name: &str) -> (String, String) {
    let service = type_name.strip_prefix("aws_sdk_").and_then(|rest| rest.split("::").next()).unwrap_or_default();
    let operation = type_name.rsplit("::").next().and_then(|last| last.strip_suffix("Error")).unwrap_or_default();
    (service.to_owned(), operation.to_owned())
}

#[cfg(test)]
mod tests {
    use super::asked;

    #[test]
    fn an_error_type_names_its_operation() {
        let name = "aws_sdk_ec2::operation::create_vpc::CreateVpcError";
        assert_eq!(asked(name), ("ec2".to_owned(), "CreateVpc".to_owned()));
        assert_eq!(asked("something::else"), (String::new(), String::new()));
    }
}
