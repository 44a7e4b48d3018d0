//! Executions that are under way: nothing that changes functions happens to them unsaid.

use crate::cloud::{Cloud, LiveExecution, Presence};
use crate::error::Failure;
use crate::instances::LeftInstance;
use crate::observation::Observation;
use crate::settings::Settings;

/// What a stack is called whose creation did not succeed.
const NEVER_STOOD: [&str; 4] = [
    "REVIEW_IN_PROGRESS",
    "CREATE_FAILED",
    "ROLLBACK_COMPLETE",
    "ROLLBACK_FAILED",
];

/// What somebody has said about executions under way.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Said<'a> {
    /// Nothing.
    Nothing,
    /// Deploy all the same, for this reason.
    DuringExecution(&'a str),
    /// Destroy all the same: their instances stay behind, unwatched.
    AbandonInstances,
}

/// What is wanted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Intent {
    /// The functions are changed.
    Deploy,
    /// The stack is deleted.
    Destroy,
}

/// Reads what is under way; without a stack, nothing is.
pub async fn live(
    cloud: &dyn Cloud,
    settings: &Settings,
    observation: &Observation,
) -> Result<Vec<LiveExecution>, Failure> {
    if !may_have_executions(cloud, settings, observation).await? {
        return Ok(Vec::new());
    }
    let table = settings.function("execution-history");
    let read = cloud.live_executions(&table).await;
    read.map_err(|failure| {
        Failure::Live(format!(
            "whether an execution is under way cannot be known ({failure}), so nothing is changed"
        ))
    })
}

/// Reads which instances would be left; without a stack, nothing is known to leave.
pub async fn instances(
    cloud: &dyn Cloud,
    settings: &Settings,
    observation: &Observation,
) -> Result<Vec<LeftInstance>, Failure> {
    if !may_have_executions(cloud, settings, observation).await? {
        return Ok(Vec::new());
    }
    let read = cloud.left_instances(settings).await;
    read.map_err(|failure| {
        Failure::Live(format!(
            "which instances would be left cannot be known ({failure}), so nothing is changed"
        ))
    })
}

/// Refuses to leave instances behind, unless somebody has said so.
pub fn check_instances(left: &[LeftInstance], said: Said<'_>) -> Result<(), Failure> {
    if left.is_empty() || said == Said::AbandonInstances {
        return Ok(());
    }
    let names: Vec<String> = left.iter().map(ToString::to_string).collect();
    Err(Failure::Live(format!(
        "instances would be left that nothing knows of any longer: {}; clean their executions up, or \
         say --abandon-instances",
        names.join("; ")
    )))
}

/// Where a creation failed there may be no table; nothing was ever started there.
async fn may_have_executions(
    cloud: &dyn Cloud,
    settings: &Settings,
    observation: &Observation,
) -> Result<bool, Failure> {
    let Some(stack) = &observation.stack else {
        return Ok(false);
    };
    let table = settings.function("execution-history");
    Ok(!NEVER_STOOD.contains(&stack.status.as_str())
        || cloud.table(&table).await? == Presence::Present)
}

/// Refuses, unless nothing is under way or somebody has said what is to happen all the same.
pub fn check(live: &[LiveExecution], intent: Intent, said: Said<'_>) -> Result<(), Failure> {
    if live.is_empty() {
        return Ok(());
    }
    let remedy = match (intent, said) {
        (Intent::Deploy, Said::DuringExecution(_)) | (Intent::Destroy, Said::AbandonInstances) => {
            return Ok(());
        }
        (Intent::Deploy, Said::Nothing | Said::AbandonInstances) => {
            "wait until they have ended, or say --during-execution REASON"
        }
        (Intent::Destroy, Said::Nothing | Said::DuringExecution(_)) => {
            "end and clean them up, or say --abandon-instances: then nobody watches their instances"
        }
    };
    let names: Vec<String> = live.iter().map(named).collect();
    let text = format!("work is under way: {}; {remedy}", names.join(", "));
    Err(Failure::Live(text))
}

/// One execution, as a person knows it.
pub fn named(execution: &LiveExecution) -> String {
    let LiveExecution {
        id,
        kind,
        status,
        plan,
    } = execution;
    format!("{kind} of {plan} ({status}, {id})")
}
