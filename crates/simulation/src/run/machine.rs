//! The state machines of a run: who asks orchestration to drive, parks, and is tried again.

use std::sync::Arc;

use domain::ExecutionId;
use engine::EngineError;
use engine::drive::{Driven, MachineTurn, Next, Park};
use jiff::{SignedDuration, Timestamp};

use super::Stage;
use super::scheduler::{self, End, Fallen, Role};
use crate::machines::MachineState;
use crate::translation;

/// A machine calls again this long after an invocation that failed.
const RETRY_AFTER: SignedDuration = SignedDuration::from_secs(2);

impl Stage<'_> {
    pub(super) fn due_machines(&self, now: Timestamp) -> Vec<(String, ExecutionId, u32)> {
        let machines = self.room.lock();
        machines
            .iter()
            .filter(|(_, machine)| match &machine.state {
                MachineState::Ready(at)
                | MachineState::Parked { until: at, .. }
                | MachineState::Invoking { until: at, .. } => *at <= now,
                MachineState::Over => false,
            })
            .map(|(name, machine)| (name.clone(), machine.execution.clone(), machine.start))
            .collect()
    }

    /// A machine asks orchestration to drive. One that is impatient asks again before the first
    /// answer has come, as a client does whose connection broke.
    pub(super) fn advance(&mut self, name: &str, id: ExecutionId, start: u32, now: Timestamp) {
        let engine = Arc::clone(&self.engine);
        let earlier = self.turn_of(name);
        let turn = MachineTurn { start, earlier };
        let impatient = !self.is_calm && self.random.f64() < self.story.trouble.impatience;
        let until = if impatient {
            now + SignedDuration::from_secs(self.random.i64(1..60))
        } else {
            now + scheduler::FUNCTION_TIMEOUT * 2
        };
        let process = self.enter(Role::Advance(name.to_owned()), now, async move {
            End::Driven(engine.drive(&id, turn).await)
        });
        if let Some(machine) = self.room.lock().get_mut(name) {
            machine.state = MachineState::Invoking { process, until };
        }
    }

    /// The turns that a machine has had; it has one more now.
    fn turn_of(&self, name: &str) -> u32 {
        let mut machines = self.room.lock();
        machines.get_mut(name).map_or(0, |machine| {
            machine.turns += 1;
            machine.turns - 1
        })
    }

    /// A process has ended, or died.
    pub(super) fn fell(&mut self, number: u64, role: &Role, fallen: Fallen, now: Timestamp) {
        match (role, fallen) {
            (_, Fallen::Died) => {
                self.seen.deaths += 1;
                if let Role::Advance(name) = role {
                    self.retried(name, number, now);
                }
            }
            (Role::Advance(name), Fallen::Ended(End::Driven(driven))) => {
                self.driven(name, number, driven.ok(), now);
            }
            (_, Fallen::Ended(End::Commanded(Err(error)))) if is_refusal(&error) => {
                self.seen.refused += 1;
                self.checker.refused(number);
            }
            (_, Fallen::Ended(End::Started(Err(error)))) => {
                let refused_for = translation::refused_for(&error);
                self.checker.not_started(number, refused_for);
                self.seen.not_started = Some(error.to_string());
            }
            (_, Fallen::Ended(_)) => {}
        }
    }

    /// The invocation that a machine waits for has failed: it is tried again, unless the machine
    /// itself is gone.
    fn retried(&mut self, name: &str, number: u64, now: Timestamp) {
        let gone = !self.is_calm && self.random.u8(..5) == 0;
        if let Some(machine) = self.room.lock().get_mut(name)
            && machine.state.waits_for(number)
        {
            machine.state = if gone {
                MachineState::Over
            } else {
                MachineState::Ready(now + RETRY_AFTER)
            };
        }
    }

    fn driven(&mut self, name: &str, number: u64, driven: Option<Driven>, now: Timestamp) {
        let waited = {
            let machines = self.room.lock();
            let machine = machines.get(name);
            machine
                .filter(|machine| machine.state.waits_for(number))
                .map(|machine| machine.execution.clone())
        };
        // Nobody waits for the answer of an invocation that its machine gave up.
        let Some(id) = waited else { return };
        let (version, park) = match driven {
            None => return self.retried(name, number, now),
            Some(driven) => match driven.next {
                Next::Ended | Next::Continue => {
                    if let Some(machine) = self.room.lock().get_mut(name) {
                        machine.state = MachineState::Over;
                    }
                    return;
                }
                Next::Wait => (driven.version, Park::Brief),
                Next::Hold => (driven.version, Park::Long),
            },
        };
        self.park(name, id, version, park, now);
    }

    fn park(&mut self, name: &str, id: ExecutionId, version: u64, park: Park, now: Timestamp) {
        self.seen.parks += 1;
        let token = format!("token-{}", self.seen.parks);
        let seconds = match park {
            Park::Brief => 20,
            Park::Long => 900,
        };
        let until = now + SignedDuration::from_secs(seconds);
        if let Some(machine) = self.room.lock().get_mut(name) {
            machine.state = MachineState::Parked {
                token: token.clone(),
                until,
            };
        }
        let engine = Arc::clone(&self.engine);
        self.enter(Role::Park, now, async move {
            let _parked = engine.park(&id, version, park, &token).await;
            End::Other
        });
    }
}

fn is_refusal(error: &EngineError) -> bool {
    matches!(error, EngineError::Refused(_))
}
