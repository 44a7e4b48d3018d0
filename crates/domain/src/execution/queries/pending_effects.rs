//! What has to be done about the world: told from the state alone, so that the next tick asks
//! again for whatever was lost.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::execution::model::batch::{Batch, BatchReference, Fence, attempt_tag};
use crate::execution::model::batch_state::BatchState;
use crate::execution::model::clean_up::{CLEAN_UP_LOOK_EVERY, CleanUp, KnownLaunches};
use crate::execution::model::course::Course;
use crate::execution::model::effect::{CleanUpLookAt, Ec2Question, Effect, PlanLock};
use crate::execution::model::execution::Execution;
use crate::execution::model::lock::Lock;
use crate::execution::queries::clean_up::needs_locks;
use crate::place::Place;

/// Looks at jobs are at least this far apart when the execution itself asks for them; the
/// poller looks more often.
const LOOK_EVERY: SignedDuration = SignedDuration::from_secs(10);
/// Looks for a doubtful attempt are at least this far apart.
const SEEK_EVERY: SignedDuration = SignedDuration::from_secs(5);

/// What a tick has to have done: told from the state alone, so that the next tick can ask
/// again for whatever was lost.
pub(in crate::execution) fn pending_effects(execution: &Execution, now: Timestamp) -> Vec<Effect> {
    let mut effects = Vec::new();
    for (reference, batch) in execution.batches() {
        match &batch.state {
            BatchState::Idle | BatchState::Following(_) => {}
            BatchState::Queued(queued) => {
                if matches!(execution.head.course, Course::Running) && queued.not_before <= now {
                    effects.push(Effect::check_before_launch(execution, reference, batch));
                }
            }
            BatchState::Launching { since, .. } => {
                if now.duration_since(*since) >= SEEK_EVERY {
                    effects.push(search_for_attempt(execution, reference));
                }
            }
            BatchState::Reconciling(doubt) | BatchState::Undecided { doubt, .. } => {
                if doubt
                    .looked_at
                    .is_none_or(|at| now.duration_since(at) >= SEEK_EVERY)
                {
                    effects.push(search_for_attempt(execution, reference));
                }
            }
        }
    }
    effects.extend(observations(execution, now));
    effects.extend(release(execution));
    effects.extend(clean_up_look(execution, now));
    effects
}

fn search_for_attempt(execution: &Execution, reference: BatchReference) -> Effect {
    let batch = &execution.waves[reference.wave].batches[reference.batch];
    Effect::SearchForAttempt {
        fence: Fence {
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

fn observations(execution: &Execution, now: Timestamp) -> Vec<Effect> {
    let recent = execution
        .head
        .observation
        .looked_at
        .is_some_and(|at| now.duration_since(at) < LOOK_EVERY);
    let mut by_place = BTreeMap::new();
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
fn release(execution: &Execution) -> Option<Effect> {
    if !execution.has_ended() || needs_locks(execution) {
        return None;
    }
    let free: Vec<(BatchReference, &Batch)> = execution
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

/// The next look, when it is due.
fn clean_up_look(execution: &Execution, now: Timestamp) -> Option<Effect> {
    let clean_up = &execution.head.clean_up;
    let recent = clean_up
        .looked_at
        .is_some_and(|at| now.duration_since(at) < CLEAN_UP_LOOK_EVERY);
    if !needs_locks(execution) || recent {
        return None;
    }
    let mut places: BTreeMap<&Place, CleanUpLookAt> = BTreeMap::new();
    for (_, batch) in execution.batches() {
        let look = places.entry(&batch.place).or_insert_with(|| CleanUpLookAt {
            place: batch.place.clone(),
            launch_jobs: Vec::new(),
            terminate_jobs: Vec::new(),
            servers: Vec::new(),
            ec2: Ec2Question::Instances(Vec::new()),
        });
        look.launch_jobs
            .extend(batch.jobs.iter().map(|job| job.id.clone()));
        look.servers
            .extend(batch.servers.iter().map(|server| server.id.clone()));
    }
    for job in clean_up.jobs.iter().filter(|job| job.is_looked_at()) {
        if let Some(look) = places.get_mut(&job.place) {
            look.terminate_jobs.push(job.id.clone());
        }
    }
    for look in places.values_mut() {
        look.ec2 = question(clean_up, &look.place, now);
    }
    Some(Effect::LookForCleanUp {
        known: KnownLaunches::of(execution),
        places: places.into_values().collect(),
    })
}

/// What EC2 is asked in one place: while a terminate job is at work there, nothing.
fn question(clean_up: &CleanUp, place: &Place, now: Timestamp) -> Ec2Question {
    let mut jobs = clean_up.jobs.iter().filter(|job| job.place == *place);
    if jobs.any(|job| job.is_awaited(now)) {
        return Ec2Question::NotYet;
    }
    let instances = clean_up.instances.iter();
    let asked = instances.filter(|known| known.place == *place && !known.is_gone());
    Ec2Question::Instances(asked.map(|known| known.id.clone()).collect())
}
