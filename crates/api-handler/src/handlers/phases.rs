//! What was under way when in an execution: its waves at a glance, and the servers of one of them.

use domain::execution::queries::timeline::timeline;
use domain::execution::{Execution, Server, Wave};
use domain::{ExecutionId, FaultCode, WaveKey};
use engine::source_servers::ServerPosition;

use crate::answer::Answer;
use crate::call::{Call, PathId};
use crate::problem::Problem;
use crate::query_parameters::{PageSize, Parameters};
use crate::wire::form;
use crate::wire::page::{Page, beginning};
use crate::wire::phases::{ExecutionPhasesView, ServerPhasesView};

/// The timeline of an execution: each go at each wave, each hold, and how many servers of a wave
/// were in which phase of DRS, by the copies of the jobs' logs.
#[utoipa::path(
    get, path = "/executions/{executionId}/phases", operation_id = "getExecutionPhases",
    tag = "Executions",
    params(("executionId" = form::ExecutionId, Path)),
    responses((status = 200, body = ExecutionPhasesView)),
)]
pub(crate) async fn read(call: Call, PathId(id): PathId<ExecutionId>) -> Result<Answer, Problem> {
    let execution = call.engine().execution(&id).await?.execution;
    let log = call.engine().whole_event_log(&execution).await?;
    let timeline = timeline(&execution, log.iter().map(|event| (event.at, &event.note)));
    let mut phases = Vec::new();
    for wave in &execution.waves {
        phases.push(call.engine().phases(&id, wave).await?);
    }
    let view = ExecutionPhasesView::of(&execution, &timeline, &phases);
    Ok(Answer::ok(&view))
}

/// The phases of each server of a wave, by hostname, and by id among equal ones.
#[utoipa::path(
    get, path = "/executions/{executionId}/server-phases",
    operation_id = "listExecutionServerPhases", tag = "Executions",
    params(
        ("executionId" = form::ExecutionId, Path),
        ("waveKey" = form::WaveKey, Query, description = "Of this wave."),
        ("maxResults" = Option<form::number::LargePageLimit>, Query, description = "1 to 1,000; left out, as many as an answer carries."),
        ("nextToken" = Option<form::Cursor>, Query, description = "From the page before."),
    ),
    responses((status = 200, body = Page<ServerPhasesView>)),
)]
pub(crate) async fn servers(
    call: Call,
    PathId(id): PathId<ExecutionId>,
    mut parameters: Parameters,
) -> Result<Answer, Problem> {
    let execution = call.engine().execution(&id).await?.execution;
    let key: Option<WaveKey> = parameters.required("waveKey");
    let wave = key.as_ref().and_then(|key| find(&execution, key));
    if let (Some(key), None) = (&key, wave) {
        let message = format!("the execution has no wave `{key}`");
        parameters.note("waveKey", FaultCode::UnknownWave, message);
    }
    let list = format!("server-phases {id} {key:?}");
    let page = parameters.page(&call.api, &list, PageSize::LARGE).await?;
    let wave = wave.ok_or_else(|| Problem::internal("a wave is missing without a fault"))?;
    let from = match page.after.as_deref() {
        None => 0,
        Some(text) => text
            .parse()
            .map_err(|_| Problem::internal("a sealed position is no number of a server"))?,
    };
    let phases = call.engine().phases(&id, wave).await?;
    let mut servers: Vec<&Server> = wave.servers().collect();
    servers.sort_by_cached_key(|server| position(server));
    let views = servers
        .into_iter()
        .enumerate()
        .skip(from)
        .map(|(index, server)| {
            let view = ServerPhasesView::of(&server.id, &phases);
            ((index + 1).to_string(), view)
        });
    let views = views.take(page.limit + 1).collect();
    call.page(&list, beginning(views, page.limit)).await
}

fn find<'execution>(execution: &'execution Execution, key: &WaveKey) -> Option<&'execution Wave> {
    execution.waves.iter().find(|wave| wave.head.key == *key)
}

/// The servers of a wave stay the same, so that the place of each among them does as well.
fn position(server: &Server) -> ServerPosition {
    ServerPosition {
        hostname: server.hostname.clone(),
        id: server.id.clone(),
    }
}
