//! Whether the function answers.

use crate::answer::Answer;
use crate::wire::health::Health;

/// Whether the function answers.
#[utoipa::path(
    get, path = "/health", operation_id = "getHealth", tag = "Service",
    responses((status = 200, body = Health)),
    security(()),
)]
pub(crate) async fn get() -> Answer {
    Answer::ok(&Health::OK)
}
