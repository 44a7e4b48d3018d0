//! What the past says: how executions ended, and when each plan last ran.

use crate::answer::Answer;
use crate::call::Call;
use crate::problem::Problem;
use crate::wire::statistics::{ExecutionStatisticsView, RecoveryPlanStatisticsListView};

/// How executions ended in the last 90 days, day by day.
#[utoipa::path(
    get, path = "/statistics/executions", operation_id = "getExecutionStatistics",
    tag = "Statistics",
    responses((status = 200, body = ExecutionStatisticsView)),
)]
pub(crate) async fn executions(call: Call) -> Result<Answer, Problem> {
    let statistics = call.engine().execution_statistics().await?;
    Ok(Answer::ok(&ExecutionStatisticsView::from(statistics)))
}

/// How each plan ran last, of which a drill or a recovery has ended.
#[utoipa::path(
    get, path = "/statistics/recovery-plans", operation_id = "listRecoveryPlanStatistics",
    tag = "Statistics",
    responses((status = 200, body = RecoveryPlanStatisticsListView)),
)]
pub(crate) async fn recovery_plans(call: Call) -> Result<Answer, Problem> {
    let runs = call.engine().last_runs().await?;
    Ok(Answer::ok(&RecoveryPlanStatisticsListView::from(runs)))
}
