//! The errors of the DRS wire: names, status codes and members as the service model has them.

use jiff::SignedDuration;
use serde::Serialize;
use std::fmt;

/// The name of an error, as `x-amzn-errortype` carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorName {
    /// The account or its Region was asked for too much at once (429).
    Throttling,
    /// The service failed; whether something was committed is unknown to the caller (500).
    InternalServer,
    /// The service cannot be reached just now (503).
    ServiceUnavailable,
    /// The resource is in use, or not in a state for this call (409).
    Conflict,
    /// A quota is used up (402).
    ServiceQuotaExceeded,
    /// The request does not fit the model (400).
    Validation,
    /// The resource does not exist (404).
    ResourceNotFound,
    /// The caller may not do this (403).
    AccessDenied,
    /// DRS is not initialised in this account and Region (400).
    UninitializedAccount,
    /// The session of the caller has ended (403).
    ExpiredToken,
    /// The access key is unknown (403).
    UnrecognizedClient,
    /// The signature does not fit, or names another service (403).
    InvalidSignature,
    /// The Authorization header cannot be read (400).
    IncompleteSignature,
    /// There is no Authorization header (403).
    MissingAuthenticationToken,
}

impl ErrorName {
    /// Every name, for messages that list what may be written in a scenario.
    pub const ALL: [Self; 14] = [
        Self::Throttling,
        Self::InternalServer,
        Self::ServiceUnavailable,
        Self::Conflict,
        Self::ServiceQuotaExceeded,
        Self::Validation,
        Self::ResourceNotFound,
        Self::AccessDenied,
        Self::UninitializedAccount,
        Self::ExpiredToken,
        Self::UnrecognizedClient,
        Self::InvalidSignature,
        Self::IncompleteSignature,
        Self::MissingAuthenticationToken,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Throttling => "ThrottlingException",
            Self::InternalServer => "InternalServerException",
            Self::ServiceUnavailable => "ServiceUnavailableException",
            Self::Conflict => "ConflictException",
            Self::ServiceQuotaExceeded => "ServiceQuotaExceededException",
            Self::Validation => "ValidationException",
            Self::ResourceNotFound => "ResourceNotFoundException",
            Self::AccessDenied => "AccessDeniedException",
            Self::UninitializedAccount => "UninitializedAccountException",
            Self::ExpiredToken => "ExpiredTokenException",
            Self::UnrecognizedClient => "UnrecognizedClientException",
            Self::InvalidSignature => "InvalidSignatureException",
            Self::IncompleteSignature => "IncompleteSignature",
            Self::MissingAuthenticationToken => "MissingAuthenticationToken",
        }
    }

    /// The HTTP status that goes with the name.
    pub const fn status(self) -> u16 {
        match self {
            Self::Throttling => 429,
            Self::InternalServer => 500,
            Self::ServiceUnavailable => 503,
            Self::Conflict => 409,
            Self::ServiceQuotaExceeded => 402,
            Self::ResourceNotFound => 404,
            Self::Validation | Self::UninitializedAccount | Self::IncompleteSignature => 400,
            Self::AccessDenied
            | Self::ExpiredToken
            | Self::UnrecognizedClient
            | Self::InvalidSignature
            | Self::MissingAuthenticationToken => 403,
        }
    }

    /// The name that is written so, with or without its `Exception` ending.
    pub fn parse(text: &str) -> Option<Self> {
        let bare = |name: &str| name.trim_end_matches("Exception").to_owned();
        Self::ALL
            .into_iter()
            .find(|name| bare(name.as_str()) == bare(text))
    }

    /// Whether the model gives the error a member `code`.
    const fn has_code(self) -> bool {
        match self {
            Self::Conflict
            | Self::ServiceQuotaExceeded
            | Self::Validation
            | Self::ResourceNotFound
            | Self::AccessDenied
            | Self::UninitializedAccount => true,
            Self::Throttling
            | Self::InternalServer
            | Self::ServiceUnavailable
            | Self::ExpiredToken
            | Self::UnrecognizedClient
            | Self::InvalidSignature
            | Self::IncompleteSignature
            | Self::MissingAuthenticationToken => false,
        }
    }

    const fn default_message(self) -> &'static str {
        match self {
            Self::Throttling => "Rate exceeded",
            Self::InternalServer => "An internal error occurred while processing your request.",
            Self::ServiceUnavailable => "The service is temporarily unavailable.",
            Self::Conflict => "The request conflicts with the state of the resource.",
            Self::ServiceQuotaExceeded => "A service quota was exceeded.",
            Self::Validation => "The request is not valid.",
            Self::ResourceNotFound => "The resource was not found.",
            Self::AccessDenied => "The caller is not authorized to perform this operation.",
            Self::UninitializedAccount => {
                "The account is not initialized for Elastic Disaster Recovery in this Region."
            }
            Self::ExpiredToken => "The security token included in the request is expired",
            Self::UnrecognizedClient => "The security token included in the request is invalid.",
            Self::InvalidSignature => {
                "The request signature we calculated does not match the signature you provided."
            }
            Self::IncompleteSignature => "The Authorization header cannot be read.",
            Self::MissingAuthenticationToken => "Missing Authentication Token",
        }
    }
}

