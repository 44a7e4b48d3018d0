//! What DRS has in an account and Region.

use engine::source_servers::{ServerPage, ServerPosition};

use crate::answer::Answer;
use crate::call::Call;
use crate::cursor;
use crate::problem::Problem;
use crate::query_parameters::{PageSize, Parameters};
use crate::wire::drs::{QuotasView, SourceServerListView};
use crate::wire::form;

/// The source servers of an account and Region: by hostname, and by id among equal ones.
#[utoipa::path(
    get, path = "/drs/source-servers", operation_id = "listSourceServers", tag = "DRS",
    params(
        ("region" = form::Region, Query, description = "The Region."),
        ("accountId" = Option<form::AccountId>, Query, description = "Left out, the deploying account."),
        ("maxResults" = Option<form::number::LargePageLimit>, Query, description = "1 to 1,000; left out, as many as an answer carries."),
        ("nextToken" = Option<form::Cursor>, Query, description = "From the page before."),
    ),
    responses((status = 200, body = SourceServerListView)),
)]
pub(crate) async fn source_servers(
    call: Call,
    mut parameters: Parameters,
) -> Result<Answer, Problem> {
    let place = parameters.place(&call.engine().settings().deploying_account);
    let list = format!("source-servers {place:?}");
    let page = parameters.page(&call.api, &list, PageSize::LARGE).await?;
    let place = place.ok_or_else(|| Problem::internal("a place is missing without a fault"))?;
    let page = ServerPage {
        limit: page.limit,
        after: page.after.as_deref().map(opened).transpose()?,
    };
    let listing = call.engine().source_servers(&place, &page).await?;
    let key = call.api.cursor_key().await?;
    let view = SourceServerListView::of(listing, |position| cursor::seal(key, &list, position));
    Ok(Answer::ok(&view))
}

fn opened(position: &str) -> Result<ServerPosition, Problem> {
    serde_json::from_str(position)
        .map_err(|error| Problem::internal(format!("a sealed position cannot be read: {error}")))
}

/// Quotas of DRS, and what is used of them.
#[utoipa::path(
    get, path = "/drs/quotas", operation_id = "getQuotas", tag = "DRS",
    params(
        ("region" = form::Region, Query, description = "The Region."),
        ("accountId" = Option<form::AccountId>, Query, description = "Left out, the deploying account."),
    ),
    responses((status = 200, body = QuotasView)),
)]
pub(crate) async fn quotas(call: Call, mut parameters: Parameters) -> Result<Answer, Problem> {
    let place = parameters.place(&call.engine().settings().deploying_account);
    let place = parameters.settle(|| place)?;
    let report = call.engine().quotas(&place).await?;
    Ok(Answer::ok(&QuotasView::of(report, place)))
}
