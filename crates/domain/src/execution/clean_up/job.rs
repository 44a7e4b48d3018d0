//! Terminate jobs, followed as launch jobs are: to their end, with the reasons of their logs.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::execution::Waits;
use crate::execution::batch::JobStatus;
use crate::execution::event::{CleanUpLook, LogSight, TerminateJobSighting};
use crate::ids::JobId;
use crate::place::Place;

use super::CleanUp;

/// How long a terminate job is waited for (drs.md 2.4: 1 to 5 minutes are typical, 10 allowed).
const JOB_MAX: SignedDuration = SignedDuration::from_mins(30);
/// Complete looks without a known job, over the visibility window, before it counts as vanished.
const MISSING_LOOKS_MIN: u32 = 3;
/// How often the log of a job that has ended is asked for.
const LOG_LOOKS_MAX: u32 = 3;

/// A terminate job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminateJob {
    /// The job.
    pub id: JobId,
    /// Where.
    pub place: Place,
    /// When it became known.
    pub since: Timestamp,
    /// Its status.
    pub status: JobStatus,
    /// Complete looks in a row that did not show it.
    #[serde(default)]
    pub missing_looks: u32,
    /// Since when they did not.
    #[serde(default)]
    pub missing_since: Option<Timestamp>,
    /// Where its log stands.
    #[serde(default)]
    pub log: TerminateLog,
}

/// Where the log of a terminate job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TerminateLog {
    /// Not read yet.
    #[default]
    Unread,
    /// Read and copied after the job's end.
    Copied,
    /// So many readings have failed.
    Unreadable(u32),
}

impl TerminateJob {
    pub(super) fn new(id: JobId, place: Place, since: Timestamp) -> Self {
        Self {
            id,
            place,
            since,
            status: JobStatus::Pending,
            missing_looks: 0,
            missing_since: None,
            log: TerminateLog::Unread,
        }
    }

    /// Whether it may still terminate something.
    pub(super) fn has_ended(&self) -> bool {
        match self.status {
            JobStatus::Pending | JobStatus::Started => false,
            JobStatus::Completed | JobStatus::Vanished => true,
        }
    }

    /// Whether its end is waited for. What DRS does not end in half an hour is left to a person.
    pub(super) fn is_awaited(&self, now: Timestamp) -> bool {
        !self.has_ended() && now.duration_since(self.since) < JOB_MAX
    }

    /// Whether a look asks for it: to see its end, or to read its log.
    pub(super) fn is_looked_at(&self) -> bool {
        !self.has_ended()
            || self.status == JobStatus::Completed
                && match self.log {
                    TerminateLog::Unread => true,
                    TerminateLog::Copied => false,
                    TerminateLog::Unreadable(times) => times < LOG_LOOKS_MAX,
                }
    }

    fn seen(&mut self, seen: &TerminateJobSighting, waits: Waits, now: Timestamp) {
        if seen.status == JobStatus::Vanished {
            self.missing(waits, now);
        } else {
            self.missing_looks = 0;
            self.missing_since = None;
            self.status = self.status.max(seen.status);
        }
        match seen.log {
            // The entries that explain the end are written as the job ends.
            LogSight::Copied if self.has_ended() => self.log = TerminateLog::Copied,
            LogSight::Unreadable if self.has_ended() => self.log_unreadable(),
            // DRS forgets jobs, and their logs with them.
            LogSight::NotDue if seen.status == JobStatus::Vanished && self.has_ended() => {
                self.log_unreadable();
            }
            LogSight::NotDue | LogSight::Copied | LogSight::Unreadable => {}
        }
    }

    fn log_unreadable(&mut self) {
        self.log = match self.log {
            TerminateLog::Copied => TerminateLog::Copied,
            TerminateLog::Unread => TerminateLog::Unreadable(1),
            TerminateLog::Unreadable(times) => TerminateLog::Unreadable(times.saturating_add(1)),
        };
    }

    /// A job is not gone because a few listings in a row leave it out: one that is new may not be
    /// listed yet.
    fn missing(&mut self, waits: Waits, now: Timestamp) {
        self.missing_looks = self.missing_looks.saturating_add(1);
        let since = *self.missing_since.get_or_insert(now);
        let window = SignedDuration::from_secs(i64::from(waits.visibility_window));
        if self.missing_looks >= MISSING_LOOKS_MIN
            && now.duration_since(since) >= window
            && !self.has_ended()
        {
            self.status = JobStatus::Vanished;
        }
    }
}

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
            job.seen(seen, waits, now);
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
