//! What the past says: how executions ended, day by day, and when each plan last ran.

use std::collections::BTreeMap;

use domain::Kind;
use domain::execution::Status;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::ports::execution_store::ExecutionSummary;
use crate::ports::statistics_store::{EndedExecution, LastRuns};
use crate::ports::{Listing, PageRequest};
use crate::{Engine, EngineError};

/// How far the statistics look back, in days before today.
pub const DAYS: i64 = 90;
/// How far back an execution that did not complete is worth attention, in days.
pub const LATELY_DAYS: i64 = 30;
/// Most executions that are looked at; each costs about 200 bytes of reading.
pub const LOOKED_AT_MAX: usize = 20_000;
const SECONDS_OF_DAY: i64 = 24 * 60 * 60;
/// Most of the late failures that are shown whole.
const FAILURES_SHOWN: usize = 5;

/// How executions ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecutionStatistics {
    /// The first day (UTC) of which all executions are counted.
    pub from: Date,
    /// Each day and kind of which an execution ended, in their order.
    pub days: Vec<Day>,
    /// What ended lately and not with everything launched.
    pub failures: Failures,
}

/// How the executions of one kind ended that ended on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The day, in UTC.
    pub date: Date,
    /// Drills or recoveries.
    pub kind: Kind,
    /// How many ended in which way.
    pub counts: Counts,
}

/// How many executions ended in which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(
    missing_docs,
    reason = "the words are defined in the glossary of ARCHITECTURE.md"
)]
pub struct Counts {
    pub completed: u32,
    pub partial: u32,
    pub failed: u32,
    pub cancelled: u32,
    pub timed_out: u32,
}

/// What ended as FAILED, PARTIAL or `TIMED_OUT` since a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failures {
    /// Since then.
    pub since: Timestamp,
    /// How many.
    pub count: usize,
    /// The last few of them, the last one first.
    pub last: Vec<ExecutionSummary>,
}

impl Engine {
    /// How executions ended in the last [`DAYS`] days.
    pub async fn execution_statistics(&self) -> Result<ExecutionStatistics, EngineError> {
        let now = self.now();
        let today = day_of(now);
        let from = start_of_day(now - SignedDuration::from_hours(24 * DAYS));
        let until = now + SignedDuration::from_nanos(1);
        let store = &self.ports.store;
        let ended = store.ended_between(from, until, LOOKED_AT_MAX).await?;
        let since = now - SignedDuration::from_hours(24 * LATELY_DAYS);
        let failures: Vec<&EndedExecution> = ended
            .iter()
            .filter(|one| one.ended_at >= since && is_failure(one.status))
            .collect();
        let shown: Vec<_> = failures
            .iter()
            .take(FAILURES_SHOWN)
            .map(|one| one.id.clone())
            .collect();
        let from = first_whole_day(&ended, day_of(from), today);
        Ok(ExecutionStatistics {
            from,
            days: days(&ended, from),
            failures: Failures {
                since,
                count: failures.len(),
                last: store.summaries(&shown).await?,
            },
        })
    }

    /// The last drill and the last recovery of each plan of which one has ended.
    pub async fn last_runs(&self, page: &PageRequest) -> Result<Listing<LastRuns>, EngineError> {
        Ok(self.ports.store.last_runs(page).await?)
    }
}

/// Where not all were looked at, the day of the first one that was may lack some.
fn first_whole_day(ended: &[EndedExecution], from: Date, today: Date) -> Date {
    match ended.get(LOOKED_AT_MAX - 1) {
        None => from,
        Some(first) => day_of(first.ended_at).tomorrow().unwrap_or(today),
    }
}

fn days(ended: &[EndedExecution], from: Date) -> Vec<Day> {
    let mut days: BTreeMap<(Date, Kind), Counts> = BTreeMap::new();
    for one in ended {
        let date = day_of(one.ended_at);
        if date >= from {
            days.entry((date, one.kind)).or_default().count(one.status);
        }
    }
    let days = days.into_iter();
    days.map(|((date, kind), counts)| Day { date, kind, counts })
        .collect()
}

impl Counts {
    fn count(&mut self, status: Status) {
        let number = match status {
            Status::Completed => &mut self.completed,
            Status::Partial => &mut self.partial,
            Status::Failed => &mut self.failed,
            Status::Cancelled => &mut self.cancelled,
            Status::TimedOut => &mut self.timed_out,
            // What has not ended is not among what has.
            Status::Pending
            | Status::Running
            | Status::Pausing
            | Status::Paused
            | Status::Stopping
            | Status::Cancelling => return,
        };
        *number += 1;
    }
}

fn is_failure(status: Status) -> bool {
    match status {
        Status::Failed | Status::Partial | Status::TimedOut => true,
        Status::Completed
        | Status::Cancelled
        | Status::Pending
        | Status::Running
        | Status::Pausing
        | Status::Paused
        | Status::Stopping
        | Status::Cancelling => false,
    }
}

fn day_of(time: Timestamp) -> Date {
    time.to_zoned(TimeZone::UTC).date()
}

fn start_of_day(time: Timestamp) -> Timestamp {
    let seconds = time.as_second().rem_euclid(SECONDS_OF_DAY);
    let nanoseconds = i64::from(time.subsec_nanosecond());
    time - SignedDuration::from_secs(seconds) - SignedDuration::from_nanos(nanoseconds)
}
