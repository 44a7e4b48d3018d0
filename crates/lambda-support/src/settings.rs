//! The settings that the four functions over the engine have in common.

use domain::AccountId;
use domain::execution::Waits;

use crate::environment::Environment;

/// What a function needs to reach the tables, DRS and the state machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineSettings {
    /// The table of protection groups.
    pub protection_groups_table: String,
    /// The table of recovery plans.
    pub recovery_plans_table: String,
    /// The table of executions.
    pub execution_history_table: String,
    /// The state machine that keeps time.
    pub state_machine_arn: String,
    /// The account that this is deployed to.
    pub deploying_account: AccountId,
    /// The waits of this deployment.
    pub waits: Waits,
    /// When an owner that takes its locks counts as dead.
    pub owner_expiry_seconds: u32,
}

impl EngineSettings {
    /// Asks for all of them. Nothing where one is missing or wrong, which
    /// [`Environment::settle`] then says.
    pub fn read(environment: &mut Environment) -> Option<Self> {
        let protection_groups_table = environment.required("PROTECTION_GROUPS_TABLE");
        let recovery_plans_table = environment.required("RECOVERY_PLANS_TABLE");
        let execution_history_table = environment.required("EXECUTION_HISTORY_TABLE");
        let state_machine_arn = environment.required("STATE_MACHINE_ARN");
        let deploying_account = environment.required("DEPLOYING_ACCOUNT_ID");
        let visibility_window = environment.seconds("VISIBILITY_WINDOW_SECONDS");
        let call_timeout = environment.seconds("DRS_CALL_TIMEOUT_SECONDS");
        let function_timeout = environment.seconds("FUNCTION_TIMEOUT_SECONDS");
        let doubt_limit = environment.seconds("DOUBT_LIMIT_SECONDS");
        let drill_park_limit = environment.seconds("DRILL_PARK_LIMIT_SECONDS");
        let owner_expiry_seconds = environment.seconds("OWNER_EXPIRY_SECONDS");
        Some(Self {
            protection_groups_table: protection_groups_table?,
            recovery_plans_table: recovery_plans_table?,
            execution_history_table: execution_history_table?,
            state_machine_arn: state_machine_arn?,
            deploying_account: deploying_account?,
            waits: Waits {
                visibility_window: visibility_window?,
                call_timeout: call_timeout?,
                function_timeout: function_timeout?,
                doubt_limit: doubt_limit?,
                drill_park_limit: drill_park_limit?,
            },
            owner_expiry_seconds: owner_expiry_seconds?,
        })
    }

    /// What the engine is to be told.
    pub fn engine(&self) -> engine::Settings {
        engine::Settings {
            waits: self.waits,
            deploying_account: self.deploying_account.clone(),
            owner_expiry_seconds: self.owner_expiry_seconds,
        }
    }
}
