//! May this server be launched now? One rule, asked at the start and before every batch.

use serde::{Deserialize, Serialize};

use crate::ids::{ExecutionId, JobId, RecoveryInstanceId, SourceServerId};
use crate::kind::Kind;
use crate::source_server::{RecoveryInstance, Replication, SourceServer, StagingArea, Volumes};

/// What a fresh look says of one server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerLook {
    /// The server that was asked for.
    pub id: SourceServerId,
    /// What DRS says of it; nothing where DRS does not know it.
    pub server: Option<SourceServer>,
    /// The job in progress that has it.
    pub in_job: Option<JobId>,
    /// The execution, of those whose servers were taken over, that may have asked DRS to launch
    /// it, and does not know yet.
    pub in_doubt: Option<ExecutionId>,
    /// Its live recovery instance.
    pub live_instance: Option<LiveInstance>,
    /// The execution of ours whose job launched that instance, with what DRS says of it.
    pub launched_here: Option<(ExecutionId, RecoveryInstance)>,
}

/// A recovery instance that a launch would destroy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveInstance {
    /// The instance.
    pub id: RecoveryInstanceId,
    /// Whose it is.
    pub owner: InstanceOwner,
}

/// Whose a live recovery instance is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum InstanceOwner {
    /// A drill of ours that has ended.
    EndedDrill(ExecutionId),
    /// A drill of ours that still runs, this one among them.
    LiveDrill(ExecutionId),
    /// A drill that somebody else started.
    ForeignDrill,
    /// A real recovery, ours or not, or an instance of which DRS does not say what it is.
    Recovery,
    /// A failback from it is under way.
    FailingBack,
}

/// What a person has acknowledged that bears on a launch.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Consent {
    /// Why a drill may use stalled or lagging servers.
    pub lag: Option<String>,
    /// Why a recovery may go on without a look.
    pub unverified: Option<String>,
    /// Live instances of recoveries that a recovery may replace.
    pub replace_instances: Vec<ReplaceInstance>,
    /// The ended recovery whose instances a recovery carries on with.
    #[serde(default)]
    pub continues: Option<ExecutionId>,
    /// Those that this one carried on with, and so on: what they brought up is carried on with as
    /// well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub continues_earlier: Vec<ExecutionId>,
    /// The drills that a recovery makes give way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preempts: Vec<ExecutionId>,
}

impl Consent {
    /// Whether instances that this execution has launched are carried on with.
    pub fn carries_on_with(&self, execution: &ExecutionId) -> bool {
        self.continues.as_ref() == Some(execution) || self.continues_earlier.contains(execution)
    }

    /// The executions that a recovery carries on with which continues the one of this consent.
    pub fn lineage(&self) -> Vec<ExecutionId> {
        let earlier = self.continues_earlier.iter();
        earlier.chain(&self.continues).cloned().collect()
    }

    /// The executions whose servers are taken over, at once or by the one that is continued.
    pub fn takes_over_from(&self) -> Vec<ExecutionId> {
        let preempts = self.preempts.iter().cloned();
        preempts.chain(self.lineage()).collect()
    }
}

/// A person's word that this very instance may be destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplaceInstance {
    /// The server.
    pub server: SourceServerId,
    /// The instance that a launch of it destroys.
    pub instance: RecoveryInstanceId,
    /// Why.
    pub reason: String,
}

/// The answer for one server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Launchability {
    /// It can be launched. The instance that goes by it is named.
    Launch {
        /// What the launch destroys, and may.
        replaces: Option<LiveInstance>,
    },
    /// DRS could not recover it.
    NotRecoverable(String),
    /// It can be recovered, but only to an old point.
    Lagging(String),
    /// A launch would destroy this instance, and must not.
    Guarded(RecoveryInstanceId, String),
    /// A job in progress has it.
    InJob(JobId),
    /// A launch that another execution has asked for may still arrive, and would destroy what this
    /// one brings up.
    InDoubt(ExecutionId),
    /// The recovery that is continued has launched it, and its instance is there.
    CarriedOver(ExecutionId, RecoveryInstance),
}

/// Lag above which a server counts as lagging for a drill, in seconds.
pub const LAG_SECONDS_MAX: u64 = 15 * 60;

/// What DRS could recover of a server now, whatever else keeps it from being launched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recoverability {
    /// All of it, to a point of the last minutes.
    Ready,
    /// To an old point only: a drill with it is refused unless somebody says why not.
    Lagging,
    /// Nothing.
    NotRecoverable,
}

/// What DRS could recover of a server, and why not more.
pub fn recoverability(server: &SourceServer) -> (Recoverability, Option<String>) {
    if let Some(reason) = unrecoverable(server) {
        return (Recoverability::NotRecoverable, Some(reason));
    }
    match lagging(server) {
        Some(reason) => (Recoverability::Lagging, Some(reason)),
        None => (Recoverability::Ready, None),
    }
}

