//! What the caller may do.

use serde::Serialize;
use utoipa::ToSchema;

use crate::identity::Caller;

/// What the caller may do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct UserPermissions {
    /// The name under which the caller's decisions are recorded.
    user: String,
    /// `viewer`, `drill-operator`, `recovery-manager`, `administrator`.
    roles: Vec<&'static str>,
    /// `read`, `edit-plans`, `run-drills`, `run-recoveries`, `manage-settings`.
    permissions: Vec<&'static str>,
}

impl From<&Caller> for UserPermissions {
    fn from(caller: &Caller) -> Self {
        Self {
            user: caller.name().to_owned(),
            roles: caller.roles().iter().map(|role| role.name()).collect(),
            permissions: caller
                .permissions()
                .iter()
                .map(|permission| permission.name())
                .collect(),
        }
    }
}
