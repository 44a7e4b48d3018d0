//! What has to be done about the world: told from the state alone, so that the next tick asks
//! again for whatever was lost.

use jiff::{SignedDuration, Timestamp};

use super::batch::{BatchReference, BatchState, attempt_tag};
use super::decide::Turn;
use super::effect::{Effect, PlanLock};
use super::{Course, Lock, clean_up};

/// Looks at jobs are at least this far apart when the execution itself asks for them; the
/// poller looks more often.
const LOOK_EVERY: SignedDuration = SignedDuration::from_secs(10);
/// Looks for a doubtful attempt are at least this far apart.
const SEEK_EVERY: SignedDuration = SignedDuration::from_secs(5);

/// What a tick has to have done: told from the state alone, so that the next tick can ask
/// again for whatever was lost.
pub(super) fn errands(turn: &mut Turn) {
    let mut effects = Vec::new();
    let now = turn.now;
    let execution = &turn.next;
    for (reference, batch) in execution.batches() {
        match &batch.state {
            BatchState::Idle | BatchState::Following(_) => {}
            BatchState::Queued(queued) => {
                if matches!(execution.head.course, Course::Going) && queued.not_before <= now {
                    effects.push(Effect::look_before_launch(execution, reference, batch));
                }
            }
            BatchState::Launching { since, .. } => {
                if now.duration_since(*since) >= SEEK_EVERY {
                    effects.push(seek(execution, reference));
                }
            }
            BatchState::Reconciling(doubt) | BatchState::Undecided { doubt, .. } => {
                if doubt
                    .looked_at
                    .is_none_or(|at| now.duration_since(at) >= SEEK_EVERY)
                {
                    effects.push(seek(execution, reference));
                }
            }
        }
    }
    effects.extend(observations(execution, now));
    effects.extend(release(execution));
    effects.extend(clean_up::errands(execution, now));
    turn.effects.extend(effects);
}

fn seek(execution: &super::Execution, reference: BatchReference) -> Effect {
    let batch = &execution.waves[reference.wave].batches[reference.batch];
    Effect::SeekAttempt {
        fence: super::Fence {
            batch: reference,
            attempt: batch.attempt,
            intent_at: batch.intent_at().unwrap_or(Timestamp::UNIX_EPOCH),
        },
        place: batch.place.clone(),
        servers: batch
            .called_servers()
            .map(|server| (server.id.clone(), server.last_launch_before.clone()))
            .collect(),
        tag: attempt_tag(&execution.head.id, reference, batch.attempt),
    }
}

fn observations(execution: &super::Execution, now: Timestamp) -> Vec<Effect> {
    let recent = execution
        .head
        .observation
        .looked_at
        .is_some_and(|at| now.duration_since(at) < LOOK_EVERY);
    let mut by_place = std::collections::BTreeMap::new();
    for (_, batch) in execution.batches() {
        if let Some(job) = batch.job_in_flight() {
            by_place
                .entry(&batch.place)
                .or_insert_with(Vec::new)
                .push(job.clone());
        }
    }
    if recent {
        return Vec::new();
    }
    by_place
        .into_iter()
        .map(|(place, jobs)| Effect::Observe {
            place: place.clone(),
            jobs,
        })
        .collect()
}

/// Locks go when the execution has ended and nothing of their batch is in flight.
fn release(execution: &super::Execution) -> Option<Effect> {
    if !execution.has_ended() || clean_up::needs_locks(execution) {
        return None;
    }
    let free: Vec<(BatchReference, &super::Batch)> = execution
        .batches()
        .filter(|(_, batch)| batch.locks == Lock::Held && !batch.is_in_flight())
        .collect();
    let plan = match execution.head.plan_lock {
        Lock::Held => PlanLock::Release,
        Lock::Free => PlanLock::Leave,
    };
    if free.is_empty() && plan == PlanLock::Leave {
        return None;
    }
    Some(Effect::ReleaseLocks {
        batches: free.iter().map(|(reference, _)| *reference).collect(),
        servers: free
            .iter()
            .flat_map(|(_, batch)| {
                batch
                    .servers
                    .iter()
                    .map(|server| (batch.place.clone(), server.id.clone()))
            })
            .collect(),
        plan,
    })
}

/// The table says that these locks are free.
pub(super) fn released(turn: &mut Turn, batches: &[BatchReference], plan: PlanLock) {
    if !turn.next.has_ended() {
        return;
    }
    // A clean-up that began meanwhile has taken the servers' locks again.
    let needed = clean_up::needs_locks(&turn.next);
    for reference in batches {
        if let Some(batch) = turn
            .next
            .waves
            .get_mut(reference.wave)
            .and_then(|wave| wave.batches.get_mut(reference.batch))
            && !batch.is_in_flight()
            && !needed
        {
            batch.locks = Lock::Free;
        }
    }
    if plan == PlanLock::Release {
        turn.next.head.plan_lock = Lock::Free;
    }
}
