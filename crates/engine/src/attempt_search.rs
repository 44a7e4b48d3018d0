//! Looking for the job of an attempt whose answer was lost.
//!
//! This is the one subtle rule of the product. DRS has no client token: a job is ours only by
//! the tag of this very attempt, and never by resemblance.

use std::collections::{BTreeMap, BTreeSet};

use domain::execution::Fence;
use domain::execution::batch::JobStatus;
use domain::execution::event::AttemptSearch;
use domain::{JobId, Place, SourceServerId};
use jiff::SignedDuration;

use crate::ports::DrsError;
use crate::ports::drs::{Job, JobFilter};
use crate::pre_launch_check::world_fault;
use crate::{Engine, TAG_ATTEMPT};

/// Clocks differ: jobs are listed from this long before the intent.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

impl Engine {
    /// Looks once, completely, for the job of an attempt.
    pub(crate) async fn search_for_attempt(
        &self,
        place: &Place,
        fence: Fence,
        servers: &[(SourceServerId, Option<JobId>)],
        tag: &str,
    ) -> AttemptSearch {
        match self.search_at_drs(place, fence, servers, tag).await {
            Ok(found) => found,
            Err(error) => AttemptSearch::Failed(world_fault(&error)),
        }
    }

    async fn search_at_drs(
        &self,
        place: &Place,
        fence: Fence,
        servers: &[(SourceServerId, Option<JobId>)],
        tag: &str,
    ) -> Result<AttemptSearch, DrsError> {
        let since = fence.intent_at - SKEW;
        let jobs = self.ports.drs.jobs(place, JobFilter::Since(since)).await?;
        if let Some(job) = jobs.iter().find(|job| has_tag(job, tag)) {
            return Ok(AttemptSearch::Ours(job.id.clone()));
        }
        // A job that was started before the intent can still have our servers.
        let in_progress = self.jobs_in_progress(place).await?;
        if let Some(job) = in_progress.iter().find(|job| has_tag(job, tag)) {
            return Ok(AttemptSearch::Ours(job.id.clone()));
        }
        let ids: Vec<SourceServerId> = servers.iter().map(|(id, _)| id.clone()).collect();
        let known = self.ports.drs.source_servers(place, Some(&ids)).await?;
        let last: BTreeMap<&SourceServerId, Option<&JobId>> = known
            .iter()
            .map(|server| (&server.id, server.last_launch_job.as_ref()))
            .collect();
        Ok(judge(&jobs, &in_progress, fence, servers, &last))
    }
}

fn has_tag(job: &Job, tag: &str) -> bool {
    job.tags.get(TAG_ATTEMPT).is_some_and(|value| value == tag)
}

/// No job with our tag is listed: does anything else speak of one?
fn judge(
    jobs: &[Job],
    in_progress: &[Job],
    fence: Fence,
    servers: &[(SourceServerId, Option<JobId>)],
    last: &BTreeMap<&SourceServerId, Option<&JobId>>,
) -> AttemptSearch {
    let ours = |id: &SourceServerId| servers.iter().any(|(other, _)| other == id);
    let holder = in_progress
        .iter()
        .find(|job| job.servers.iter().any(|server| ours(&server.id)));
    if let Some(job) = holder {
        return AttemptSearch::ServerInJob(job.id.clone());
    }
    let blank = jobs.iter().find(|job| {
        job.servers.is_empty()
            && job.tags.is_empty()
            && job.status < JobStatus::Completed
            && job.created_at.is_none_or(|at| at >= fence.intent_at - SKEW)
    });
    if let Some(job) = blank {
        return AttemptSearch::Unclear(
            format!("job {} does not list its servers yet", job.id).into(),
        );
    }
    for (id, before) in servers {
        match last.get(id) {
            None => return AttemptSearch::Unclear(format!("DRS no longer shows {id}").into()),
            Some(now) if *now != before.as_ref() && !is_explained(*now, jobs, servers) => {
                let text = format!("DRS names another last launch of {id} than before");
                return AttemptSearch::Unclear(text.into());
            }
            Some(_) => {}
        }
    }
    AttemptSearch::Nothing
}

/// Whether a last launch is another's: a job that is listed, with tags that are not ours or
/// with other servers. One with exactly our servers and no tags could be ours.
fn is_explained(
    job: Option<&JobId>,
    jobs: &[Job],
    servers: &[(SourceServerId, Option<JobId>)],
) -> bool {
    let Some(job) = job.and_then(|id| jobs.iter().find(|job| job.id == *id)) else {
        return false;
    };
    let own: BTreeSet<&SourceServerId> = servers.iter().map(|(id, _)| id).collect();
    let theirs: BTreeSet<&SourceServerId> = job.servers.iter().map(|server| &server.id).collect();
    !job.tags.is_empty() || (!theirs.is_empty() && own != theirs)
}
