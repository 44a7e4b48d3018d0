//! What DRS has in an account and Region.

use crate::answer::Answer;
use crate::call::Call;
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::wire::drs::{QuotasView, SourceServerListView};

/// The source servers of an account and Region, all of them.
#[utoipa::path(
    get, path = "/drs/source-servers", operation_id = "listSourceServers", tag = "DRS",
    params(
        ("region" = String, Query, description = "The Region."),
        ("accountId" = Option<String>, Query, description = "Left out, the deploying account."),
    ),
    responses((status = 200, body = SourceServerListView)),
)]
pub(crate) async fn source_servers(call: Call, parameters: Parameters) -> Result<Answer, Problem> {
    let place = parameters.place(&call.engine().settings().deploying_account)?;
    let listing = call.engine().source_servers(&place).await?;
    Ok(Answer::ok(&SourceServerListView::from(listing)))
}

/// Quotas of DRS, and what is used of them.
#[utoipa::path(
    get, path = "/drs/quotas", operation_id = "getQuotas", tag = "DRS",
    params(
        ("region" = String, Query, description = "The Region."),
        ("accountId" = Option<String>, Query, description = "Left out, the deploying account."),
    ),
    responses((status = 200, body = QuotasView)),
)]
pub(crate) async fn quotas(call: Call, parameters: Parameters) -> Result<Answer, Problem> {
    let place = parameters.place(&call.engine().settings().deploying_account)?;
    let report = call.engine().quotas(&place).await?;
    Ok(Answer::ok(&QuotasView::of(report, place)))
}
