//! What the past says: how executions ended, and when each plan last ran.

use crate::answer::Answer;
use crate::call::Call;
use crate::problem::Problem;
use crate::query_parameters::{PageSize, Parameters};
use crate::wire::form;
use crate::wire::page::{Page, fitting};
use crate::wire::statistics::{ExecutionStatisticsView, RecoveryPlanStatisticsView};

const LIST: &str = "statistics/recovery-plans";

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

/// How each plan ran last, of which a drill or a recovery has ended: by plan, deleted ones too.
#[utoipa::path(
    get, path = "/statistics/recovery-plans", operation_id = "listRecoveryPlanStatistics",
    tag = "Statistics",
    params(
        ("maxResults" = Option<form::number::LargePageLimit>, Query, description = "1 to 1,000; left out, as many as an answer carries."),
        ("nextToken" = Option<form::Cursor>, Query, description = "From the page before."),
    ),
    responses((status = 200, body = Page<RecoveryPlanStatisticsView>)),
)]
pub(crate) async fn recovery_plans(call: Call, parameters: Parameters) -> Result<Answer, Problem> {
    let page = parameters.page(&call.api, LIST, PageSize::LARGE).await?;
    let read = async |page| {
        let listing = call.engine().last_runs(&page).await?;
        Ok(listing.map(RecoveryPlanStatisticsView::from))
    };
    call.page(LIST, fitting(page, read).await?).await
}
