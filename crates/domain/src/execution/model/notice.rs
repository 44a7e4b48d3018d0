//! What somebody is told without asking: a few things that cannot wait until a person looks.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::text::Sentence;

/// One thing to tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What kind.
    pub kind: NoticeKind,
    /// The wave, from 0, where it is about one.
    pub wave: Option<usize>,
    /// A sentence.
    pub text: Sentence,
}

/// Kinds of notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NoticeKind {
    /// A recovery has started.
    RecoveryStarted,
    /// Something waits for a person.
    HoldOpened,
    /// A recovery still waits for a person.
    HoldWaits,
    /// A wave ended without what it needed.
    WaveFailed,
    /// The execution has ended.
    ExecutionEnded,
    /// Jobs are in flight, and DRS cannot be looked at.
    ObservationFailing,
    /// A day after a drill, its instances are still there.
    DrillInstancesAlive,
}

/// What has been told already, so that it is told once.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct NotificationState {
    /// When a person was last reminded of open holds.
    pub reminded_at: Option<Timestamp>,
    /// Since when every look at DRS has failed.
    pub blind_since: Option<Timestamp>,
    /// When that was told.
    pub blind_told_at: Option<Timestamp>,
    /// When it was told that instances are still there.
    pub alive_told_at: Option<Timestamp>,
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::RecoveryStarted,
        Self::HoldOpened,
        Self::HoldWaits,
        Self::WaveFailed,
        Self::ExecutionEnded,
        Self::ObservationFailing,
        Self::DrillInstancesAlive,
    ];

    /// The words that an event of it has as its type.
    pub fn title(self) -> &'static str {
        match self {
            Self::RecoveryStarted => "Recovery Started",
            Self::HoldOpened => "Hold Opened",
            Self::HoldWaits => "Hold Waits",
            Self::WaveFailed => "Wave Failed",
            Self::ExecutionEnded => "Execution Ended",
            Self::ObservationFailing => "Observation Failing",
            Self::DrillInstancesAlive => "Drill Instances Alive",
        }
    }
}
