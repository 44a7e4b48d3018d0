//! What is kept of executions that have ended, reckoned from the executions themselves.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::execution::Status;
use domain::{ExecutionId, Kind, RecoveryPlanId};
use jiff::Timestamp;

use super::MemoryStore;
use super::listing::page;
use engine::ports::execution_store::ExecutionSummary;
use engine::ports::statistics_store::{EndedExecution, LastRun, LastRuns};
use engine::ports::{Listing, PageRequest, StatisticsStore, StoreError};
use engine::summary::{ended, summary};

#[async_trait]
impl StatisticsStore for MemoryStore {
    async fn ended_between(
        &self,
        from: Timestamp,
        until: Timestamp,
        most: usize,
    ) -> Result<Vec<EndedExecution>, StoreError> {
        self.read(|state| {
            let mut found: Vec<EndedExecution> = state
                .executions
                .all()
                .filter_map(ended)
                .filter(|one| from <= one.ended_at && one.ended_at < until)
                .collect();
            found.sort_by(|one, other| (other.ended_at, &other.id).cmp(&(one.ended_at, &one.id)));
            found.truncate(most);
            Ok(found)
        })
    }

    async fn last_runs(&self, request: &PageRequest) -> Result<Listing<LastRuns>, StoreError> {
        self.read(|state| {
            let mut found: Vec<EndedExecution> = state.executions.all().filter_map(ended).collect();
            found.sort_by_key(|one| one.ended_at);
            let mut plans: BTreeMap<RecoveryPlanId, LastRuns> = BTreeMap::new();
            for one in found {
                let runs = plans
                    .entry(one.plan.clone())
                    .or_insert_with(|| LastRuns::none_of(one.plan.clone()));
                note(runs, &one);
            }
            let rest = plans
                .into_iter()
                .map(|(plan, runs)| (plan.to_string(), runs))
                .filter(|(plan, _)| request.after.as_ref().is_none_or(|after| plan > after));
            Ok(page(rest, request.limit))
        })
    }

    async fn summaries(&self, ids: &[ExecutionId]) -> Result<Vec<ExecutionSummary>, StoreError> {
        self.read(|state| {
            let known = ids.iter().filter_map(|id| state.executions.one(id));
            Ok(known.map(summary).collect())
        })
    }
}

fn note(runs: &mut LastRuns, one: &EndedExecution) {
    let run = LastRun {
        execution: one.id.clone(),
        status: one.status,
        ended_at: one.ended_at,
    };
    match one.kind {
        Kind::Drill => {
            if one.status == Status::Completed {
                runs.completed_drill = Some(run.clone());
            }
            runs.drill = Some(run);
        }
        Kind::Recovery => runs.recovery = Some(run),
    }
}
