//! Law 11: what is left to do waits for something that it names, and for what it really waits for.

use super::state::Checker;
use crate::facts::{Batch, BatchState, CleanUp, Execution, WaitingKind};

impl Checker {
    /// Law 11, for an execution as it was just saved.
    pub(super) fn judge_waiting(&mut self, execution: &Execution) {
        if !execution.is_over() && execution.waiting.is_empty() {
            let text = "an execution with work left waits for nothing";
            self.breach("law 11", text.to_owned());
        }
        for (index, wave) in execution.waves.iter().enumerate() {
            let mut expected: Vec<&[WaitingKind]> =
                wave.batches.iter().filter_map(kinds_of).collect();
            if !execution.has_ended() && wave.is_gated() {
                expected.push(&[WaitingKind::Gate]);
            }
            if !execution.has_ended() && wave.is_held_after_end() {
                expected.push(&[WaitingKind::Failure]);
            }
            for kinds in expected {
                if !names(execution, kinds, Some(index)) {
                    let text =
                        format!("wave {} does not say that it waits for {kinds:?}", wave.key);
                    self.breach("law 11", text);
                }
            }
        }
        let of_the_whole = [
            (
                !execution.has_ended() && execution.is_paused,
                WaitingKind::Manual,
            ),
            (execution.clean_up == CleanUp::Running, WaitingKind::CleanUp),
        ];
        for (waits, kind) in of_the_whole {
            if waits && !names(execution, &[kind], None) {
                let text = format!("an execution does not say that it waits for {kind:?}");
                self.breach("law 11", text);
            }
        }
    }

    /// Law 11, when all faults are over: only a launch that nobody could decide about still waits,
    /// for a person.
    pub(super) fn judge_over(&mut self, execution: &Execution) {
        let waits_for_person = execution.has_ended() && execution.is_undecided();
        if !execution.is_over() && !waits_for_person {
            let (id, waiting) = (&execution.id, &execution.waiting);
            let text = format!("execution {id} is not over when all faults are: {waiting:?}");
            self.breach("law 11", text);
        }
    }
}

/// What a batch in this state may say that it waits for; nothing where it waits for nothing.
fn kinds_of(batch: &Batch) -> Option<&'static [WaitingKind]> {
    match batch.state {
        BatchState::Idle => None,
        BatchState::Queued => Some(&[
            WaitingKind::Waves,
            WaitingKind::Quota,
            WaitingKind::ServerInJob,
            WaitingKind::Reconciling,
            WaitingKind::DrsUnavailable,
            WaitingKind::DrsRefused,
            WaitingKind::AccessDenied,
        ]),
        BatchState::Launching | BatchState::Following => Some(&[WaitingKind::DrsJob]),
        BatchState::Reconciling => Some(&[WaitingKind::Reconciling]),
        BatchState::Undecided => Some(&[WaitingKind::Undecided]),
    }
}

/// Whether people are told one of these kinds, of this wave or of the whole.
fn names(execution: &Execution, kinds: &[WaitingKind], wave: Option<usize>) -> bool {
    execution.waiting.iter().any(|waiting| {
        let is_meant = wave.is_none_or(|wave| waiting.waves.contains(&wave));
        kinds.contains(&waiting.kind) && is_meant
    })
}
