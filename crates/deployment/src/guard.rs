//! Executions that are under way: nothing that changes functions happens to them unsaid.

use crate::cloud::{Cloud, LiveExecution, Presence};
use crate::error::Failure;
use crate::instances::LeftInstance;
use crate::observation::Observation;
use crate::settings::Settings;
use crate::talk::{listed, listed_by};

/// What a stack is called whose creation did not succeed.
const NEVER_STOOD: [&str; 4] = [
    "REVIEW_IN_PROGRESS",
    "CREATE_FAILED",
    "ROLLBACK_COMPLETE",
    "ROLLBACK_FAILED",
];

/// What somebody has said about executions under way.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum GuardOverride<'a> {
    /// Nothing.
    None,
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

/// What is known of executions under way.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum UnderWay {
    /// These are.
    Known(Vec<LiveExecution>),
    /// The table that would say so is gone.
    TableGone {
        /// Its name.
        table: String,
    },
}

impl std::fmt::Display for UnderWay {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Known(live) => {
                let names: Vec<String> = live.iter().map(named).collect();
                write!(formatter, "work is under way: {}", names.join(", "))
            }
            Self::TableGone { table } => write!(
                formatter,
                "the table {table} is gone, so whether an execution is under way cannot be known"
            ),
        }
    }
}

/// Whether the table of executions can be asked.
enum Table {
    /// Nothing was ever started here.
    Needless,
    /// It is there.
    There(String),
    /// It was there.
    Gone(String),
}

/// Reads what is under way; without a stack, nothing is. A table that is there and cannot be read is
/// a refusal.
pub async fn live(
    cloud: &dyn Cloud,
    settings: &Settings,
    observation: &Observation,
) -> Result<UnderWay, Failure> {
    let table = match executions_table(cloud, settings, observation).await? {
        Table::Needless => return Ok(UnderWay::Known(Vec::new())),
        Table::Gone(table) => return Ok(UnderWay::TableGone { table }),
        Table::There(table) => table,
    };
    let read = cloud.live_executions(&table).await.map(UnderWay::Known);
    read.map_err(|failure| {
        Failure::Live(format!(
            "whether an execution is under way cannot be known ({failure}), so nothing is changed"
        ))
    })
}

/// Reads which instances would be left; without a stack, or without its table, nothing is known to
/// leave.
pub async fn instances(
    cloud: &dyn Cloud,
    settings: &Settings,
    observation: &Observation,
) -> Result<Vec<LeftInstance>, Failure> {
    match executions_table(cloud, settings, observation).await? {
        Table::Needless | Table::Gone(_) => return Ok(Vec::new()),
        Table::There(_) => {}
    }
    let read = cloud.left_instances(settings).await;
    read.map_err(|failure| {
        Failure::Live(format!(
            "which instances would be left cannot be known ({failure}), so nothing is changed"
        ))
    })
}

/// Refuses to leave instances behind, unless somebody has said so.
pub fn check_instances(left: &[LeftInstance], said: GuardOverride<'_>) -> Result<(), Failure> {
    if left.is_empty() || said == GuardOverride::AbandonInstances {
        return Ok(());
    }
    let names: Vec<String> = left.iter().map(ToString::to_string).collect();
    Err(Failure::Live(format!(
        "instances would be left that nothing knows of any longer: {}; clean their executions up, or \
         say --abandon-instances",
        listed_by(&names, "; ")
    )))
}

/// Where a creation failed there may be no table; nothing was ever started there.
async fn executions_table(
    cloud: &dyn Cloud,
    settings: &Settings,
    observation: &Observation,
) -> Result<Table, Failure> {
    let Some(stack) = &observation.stack else {
        return Ok(Table::Needless);
    };
    let table = settings.function("execution-history");
    let presence = cloud.table(&table).await.map_err(|failure| {
        Failure::Live(format!(
            "whether an execution is under way cannot be known ({failure}), so nothing is changed"
        ))
    })?;
    Ok(match presence {
        Presence::Present => Table::There(table),
        Presence::Absent if NEVER_STOOD.contains(&stack.status.as_str()) => Table::Needless,
        Presence::Absent => Table::Gone(table),
    })
}

/// Refuses, unless nothing is under way or somebody has said what is to happen all the same.
pub fn check(live: &UnderWay, intent: Intent, said: GuardOverride<'_>) -> Result<(), Failure> {
    if *live == UnderWay::Known(Vec::new()) {
        return Ok(());
    }
    let remedy = match (intent, said, live) {
        (Intent::Deploy, GuardOverride::DuringExecution(_), _)
        | (Intent::Destroy, GuardOverride::AbandonInstances, _) => return Ok(()),
        (
            Intent::Deploy,
            GuardOverride::None | GuardOverride::AbandonInstances,
            UnderWay::Known(_),
        ) => "wait until they have ended, or say --during-execution REASON",
        (
            Intent::Deploy,
            GuardOverride::None | GuardOverride::AbandonInstances,
            UnderWay::TableGone { .. },
        ) => "say --during-execution REASON",
        (
            Intent::Destroy,
            GuardOverride::None | GuardOverride::DuringExecution(_),
            UnderWay::Known(_),
        ) => {
            "end and clean them up, or say --abandon-instances: then nobody watches their instances"
        }
        (
            Intent::Destroy,
            GuardOverride::None | GuardOverride::DuringExecution(_),
            UnderWay::TableGone { .. },
        ) => "say --abandon-instances: then nobody watches what instances there are",
    };
    let shown = match live {
        // Each has been told in a line of its own.
        UnderWay::Known(live) => {
            let names: Vec<String> = live.iter().map(named).collect();
            format!("work is under way: {}", listed(&names))
        }
        UnderWay::TableGone { .. } => live.to_string(),
    };
    Err(Failure::Live(format!("{shown}; {remedy}")))
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
