//! The job logs of an execution in the order in which people read them: the oldest job first.
//! The store keeps them by the ids of the jobs, which say nothing of time.

use std::collections::BTreeMap;

use domain::execution::Execution;
use domain::{ExecutionId, JobId};
use engine::ports::drs::JobLogEntry;
use engine::ports::{Listing, PageRequest};
use engine::{Engine, EngineError};
use jiff::Timestamp;

use crate::problem::Problem;

/// Entries that one call to the store asks for.
const ENTRIES_PER_CALL: usize = 5_000;

type Entry = (JobId, JobLogEntry);

/// One page. All logs are read for it, because only together can they be put in order; an
/// execution has a few thousand entries at most, in items of many.
pub(crate) async fn page(
    engine: &Engine,
    id: &ExecutionId,
    page: &PageRequest,
) -> Result<Listing<Entry>, Problem> {
    let stored = engine.execution(id).await?;
    let mut logs = all(engine, id).await?;
    let starts = starts(&stored.execution);
    let mut jobs: Vec<JobId> = logs.keys().cloned().collect();
    // A job that the execution does not know comes last.
    jobs.sort_by_key(|job| (!starts.contains_key(job), starts.get(job).copied()));
    let (first_job, first_entry) = match &page.after {
        None => (0, 0),
        Some(text) => beginning(text, &jobs)?,
    };
    let mut items = Vec::new();
    let mut next = None;
    for (index, job) in jobs.iter().enumerate().skip(first_job) {
        let entries = logs.remove(job).unwrap_or_default();
        let skipped = if index == first_job { first_entry } else { 0 };
        for (position, entry) in entries.into_iter().enumerate().skip(skipped) {
            if items.len() == page.limit {
                next = Some(format!("{job}#{position}"));
                return Ok(Listing { items, next });
            }
            items.push((job.clone(), entry));
        }
    }
    Ok(Listing { items, next })
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

async fn all(
    engine: &Engine,
    id: &ExecutionId,
) -> Result<BTreeMap<JobId, Vec<JobLogEntry>>, EngineError> {
    let mut logs: BTreeMap<JobId, Vec<JobLogEntry>> = BTreeMap::new();
    let mut request = PageRequest {
        limit: ENTRIES_PER_CALL,
        after: None,
    };
    loop {
        let listing = engine.job_logs(id, &request).await?;
        for (job, entry) in listing.items {
            logs.entry(job).or_default().push(entry);
        }
        if listing.next.is_none() {
            return Ok(logs);
        }
        request.after = listing.next;
    }
}

/// When each job of the execution became known, with its place in the plan for those that did
/// so at once.
fn starts(execution: &Execution) -> BTreeMap<JobId, (Timestamp, usize)> {
    let batches = execution.waves.iter().flat_map(|wave| &wave.batches);
    let launches = batches.flat_map(|batch| &batch.jobs);
    let launches = launches.map(|job| (job.id.clone(), job.since));
    let clean_up = execution.head.clean_up.jobs.iter();
    let clean_up = clean_up.map(|job| (job.id.clone(), job.since));
    launches
        .chain(clean_up)
        .enumerate()
        .map(|(place, (id, since))| (id, (since, place)))
        .collect()
}

/// Where a page begins: at which job, and at which of its entries.
fn beginning(position: &str, jobs: &[JobId]) -> Result<(usize, usize), Problem> {
    let found = position.split_once('#').and_then(|(job, entry)| {
        let job = jobs.iter().position(|known| known.as_str() == job)?;
        Some((job, entry.parse().ok()?))
    });
    found.ok_or_else(|| Problem::internal("a sealed position names no job of its execution"))
}
