//! The servers of an execution, a page at a time.

use std::collections::BTreeMap;

use domain::execution::{Batch, Execution, Server, Wave};
use domain::{ExecutionId, FaultCode, SourceServerId, WaveKey};
use engine::ports::PageRequest;
use engine::source_servers::ServerPosition;
use serde::{Deserialize, Serialize};

use crate::answer::Answer;
use crate::call::{Call, PathId};
use crate::problem::Problem;
use crate::query_parameters::{PageSize, Parameters};
use crate::wire::enumeration::ServerStatus;
use crate::wire::execution::CleanUpInstanceView;
use crate::wire::execution_server::ExecutionServerView;
use crate::wire::form;
use crate::wire::page::{Page, beginning};

/// Which servers of an execution.
#[derive(Debug)]
struct Filter {
    wave: Option<WaveKey>,
    status: Option<ServerStatus>,
}

/// Where a server stands in the list. It stays there when its batch is split.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Position {
    wave: usize,
    server: ServerPosition,
}

/// The servers of an execution with all that is known of each: wave by wave in the plan's order,
/// in each by hostname, and by id among equal ones.
#[utoipa::path(
    get, path = "/executions/{executionId}/servers", operation_id = "listExecutionServers",
    tag = "Executions",
    params(
        ("executionId" = form::ExecutionId, Path),
        ("maxResults" = Option<form::number::LargePageLimit>, Query, description = "1 to 1,000; left out, as many as an answer carries."),
        ("nextToken" = Option<form::Cursor>, Query, description = "From the page before."),
        ("waveKey" = Option<form::WaveKey>, Query, description = "Of this wave only."),
        ("status" = Option<ServerStatus>, Query, description = "In this status only."),
    ),
    responses((status = 200, body = Page<ExecutionServerView>)),
)]
pub(crate) async fn list(
    call: Call,
    PathId(id): PathId<ExecutionId>,
    mut parameters: Parameters,
) -> Result<Answer, Problem> {
    let execution = call.engine().execution(&id).await?.execution;
    let filter = filter(&mut parameters, &execution);
    let list = format!("servers {id} {filter:?}");
    let page = parameters.page(&call.api, &list, PageSize::LARGE).await?;
    let found = found(&execution, &filter, &page)?;
    let instances = clean_up_instances(&execution);
    let views = found
        .into_iter()
        .map(|(position, (wave, batch, server))| {
            let text = serde_json::to_string(&position).expect("texts have a JSON form");
            let instances = instances.get(&server.id).cloned().unwrap_or_default();
            let observed_at = execution.head.observation.observed_at;
            let view =
                ExecutionServerView::of(&wave.head.key, (server, batch), observed_at, instances);
            (text, view)
        })
        .collect();
    let listing = beginning(views, page.limit);
    call.page(&list, listing).await
}

fn filter(parameters: &mut Parameters, execution: &Execution) -> Filter {
    let wave: Option<WaveKey> = parameters.optional("waveKey");
    let status = parameters.optional("status");
    if let Some(key) = &wave
        && !execution.waves.iter().any(|one| one.head.key == *key)
    {
        let message = format!("the execution has no wave `{key}`");
        parameters.note("waveKey", FaultCode::UnknownWave, message);
    }
    Filter { wave, status }
}

type Found<'execution> =
    BTreeMap<Position, (&'execution Wave, &'execution Batch, &'execution Server)>;

/// The servers from the page's beginning on, one more than the page can have.
fn found<'execution>(
    execution: &'execution Execution,
    filter: &Filter,
    page: &PageRequest,
) -> Result<Found<'execution>, Problem> {
    let mut found = Found::new();
    for (index, wave) in execution.waves.iter().enumerate() {
        if filter
            .wave
            .as_ref()
            .is_some_and(|key| *key != wave.head.key)
        {
            continue;
        }
        for batch in &wave.batches {
            let servers = batch.servers.iter().filter(|server| {
                let status = ServerStatus::from(server.state);
                filter.status.is_none_or(|wanted| wanted == status)
            });
            found.extend(servers.map(|server| (position(index, server), (wave, batch, &**server))));
        }
    }
    if let Some(text) = &page.after {
        let after: Position = serde_json::from_str(text).map_err(|error| {
            Problem::internal(format!("a sealed position cannot be read: {error}"))
        })?;
        found = found.split_off(&after);
        found.remove(&after);
    }
    Ok(found.into_iter().take(page.limit + 1).collect())
}

fn position(wave: usize, server: &Server) -> Position {
    Position {
        wave,
        server: ServerPosition {
            hostname: server.hostname.clone(),
            id: server.id.clone(),
        },
    }
}

fn clean_up_instances(
    execution: &Execution,
) -> BTreeMap<&SourceServerId, Vec<CleanUpInstanceView>> {
    let mut found: BTreeMap<&SourceServerId, Vec<CleanUpInstanceView>> = BTreeMap::new();
    for instance in &execution.head.clean_up.instances {
        let views = found.entry(&instance.server).or_default();
        views.push(instance.into());
    }
    found
}
