//! That the function answers.

use serde::Serialize;
use utoipa::ToSchema;

/// That the function answers. It says nothing of what the function depends on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Health {
    /// Always `OK`.
    status: &'static str,
}

impl Health {
    pub(crate) const OK: Self = Self { status: "OK" };
}
