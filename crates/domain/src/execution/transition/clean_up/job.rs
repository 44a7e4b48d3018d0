//! What a look shows of terminate jobs, merged into what is known.

use jiff::Timestamp;

use crate::execution::model::batch::JobStatus;
use crate::execution::model::clean_up::{CleanUp, TerminateJob, TerminateLog};
use crate::execution::model::event::{CleanUpLook, LogSight, TerminateJobSighting};
use crate::execution::model::waits::Waits;
use crate::place::Place;

/// Merges what a look saw of the terminate jobs of one place. What a failure means for its
/// instance is decided when the job has ended.
pub(super) fn seen(
    clean_up: &mut CleanUp,
    place: &Place,
    look: &CleanUpLook,
    waits: Waits,
    now: Timestamp,
) {
    for seen in &look.terminate_jobs {
        let jobs = clean_up.jobs.iter_mut();
        for job in jobs.filter(|job| job.id == seen.id && job.place == *place) {
            merge(job, seen, waits, now);
        }
        for (server, reason) in &seen.failures {
            let instances = clean_up.instances.iter_mut();
            for known in instances
                .filter(|known| known.job.as_ref() == Some(&seen.id) && known.server == *server)
            {
                known.not_terminated(reason);
            }
        }
    }
}

fn merge(job: &mut TerminateJob, seen: &TerminateJobSighting, waits: Waits, now: Timestamp) {
    if seen.status == JobStatus::Vanished {
        job.missing(waits, now);
    } else {
        job.missing_looks = 0;
        job.missing_since = None;
        job.status = job.status.max(seen.status);
    }
    match seen.log {
        // The entries that explain the end are written as the job ends.
        LogSight::Copied if job.has_ended() => job.log = TerminateLog::Copied,
        LogSight::Unreadable if job.has_ended() => job.log_unreadable(),
        // DRS forgets jobs, and their logs with them.
        LogSight::NotDue if seen.status == JobStatus::Vanished && job.has_ended() => {
            job.log_unreadable();
        }
        LogSight::NotDue | LogSight::Copied | LogSight::Unreadable => {}
    }
}
