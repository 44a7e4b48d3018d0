//! Load, decide, save if nobody else did, do what was decided: the only writer of executions.

use std::collections::VecDeque;

use domain::ExecutionId;
use domain::execution::queries::left_instances::sleeps_until;
use domain::execution::queries::status::{Drive, drive};
use domain::execution::queries::take_over::set_free;
use domain::execution::{Decision, Effect, Event, decide};

use crate::event_log;
use crate::notification_delivery;
use crate::ports::StoreError;
use crate::ports::execution_store::{SideWrites, Stage, StoredExecution};
use crate::{Engine, EngineError};

/// How often a save is tried again after somebody else has saved.
const CONFLICTS_MAX: u32 = 20;
/// Most decisions of one call. Each batch of an execution takes a handful.
const TURNS_MAX: u32 = 400;

/// What becomes of the effects of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EffectMode {
    /// They are performed: by the orchestration function, which alone writes to DRS.
    Perform,
    /// They are left to orchestration, which finds them in the state that was saved: by everybody
    /// else.
    Leave,
    /// As [`EffectMode::Leave`], by one who wakes the machine after the save: should the wake be
    /// lost, the finder comes soon.
    LeaveAndWake,
}

/// What came of advancing.
#[derive(Debug, Clone)]
pub struct Advanced {
    /// The execution as it is now.
    pub stored: StoredExecution,
    /// How many saves it took.
    pub saves: u32,
}

/// What is to be done, and for which version of the execution that was decided.
#[derive(Debug)]
pub(crate) struct DecidedEffect {
    pub(crate) effect: Effect,
    pub(crate) decided: u64,
}

enum Work {
    Event(Event),
    Effect(DecidedEffect),
}

impl Engine {
    /// Tells an execution what happened, and performs or leaves what follows.
    pub async fn advance(
        &self,
        id: &ExecutionId,
        event: Event,
        mode: EffectMode,
    ) -> Result<Advanced, EngineError> {
        let mut stored = self.load(id).await?;
        let mut work = VecDeque::from([Work::Event(event)]);
        let mut saves = 0;
        for _ in 0..TURNS_MAX {
            match work.pop_front() {
                None => return Ok(Advanced { stored, saves }),
                Some(Work::Event(event)) => {
                    let effects = match self.turn(&mut stored, &event, mode, &mut saves).await {
                        // Another launch was promised room since the look: look again.
                        Err(EngineError::Store(StoreError::StaleLedger)) => {
                            crate::pre_launch_check::again(&stored.execution, &event)
                        }
                        effects => effects?,
                    };
                    if mode == EffectMode::Perform {
                        // What follows from this event is done before anything else, so that
                        // the next batch is looked at with this one's job in the picture.
                        let decided = stored.version;
                        for effect in effects.into_iter().rev() {
                            work.push_front(Work::Effect(DecidedEffect { effect, decided }));
                        }
                    }
                }
                Some(Work::Effect(effect)) => {
                    for event in self
                        .perform(&stored.execution, effect)
                        .await?
                        .into_iter()
                        .rev()
                    {
                        work.push_front(Work::Event(event));
                    }
                }
            }
        }
        Ok(Advanced { stored, saves })
    }

    /// One decision, saved. What the table does not take, because it is too large, it will not
    /// take at the next try either: the result is kept without what explains it, and where that
    /// does not help, a person is told.
    async fn turn(
        &self,
        stored: &mut StoredExecution,
        event: &Event,
        mode: EffectMode,
        saves: &mut u32,
    ) -> Result<Vec<Effect>, EngineError> {
        let text = match self.turn_whole(stored, event, mode, saves).await {
            Err(EngineError::Store(StoreError::TooLarge(text))) => text,
            answer => return answer,
        };
        let id = stored.execution.head.id.clone();
        tracing::error!(execution.id = %id, event.kind = event.word(), "a save is too large: {text}");
        if let Event::Command { .. } = event {
            return Err(StoreError::TooLarge(text).into());
        }
        let reduced = event.without_explanations();
        if reduced != *event {
            match self.turn_whole(stored, &reduced, mode, saves).await {
                Err(EngineError::Store(StoreError::TooLarge(_))) => {}
                answer => return answer,
            }
        }
        let text = text.into();
        self.turn_whole(stored, &Event::SaveRefused { text }, mode, saves)
            .await
    }

