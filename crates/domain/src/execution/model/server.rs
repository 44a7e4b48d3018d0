//! One server of an execution.

use serde::{Deserialize, Serialize};

use crate::ids::{ExecutionId, JobId, ProtectionGroupId, RecoveryInstanceId, SourceServerId};
use crate::source_server::RecoveryInstance;
use crate::text::{Hostname, Reason, Warning};

/// Most warnings of one server: retries for days would add to them without end.
pub const WARNINGS_MAX: usize = 5;

/// One server of an execution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Server {
    /// Its id.
    pub id: SourceServerId,
    /// The name it had when the execution started.
    pub hostname: Option<Hostname>,
    /// The group that brought it here.
    pub group: ProtectionGroupId,
    /// Where it stands.
    pub state: ServerState,
    /// What DRS is doing with it, while it launches.
    pub phase: Option<Phase>,
    /// How often it was asked for at DRS.
    pub attempts: u32,
    /// The job of its last attempt.
    pub job: Option<JobId>,
    /// What came up.
    pub instance: Option<RecoveryInstance>,
    /// Why it did not launch.
    pub error: Option<Reason>,
    /// What people should know: the newest [`WARNINGS_MAX`].
    pub warnings: Vec<Warning>,
    /// Whether it came up after the execution had stopped waiting for it.
    pub arrival: Arrival,
    /// Whether somebody or a limit stopped the waiting for it.
    pub awaited: Awaited,
    /// The last launch job that DRS named before our attempt.
    pub last_launch_before: Option<JobId>,
    /// The execution whose launch destroyed this instance.
    pub replaced_by: Option<ExecutionId>,
    /// The instance that the launch which DRS is asked for destroys, and the execution of ours that
    /// has it. Nothing is destroyed until DRS has taken the launch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Replaces>,
    /// The execution that has taken over the lock on it.
    #[serde(default)]
    pub passed_to: Option<ExecutionId>,
    /// The execution that launched the instance which this one carries on with.
    #[serde(default)]
    pub carried_over: Option<ExecutionId>,
    /// EC2 instances that the logs of its failed launches name, of all its attempts. DRS may not
    /// list them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unregistered: Vec<RecoveryInstanceId>,
}

/// Where a server stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ServerState {
    /// Its wave has not started.
    Pending,
    /// Waits for its batch to be sent.
    Queued,
    /// Asked for at DRS, or about to be.
    Launching,
    /// Asked for, and no answer: DRS is being looked at.
    Reconciling,
    /// DRS says that it has launched.
    Launched,
    /// It did not launch.
    Failed,
    /// Its job ended, vanished, or is no longer waited for, without an answer.
    Unknown,
    /// A person went on without it.
    Skipped,
    /// The execution ended before it was asked for.
    Cancelled,
    /// DRS says that its instance was terminated before it was seen to launch.
    Terminated,
}

impl ServerState {
    /// Every state.
    pub const ALL: [Self; 10] = [
        Self::Pending,
        Self::Queued,
        Self::Launching,
        Self::Reconciling,
        Self::Launched,
        Self::Failed,
        Self::Unknown,
        Self::Skipped,
        Self::Cancelled,
        Self::Terminated,
    ];

    /// Whether nothing more is expected of it.
    pub fn has_ended(self) -> bool {
        match self {
            Self::Pending | Self::Queued | Self::Launching | Self::Reconciling => false,
            Self::Launched
            | Self::Failed
            | Self::Unknown
            | Self::Skipped
            | Self::Cancelled
            | Self::Terminated => true,
        }
    }
}

/// What DRS is doing with a launching server, from its job log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Phase {
    /// Removing the server's earlier instance.
    Cleanup,
    /// Taking a snapshot.
    Snapshot,
    /// Making it bootable.
    Conversion,
    /// Starting the instance.
    Launch,
}

/// Whether a server came up in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Arrival {
    /// While its wave waited for it, or not at all yet.
    InTime,
    /// After its wave had ended.
    Late,
}

/// An instance that a launch destroys, and may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaces {
    /// The instance.
    pub instance: RecoveryInstanceId,
    /// The execution of ours that has it among its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub launched_by: Option<ExecutionId>,
}

/// Whether a wave still waits for a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Awaited {
    /// Its job's end is waited for.
    Yes,
    /// A time limit, or a person who gave it up, stopped the waiting. Its job is followed.
    GivenUp,
}

impl Server {
    /// A server that has not been asked for.
    pub fn new(id: SourceServerId, hostname: Option<Hostname>, group: ProtectionGroupId) -> Self {
        Self {
            id,
            hostname,
            group,
            state: ServerState::Pending,
            phase: None,
            attempts: 0,
            job: None,
            instance: None,
            error: None,
            warnings: Vec::new(),
            arrival: Arrival::InTime,
            awaited: Awaited::Yes,
            last_launch_before: None,
            replaced_by: None,
            replaces: None,
            passed_to: None,
            carried_over: None,
            unregistered: Vec::new(),
        }
    }

    /// Ends without a launch, for this reason.
    pub(crate) fn fail(&mut self, reason: impl Into<Reason>) {
        self.state = ServerState::Failed;
        self.phase = None;
        self.error = Some(reason.into());
    }

    /// It is up already: the execution that is continued has launched it.
    pub(crate) fn carry_over(&mut self, from: ExecutionId, instance: RecoveryInstance) {
        self.state = ServerState::Launched;
        self.phase = None;
        self.error = None;
        self.job = None;
        self.instance = Some(instance);
        self.carried_over = Some(from);
    }

    /// Back in the queue for a further attempt that a person asked for.
    pub(crate) fn queue_again(&mut self) {
        self.state = ServerState::Queued;
        self.phase = None;
        self.error = None;
        self.job = None;
        self.instance = None;
        self.arrival = Arrival::InTime;
        self.awaited = Awaited::Yes;
    }

    /// Nobody waits for it any more, for this reason. What its job still brings is recorded.
    pub(crate) fn give_up(&mut self, reason: &str) {
        let meanwhile = if self.job.is_some() {
            "its job is still followed"
        } else {
            "whether DRS launched it is still being found out"
        };
        self.state = ServerState::Unknown;
        self.awaited = Awaited::GivenUp;
        self.phase = None;
        self.error = Some(format!("{reason}; {meanwhile}").into());
    }

    /// Whether it is in the call of this attempt, and DRS has not named a job for it yet.
    pub(crate) fn is_called(&self, attempt: u32) -> bool {
        let asked = self.attempts == attempt && self.job.is_none();
        match self.state {
            ServerState::Launching | ServerState::Reconciling => asked,
            ServerState::Unknown => asked && self.awaited == Awaited::GivenUp,
            ServerState::Pending
            | ServerState::Queued
            | ServerState::Launched
            | ServerState::Failed
            | ServerState::Skipped
            | ServerState::Cancelled
            | ServerState::Terminated => false,
        }
    }

    pub(crate) fn warn(&mut self, warning: impl Into<Warning>) {
        let warning = warning.into();
        if !self.warnings.contains(&warning) {
            if self.warnings.len() >= WARNINGS_MAX {
                self.warnings.remove(0);
            }
            self.warnings.push(warning);
        }
    }
}
