//! What an error of EC2 means, decided in this one place, by its code and its status.

use aws::error_code::{ErrorFamily, repeats_headers};
use aws_sdk_ec2::config::http::HttpResponse;
use aws_sdk_ec2::error::{ProvideErrorMetadata, SdkError};
use domain::execution::event::{FaultClass, WorldFault};

/// The error in our words.
pub(crate) fn classify<E>(error: &SdkError<E, HttpResponse>) -> WorldFault
where
    E: ProvideErrorMetadata,
{
    let status = error.raw_response().map(|answer| answer.status().as_u16());
    let code = error.code();
    let text = match (code, error.message()) {
        (Some(code), Some(_)) if repeats_headers(code) => {
            format!("{code}: the signature of the request was not accepted")
        }
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(text), None) | (None, Some(text)) => text.to_owned(),
        (None, None) => match status {
            Some(status) => format!("EC2 answered {status}"),
            None => "EC2 did not answer in time".to_owned(),
        },
    };
    WorldFault {
        class: class(code.unwrap_or_default(), status),
        text: text.into(),
    }
}

/// A refusal that another try does not change is one that this product may not; everything else
/// may work in a moment. EC2 throttles with 503, so the code goes before the status.
fn class(code: &str, status: Option<u16>) -> FaultClass {
    match ErrorFamily::of(code) {
        Some(ErrorFamily::Caller | ErrorFamily::Unrecognised | ErrorFamily::Request) => {
            FaultClass::Denied
        }
        Some(
            ErrorFamily::Throttling
            | ErrorFamily::Clock
            | ErrorFamily::Conflict
            | ErrorFamily::Quota
            | ErrorFamily::NotInitialised
            | ErrorFamily::Service,
        ) => FaultClass::Passing,
        None => match status {
            Some(401 | 403) => FaultClass::Denied,
            Some(_) | None => FaultClass::Passing,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{FaultClass, class};

    #[test]
    fn what_another_try_does_not_change_is_denied_and_the_rest_passes() {
        for (code, status, expected) in [
            ("UnauthorizedOperation", Some(403), FaultClass::Denied),
            ("AuthFailure", Some(401), FaultClass::Denied),
            ("OptInRequired", Some(401), FaultClass::Denied),
            ("RequestLimitExceeded", Some(503), FaultClass::Passing),
            ("RequestExpired", Some(400), FaultClass::Passing),
            ("InternalError", Some(500), FaultClass::Passing),
            ("", Some(403), FaultClass::Denied),
            ("", None, FaultClass::Passing),
        ] {
            assert_eq!(class(code, status), expected, "{code} {status:?}");
        }
    }
}
