//! What an error of a service means, decided in this one place.

use aws::error_code::repeats_headers;
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata};

use crate::error::Failure;
use crate::talk::repeated;

const SIGN_IN_AGAIN: &str = "sign in again, or choose another profile with --profile";

/// Makes the error of a call into ours, with cause and remedy where both are known.
pub(super) fn failed<E>(operation: &'static str) -> impl FnOnce(E) -> Failure
where
    E: ProvideErrorMetadata + std::error::Error,
{
    move |error| {
        let chain = DisplayErrorContext(&error).to_string();
        let code = error.code().unwrap_or_default();
        // Such an error repeats the headers that were signed, a session's token among them.
        let message = if repeats_headers(code) {
            String::new()
        } else {
            repeated(error.message().unwrap_or_default())
        };
        let message = message.as_str();
        if let Some((cause, remedy)) = known(code, message, &chain) {
            return Failure::Known {
                operation: operation.to_owned(),
                cause,
                remedy,
            };
        }
        let reason = match (code, message) {
            ("", _) => repeated(&chain),
            (code, "") => code.to_owned(),
            (code, message) => format!("{code}: {message}"),
        };
        Failure::Call { operation, reason }
    }
}

fn known(code: &str, message: &str, chain: &str) -> Option<(String, &'static str)> {
    let says = |text: &str| chain.contains(text);
    match code {
        "AccessDenied"
        | "AccessDeniedException"
        | "UnauthorizedOperation"
        | "Forbidden"
        | "403" => Some((
            format!("no permission ({code}: {message})"),
            "the role or user needs this action; if it concerns the bucket, look whether it \
                 belongs to another account, and choose another with --bucket",
        )),
        "ExpiredToken"
        | "ExpiredTokenException"
        | "InvalidClientTokenId"
        | "UnrecognizedClient"
        | "UnrecognizedClientException"
        | "InvalidAccessKeyId"
        | "TokenRefreshRequired" => Some((
            format!("the credentials are not valid, or no longer ({code})"),
            SIGN_IN_AGAIN,
        )),
        "RequestExpired" | "RequestTimeTooSkewed" | "RequestInTheFuture" => Some((
            format!("the clocks of this machine and of AWS differ ({code})"),
            "set this machine's clock, and give the same command again",
        )),
        code if repeats_headers(code) => Some((
            format!("AWS does not accept the signature of the request ({code})"),
            SIGN_IN_AGAIN,
        )),
        "PermanentRedirect"
        | "AuthorizationHeaderMalformed"
        | "IllegalLocationConstraintException"
        | "301" => Some((
            format!("the bucket is in another Region ({code})"),
            "name the bucket's Region with --region, or another bucket with --bucket",
        )),
        "BucketAlreadyExists" => Some((
            "a bucket of this name belongs to another account".to_owned(),
            "choose another name with --bucket",
        )),
        "Throttling"
        | "ThrottlingException"
        | "TooManyRequestsException"
        | "SlowDown"
        | "RequestLimitExceeded" => Some((
            format!("the service asks to be called less often ({code})"),
            "the same command again goes on where this one ended",
        )),
        "" if says("no credentials") || says("CredentialsNotLoaded") || says("credential") => {
            Some((
                "there are no credentials".to_owned(),
                "set AWS_PROFILE, or choose a profile with --profile",
            ))
        }
        "" if says("dns")
            || says("connect")
            || says("timeout")
            || says("timed out")
            || says("dispatch failure")
            || says("connection") =>
        {
            Some((
                "the service cannot be reached".to_owned(),
                "look at the network and at --region; the same command again goes on where this \
                 one ended",
            ))
        }
        _ => None,
    }
}
