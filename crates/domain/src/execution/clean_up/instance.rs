//! One instance on its way out.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{CLEAN_LOOKS_MIN, LOOK_EVERY};
use crate::ids::{RecoveryInstanceId, SourceServerId};
use crate::place::Place;
use crate::text::Reason;

/// How often one instance is asked for before it counts as refused.
const TRIES_MAX: u32 = 3;
/// How long DRS may take with a termination that it has accepted (drs.md 2.4: 1 to 5 minutes
/// are typical, 10 allowed).
const TERMINATION_PATIENCE: SignedDuration = SignedDuration::from_mins(10);

/// One instance to go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CleanUpInstance {
    /// The instance.
    pub id: RecoveryInstanceId,
    /// The server it stands for.
    pub server: SourceServerId,
    /// Where.
    pub place: Place,
    /// Where it stands.
    pub state: CleanUpInstanceState,
    /// Why it is not terminated, or not yet.
    pub reason: Option<Reason>,
    /// How often it was asked for.
    pub tries: u32,
    /// When it was last asked for.
    pub asked_at: Option<Timestamp>,
    /// Looks in a row that did not show it alive.
    pub absent_looks: u32,
}

/// Where one instance stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CleanUpInstanceState {
    /// To be terminated.
    Pending,
    /// DRS was asked.
    Terminating,
    /// Gone, by our doing.
    Terminated,
    /// Gone before it was asked for.
    AlreadyGone,
    /// Not launched by this execution, or not a drill's: left alone.
    NotOurs,
    /// DRS refuses.
    Refused,
}

impl CleanUpInstance {
    pub(super) fn absent(&mut self) {
        self.absent_looks += 1;
        if self.absent_looks < CLEAN_LOOKS_MIN {
            return;
        }
        self.reason = None;
        self.state = match self.state {
            CleanUpInstanceState::Pending => CleanUpInstanceState::AlreadyGone,
            CleanUpInstanceState::Terminating | CleanUpInstanceState::Refused => {
                CleanUpInstanceState::Terminated
            }
            state @ (CleanUpInstanceState::Terminated
            | CleanUpInstanceState::AlreadyGone
            | CleanUpInstanceState::NotOurs) => state,
        };
    }

    /// Still alive: one that was asked for long ago, with no terminate job at work, is asked
    /// for again.
    pub(super) fn present(&mut self, now: Timestamp, busy: bool) {
        self.absent_looks = 0;
        match self.state {
            CleanUpInstanceState::Terminating => {
                let patience = if busy {
                    TERMINATION_PATIENCE
                } else {
                    LOOK_EVERY * 4
                };
                if self
                    .asked_at
                    .is_none_or(|at| now.duration_since(at) >= patience)
                {
                    self.again("DRS did not terminate it");
                }
            }
            // A listing can be stale, or not say yet whose the instance is.
            CleanUpInstanceState::Terminated
            | CleanUpInstanceState::AlreadyGone
            | CleanUpInstanceState::NotOurs => {
                self.state = CleanUpInstanceState::Pending;
                self.reason = None;
            }
            CleanUpInstanceState::Pending | CleanUpInstanceState::Refused => {}
        }
    }

    pub(super) fn again(&mut self, reason: &str) {
        self.reason = Some(reason.into());
        self.state = if self.tries >= TRIES_MAX {
            CleanUpInstanceState::Refused
        } else {
            CleanUpInstanceState::Pending
        };
    }
}