    /// One decision, saved as it is.
    async fn turn_whole(
        &self,
        stored: &mut StoredExecution,
        event: &Event,
        mode: EffectMode,
        saves: &mut u32,
    ) -> Result<Vec<Effect>, EngineError> {
        for _ in 0..CONFLICTS_MAX {
            let before = stored.version;
            match self.turn_from(stored, event, mode).await {
                Ok(effects) => {
                    *saves += u32::from(stored.version != before);
                    return Ok(effects);
                }
                Err(EngineError::Store(StoreError::Stale)) => {
                    let id = stored.execution.head.id.clone();
                    *stored = self.load(&id).await?;
                }
                Err(error) => return Err(error),
            }
        }
        Err(StoreError::Unavailable("too many writers at once".to_owned()).into())
    }

    /// One decision about an execution as it was read, saved where it still stands so; else
    /// [`StoreError::Stale`].
    pub(crate) async fn turn_from(
        &self,
        stored: &mut StoredExecution,
        event: &Event,
        mode: EffectMode,
    ) -> Result<Vec<Effect>, EngineError> {
        let batch = event.batch();
        tracing::debug!(
            execution.id = %stored.execution.head.id,
            execution.version = stored.version,
            event.kind = event.word(),
            wave.index = batch.map(|batch| batch.wave as u64),
            batch.index = batch.map(|batch| batch.batch as u64),
            "deciding"
        );
        let mut decision = decide(&stored.execution, event, self.now())?;
        if decision.next == stored.execution && decision.notes.is_empty() {
            return Ok(decision.effects);
        }
        let effects = std::mem::take(&mut decision.effects);
        *stored = self.save(stored, decision, mode).await?;
        Ok(effects)
    }

    async fn save(
        &self,
        before: &StoredExecution,
        decision: Decision,
        mode: EffectMode,
    ) -> Result<StoredExecution, StoreError> {
        let now = self.now();
        let events = event_log::chain(decision.notes, before.events, &before.last_hash, now);
        for event in &events {
            tracing::info!(
                execution.id = %before.execution.head.id,
                event.code = ?event.note.code,
                event.number = event.number,
                wave.index = event.note.wave,
                "{}", event.note.text
            );
        }
        let asleep_until = sleeps_until(&decision.next);
        let stage = match drive(&decision.next) {
            Drive::Done if asleep_until.is_none() => Stage::Over,
            Drive::Done | Drive::Soon | Drive::Held => Stage::Live,
        };
        let side_writes = SideWrites {
            ledger: decision.ledger,
            outbox: notification_delivery::entries(
                &decision.next,
                before.version + 1,
                decision.notices,
                now,
            ),
        };
        let last_hash = events
            .last()
            .map_or_else(|| before.last_hash.clone(), |e| e.hash.clone());
        let after = StoredExecution {
            execution: decision.next,
            version: before.version + 1,
            stage,
            events: before.events + events.len() as u64,
            last_hash,
            driven_until: match (asleep_until, sleeps_until(&before.execution)) {
                (Some(until), _) => until,
                // What wakes it may die before it has started a machine.
                (None, Some(_)) => now,
                (None, None) => match mode {
                    EffectMode::Perform | EffectMode::Leave => before.driven_until,
                    EffectMode::LeaveAndWake => self.drives_by(),
                },
            },
            starts: before.starts,
        };
        self.ports
            .store
            .save_with_side_writes(before, &after, &events, &side_writes)
            .await?;
        self.wake_all(&set_free(&before.execution, &after.execution))
            .await;
        Ok(after)
    }

    /// An execution that has been accepted.
    pub(crate) async fn load(&self, id: &ExecutionId) -> Result<StoredExecution, EngineError> {
        self.ports
            .store
            .execution(id)
            .await?
            .filter(|stored| stored.stage != Stage::Acquiring)
            .ok_or_else(|| EngineError::not_found("execution", id))
    }
}
