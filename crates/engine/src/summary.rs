//! What indexes and lists show of an execution. Every store derives it by these functions.

use std::collections::BTreeSet;

use domain::Place;
use domain::execution::queries::holds::open_holds;
use domain::execution::queries::status::status;
use domain::execution::{Execution, ServerState};

use crate::ports::execution_store::{ExecutionSummary, StoredExecution};
use crate::ports::statistics_store::EndedExecution;

/// What a list shows of an execution.
pub fn summary(stored: &StoredExecution) -> ExecutionSummary {
    let execution = &stored.execution;
    let head = &execution.head;
    let launched = execution
        .servers()
        .filter(|server| server.state == ServerState::Launched)
        .count();
    ExecutionSummary {
        id: head.id.clone(),
        plan: head.plan.id.clone(),
        plan_name: head.plan.name.clone(),
        plan_version: head.plan.version,
        kind: head.kind,
        status: status(execution),
        status_reason: head.ending.as_ref().map(|ending| ending.reason.to_string()),
        initiated_by: head.initiated_by.clone(),
        created_at: head.created_at,
        started_at: head.started_at,
        ended_at: head.ending.as_ref().map(|ending| ending.at),
        servers: count(execution.servers().count()),
        servers_launched: count(launched),
        waves: count(execution.waves.len()),
        holds: count(open_holds(execution).len()),
        continues: head.consent.continues.clone(),
        version: stored.version,
    }
}

/// What is kept of an execution that has ended; nothing as long as it has not.
pub fn ended(stored: &StoredExecution) -> Option<EndedExecution> {
    let execution = &stored.execution;
    let head = &execution.head;
    let ending = head.ending.as_ref()?;
    Some(EndedExecution {
        id: head.id.clone(),
        plan: head.plan.id.clone(),
        kind: head.kind,
        status: status(execution),
        ended_at: ending.at,
    })
}

/// Where an execution has launches in flight: a poller looks there. A launch of which no job
/// is known yet counts, so that the poller is there when the job is.
pub fn live_places(execution: &Execution) -> Vec<Place> {
    let places: BTreeSet<&Place> = execution
        .batches()
        .filter(|(_, batch)| batch.is_in_flight())
        .map(|(_, batch)| &batch.place)
        .collect();
    places.into_iter().cloned().collect()
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
