//! What DRS says of a source server, in our words.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{JobId, RecoveryInstanceId, SourceServerId};
use crate::text::{Hostname, Reason, Text};

/// A source server as DRS describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceServer {
    /// Its id.
    pub id: SourceServerId,
    /// The name it gives itself.
    pub hostname: Option<Hostname>,
    /// How its replication stands.
    pub replication: Replication,
    /// Age of the newest consistent data in seconds; absent where DRS cannot tell.
    pub lag_seconds: Option<u64>,
    /// The Region it comes from, for servers in AWS.
    pub origin_region: Option<String>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// Its current recovery instance, by DRS's record.
    pub recovery_instance: Option<RecoveryInstanceId>,
    /// The job of its last launch.
    pub last_launch_job: Option<JobId>,
    /// Whether its staging area, in another account, can be used.
    pub staging_area: StagingArea,
    /// Whether DRS reports a volume that keeps it from being recovered (MISSING_*, PENDING).
    pub volumes: Volumes,
}

/// The staging area of a server: in its own account, or in another one that it was extended from
/// (`stagingArea` of `SourceServer` in DRS's API reference).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StagingArea {
    /// Where it can be used, or DRS says nothing of it.
    Usable,
    /// In another account, and out of reach: DRS refuses to launch the server.
    OutOfReach {
        /// That account, where DRS names it.
        account: Option<Text<12>>,
        /// DRS's words, where it has any.
        reason: Option<Reason>,
    },
}

/// Whether all volumes can be recovered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Volumes {
    /// All of them.
    Ready,
    /// At least one has missing or pending attributes, which blocks recovery.
    Missing,
}

/// The replication states of DRS. A state that this program does not know is kept as text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Replication {
    /// STOPPED.
    Stopped,
    /// INITIATING: nothing to recover from yet.
    Initiating,
    /// `INITIAL_SYNC`: nothing to recover from yet.
    InitialSync,
    /// BACKLOG: lagging.
    Backlog,
    /// `CREATING_SNAPSHOT`: a normal transient.
    CreatingSnapshot,
    /// CONTINUOUS: healthy.
    Continuous,
    /// PAUSED.
    Paused,
    /// RESCAN: reading its disks again.
    Rescan,
    /// STALLED: needs help; recoverable to its last point.
    Stalled,
    /// DISCONNECTED: no longer known to the agent.
    Disconnected,
    /// A state of a newer DRS.
    Other(String),
}

impl Replication {
    /// The state of this DRS name.
    pub fn from_name(name: &str) -> Self {
        match name {
            "STOPPED" => Self::Stopped,
            "INITIATING" => Self::Initiating,
            "INITIAL_SYNC" => Self::InitialSync,
            "BACKLOG" => Self::Backlog,
            "CREATING_SNAPSHOT" => Self::CreatingSnapshot,
            "CONTINUOUS" => Self::Continuous,
            "PAUSED" => Self::Paused,
            "RESCAN" => Self::Rescan,
            "STALLED" => Self::Stalled,
            "DISCONNECTED" => Self::Disconnected,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The DRS name of the state.
    pub fn name(&self) -> &str {
        match self {
            Self::Stopped => "STOPPED",
            Self::Initiating => "INITIATING",
            Self::InitialSync => "INITIAL_SYNC",
            Self::Backlog => "BACKLOG",
            Self::CreatingSnapshot => "CREATING_SNAPSHOT",
            Self::Continuous => "CONTINUOUS",
            Self::Paused => "PAUSED",
            Self::Rescan => "RESCAN",
            Self::Stalled => "STALLED",
            Self::Disconnected => "DISCONNECTED",
            Self::Other(name) => name,
        }
    }
}

/// Most addresses of an instance that are kept: EC2 allows hundreds.
pub const ADDRESSES_MAX: usize = 8;

/// A recovery instance as DRS describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryInstance {
    /// Its id; the EC2 instance id as well.
    pub id: RecoveryInstanceId,
    /// The server it stands for.
    pub server: Option<SourceServerId>,
    /// The job that launched it.
    pub job: Option<JobId>,
    /// What it was launched for, as DRS says; absent where DRS does not say.
    pub drill: DrillFlag,
    /// EC2's state by DRS's record, upper case, such as `RUNNING`.
    pub ec2_state: Option<Text<32>>,
    /// Private addresses of its network interfaces, the first [`ADDRESSES_MAX`].
    pub private_ips: Vec<Text<48>>,
    /// The point in time its data is from.
    pub recovery_point_at: Option<Timestamp>,
    /// DRS's failback state, where there is one.
    pub failback_state: Option<Text<48>>,
}

/// DRS's word on what an instance was launched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DrillFlag {
    /// `isDrill: true`.
    Drill,
    /// `isDrill: false`.
    Recovery,
    /// Not said. It is never taken for a drill.
    Unsaid,
}

impl RecoveryInstance {
    /// Whether anything is left of it that could be lost: false only where EC2 says that it
    /// is gone or going.
    pub fn is_live(&self) -> bool {
        !(self.is_ended() || self.is_missing())
    }

    /// Whether EC2 says that it was ended, or is being ended. `NOT_FOUND` is no such word: EC2 shows
    /// what is new a little late.
    pub fn is_ended(&self) -> bool {
        matches!(
            self.ec2_state.as_deref(),
            Some("TERMINATED" | "SHUTTING-DOWN")
        )
    }

    /// Whether EC2 has no instance of this id.
    pub fn is_missing(&self) -> bool {
        self.ec2_state.as_deref() == Some("NOT_FOUND")
    }

    /// Whether a failback from it is under way.
    pub fn is_failing_back(&self) -> bool {
        matches!(
            self.failback_state.as_deref(),
            Some(
                "FAILBACK_IN_PROGRESS"
                    | "FAILBACK_READY_FOR_LAUNCH"
                    | "FAILBACK_NOT_READY_FOR_LAUNCH"
                    | "FAILBACK_ERROR"
            )
        )
    }
}
