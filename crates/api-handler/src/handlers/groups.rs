//! Protection groups.

use domain::protection_group::ProtectionGroup;
use domain::{Fault, FaultCode, ProtectionGroupId};

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
use crate::wire::protection_group::{ProtectionGroupRequest, ProtectionGroupView};

const LIST: &str = "protection-groups";

/// Protection groups, by name.
#[utoipa::path(
    get, path = "/protection-groups", operation_id = "listProtectionGroups",
    tag = "Protection groups",
    params(
        ("maxResults" = Option<form::number::PageLimit>, Query, description = "1 to 100; left out, 50."),
        ("nextToken" = Option<form::Cursor>, Query, description = "From the page before."),
    ),
    responses((status = 200, body = Page<ProtectionGroupView>)),
)]
pub(crate) async fn list(call: Call, parameters: Parameters) -> Result<Answer, Problem> {
    let page = parameters.page(&call.api, LIST, PageSize::USUAL).await?;
    let read = async |page| {
        let listing = call.engine().list_groups(&page).await?;
        Ok(listing.map(ProtectionGroupView::from))
    };
    call.page(LIST, fitting(page, read).await?).await
}

/// Makes a protection group.
#[utoipa::path(
    post, path = "/protection-groups", operation_id = "createProtectionGroup",
    tag = "Protection groups", request_body = ProtectionGroupRequest,
    responses((status = 201, body = ProtectionGroupView, headers(("ETag" = String)))),
)]
pub(crate) async fn create(
    call: Call,
    body: Body<ProtectionGroupRequest>,
) -> Result<Answer, Problem> {
    let draft = body.request.draft();
    let token = body.request.client_token.as_deref();
    let mut faults = Vec::new();
    check_client_token(token, &mut faults);
    if !faults.is_empty() {
        let account = &call.engine().settings().deploying_account;
        faults.extend(draft.parse(account).err().unwrap_or_default());
        return Err(Problem::invalid("INVALID_GROUP", &faults));
    }
    let work = Box::pin(async {
        let group = call.engine().create_group(&draft, call.by()).await?;
        Ok(shown(group, Answer::created))
    });
    client_token::once(&call, &body, token, work).await
}

/// A protection group.
#[utoipa::path(
    get, path = "/protection-groups/{protectionGroupId}", operation_id = "getProtectionGroup",
    tag = "Protection groups",
    params(
        ("protectionGroupId" = form::ProtectionGroupId, Path),
        ("If-None-Match" = Option<String>, Header, description = "An entity tag that is known."),
    ),
    responses(
        (status = 200, body = ProtectionGroupView, headers(("ETag" = String))),
        (status = 304, description = "The known version still stands."),
    ),
)]
pub(crate) async fn read(
    call: Call,
    PathId(id): PathId<ProtectionGroupId>,
) -> Result<Answer, Problem> {
    let group = call.engine().group(&id).await?;
    Ok(call.unless_known(shown(group, Answer::ok)))
}

/// Changes a protection group.
#[utoipa::path(
    put, path = "/protection-groups/{protectionGroupId}", operation_id = "updateProtectionGroup",
    tag = "Protection groups", request_body = form::change::ProtectionGroupChange,
    params(
        ("protectionGroupId" = form::ProtectionGroupId, Path),
        ("If-Match" = Option<form::OneEntityTag>, Header, description = "The version that is changed."),
    ),
    responses((status = 200, body = ProtectionGroupView, headers(("ETag" = String)))),
)]
pub(crate) async fn update(
    call: Call,
    PathId(id): PathId<ProtectionGroupId>,
    body: Body<ProtectionGroupRequest>,
) -> Result<Answer, Problem> {
    refuse_client_token(body.request.client_token.as_deref())?;
    let draft = body.request.draft();
    let wanted = call.wanted_version()?;
    let group = call.engine().update_group(&id, &draft, wanted, call.by());
    Ok(shown(group.await?, Answer::ok))
}

/// Deletes a protection group that no plan uses.
#[utoipa::path(
    delete, path = "/protection-groups/{protectionGroupId}",
    operation_id = "deleteProtectionGroup", tag = "Protection groups",
    params(
        ("protectionGroupId" = form::ProtectionGroupId, Path),
        ("If-Match" = Option<form::OneEntityTag>, Header, description = "The version that is deleted."),
    ),
    responses((status = 204, description = "It is deleted.")),
)]
pub(crate) async fn remove(
    call: Call,
    PathId(id): PathId<ProtectionGroupId>,
) -> Result<Answer, Problem> {
    let wanted = call.wanted_version()?;
    call.engine().delete_group(&id, wanted).await?;
    Ok(Answer::no_content())
}

fn shown(group: ProtectionGroup, answer: fn(&ProtectionGroupView) -> Answer) -> Answer {
    let tag = entity_tag::of_version(group.version);
    answer(&ProtectionGroupView::from(group)).tagged(tag)
}

/// A change is made safe to repeat by `If-Match`, not by a token.
pub(super) fn refuse_client_token(token: Option<&str>) -> Result<(), Problem> {
    let faults: Vec<Fault> = token
        .map(|_| {
            let message = "a client token belongs to a creation; a change names its version";
            Fault::new("clientToken", FaultCode::UnknownMember, message)
        })
        .into_iter()
        .collect();
    Problem::unless_faultless("INVALID_REQUEST", &faults)
}
