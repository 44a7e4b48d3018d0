//! The job logs of an execution in the order in which people read them: the oldest job first.
//! The store keeps them by the ids of the jobs, which say nothing of time.

use domain::execution::Execution;
use domain::{ExecutionId, JobId};
use engine::Engine;
use engine::ports::drs::JobLogEntry;
use engine::ports::{Listing, PageRequest};

use crate::problem::Problem;

type Entry = (JobId, JobLogEntry);

/// One page: of each job only what the page has is read.
pub(crate) async fn page(
    engine: &Engine,
    id: &ExecutionId,
    page: &PageRequest,
) -> Result<Listing<Entry>, Problem> {
    let stored = engine.execution(id).await?;
    let jobs = in_order(&stored.execution);
    let (first_job, first_entry) = match &page.after {
        None => (0, 0),
        Some(text) => beginning(text, &jobs)?,
    };
    let mut items = Vec::new();
    for (index, job) in jobs.iter().enumerate().skip(first_job) {
        let from = if index == first_job { first_entry } else { 0 };
        let room = page.limit - items.len();
        let mut entries = engine.job_log(id, job, from, room + 1).await?;
        let more = entries.len() > room;
        entries.truncate(room);
        items.extend(entries.into_iter().map(|entry| (job.clone(), entry)));
        if more {
            let next = Some(format!("{job}#{}", from + room));
            return Ok(Listing { items, next });
        }
    }
    Ok(Listing { items, next: None })
}

/// One page of the log of one job: only that is read.
pub(crate) async fn page_of_job(
    engine: &Engine,
    id: &ExecutionId,
    job: &JobId,
    page: &PageRequest,
) -> Result<Listing<Entry>, Problem> {
    let from = match page.after.as_deref() {
        None => 0,
        Some(text) => text
            .parse()
            .map_err(|_| Problem::internal("a sealed position is no number of an entry"))?,
    };
    engine.execution(id).await?;
    let mut entries = engine.job_log(id, job, from, page.limit + 1).await?;
    let more = entries.len() > page.limit;
    entries.truncate(page.limit);
    Ok(Listing {
        next: more.then(|| (from + page.limit).to_string()),
        items: entries
            .into_iter()
            .map(|entry| (job.clone(), entry))
            .collect(),
    })
}

/// The jobs of an execution by when each became known, and by its place in the plan among those
/// that did so at once. A log is copied only of a job that the execution has.
fn in_order(execution: &Execution) -> Vec<JobId> {
    let batches = execution.waves.iter().flat_map(|wave| &wave.batches);
    let launches = batches.flat_map(|batch| &batch.jobs);
    let launches = launches.map(|job| (job.since, job.id.clone()));
    let clean_up = execution.head.clean_up.jobs.iter();
    let clean_up = clean_up.map(|job| (job.since, job.id.clone()));
    let mut jobs: Vec<_> = launches.chain(clean_up).collect();
    jobs.sort_by_key(|(since, _)| *since);
    jobs.into_iter().map(|(_, job)| job).collect()
}

/// Where a page begins: at which job, and at which of its entries.
fn beginning(position: &str, jobs: &[JobId]) -> Result<(usize, usize), Problem> {
    let found = position.split_once('#').and_then(|(job, entry)| {
        let job = jobs.iter().position(|known| known.as_str() == job)?;
        Some((job, entry.parse().ok()?))
    });
    found.ok_or_else(|| Problem::internal("a sealed position names no job of its execution"))
}
