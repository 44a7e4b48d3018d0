//! A person says which job a launch in doubt became: what can be compared is compared first.

use std::collections::BTreeSet;

use domain::execution::command::{CommandName, Resolution};
use domain::execution::queries::allowed_actions::allowed;
use domain::execution::queries::holds::{Hold, open_holds};
use domain::execution::{Batch, BatchState, Command, Execution};
use domain::text::some_of;
use domain::{ExecutionId, HoldId, JobId, Kind, Place, SourceServerId};

use crate::error::NAMED_MAX;
use crate::ports::drs::{Job, JobFilter};
use crate::{Engine, EngineError, RefusalCode, TAG_ATTEMPT};

impl Engine {
    /// Refuses a job that cannot be the launch in doubt: it is not there, is another's, launches
    /// other servers, or for another purpose.
    pub(crate) async fn refuse_wrong_job(
        &self,
        id: &ExecutionId,
        command: &Command,
    ) -> Result<(), EngineError> {
        let Command::Resolve {
            hold,
            resolution: Resolution::Job(job),
        } = command
        else {
            return Ok(());
        };
        let execution = self.load(id).await?.execution;
        allowed(&execution, CommandName::Resolve)?;
        let Some(batch) = batch_of(&execution, hold) else {
            // The decision says that there is no such hold.
            return Ok(());
        };
        let found = self.job(&batch.place, job).await?;
        let owners = self
            .ports
            .store
            .owners_of_jobs(std::slice::from_ref(job))
            .await?;
        let owner = if owners.contains_key(job) {
            JobOwner::Known
        } else {
            JobOwner::Unknown
        };
        match fault(&execution, batch, &found, owner) {
            None => Ok(()),
            Some(detail) => Err(EngineError::refused(RefusalCode::NotAllowedNow, detail)),
        }
    }

    async fn job(&self, place: &Place, id: &JobId) -> Result<Job, EngineError> {
        let filter = JobFilter::Ids(vec![id.clone()]);
        let jobs = self.ports.drs.jobs(place, filter).await?;
        jobs.into_iter().find(|job| job.id == *id).ok_or_else(|| {
            let detail = format!("DRS shows no job {id} in {place}.");
            EngineError::refused(RefusalCode::NotAllowedNow, detail)
        })
    }
}

fn batch_of<'execution>(
    execution: &'execution Execution,
    named: &HoldId,
) -> Option<&'execution Batch> {
    let is_open = |hold: &Hold| hold.id == *named;
    open_holds(execution).iter().find(|hold| is_open(hold))?;
    execution
        .batches()
        .find_map(|(_, batch)| match &batch.state {
            BatchState::Undecided { hold, .. } if hold == named => Some(batch),
            BatchState::Undecided { .. }
            | BatchState::Idle
            | BatchState::Queued(_)
            | BatchState::Launching { .. }
            | BatchState::Reconciling(_)
            | BatchState::Following(_) => None,
        })
}

/// Why a job cannot be the launch of this batch, as a sentence.
fn fault(execution: &Execution, batch: &Batch, job: &Job, owner: JobOwner) -> Option<String> {
    let id = &job.id;
    if owner == JobOwner::Known {
        return Some(format!("Job {id} is the launch of another batch."));
    }
    if job.tags.contains_key(TAG_ATTEMPT) {
        return Some(format!("Job {id} has the tag of another attempt."));
    }
    let purpose = match execution.head.kind {
        Kind::Drill => "START_DRILL",
        Kind::Recovery => "START_RECOVERY",
    };
    if job.initiated_by.as_deref() != Some(purpose) {
        let theirs = job.initiated_by.as_deref().unwrap_or("something unknown");
        return Some(format!(
            "Job {id} was started by {theirs}, and this is a {}.",
            execution.head.kind.word()
        ));
    }
    let theirs: BTreeSet<&SourceServerId> = job.servers.iter().map(|server| &server.id).collect();
    let ours: BTreeSet<&SourceServerId> = batch.called_servers().map(|server| &server.id).collect();
    if theirs == ours {
        return None;
    }
    Some(format!(
        "Job {id} has the servers {}, and this launch has {}.",
        some_of(&theirs, NAMED_MAX),
        some_of(&ours, NAMED_MAX)
    ))
}

/// Whether a job is known as the launch of one of our batches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum JobOwner {
    Known,
    Unknown,
}
