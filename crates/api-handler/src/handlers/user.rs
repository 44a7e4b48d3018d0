//! The caller.

use crate::answer::Answer;
use crate::call::Call;
use crate::wire::user::UserPermissions;

/// What the caller may do.
#[utoipa::path(
    get, path = "/user/permissions", operation_id = "getUserPermissions", tag = "Service",
    responses((status = 200, body = UserPermissions)),
)]
pub(crate) async fn permissions(call: Call) -> Answer {
    Answer::ok(&UserPermissions::from(&call.caller))
}
