//! Errors as clients see them: one shape for all, `application/problem+json`.

mod from_engine;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::Fault;
use domain::access::Permission;
use serde::Serialize;
use utoipa::ToSchema;

/// Most faults that one answer lists. A body of 256 KB can have tens of thousands, and an
/// answer must stay below the 6 MB that Lambda carries.
const FAULTS_LISTED_MAX: usize = 200;

/// When a client may ask again, where the world was in the way.
const RETRY_AFTER_SECONDS: u32 = 2;

/// Why a request was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem(Box<ProblemView>);

/// Why a request was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem)]
pub(crate) struct ProblemView {
    /// Always `about:blank`: `code` says which problem it is.
    r#type: &'static str,
    /// The words of the status.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// Which problem it is, for programs.
    code: &'static str,
    /// A sentence for people.
    detail: String,
    /// Every fault of the request, each with the path of its member or parameter.
    faults: Vec<FaultView>,
    /// The request's id, by which its log line is found.
    request_id: String,
    #[serde(flatten)]
    about: AboutView,
    #[serde(skip)]
    retry_after_seconds: Option<u32>,
    /// What the log says and the client does not learn.
    #[serde(skip)]
    cause: Option<String>,
}

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Fault)]
pub(crate) struct FaultView {
    /// The member, such as `waves[2].dependsOn[0]`, or the parameter; empty for the whole body.
    path: String,
    /// What is wrong, for programs.
    code: &'static str,
    /// What is wrong, for people.
    message: String,
}

/// What a refusal is about. A member that says nothing is left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProblemAbout)]
pub(crate) struct AboutView {
    /// The execution in the way, by id.
    #[serde(skip_serializing_if = "Option::is_none")]
    execution: Option<String>,
    /// What that execution is for: `DRILL` or `RECOVERY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    /// Who started it.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    /// Source servers, each with a reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    servers: Vec<ServerReason>,
    /// The DRS job in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    job: Option<String>,
    /// Protection groups.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    groups: Vec<GroupName>,
    /// Recovery plans.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    plans: Vec<PlanName>,
    /// The version as it stands, where the one that was asked for is stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
}

/// A source server with a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServerReason {
    source_server_id: String,
    reason: String,
}

/// A protection group by id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupName {
    protection_group_id: String,
    name: String,
}

/// A recovery plan by id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlanName {
    recovery_plan_id: String,
    name: String,
}

impl Problem {
    fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self(Box::new(ProblemView {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            code,
            detail: detail.into(),
            faults: Vec::new(),
            request_id: String::new(),
            about: AboutView::default(),
            retry_after_seconds: None,
            cause: None,
        }))
    }

    /// 400 with one sentence.
    pub(crate) fn bad_request(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// 400 with every fault.
    pub(crate) fn invalid(code: &'static str, faults: &[Fault]) -> Self {
        let detail = match faults {
            [only] if only.path.is_empty() => ended(&capitalised(&only.message)),
            [only] => ended(&format!("`{}`: {}", only.path, only.message)),
            _ if faults.len() <= FAULTS_LISTED_MAX => {
                format!("The request has {} faults.", faults.len())
            }
            _ => format!(
                "The request has {} faults; the first {FAULTS_LISTED_MAX} are listed.",
                faults.len()
            ),
        };
        let mut problem = Self::bad_request(code, detail);
        let listed = faults.iter().take(FAULTS_LISTED_MAX);
        problem.0.faults = listed.map(FaultView::from).collect();
        problem
    }

    /// 400 where there is a fault.
    pub(crate) fn unless_faultless(code: &'static str, faults: &[Fault]) -> Result<(), Self> {
        if faults.is_empty() {
            Ok(())
        } else {
            Err(Self::invalid(code, faults))
        }
    }

    /// 401.
    pub(crate) fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", detail)
    }

    /// 403.
    pub(crate) fn forbidden(permission: Permission) -> Self {
        let detail = format!("You need the permission `{}`.", permission.name());
        Self::new(StatusCode::FORBIDDEN, "FORBIDDEN", detail)
    }

    /// 403 for a command of an execution, whose kind says which of two rights it needs.
    pub(crate) fn forbidden_to_run() -> Self {
        let (drills, recoveries) = (Permission::RunDrills, Permission::RunRecoveries);
        let detail = format!(
            "You need the permission `{}` for a drill, `{}` for a recovery.",
            drills.name(),
            recoveries.name()
        );
        Self::new(StatusCode::FORBIDDEN, "FORBIDDEN", detail)
    }

    /// 413.
    pub(crate) fn too_large(bytes_max: usize) -> Self {
        let detail = format!("The body has more than {bytes_max} bytes.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "CONTENT_TOO_LARGE", detail)
    }

    /// 500. The cause goes to the log alone.
    pub(crate) fn internal(cause: impl Into<String>) -> Self {
        let detail = "The service has a defect or a wrong setting. The log has the cause, under \
                      this request's id.";
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self::new(status, "INTERNAL_ERROR", detail).caused_by(cause)
    }

    /// 500: the answer would be larger than the function may answer.
    pub(crate) fn answer_too_large(bytes: Option<u64>) -> Self {
        let detail = "The answer is larger than one answer may be. The log has its size, under \
                      this request's id. Ask for less: a page, or a part.";
        let cause = match bytes {
            Some(bytes) => format!("the answer has {bytes} bytes"),
            None => "the answer has a size that is not known".to_owned(),
        };
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self::new(status, "ANSWER_TOO_LARGE", detail).caused_by(cause)
    }

    /// 503: the time of the request is over. Whether its change was made is not known.
    pub(crate) fn out_of_time() -> Self {
        let detail = "The request took longer than one may take, and was given up. Look before \
                      you repeat a change: it may have been made.";
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let mut problem = Self::new(status, "OUT_OF_TIME", detail);
        problem.0.retry_after_seconds = Some(RETRY_AFTER_SECONDS);
        problem
    }

    /// An error that says nothing but its status.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::new(status, "NOT_FOUND", "There is no such address."),
            StatusCode::METHOD_NOT_ALLOWED => {
                let detail = "This address does not know this method.";
                Self::new(status, "METHOD_NOT_ALLOWED", detail)
            }
            status if status.is_client_error() => {
                Self::new(status, "BAD_REQUEST", "The request cannot be read.")
            }
            _ => Self::internal(format!("an answer with status {status} and nothing else")),
        }
    }

    fn caused_by(mut self, cause: impl Into<String>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    pub(crate) fn with_request_id(mut self, request_id: &str) -> Self {
        request_id.clone_into(&mut self.0.request_id);
        self
    }

    pub(crate) fn code(&self) -> &'static str {
        self.0.code
    }

    pub(crate) fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    pub(crate) fn retry_after_seconds(&self) -> Option<u32> {
        self.0.retry_after_seconds
    }

    pub(crate) fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(&self.0).expect("texts, numbers and lists of them have a JSON form")
    }
}

impl IntoResponse for Problem {
    /// The status alone; the problem travels beside it, and is written where the request's id
    /// is known.
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<&Fault> for FaultView {
    fn from(fault: &Fault) -> Self {
        Self {
            path: fault.path.clone(),
            code: fault.code.as_str(),
            message: fault.message.clone(),
        }
    }
}

/// A sentence with its end; a question has one.
fn ended(text: &str) -> String {
    let end = if text.ends_with(['?', '!', '.']) {
        ""
    } else {
        "."
    };
    format!("{text}{end}")
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
