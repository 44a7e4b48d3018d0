//! Recovery plans.

use std::collections::BTreeSet;

use domain::recovery_plan::RecoveryPlan;
use domain::recovery_plan::draft::{Groups, PlanDraft};
use domain::{Fault, ProtectionGroupId, RecoveryPlanId};
use engine::EngineError;

use super::groups::refuse_client_token;
use crate::answer::Answer;
use crate::body::Body;
use crate::call::{Call, PathId};
use crate::client_token;
use crate::entity_tag;
use crate::problem::Problem;
use crate::query_parameters::{PageSize, Parameters};
use crate::wire::form;
use crate::wire::idempotency::check_client_token;
use crate::wire::page::{Page, fitting};
use crate::wire::recovery_plan::{RecoveryPlanRequest, RecoveryPlanView};

const LIST: &str = "recovery-plans";

/// Most groups that are read to tell a request's remaining faults.
const GROUPS_READ_MAX: usize = 100;

/// Recovery plans, by name.
#[utoipa::path(
    get, path = "/recovery-plans", operation_id = "listRecoveryPlans", tag = "Recovery plans",
    params(
        ("maxResults" = Option<form::number::PageLimit>, Query, description = "1 to 100; left out, 50."),
        ("nextToken" = Option<form::Cursor>, Query, description = "From the page before."),
    ),
    responses((status = 200, body = Page<RecoveryPlanView>)),
)]
pub(crate) async fn list(call: Call, parameters: Parameters) -> Result<Answer, Problem> {
    let page = parameters.page(&call.api, LIST, PageSize::USUAL).await?;
    let read = async |page| {
        let listing = call.engine().list_plans(&page).await?;
        Ok(listing.map(RecoveryPlanView::from))
    };
    call.page(LIST, fitting(page, read).await?).await
}

/// Makes a recovery plan.
#[utoipa::path(
    post, path = "/recovery-plans", operation_id = "createRecoveryPlan", tag = "Recovery plans",
    request_body = RecoveryPlanRequest,
    responses((status = 201, body = RecoveryPlanView, headers(("ETag" = String)))),
)]
pub(crate) async fn create(call: Call, body: Body<RecoveryPlanRequest>) -> Result<Answer, Problem> {
    let token = body.request.client_token.as_deref();
    let mut faults = Vec::new();
    check_client_token(token, &mut faults);
    let draft = draft(&call, &body.request, faults).await?;
    let work = Box::pin(async {
        let plan = call.engine().create_plan(&draft).await?;
        Ok(shown(plan, Answer::created))
    });
    client_token::once(&call, &body, token, work).await
}

/// A recovery plan.
#[utoipa::path(
    get, path = "/recovery-plans/{recoveryPlanId}", operation_id = "getRecoveryPlan",
    tag = "Recovery plans",
    params(
        ("recoveryPlanId" = form::RecoveryPlanId, Path),
        ("If-None-Match" = Option<String>, Header, description = "An entity tag that is known."),
    ),
    responses(
        (status = 200, body = RecoveryPlanView, headers(("ETag" = String))),
        (status = 304, description = "The known version still stands."),
    ),
)]
pub(crate) async fn read(
    call: Call,
    PathId(id): PathId<RecoveryPlanId>,
) -> Result<Answer, Problem> {
    let plan = call.engine().plan(&id).await?;
    Ok(call.unless_known(shown(plan, Answer::ok)))
}

/// Changes a recovery plan that no execution runs.
#[utoipa::path(
    put, path = "/recovery-plans/{recoveryPlanId}", operation_id = "updateRecoveryPlan",
    tag = "Recovery plans", request_body = form::change::RecoveryPlanChange,
    params(
        ("recoveryPlanId" = form::RecoveryPlanId, Path),
        ("If-Match" = Option<form::OneEntityTag>, Header, description = "The version that is changed."),
    ),
    responses((status = 200, body = RecoveryPlanView, headers(("ETag" = String)))),
)]
pub(crate) async fn update(
    call: Call,
    PathId(id): PathId<RecoveryPlanId>,
    body: Body<RecoveryPlanRequest>,
) -> Result<Answer, Problem> {
    refuse_client_token(body.request.client_token.as_deref())?;
    let draft = draft(&call, &body.request, Vec::new()).await?;
    let wanted = call.wanted_version()?;
    let plan = call.engine().update_plan(&id, &draft, wanted).await?;
    Ok(shown(plan, Answer::ok))
}

/// Deletes a recovery plan that no execution runs. Its executions stay.
#[utoipa::path(
    delete, path = "/recovery-plans/{recoveryPlanId}", operation_id = "deleteRecoveryPlan",
    tag = "Recovery plans",
    params(
        ("recoveryPlanId" = form::RecoveryPlanId, Path),
        ("If-Match" = Option<form::OneEntityTag>, Header, description = "The version that is deleted."),
    ),
    responses((status = 204, description = "It is deleted.")),
)]
pub(crate) async fn remove(
    call: Call,
    PathId(id): PathId<RecoveryPlanId>,
) -> Result<Answer, Problem> {
    let wanted = call.wanted_version()?;
    call.engine().delete_plan(&id, wanted).await?;
    Ok(Answer::no_content())
}

fn shown(plan: RecoveryPlan, answer: fn(&RecoveryPlanView) -> Answer) -> Answer {
    let tag = entity_tag::of_version(plan.version);
    answer(&RecoveryPlanView::from(plan)).tagged(tag)
}

/// The draft of a request, or all its faults at once: also those that the use case would find
/// in the rest of a request that a draft cannot hold.
async fn draft(
    call: &Call,
    request: &RecoveryPlanRequest,
    mut faults: Vec<Fault>,
) -> Result<PlanDraft, Problem> {
    let draft = request.draft(&mut faults);
    if faults.is_empty() {
        return Ok(draft);
    }
    if let Some(groups) = groups_of(call, &draft).await? {
        faults.extend(draft.parse(&groups).err().unwrap_or_default());
    }
    Err(Problem::invalid("INVALID_PLAN", &faults))
}

/// The groups that a draft names, where they are not too many to read.
async fn groups_of(call: &Call, draft: &PlanDraft) -> Result<Option<Groups>, EngineError> {
    let ids: BTreeSet<ProtectionGroupId> = draft
        .waves
        .iter()
        .flat_map(|wave| &wave.protection_groups)
        .filter_map(|text| text.parse().ok())
        .collect();
    if ids.len() > GROUPS_READ_MAX {
        return Ok(None);
    }
    let mut groups = Groups::new();
    for id in ids {
        match call.engine().group(&id).await {
            Ok(group) => {
                groups.insert(id, group);
            }
            Err(EngineError::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Some(groups))
}
