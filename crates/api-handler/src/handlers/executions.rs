//! Executions: started, listed, read.

use domain::{ExecutionId, FaultCode, RecoveryPlanId};
use engine::ports::execution_store::{ExecutionFilter, OutboxEntry, StoredExecution};

use crate::answer::Answer;
use crate::body::Body;
use crate::call::{Call, PathId};
use crate::client_token;
use crate::cursor;
use crate::job_logs;
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::wire::enumeration::{ExecutionStatus, Kind};
use crate::wire::event::{EventView, JobLogEntryView};
use crate::wire::execution::{ExecutionSummaryView, ExecutionView, entity_tag_of};
use crate::wire::page::Page;
use crate::wire::start::{StartExecutionRequest, StartedView};
use crate::wire::time::PointInTime;

/// Executions, newest first.
#[utoipa::path(
    get, path = "/executions", operation_id = "listExecutions", tag = "Executions",
    params(
        ("maxResults" = Option<u32>, Query, description = "1 to 100; left out, 50."),
        ("nextToken" = Option<String>, Query, description = "From the page before."),
        ("status" = Option<ExecutionStatus>, Query, description = "In this status only."),
        ("recoveryPlanId" = Option<String>, Query, description = "Of this plan only."),
        ("kind" = Option<Kind>, Query, description = "Of this kind only."),
        ("startedAfter" = Option<String>, Query, format = DateTime, description = "Accepted then or later."),
        ("startedBefore" = Option<String>, Query, format = DateTime, description = "Accepted before then."),
    ),
    responses((status = 200, body = Page<ExecutionSummaryView>)),
)]
pub(crate) async fn list(call: Call, mut parameters: Parameters) -> Result<Answer, Problem> {
    let filter = filter(&mut parameters);
    let list = format!("executions {filter:?}");
    let page = parameters.page(&call.api, &list).await?;
    let listing = call.engine().list_executions(&filter, &page).await?;
    let key = call.api.cursor_key().await?;
    let views = listing.map(ExecutionSummaryView::from);
    let page = Page::of(views, |position| cursor::seal(key, &list, position));
    Ok(Answer::ok(&page))
}

fn filter(parameters: &mut Parameters) -> ExecutionFilter {
    let status: Option<ExecutionStatus> = parameters.optional("status");
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
    let wish = body.request.wish(call.by()).map_err(invalid)?;
    call.caller.must_run(wish.kind)?;
    let work = Box::pin(async {
        let stored = call.engine().start_execution(&wish).await?;
        Ok(Answer::accepted(&started(&stored)))
    });
    let token = body.request.client_token.as_deref();
    client_token::once(&call, &body, token, work).await
}

fn started(stored: &StoredExecution) -> StartedView {
    let id = &stored.execution.head.id;
    StartedView {
        execution_id: id.to_string(),
        status: domain::execution::status::status(&stored.execution).into(),
        status_url: format!("/api/executions/{id}"),
    }
}

/// An execution as it stands.
#[utoipa::path(
    get, path = "/executions/{executionId}", operation_id = "getExecution", tag = "Executions",
    params(
        ("executionId" = String, Path),
        ("If-None-Match" = Option<String>, Header, description = "An entity tag that is known."),
    ),
    responses(
        (status = 200, body = ExecutionView, headers(("ETag" = String))),
        (status = 304, description = "The known version still stands."),
    ),
)]
pub(crate) async fn read(call: Call, PathId(id): PathId<ExecutionId>) -> Result<Answer, Problem> {
    let stored = call.engine().execution(&id).await?;
    let unsent = call.engine().unsent(&id).await?;
    Ok(call.unless_known(shown_with(&call, &stored, &unsent)))
}

/// The execution as the caller sees it now.
pub(super) fn shown(call: &Call, stored: &StoredExecution) -> Answer {
    shown_with(call, stored, &[])
}

/// The same with the notices that could not be sent; each attempt is a change that is seen.
fn shown_with(call: &Call, stored: &StoredExecution, unsent: &[OutboxEntry]) -> Answer {
    let now = call.now();
    let view = ExecutionView::of(stored, &call.caller, now).with_unsent(unsent);
    let tag = entity_tag_of(stored, &call.caller, now);
    let attempts: u32 = unsent.iter().map(|entry| entry.attempts).sum();
    let tag = match attempts {
        0 => tag,
        attempts => format!("{}-unsent-{attempts}\"", tag.trim_end_matches('"')),
    };
    Answer::ok(&view).tagged(tag)
}

/// The event log of an execution, oldest first.
#[utoipa::path(
    get, path = "/executions/{executionId}/events", operation_id = "listExecutionEvents",
    tag = "Executions",
    params(
        ("executionId" = String, Path),
        ("maxResults" = Option<u32>, Query, description = "1 to 100; left out, 50."),
        ("nextToken" = Option<String>, Query, description = "From the page before."),
    ),
    responses((status = 200, body = Page<EventView>)),
)]
pub(crate) async fn events(
    call: Call,
    PathId(id): PathId<ExecutionId>,
    parameters: Parameters,
) -> Result<Answer, Problem> {
    let list = format!("events {id}");
    let page = parameters.page(&call.api, &list).await?;
    let stored = call.engine().execution(&id).await?;
    let listing = call.engine().events(&id, &page).await?;
    let key = call.api.cursor_key().await?;
    let views = listing.map(|event| EventView::of(event, &stored.execution));
    let page = Page::of(views, |position| cursor::seal(key, &list, position));
    Ok(Answer::ok(&page))
}

/// The logs of an execution's DRS jobs: job by job, the oldest job first, each in order of time.
#[utoipa::path(
    get, path = "/executions/{executionId}/job-logs", operation_id = "listExecutionJobLogs",
    tag = "Executions",
    params(
        ("executionId" = String, Path),
        ("maxResults" = Option<u32>, Query, description = "1 to 100; left out, 50."),
        ("nextToken" = Option<String>, Query, description = "From the page before."),
    ),
    responses((status = 200, body = Page<JobLogEntryView>)),
)]
pub(crate) async fn job_logs(
    call: Call,
    PathId(id): PathId<ExecutionId>,
    parameters: Parameters,
) -> Result<Answer, Problem> {
    let list = format!("job-logs {id}");
    let page = parameters.page(&call.api, &list).await?;
    let listing = job_logs::page(call.engine(), &id, &page).await?;
    let key = call.api.cursor_key().await?;
    let views = listing.map(JobLogEntryView::from);
    let page = Page::of(views, |position| cursor::seal(key, &list, position));
    Ok(Answer::ok(&page))
}
