//! Statistics on the wire.

use engine::ports::statistics_store::{LastRun, LastRuns};
use engine::statistics::{Counts, Day, ExecutionStatistics, Failures};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::enumeration::{ExecutionStatus, Kind};
use super::execution::ExecutionSummaryView;

/// How executions ended in the last 90 days.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ExecutionStatistics)]
pub(crate) struct ExecutionStatisticsView {
    /// The first day (UTC) of which everything is counted: 90 days before today, or later where
    /// more than 20,000 executions have ended since.
    from: Date,
    /// Each day (UTC) and kind of which an execution ended, in order of time.
    days: Vec<DayView>,
    failures: FailuresView,
}

/// How the executions of one kind ended that ended on one day.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ExecutionStatisticsDay)]
pub(crate) struct DayView {
    /// The day, in UTC.
    date: Date,
    kind: Kind,
    completed: u32,
    partial: u32,
    failed: u32,
    cancelled: u32,
    timed_out: u32,
}

/// What ended as FAILED, PARTIAL or `TIMED_OUT` in the last 30 days.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LateFailures)]
pub(crate) struct FailuresView {
    since: Timestamp,
    count: usize,
    /// The last five of them, the last one first.
    last: Vec<ExecutionSummaryView>,
}

impl From<ExecutionStatistics> for ExecutionStatisticsView {
    fn from(statistics: ExecutionStatistics) -> Self {
        let Failures { since, count, last } = statistics.failures;
        Self {
            from: statistics.from,
            days: statistics.days.into_iter().map(DayView::from).collect(),
            failures: FailuresView {
                since,
                count,
                last: last.into_iter().map(ExecutionSummaryView::from).collect(),
            },
        }
    }
}

impl From<Day> for DayView {
    fn from(Day { date, kind, counts }: Day) -> Self {
        let Counts {
            completed,
            partial,
            failed,
            cancelled,
            timed_out,
        } = counts;
        Self {
            date,
            kind: kind.into(),
            completed,
            partial,
            failed,
            cancelled,
            timed_out,
        }
    }
}

/// How a plan ran last.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RecoveryPlanStatistics)]
pub(crate) struct RecoveryPlanStatisticsView {
    recovery_plan_id: String,
    /// The drill that ended last.
    #[schema(required = true)]
    last_drill: Option<LastRunView>,
    /// The drill that ended last with every server launched.
    #[schema(required = true)]
    last_completed_drill: Option<LastRunView>,
    /// The recovery that ended last.
    #[schema(required = true)]
    last_recovery: Option<LastRunView>,
}

/// The last one of its kind.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LastRun)]
pub(crate) struct LastRunView {
    execution_id: String,
    status: ExecutionStatus,
    ended_at: Timestamp,
}

impl From<LastRuns> for RecoveryPlanStatisticsView {
    fn from(runs: LastRuns) -> Self {
        Self {
            recovery_plan_id: runs.plan.into(),
            last_drill: runs.drill.map(LastRunView::from),
            last_completed_drill: runs.completed_drill.map(LastRunView::from),
            last_recovery: runs.recovery.map(LastRunView::from),
        }
    }
}

impl From<LastRun> for LastRunView {
    fn from(run: LastRun) -> Self {
        Self {
            execution_id: run.execution.into(),
            status: run.status.into(),
            ended_at: run.ended_at,
        }
    }
}
