//! What the codes of AWS's errors are about, in every spelling that services, gateways and older
//! protocols use for the same thing.
//!
//! The same fault has several names: `IncompleteSignature` where the query protocol is spoken,
//! `IncompleteSignatureException` in JSON; botocore's list of throttling codes alone has fourteen.
//! A code is compared without its namespace and without the word at its end.

/// What an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorFamily {
    /// Too many calls. Nothing was done.
    Throttling,
    /// Who calls: credentials, signature, clock, rights, or what the account has signed up for.
    /// Nothing was done, and it says nothing of what was asked for.
    Caller,
    /// Who calls is nobody here: most often in a Region that the account has not enabled, where its
    /// credentials are not known.
    Unrecognised,
    /// When the request was signed: the clocks differ. Nothing was done, and signed anew it may be
    /// accepted.
    Clock,
    /// What was asked for.
    Request,
    /// Something else is in the way.
    Conflict,
    /// A quota.
    Quota,
    /// The service has not been set up in this account and Region.
    NotInitialised,
    /// The service itself. Whether anything was done is not known.
    Service,
}

/// Whether an error of this code repeats the headers of the request in its words.
pub fn repeats_headers(code: &str) -> bool {
    matches!(
        bare(code),
        "IncompleteSignature"
            | "InvalidSignature"
            | "SignatureDoesNotMatch"
            | "MissingAuthenticationToken"
            | "InvalidToken"
            | "AuthFailure"
    )
}

/// A code without its namespace and without the word at its end.
fn bare(code: &str) -> &str {
    let name = code.split(':').next().unwrap_or(code);
    let name = name.rsplit(['#', '.']).next().unwrap_or(name).trim();
    name.strip_suffix("Exception")
        .or_else(|| name.strip_suffix("Error"))
        .unwrap_or(name)
}

impl ErrorFamily {
    /// The family of a code; nothing where it is not known.
    pub fn of(code: &str) -> Option<Self> {
        match bare(code) {
            "Throttling"
            | "Throttled"
            | "RequestThrottled"
            | "TooManyRequests"
            | "RequestLimitExceeded"
            | "BandwidthLimitExceeded"
            | "LimitExceeded"
            | "PriorRequestNotComplete"
            | "SlowDown"
            | "EC2Throttled"
            | "ProvisionedThroughputExceeded"
            | "RequestThrottledFault" => Some(Self::Throttling),
            "AccessDenied"
            | "UnauthorizedOperation"
            | "Unauthorized"
            | "UnauthorizedAccess"
            | "NotAuthorized"
            | "Forbidden"
            | "AuthFailure"
            | "ExpiredToken"
            | "InvalidToken"
            | "TokenRefreshRequired"
            | "InvalidClientTokenId"
            | "InvalidAccessKeyId"
            | "InvalidSignature"
            | "SignatureDoesNotMatch"
            | "IncompleteSignature"
            | "MissingAuthenticationToken"
            | "MissingSecurityHeader"
            | "SubscriptionRequired"
            | "PendingVerification"
            | "Blocked"
            | "AccountDisabled"
            | "InvalidAction"
            | "UnknownOperation" => Some(Self::Caller),
            "RequestExpired" | "RequestTimeTooSkewed" | "RequestInTheFuture" => Some(Self::Clock),
            "UnrecognizedClient" | "OptInRequired" => Some(Self::Unrecognised),
            "Validation"
            | "Serialization"
            | "ResourceNotFound"
            | "NotFound"
            | "BadRequest"
            | "InvalidParameter"
            | "InvalidParameterValue"
            | "InvalidParameterCombination"
            | "InvalidRequest"
            | "InvalidInput"
            | "MissingParameter"
            | "MalformedQueryString"
            | "MalformedInput" => Some(Self::Request),
            "Conflict" => Some(Self::Conflict),
            "ServiceQuotaExceeded" => Some(Self::Quota),
            "UninitializedAccount" => Some(Self::NotInitialised),
            "InternalServer" | "InternalFailure" | "Internal" | "ServiceUnavailable"
            | "Service" | "ServiceFailure" | "RequestTimeout" | "RequestTimedOut"
            | "BadGateway" | "GatewayTimeout" => Some(Self::Service),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ErrorFamily, repeats_headers};

    #[test]
    fn what_is_said_of_a_signature_may_repeat_a_token() {
        assert!(repeats_headers("IncompleteSignature"));
        assert!(repeats_headers("InvalidSignatureException"));
        assert!(repeats_headers("SignatureDoesNotMatch"));
        assert!(!repeats_headers("AccessDeniedException"));
        assert!(!repeats_headers("ValidationException"));
    }

    #[test]
    fn a_fault_has_one_meaning_in_every_spelling() {
        let spellings = [
            ("IncompleteSignature", ErrorFamily::Caller),
            ("IncompleteSignatureException", ErrorFamily::Caller),
            (
                "com.amazon.coral.service#IncompleteSignature",
                ErrorFamily::Caller,
            ),
            ("InvalidSignatureException", ErrorFamily::Caller),
            ("SignatureDoesNotMatch", ErrorFamily::Caller),
            ("MissingAuthenticationToken", ErrorFamily::Caller),
            ("MissingAuthenticationTokenException", ErrorFamily::Caller),
            ("AccessDenied", ErrorFamily::Caller),
            ("AccessDeniedException:http://internal", ErrorFamily::Caller),
            ("ForbiddenException", ErrorFamily::Caller),
            ("ExpiredToken", ErrorFamily::Caller),
            ("ExpiredTokenException", ErrorFamily::Caller),
            ("UnrecognizedClientException", ErrorFamily::Unrecognised),
            ("InvalidClientTokenId", ErrorFamily::Caller),
            ("RequestExpired", ErrorFamily::Clock),
            ("RequestTimeTooSkewed", ErrorFamily::Clock),
            ("OptInRequired", ErrorFamily::Unrecognised),
            ("SubscriptionRequiredException", ErrorFamily::Caller),
            ("Throttling", ErrorFamily::Throttling),
            ("ThrottlingException", ErrorFamily::Throttling),
            ("ThrottledException", ErrorFamily::Throttling),
            ("TooManyRequestsException", ErrorFamily::Throttling),
            ("RequestLimitExceeded", ErrorFamily::Throttling),
            ("SlowDown", ErrorFamily::Throttling),
            ("ValidationError", ErrorFamily::Request),
            ("ValidationException", ErrorFamily::Request),
            ("ResourceNotFoundException", ErrorFamily::Request),
            ("ConflictException", ErrorFamily::Conflict),
            ("ServiceQuotaExceededException", ErrorFamily::Quota),
            ("UninitializedAccountException", ErrorFamily::NotInitialised),
            ("InternalServerException", ErrorFamily::Service),
            ("InternalFailure", ErrorFamily::Service),
            ("ServiceUnavailable", ErrorFamily::Service),
            ("RequestTimeoutException", ErrorFamily::Service),
        ];
        for (code, family) in spellings {
            assert_eq!(ErrorFamily::of(code), Some(family), "{code}");
        }
        assert_eq!(ErrorFamily::of("SomethingNewException"), None);
    }
}
