//! Executions: started, listed, read.

use domain::{ExecutionId, FaultCode, JobId, RecoveryPlanId};
use engine::ports::execution_store::{ExecutionFilter, StoredExecution};

use crate::answer::Answer;
use crate::body::Body;
use crate::call::{Call, PathId};
use crate::client_token;
use crate::execution_answer::shown;
use crate::job_logs;
use crate::problem::Problem;
use crate::query_parameters::{PageSize, Parameters};
use crate::wire::enumeration::{Activity, ExecutionStatus, Kind};
use crate::wire::execution::{ExecutionSummaryView, ExecutionView, Seen};
use crate::wire::form;
use crate::wire::logs::{EventView, JobLogEntryView};
use crate::wire::page::{Page, fitting};
use crate::wire::start::{StartExecutionRequest, StartedView};
use crate::wire::time::PointInTime;

/// Executions, newest first.
#[utoipa::path(
    get, path = "/executions", operation_id = "listExecutions", tag = "Executions",
    params(
        ("maxResults" = Option<form::number::PageLimit>, Query, description = "1 to 100; left out, 50."),
        ("nextToken" = Option<form::Cursor>, Query, description = "From the page before."),
        ("status" = Option<ExecutionStatus>, Query, description = "In this status only."),
        ("activity" = Option<Activity>, Query, description = "Only what has not ended, or only what has."),
        ("recoveryPlanId" = Option<form::RecoveryPlanId>, Query, description = "Of this plan only."),
        ("kind" = Option<Kind>, Query, description = "Of this kind only."),
        ("startedAfter" = Option<form::PointInTime>, Query, description = "Accepted then or later."),
        ("startedBefore" = Option<form::PointInTime>, Query, description = "Accepted before then."),
    ),
    responses((status = 200, body = Page<ExecutionSummaryView>)),
)]
pub(crate) async fn list(call: Call, mut parameters: Parameters) -> Result<Answer, Problem> {
    let filter = filter(&mut parameters);
    let list = format!("executions {filter:?}");
    let page = parameters.page(&call.api, &list, PageSize::USUAL).await?;
    let read = async |page| {
        let listing = call.engine().list_executions(&filter, &page).await?;
        Ok(listing.map(ExecutionSummaryView::from))
    };
    call.page(&list, fitting(page, read).await?).await
}

fn filter(parameters: &mut Parameters) -> ExecutionFilter {
    let status: Option<ExecutionStatus> = parameters.optional("status");
    let activity: Option<Activity> = parameters.optional("activity");
    let kind: Option<Kind> = parameters.optional("kind");
    let plan: Option<RecoveryPlanId> = parameters.optional("recoveryPlanId");
    let mut point = |name| parameters.optional(name).map(|PointInTime(at)| at);
    let started_after = point("startedAfter");
    let started_before = point("startedBefore");
    if let (Some(after), Some(before)) = (started_after, started_before)
        && after > before
    {
        let message = "this is later than `startedBefore`, so nothing can lie between";
        parameters.note("startedAfter", FaultCode::OutOfRange, message);
    }
    ExecutionFilter {
        plan,
        status: status.map(Into::into),
        activity: activity.map(Into::into),
        kind: kind.map(Into::into),
        started_after,
        started_before,
    }
}

/// Starts an execution of a recovery plan.
#[utoipa::path(
    post, path = "/executions", operation_id = "startExecution", tag = "Executions",
    request_body = StartExecutionRequest,
    responses((status = 202, body = StartedView)),
)]
pub(crate) async fn start(
    call: Call,
    body: Body<StartExecutionRequest>,
) -> Result<Answer, Problem> {
    let invalid = |faults: Vec<_>| Problem::invalid("INVALID_REQUEST", &faults);
    let command = body.request.command(call.by()).map_err(invalid)?;
    call.caller.must_run(command.kind)?;
    let work = Box::pin(async {
        let stored = call.engine().start_execution(&command).await?;
        Ok(Answer::accepted(&started(&stored)))
    });
    let token = body.request.client_token.as_deref();
    client_token::once(&call, &body, token, work).await
}

