//! What the orchestration function does: one stretch of driving, and parking.

use domain::ExecutionId;
use domain::execution::Event;
use domain::execution::queries::left_instances::sleeps_until;
use domain::execution::queries::status::{Drive, drive, is_in_doubt};
use jiff::SignedDuration;

use crate::advance::EffectMode;
use crate::ports::StoreError;
use crate::ports::execution_store::StoredExecution;
use crate::ports::machines::Woken;
use crate::{Engine, EngineError};

/// Ticks of one stretch: each can release the next wave.
const TICKS_MAX: u32 = 8;
/// A stretch takes no further tick after this long; the next one goes on.
const STRETCH_MAX: SignedDuration = SignedDuration::from_secs(45);
/// How long the machine waits in `ParkBriefly`.
const PARK_BRIEF: SignedDuration = SignedDuration::from_secs(20);
/// How long the machine waits in `ParkLong`.
const PARK_LONG: SignedDuration = SignedDuration::from_secs(900);
/// Turns of one machine. A turn leaves about fourteen entries in the machine's history, some
/// more where a call was retried, and a history ends at 25,000 entries (Step Functions quotas).
const TURNS_OF_ONE_MACHINE: u32 = 1_000;
/// What the finder allows beyond a wait before it takes a machine for lost.
const GRACE: SignedDuration = SignedDuration::from_secs(60);

/// Which machine asks, and how long it has been asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MachineTurn {
    /// The number of the machine, from 1.
    pub start: u32,
    /// The turns that it has had before this one.
    pub earlier: u32,
}

/// What the machine does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Driven {
    /// Wait, hold, or end.
    pub next: Next,
    /// The version that was seen.
    pub version: u64,
}

/// What the machine does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Something runs: look again soon.
    Wait,
    /// Only a person can move it.
    Hold,
    /// No work is left for this machine.
    Ended,
    /// A fresh machine goes on.
    Continue,
}

/// How long a machine parks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Park {
    /// While something runs.
    Brief,
    /// While only a person can move it.
    Long,
}

impl Engine {
    /// Drives an execution as far as it goes now. A machine that was superseded is told to end,
    /// and one whose history would soon be full hands over to a fresh one.
    pub async fn drive(&self, id: &ExecutionId, turn: MachineTurn) -> Result<Driven, EngineError> {
        let stored = self.load(id).await?;
        if turn.start < stored.starts {
            return Ok(Driven {
                next: Next::Ended,
                version: stored.version,
            });
        }
        // This machine is awake: a token that is left is used up.
        self.ports.store.put_park(id, "").await?;
        self.ports
            .store
            .set_driven_until(id, self.now() + STRETCH_MAX * 2 + GRACE)
            .await?;
        let begun = self.now();
        let mut stored = stored;
        for _ in 0..TICKS_MAX {
            let advanced = self.advance(id, Event::Tick, EffectMode::Perform).await?;
            stored = advanced.stored;
            let late = self.now().duration_since(begun) > STRETCH_MAX;
            if advanced.saves == 0 || late {
                break;
            }
        }
        let (next, wait) = match drive(&stored.execution) {
            Drive::Soon => (Next::Wait, PARK_BRIEF),
            // What DRS shows again ends the doubt by itself, and nobody would come to tell.
            Drive::Held if is_in_doubt(&stored.execution) => (Next::Wait, PARK_BRIEF),
            Drive::Held => (Next::Hold, PARK_LONG),
            Drive::Done if self.is_woken_meanwhile(&stored).await? => (Next::Wait, PARK_BRIEF),
            Drive::Done => {
                return Ok(Driven {
                    next: Next::Ended,
                    version: stored.version,
                });
            }
        };
        self.ports
            .store
            .set_driven_until(id, self.now() + wait + GRACE)
            .await?;
        let next = if turn.earlier < TURNS_OF_ONE_MACHINE {
            next
        } else {
            self.hand_over(&stored).await?
        };
        Ok(Driven {
            next,
            version: stored.version,
        })
    }

    /// No work is left. Where something is to be told later the finder comes back then, unless
    /// somebody has given the execution work meanwhile: then this machine goes on.
    async fn is_woken_meanwhile(&self, stored: &StoredExecution) -> Result<bool, EngineError> {
        let Some(until) = sleeps_until(&stored.execution) else {
            return Ok(false);
        };
        let id = &stored.execution.head.id;
        let slept = self.ports.store.sleep_until(id, stored.version, until);
        match slept.await {
            Ok(()) => Ok(false),
            Err(StoreError::Stale) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    /// Starts the next machine. Where it does not start, the finder finds the execution due at
    /// once, because this machine ends in any case.
    async fn hand_over(&self, stored: &StoredExecution) -> Result<Next, EngineError> {
        let id = &stored.execution.head.id;
        if self.start_machine(stored).await? {
            tracing::info!(
                execution.id = %id,
                machine.start = stored.starts + 1,
                "a fresh machine goes on with execution {id}"
            );
        }
        Ok(Next::Continue)
    }

    /// Parks a machine. Where the execution has moved since `version`, the machine is sent on
    /// at once. Nothing here fails the machine: its own time limit wakes it in any case.
    pub async fn park(
        &self,
        id: &ExecutionId,
        version: u64,
        park: Park,
        token: &str,
    ) -> Result<(), EngineError> {
        let wait = match park {
            Park::Brief => PARK_BRIEF,
            Park::Long => PARK_LONG,
        };
        // Before the token: whoever finds the token says when the machine drives next, and that
        // word is the later one.
        let until = self.now() + wait + GRACE;
        match self.ports.store.set_driven_until(id, until).await {
            Ok(()) => {}
            Err(StoreError::Stale) => return Err(EngineError::not_found("execution", id)),
            Err(error) => return Err(error.into()),
        }
        self.ports.store.put_park(id, token).await?;
        if self.load(id).await?.version == version {
            return Ok(());
        }
        match self.ports.machines.wake(token).await {
            Ok(Woken::Woken | Woken::Gone) => Ok(()),
            Err(error) => Err(StoreError::Unavailable(error.to_string()).into()),
        }
    }
}
