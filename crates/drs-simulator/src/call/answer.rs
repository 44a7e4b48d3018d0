//! What is answered, as the wire has it: bodies that cannot be read, refusals, and twisted answers.

use super::{Caller, Decision, Operation, Reply, Twist, WireAnswer};
use crate::error::{ApiError, ErrorName, InvalidField, ValidationReason};
use crate::scenario::{Answer, Commitment};
use crate::world::World;
use jiff::SignedDuration;
use serde_json::Value;
use std::time::Duration;

/// How far the clocks of a caller and the service may differ.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

impl World {
    /// A decision as its caller meets it on the wire.
    pub(super) fn on_the_wire<O: Operation>(
        &self,
        decision: Decision<O::Response>,
    ) -> Reply<WireAnswer> {
        let code = |error: &ApiError| self.error_code(error);
        let Twist { cut, surprise } = decision.twist;
        let reply = match (cut, decision.unsaid) {
            (true, Some(unsaid)) => Reply::Answered(unsaid),
            (true | false, _) => decision.reply,
        };
        reply.map(|answer| {
            let mut answer = to_wire::<O>(answer, code);
            answer.cut = cut;
            if let (Some(surprise), Some(body)) = (surprise, &mut answer.body) {
                super::surprise::apply(&surprise, body);
            }
            answer
        })
    }
}

/// Whether an answer goes wrong only after its request has taken effect.
pub(super) const fn waits_for_the_commit(answer: Option<&Answer>) -> bool {
    match answer {
        None | Some(Answer::Skewed(_)) => false,
        Some(
            Answer::Error { commitment, .. }
            | Answer::Lost(commitment)
            | Answer::Half(commitment)
            | Answer::Held { commitment, .. },
        ) => match commitment {
            Commitment::BeforeCommit => false,
            Commitment::AfterCommit => true,
        },
    }
}

/// What becomes of a request that had this result, or none, when its answer goes wrong so. A
/// request that was refused is answered as it is, where the fault waits for the commit.
pub(super) fn decided<T>(
    answer: Option<&Answer>,
    result: Option<Result<T, ApiError>>,
) -> Decision<T> {
    let committed = matches!(result, Some(Ok(_)));
    let decision = |reply, unsaid, cut| Decision {
        reply,
        committed,
        unsaid,
        twist: Twist {
            cut,
            surprise: None,
        },
    };
    let result = match result {
        Some(Err(error)) if waits_for_the_commit(answer) => return refused(error),
        result => result,
    };
    let failed = || Err(ApiError::plain(ErrorName::InternalServer));
    match answer {
        None | Some(Answer::Skewed(_)) => {
            decision(Reply::Answered(result.unwrap_or_else(failed)), None, false)
        }
        Some(Answer::Error {
            name,
            retry_after,
            message,
            ..
        }) => {
            let mut error = ApiError::plain(*name);
            error.retry_after_seconds = *retry_after;
            if let Some(message) = message {
                error.message.clone_from(message);
            }
            decision(Reply::Answered(Err(error)), None, false)
        }
        Some(Answer::Lost(_)) => decision(Reply::Lost, result, false),
        Some(Answer::Half(_)) => decision(Reply::Lost, Some(result.unwrap_or_else(failed)), true),
        Some(Answer::Held { hold, .. }) => {
            let hold = wait(*hold);
            let answer = result.unwrap_or_else(failed);
            decision(Reply::Held { hold, answer }, None, false)
        }
    }
}

/// How long a caller waits; a rule that was made in process may say less than nothing.
pub(super) fn wait(hold: SignedDuration) -> Duration {
    Duration::try_from(hold).unwrap_or_default()
}

/// Reads a body as a request; what cannot be read is named by its path.
pub(super) fn read<O: Operation>(body: &Value) -> Result<O, ApiError> {
    let absent = |member: &&&str| body.get(**member).is_none_or(Value::is_null);
    let absent: Vec<_> = O::REQUIRED.iter().filter(absent).collect();
    if !absent.is_empty() {
        let field = |member: &&str| InvalidField {
            name: (*member).to_owned(),
            message: "must be given".to_owned(),
        };
        return Err(ApiError::fields(absent.into_iter().map(field).collect()));
    }
    serde_path_to_error::deserialize(body).map_err(|error| {
        let field = InvalidField {
            name: error.path().to_string(),
            message: error.inner().to_string(),
        };
        let mut unreadable = ApiError::validation(ValidationReason::CannotParse, error.to_string());
        unreadable.details.validation = Some((ValidationReason::CannotParse, vec![field]));
        unreadable
    })
}

pub(super) fn refused<T>(error: ApiError) -> Decision<T> {
    Decision {
        reply: Reply::Answered(Err(error)),
        committed: false,
        unsaid: None,
        twist: Twist::default(),
    }
}

pub(super) fn access_denied(caller: &Caller, operation: &str) -> ApiError {
    if operation.starts_with("ec2:") {
        let message = "You are not authorized to perform this operation.";
        return ApiError::new(ErrorName::AccessDenied, message);
    }
    ApiError::new(
        ErrorName::AccessDenied,
        format!(
            "User: arn:aws:sts::{account}:assumed-role/caller/session is not authorized to perform: \
             drs:{operation} on resource: arn:aws:drs:{region}:{account}:* because no \
             identity-based policy allows the drs:{operation} action",
            account = caller.account,
            region = caller.region,
        ),
    )
}

pub(super) fn to_wire<O: Operation>(
    answer: Result<O::Response, ApiError>,
    code: impl FnOnce(&ApiError) -> &'static str,
) -> WireAnswer {
    match answer {
        Ok(response) => WireAnswer {
            status: O::STATUS,
            error: None,
            body: (O::STATUS != 204).then(|| serde_json::to_value(response).unwrap_or_default()),
            cut: false,
        },
        Err(error) => WireAnswer {
            status: error.name.status(),
            body: Some(error.body(code(&error))),
            error: Some(error),
            cut: false,
        },
    }
}

/// Whether a caller's clock is that of a service which is this far ahead.
pub(super) fn clocks_agree(caller: &Caller, skew: SignedDuration) -> bool {
    let ahead = caller.clock_ahead.unwrap_or_default();
    (ahead - skew).abs() < CLOCK_TOLERANCE
}

/// The refusal of a signature whose time is not the service's.
pub(super) fn skewed(skew: SignedDuration) -> ApiError {
    let message = if skew.is_positive() {
        "Signature expired: its time is earlier than the service's time minus 5 min."
    } else {
        "Signature not yet current: its time is later than the service's time plus 5 min."
    };
    let mut error = ApiError::new(ErrorName::InvalidSignature, message);
    error.details.clock_skew = Some(skew);
    error
}