/// Judges one server. The guard comes first: what would be destroyed matters most.
pub fn judge(look: &ServerLook, kind: Kind, consent: &Consent) -> Launchability {
    let Some(server) = &look.server else {
        return Launchability::NotRecoverable("DRS does not know this server".to_owned());
    };
    if let Some((execution, instance)) = &look.launched_here
        && kind == Kind::Recovery
        && consent.carries_on_with(execution)
        && !instance.is_failing_back()
    {
        return Launchability::CarriedOver(execution.clone(), instance.clone());
    }
    if let Some(live) = &look.live_instance
        && let Some(reason) = guard(&look.id, live, kind, consent)
    {
        return Launchability::Guarded(live.id.clone(), reason);
    }
    if let Some(job) = &look.in_job {
        return Launchability::InJob(job.clone());
    }
    if let Some(execution) = &look.in_doubt {
        return Launchability::InDoubt(execution.clone());
    }
    if let Some(reason) = unrecoverable(server) {
        return Launchability::NotRecoverable(reason);
    }
    if kind == Kind::Drill
        && consent.lag.is_none()
        && let Some(reason) = lagging(server)
    {
        return Launchability::Lagging(reason);
    }
    Launchability::Launch {
        replaces: look.live_instance.clone(),
    }
}

/// Why the live instance of this server must not be destroyed by such an execution.
pub fn guard(
    server: &SourceServerId,
    live: &LiveInstance,
    kind: Kind,
    consent: &Consent,
) -> Option<String> {
    let named = consent
        .replace_instances
        .iter()
        .any(|named| named.server == *server && named.instance == live.id);
    let reason = match (&live.owner, kind) {
        (InstanceOwner::FailingBack, _) => {
            format!(
                "a failback from its recovery instance {} is under way",
                live.id
            )
        }
        (InstanceOwner::Recovery, Kind::Drill) => {
            format!(
                "{} is a live instance of a recovery; a drill would destroy it",
                live.id
            )
        }
        (InstanceOwner::Recovery, Kind::Recovery) if named => return None,
        (InstanceOwner::Recovery, Kind::Recovery) => {
            format!(
                "{} is a live instance of a recovery; name it to replace it",
                live.id
            )
        }
        (InstanceOwner::ForeignDrill, Kind::Drill) => {
            format!(
                "{} is an instance of a drill that was not started here",
                live.id
            )
        }
        (InstanceOwner::ForeignDrill, Kind::Recovery)
        | (InstanceOwner::EndedDrill(_) | InstanceOwner::LiveDrill(_), _) => return None,
    };
    Some(reason)
}

/// Why DRS could not recover the server at all.
fn unrecoverable(server: &SourceServer) -> Option<String> {
    if let StagingArea::OutOfReach { account, reason } = &server.staging_area {
        return Some(staging_area_out_of_reach(
            account.as_deref(),
            reason.as_deref(),
        ));
    }
    let reason = match &server.replication {
        Replication::Stopped => "its replication is stopped",
        Replication::Disconnected => "it is disconnected from DRS",
        Replication::Initiating | Replication::InitialSync => {
            "its first sync has not finished, so there is no point to recover to"
        }
        Replication::Backlog
        | Replication::CreatingSnapshot
        | Replication::Continuous
        | Replication::Paused
        | Replication::Rescan
        | Replication::Stalled
        | Replication::Other(_) => match server.volumes {
            Volumes::Missing => "DRS misses attributes of one of its volumes",
            Volumes::Ready => return None,
        },
    };
    Some(reason.to_owned())
}

fn staging_area_out_of_reach(account: Option<&str>, reason: Option<&str>) -> String {
    let place = account.map_or_else(
        || "another account".to_owned(),
        |account| format!("account {account}"),
    );
    let why = reason
        .map(|reason| format!(": {reason}"))
        .unwrap_or_default();
    format!("its staging area in {place} is out of reach{why}")
}

/// Why a rehearsal with this server would prove little, and a recovery loses much.
pub fn lagging(server: &SourceServer) -> Option<String> {
    match &server.replication {
        Replication::Stalled => Some("its replication is stalled".to_owned()),
        Replication::Backlog | Replication::Paused | Replication::Rescan => Some(format!(
            "its replication is in state {}",
            server.replication.name()
        )),
        Replication::Stopped
        | Replication::Disconnected
        | Replication::Initiating
        | Replication::InitialSync
        | Replication::CreatingSnapshot
        | Replication::Continuous
        | Replication::Other(_) => server
            .lag_seconds
            .filter(|&lag| lag > LAG_SECONDS_MAX)
            .map(|lag| format!("its data is {lag} seconds old")),
    }
}