fn started(stored: &StoredExecution) -> StartedView {
    let id = &stored.execution.head.id;
    StartedView {
        execution_id: id.to_string(),
        status: domain::execution::queries::status::status(&stored.execution).into(),
        status_url: format!("/api/executions/{id}"),
    }
}

/// An execution as it stands.
#[utoipa::path(
    get, path = "/executions/{executionId}", operation_id = "getExecution", tag = "Executions",
    params(
        ("executionId" = form::ExecutionId, Path),
        ("If-None-Match" = Option<String>, Header, description = "An entity tag that is known."),
    ),
    responses(
        (status = 200, body = ExecutionView, headers(("ETag" = String))),
        (status = 304, description = "The known version still stands."),
    ),
)]
pub(crate) async fn read(call: Call, PathId(id): PathId<ExecutionId>) -> Result<Answer, Problem> {
    let stored = call.engine().execution(&id).await?;
    let seen = Seen {
        continued_by: call.engine().continued_by(&stored.execution).await?,
        unsent: call.engine().unsent(&id).await?,
        stored,
    };
    Ok(call.unless_known(shown(&call, &seen)))
}

/// The event log of an execution, oldest first.
#[utoipa::path(
    get, path = "/executions/{executionId}/events", operation_id = "listExecutionEvents",
    tag = "Executions",
    params(
        ("executionId" = form::ExecutionId, Path),
        ("maxResults" = Option<form::number::PageLimit>, Query, description = "1 to 100; left out, 50."),
        ("nextToken" = Option<form::Cursor>, Query, description = "From the page before."),
    ),
    responses((status = 200, body = Page<EventView>)),
)]
pub(crate) async fn events(
    call: Call,
    PathId(id): PathId<ExecutionId>,
    parameters: Parameters,
) -> Result<Answer, Problem> {
    let list = format!("events {id}");
    let page = parameters.page(&call.api, &list, PageSize::USUAL).await?;
    let stored = call.engine().execution(&id).await?;
    let read = async |page| {
        let listing = call.engine().events(&id, &page).await?;
        Ok(listing.map(|event| EventView::of(event, &stored.execution)))
    };
    call.page(&list, fitting(page, read).await?).await
}

/// The logs of an execution's DRS jobs: job by job, the oldest job first, each in order of time.
/// To a log entries are only ever added, at its end.
#[utoipa::path(
    get, path = "/executions/{executionId}/job-logs", operation_id = "listExecutionJobLogs",
    tag = "Executions",
    params(
        ("executionId" = form::ExecutionId, Path),
        ("maxResults" = Option<form::number::PageLimit>, Query, description = "1 to 100; left out, 50."),
        ("nextToken" = Option<form::Cursor>, Query, description = "From the page before."),
        ("jobId" = Option<form::JobId>, Query, description = "Of this DRS job only."),
    ),
    responses((status = 200, body = Page<JobLogEntryView>)),
)]
pub(crate) async fn job_logs(
    call: Call,
    PathId(id): PathId<ExecutionId>,
    mut parameters: Parameters,
) -> Result<Answer, Problem> {
    let job: Option<JobId> = parameters.optional("jobId");
    let list = match &job {
        None => format!("job-logs {id}"),
        Some(job) => format!("job-logs {id} {job}"),
    };
    let page = parameters.page(&call.api, &list, PageSize::USUAL).await?;
    let read = async |page| {
        let listing = match &job {
            None => job_logs::page(call.engine(), &id, &page).await?,
            Some(job) => job_logs::page_of_job(call.engine(), &id, job, &page).await?,
        };
        Ok(listing.map(JobLogEntryView::from))
    };
    call.page(&list, fitting(page, read).await?).await
}
