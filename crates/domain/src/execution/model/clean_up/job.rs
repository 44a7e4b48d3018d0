//! Terminate jobs, followed as launch jobs are: to their end, with the reasons of their logs.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::execution::model::batch::JobStatus;
use crate::execution::model::waits::Waits;
use crate::ids::JobId;
use crate::place::Place;

/// How long a terminate job is waited for (1 to 5 minutes are typical, 10 allowed).
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
    pub(in crate::execution) fn new(id: JobId, place: Place, since: Timestamp) -> Self {
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
    pub(in crate::execution) fn has_ended(&self) -> bool {
        match self.status {
            JobStatus::Pending | JobStatus::Started => false,
            JobStatus::Completed | JobStatus::Vanished => true,
        }
    }

    /// Whether its end is waited for. What DRS does not end in half an hour is left to a person.
    pub(in crate::execution) fn is_awaited(&self, now: Timestamp) -> bool {
        !self.has_ended() && now.duration_since(self.since) < JOB_MAX
    }

    /// Whether a look asks for it: to see its end, or to read its log.
    pub(in crate::execution) fn is_looked_at(&self) -> bool {
        !self.has_ended()
            || self.status == JobStatus::Completed
                && match self.log {
                    TerminateLog::Unread => true,
                    TerminateLog::Copied => false,
                    TerminateLog::Unreadable(times) => times < LOG_LOOKS_MAX,
                }
    }

    pub(in crate::execution) fn log_unreadable(&mut self) {
        self.log = match self.log {
            TerminateLog::Copied => TerminateLog::Copied,
            TerminateLog::Unread => TerminateLog::Unreadable(1),
            TerminateLog::Unreadable(times) => TerminateLog::Unreadable(times.saturating_add(1)),
        };
    }

    /// A job is not gone because a few listings in a row leave it out: one that is new may not be
    /// listed yet.
    pub(in crate::execution) fn missing(&mut self, waits: Waits, now: Timestamp) {
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
