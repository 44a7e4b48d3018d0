//! What the use cases say, as a problem: refusals are 409, a world in the way is 503, and
//! what is nobody's fault but ours is 500.

use axum::http::StatusCode;
use domain::Kind;
use engine::ports::{DrsError, DrsErrorClass, StoreError};
use engine::{About, EngineError, InvalidCode, Refused};

use super::{AboutView, GroupName, PlanName, Problem, RETRY_AFTER_SECONDS, ServerReason};

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Invalid { code, faults } => Self::invalid(code_of(code), &faults),
            EngineError::NotFound { what, id } => {
                let detail = format!("There is no {what} {id}.");
                Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", detail)
            }
            EngineError::Refused(refused) => refused_problem(*refused),
            EngineError::StaleVersion { version } => stale(version),
            EngineError::Store(error) => of_store(&error),
            EngineError::Drs(error) => of_drs(&error),
        }
    }
}

fn code_of(code: InvalidCode) -> &'static str {
    match code {
        InvalidCode::Group => "INVALID_GROUP",
        InvalidCode::Plan => "INVALID_PLAN",
        InvalidCode::Request => "INVALID_REQUEST",
        InvalidCode::UnknownAccount => "UNKNOWN_ACCOUNT",
    }
}

fn refused_problem(refused: Refused) -> Problem {
    let mut problem = conflict(refused.code.as_str(), refused.detail);
    problem.0.about = refused.about.into();
    problem
}

fn conflict(code: &'static str, detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::CONFLICT, code, detail)
}

fn stale(version: u64) -> Problem {
    let detail = format!("It was changed since it was read; its version is {version} now.");
    let status = StatusCode::PRECONDITION_FAILED;
    let mut problem = Problem::new(status, "STALE_VERSION", detail);
    problem.0.about.version = Some(version);
    problem
}

fn unavailable(code: &'static str, detail: String, cause: String) -> Problem {
    let status = StatusCode::SERVICE_UNAVAILABLE;
    let mut problem = Problem::new(status, code, detail).caused_by(cause);
    problem.0.retry_after_seconds = Some(RETRY_AFTER_SECONDS);
    problem
}

fn of_store(error: &StoreError) -> Problem {
    match error {
        StoreError::Stale | StoreError::StaleLedger | StoreError::Unavailable(_) => {
            let detail = "The tables could not be reached, or were too busy. Try again.".to_owned();
            unavailable("UNAVAILABLE", detail, error.to_string())
        }
        StoreError::Denied(_) | StoreError::TooLarge(_) | StoreError::Corrupt(_) => {
            Problem::internal(error.to_string())
        }
    }
}

fn of_drs(error: &DrsError) -> Problem {
    let said = format!("DRS says: {}", error.text);
    match error.class {
        DrsErrorClass::Throttled => {
            let detail = "DRS was asked too often. Try again.".to_owned();
            unavailable("DRS_THROTTLED", detail, said)
        }
        DrsErrorClass::Transient => {
            let detail =
                "DRS did not answer, or not with what was asked for. Try again.".to_owned();
            unavailable("DRS_UNAVAILABLE", detail, said)
        }
        DrsErrorClass::Denied | DrsErrorClass::NotRecognised => conflict("DRS_ACCESS_DENIED", said),
        DrsErrorClass::NotInitialised => conflict("DRS_NOT_INITIALISED", said),
        DrsErrorClass::Conflict => conflict("DRS_CONFLICT", said),
        DrsErrorClass::QuotaExceeded | DrsErrorClass::JobTooLarge => {
            conflict("DRS_QUOTA_EXCEEDED", said)
        }
        DrsErrorClass::Invalid => Problem::internal(said),
    }
}

impl From<About> for AboutView {
    fn from(about: About) -> Self {
        Self {
            execution: about.execution.map(String::from),
            kind: about.kind.map(|kind| match kind {
                Kind::Drill => "DRILL",
                Kind::Recovery => "RECOVERY",
            }),
            by: about.by,
            servers: about
                .servers
                .into_iter()
                .map(|(server, reason)| ServerReason {
                    source_server_id: server.into(),
                    reason,
                })
                .collect(),
            job: about.job.map(String::from),
            groups: about
                .groups
                .into_iter()
                .map(|(id, name)| GroupName {
                    protection_group_id: id,
                    name,
                })
                .collect(),
            plans: about
                .plans
                .into_iter()
                .map(|(id, name)| PlanName {
                    recovery_plan_id: id,
                    name,
                })
                .collect(),
            version: None,
        }
    }
}
