//! What people can ask of an execution. A refused command changes nothing and says why.

use serde::{Deserialize, Serialize};

use crate::ids::{HoldId, JobId, SourceServerId, WaveKey};

/// What a person asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Start nothing new from now on.
    Pause,
    /// Open these holds; the only one, where none is named.
    Resume {
        /// Which.
        holds: Vec<HoldId>,
        /// Why; required for going on without a failed wave.
        comment: Option<String>,
    },
    /// Launch failed servers of a wave again.
    Retry {
        /// The wave.
        wave: WaveKey,
        /// Which; left out, all that have failed.
        servers: Option<Vec<SourceServerId>>,
        /// Why.
        reason: Option<String>,
    },
    /// Go on without a wave.
    Skip {
        /// The wave.
        wave: WaveKey,
        /// Why.
        reason: String,
    },
    /// Start nothing more, follow what runs, and end.
    Cancel {
        /// Why.
        reason: Option<String>,
        /// Servers in flight that nobody waits for any more.
        give_up_on: Vec<SourceServerId>,
    },
    /// Say what became of a launch that is in doubt.
    Resolve {
        /// The UNDECIDED hold.
        hold: HoldId,
        /// What became of it.
        resolution: Resolution,
    },
    /// Terminate what a drill has launched.
    TerminateInstances {
        /// The plan's name, repeated.
        confirm: String,
    },
}

/// What became of a launch that was in doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// This job is the launch. It has been compared: its servers, its kind, its tags.
    Job(JobId),
    /// DRS has launched nothing, for this reason.
    NoJob(String),
}

/// The commands by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CommandName {
    /// [`Command::Pause`].
    Pause,
    /// [`Command::Resume`].
    Resume,
    /// [`Command::Cancel`].
    Cancel,
    /// [`Command::Retry`].
    Retry,
    /// [`Command::Skip`].
    Skip,
    /// [`Command::Resolve`].
    Resolve,
    /// [`Command::TerminateInstances`].
    TerminateInstances,
}

impl CommandName {
    /// Every command.
    pub const ALL: [Self; 7] = [
        Self::Pause,
        Self::Resume,
        Self::Cancel,
        Self::Retry,
        Self::Skip,
        Self::Resolve,
        Self::TerminateInstances,
    ];
}

impl CommandName {
    /// The word for it in logs and counts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pause => "PAUSE",
            Self::Resume => "RESUME",
            Self::Cancel => "CANCEL",
            Self::Retry => "RETRY",
            Self::Skip => "SKIP",
            Self::Resolve => "RESOLVE",
            Self::TerminateInstances => "TERMINATE_INSTANCES",
        }
    }
}

impl Command {
    /// Which command it is.
    pub fn name(&self) -> CommandName {
        match self {
            Self::Pause => CommandName::Pause,
            Self::Resume { .. } => CommandName::Resume,
            Self::Retry { .. } => CommandName::Retry,
            Self::Skip { .. } => CommandName::Skip,
            Self::Cancel { .. } => CommandName::Cancel,
            Self::Resolve { .. } => CommandName::Resolve,
            Self::TerminateInstances { .. } => CommandName::TerminateInstances,
        }
    }
}
