//! Commands to an execution.

use domain::ExecutionId;

use crate::answer::Answer;
use crate::body::Body;
use crate::call::{Call, PathId};
use crate::client_token;
use crate::execution_answer::commanded;
use crate::problem::Problem;
use crate::wire::command::{
    CancelRequest, CommandRequest, PauseRequest, ResolveRequest, ResumeRequest, RetryRequest,
    SkipRequest, TerminateInstancesRequest,
};
use crate::wire::execution::ExecutionView;
use crate::wire::form;

type Execution = PathId<ExecutionId>;

/// From now on no new launch.
#[utoipa::path(
    post, path = "/executions/{executionId}/pause", operation_id = "pauseExecution",
    tag = "Commands", request_body = Option<PauseRequest>,
    params(("executionId" = form::ExecutionId, Path)),
    responses((status = 200, body = ExecutionView, headers(("ETag" = String)))),
)]
pub(crate) async fn pause(
    call: Call,
    id: Execution,
    body: Body<PauseRequest>,
) -> Result<Answer, Problem> {
    command(&call, &id.0, &body).await
}

/// Opens holds.
#[utoipa::path(
    post, path = "/executions/{executionId}/resume", operation_id = "resumeExecution",
    tag = "Commands", request_body = Option<ResumeRequest>,
    params(("executionId" = form::ExecutionId, Path)),
    responses((status = 200, body = ExecutionView, headers(("ETag" = String)))),
)]
pub(crate) async fn resume(
    call: Call,
    id: Execution,
    body: Body<ResumeRequest>,
) -> Result<Answer, Problem> {
    command(&call, &id.0, &body).await
}

/// Starts nothing more and ends. No instance is terminated.
#[utoipa::path(
    post, path = "/executions/{executionId}/cancel", operation_id = "cancelExecution",
    tag = "Commands", request_body = Option<CancelRequest>,
    params(("executionId" = form::ExecutionId, Path)),
    responses((status = 200, body = ExecutionView, headers(("ETag" = String)))),
)]
pub(crate) async fn cancel(
    call: Call,
    id: Execution,
    body: Body<CancelRequest>,
) -> Result<Answer, Problem> {
    command(&call, &id.0, &body).await
}

/// Launches the failed servers of a wave again.
#[utoipa::path(
    post, path = "/executions/{executionId}/retry", operation_id = "retryExecution",
    tag = "Commands", request_body = RetryRequest,
    params(("executionId" = form::ExecutionId, Path)),
    responses((status = 200, body = ExecutionView, headers(("ETag" = String)))),
)]
pub(crate) async fn retry(
    call: Call,
    id: Execution,
    body: Body<RetryRequest>,
) -> Result<Answer, Problem> {
    command(&call, &id.0, &body).await
}

/// Goes on without a wave.
#[utoipa::path(
    post, path = "/executions/{executionId}/skip", operation_id = "skipExecutionWave",
    tag = "Commands", request_body = SkipRequest,
    params(("executionId" = form::ExecutionId, Path)),
    responses((status = 200, body = ExecutionView, headers(("ETag" = String)))),
)]
pub(crate) async fn skip(
    call: Call,
    id: Execution,
    body: Body<SkipRequest>,
) -> Result<Answer, Problem> {
    command(&call, &id.0, &body).await
}

/// Says what became of a launch in doubt.
#[utoipa::path(
    post, path = "/executions/{executionId}/resolve", operation_id = "resolveExecutionHold",
    tag = "Commands", request_body = ResolveRequest,
    params(("executionId" = form::ExecutionId, Path)),
    responses((status = 200, body = ExecutionView, headers(("ETag" = String)))),
)]
pub(crate) async fn resolve(
    call: Call,
    id: Execution,
    body: Body<ResolveRequest>,
) -> Result<Answer, Problem> {
    command(&call, &id.0, &body).await
}

/// Terminates what an ended drill has launched.
#[utoipa::path(
    post, path = "/executions/{executionId}/terminate-instances",
    operation_id = "terminateExecutionInstances",
    tag = "Commands", request_body = TerminateInstancesRequest,
    params(("executionId" = form::ExecutionId, Path)),
    responses((status = 200, body = ExecutionView, headers(("ETag" = String)))),
)]
pub(crate) async fn terminate_instances(
    call: Call,
    id: Execution,
    body: Body<TerminateInstancesRequest>,
) -> Result<Answer, Problem> {
    command(&call, &id.0, &body).await
}

/// The right depends on the kind of the execution, so it is read first.
async fn command<T: CommandRequest + Sync>(
    call: &Call,
    id: &ExecutionId,
    body: &Body<T>,
) -> Result<Answer, Problem> {
    let stored = call.engine().execution(id).await?;
    call.caller.must_run(stored.execution.head.kind)?;
    let invalid = |faults: Vec<_>| Problem::invalid("INVALID_REQUEST", &faults);
    let command = body.request.command().map_err(invalid)?;
    let work = Box::pin(async {
        let stored = call.engine().command(id, call.by(), command).await?;
        Ok(commanded(call, stored))
    });
    client_token::once(call, body, body.request.client_token(), work).await
}
