//! What the caller may do with an execution now, with the reason where not.

use domain::ExecutionId;
use domain::access::Permission;
use domain::execution::Execution;
use domain::execution::command::CommandName;
use domain::execution::queries::allowed_actions::allowed;
use domain::execution::queries::take_over::may_be_continued;
use engine::predecessors::continued_already;
use serde::Serialize;
use utoipa::ToSchema;

use crate::identity::Caller;

/// Every command, and whether this caller's would be accepted now.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AllowedActions)]
pub(crate) struct AllowedActionsView {
    pause: AllowedActionView,
    resume: AllowedActionView,
    cancel: AllowedActionView,
    retry: AllowedActionView,
    skip: AllowedActionView,
    resolve: AllowedActionView,
    terminate_instances: AllowedActionView,
}

/// Whether a command, or a recovery that carries on, would be accepted now.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AllowedAction)]
pub(crate) struct AllowedActionView {
    allowed: bool,
    /// Why not; left out where it is allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl AllowedActionsView {
    pub(super) fn of(execution: &Execution, caller: &Caller) -> Self {
        let action = |name| action(execution, caller, name);
        Self {
            pause: action(CommandName::Pause),
            resume: action(CommandName::Resume),
            cancel: action(CommandName::Cancel),
            retry: action(CommandName::Retry),
            skip: action(CommandName::Skip),
            resolve: action(CommandName::Resolve),
            terminate_instances: action(CommandName::TerminateInstances),
        }
    }
}

/// What the state of the execution forbids is said first: it holds for everybody.
fn action(execution: &Execution, caller: &Caller, name: CommandName) -> AllowedActionView {
    let refusal = allowed(execution, name).err();
    AllowedActionView::of(
        refusal.map(|refusal| refusal.to_string()),
        execution,
        caller,
    )
}

impl AllowedActionView {
    /// Starting a recovery that carries on with this one.
    pub(super) fn of_continuing(
        execution: &Execution,
        continued_by: Option<&ExecutionId>,
        caller: &Caller,
    ) -> Self {
        let refusal = may_be_continued(execution).err();
        let refusal = refusal.map(|refusal| refusal.to_string());
        let refusal = refusal.or_else(|| continued_by.map(continued_already));
        Self::of(refusal, execution, caller)
    }

    fn of(refusal: Option<String>, execution: &Execution, caller: &Caller) -> Self {
        let permission = Permission::to_run(execution.head.kind);
        let reason = match refusal {
            Some(refusal) => Some(refusal),
            None if caller.has(permission) => None,
            None => Some(format!("You need the permission `{}`.", permission.name())),
        };
        Self {
            allowed: reason.is_none(),
            reason,
        }
    }
}