impl fmt::Display for ErrorName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Why a request was found invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ValidationReason {
    /// The operation does not exist here.
    UnknownOperation,
    /// The body is no JSON, or has members of the wrong type.
    CannotParse,
    /// A member breaks its pattern, its size or its presence.
    FieldValidationFailed,
    /// Anything else.
    Other,
}

/// One invalid member of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InvalidField {
    /// The member's path.
    pub name: String,
    /// What is wrong with it.
    pub message: String,
}

/// An error answer of DRS.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {message}")]
pub struct ApiError {
    /// Which error.
    pub name: ErrorName,
    /// The sentence for people.
    pub message: String,
    /// The further members of the body.
    pub details: Box<ErrorDetails>,
    /// Seconds until another try makes sense.
    pub retry_after_seconds: Option<u32>,
}

/// The members of an error's body beside its message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ErrorDetails {
    /// The type and the id of the resource that is meant.
    pub resource: Option<(String, String)>,
    /// The quota that is used up.
    pub quota_code: Option<String>,
    /// Why the request was invalid, and where.
    pub validation: Option<(ValidationReason, Vec<InvalidField>)>,
    /// How far the service's clock is ahead, where that is what is wrong.
    pub clock_skew: Option<SignedDuration>,
    /// The name of the error where EC2 answers it.
    pub ec2_code: Option<&'static str>,
}

impl ApiError {
    /// An error with its own sentence.
    pub fn new(name: ErrorName, message: impl Into<String>) -> Self {
        Self {
            name,
            message: message.into(),
            details: Box::default(),
            retry_after_seconds: None,
        }
    }

    /// An error with the sentence that AWS usually gives.
    pub fn plain(name: ErrorName) -> Self {
        let mut error = Self::new(name, name.default_message());
        if name == ErrorName::ServiceQuotaExceeded {
            error.details.quota_code = Some("L-D88FAC3A".to_owned());
        }
        error
    }

    /// A conflict about one resource.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(ErrorName::Conflict, message)
    }

    /// A resource that does not exist.
    pub fn not_found(resource_type: &str, resource_id: &str) -> Self {
        Self::new(
            ErrorName::ResourceNotFound,
            format!("{resource_type} {resource_id} does not exist."),
        )
        .about(resource_type, resource_id)
    }

    /// A quota that is used up.
    pub fn quota(quota_code: &str, message: impl Into<String>) -> Self {
        let mut error = Self::new(ErrorName::ServiceQuotaExceeded, message);
        error.details.quota_code = Some(quota_code.to_owned());
        error
    }

    /// A request that does not fit the model.
    pub fn validation(reason: ValidationReason, message: impl Into<String>) -> Self {
        let mut error = Self::new(ErrorName::Validation, message);
        error.details.validation = Some((reason, Vec::new()));
        error
    }

    /// A request with invalid members, each with its path.
    pub fn fields(fields: Vec<InvalidField>) -> Self {
        let mut error = Self::new(
            ErrorName::Validation,
            format!("{} validation error(s) detected.", fields.len()),
        );
        error.details.validation = Some((ValidationReason::FieldValidationFailed, fields));
        error
    }

    /// A refusal of EC2, by its own name.
    pub(crate) fn ec2(code: &'static str, message: impl Into<String>) -> Self {
        let mut error = Self::new(ErrorName::Validation, message);
        error.details.ec2_code = Some(code);
        error
    }

    /// The same error, about this resource.
    #[must_use]
    pub fn about(mut self, resource_type: &str, resource_id: &str) -> Self {
        self.details.resource = Some((resource_type.to_owned(), resource_id.to_owned()));
        self
    }

    /// The body of the answer. `code` stands beside `message` as the model has it; it is not
    /// the error's name for a client, which reads the header.
    pub fn body(&self, code: &str) -> serde_json::Value {
        let mut members = serde_json::Map::new();
        let mut put = |name: &str, value: serde_json::Value| members.insert(name.to_owned(), value);
        put("message", self.message.clone().into());
        if self.name.has_code() {
            put("code", code.into());
        }
        if let Some((resource_type, resource_id)) = &self.details.resource {
            put("resourceType", resource_type.clone().into());
            put("resourceId", resource_id.clone().into());
        }
        if let Some(quota_code) = &self.details.quota_code {
            put("serviceCode", "drs".into());
            put("quotaCode", quota_code.clone().into());
        }
        if let Some((reason, fields)) = &self.details.validation {
            put("reason", serde_json::json!(reason));
            if !fields.is_empty() {
                put("fieldList", serde_json::json!(fields));
            }
        }
        serde_json::Value::Object(members)
    }
}
