//! The look before a launch: what cannot launch is taken out, what must wait waits, and the
//! rest is sent.

use jiff::{SignedDuration, Timestamp};

use super::working::Transition;
use crate::execution::model::batch::{Batch, BatchReference, attempt_tag};
use crate::execution::model::batch_state::{BatchState, Obstacle, Queued};
use crate::execution::model::course::Course;
use crate::execution::model::decision::LedgerChange;
use crate::execution::model::event::{FailedLook, FaultClass, LaunchLook};
use crate::execution::model::ledger::{Claimant, Request, Verdict};
use crate::execution::model::note::NoteCode;
use crate::execution::model::server::{Replaces, ServerState};
use crate::execution::transition::launch::intend;
use crate::execution::transition::queue::{batch_mut, delay, split};
use crate::ids::SourceServerId;
use crate::kind::Kind;
use crate::launchability::{Launchability, guard, judge, lagging};
use crate::text::{LISTED_MAX, some_of};

/// How often a look may fail before a recovery whose operator acknowledged that nothing
/// could be verified goes on without one.
const LOOKS_BEFORE_BLIND_LAUNCH: u32 = 3;

/// A look that began longer ago launches nothing: within some minutes a job of somebody else can
/// begin and end, and its instance would be destroyed unseen. A look that takes as long as this
/// would leave its function no time to launch anyway.
const LOOK_VALID: SignedDuration = SignedDuration::from_secs(90);

/// A queued batch was looked at: take out what cannot launch, let wait what must, and save the
/// intent of launching the rest.
pub(super) fn looked(
    transition: &mut Transition,
    reference: BatchReference,
    look: &Result<LaunchLook, FailedLook>,
) {
    let going =
        matches!(transition.next.head.course, Course::Running) && !transition.next.has_ended();
    let now = transition.now;
    let Some(batch) = batch_mut(transition, reference) else {
        return;
    };
    let BatchState::Queued(queued) = batch.state.clone() else {
        return;
    };
    if !going || is_stale(batch, &queued, look, now) {
        return;
    }
    match look {
        Err(failed) => look_failed(transition, reference, &queued, failed),
        Ok(look) => {
            transition.next.head.observation.saw(look.begun_at);
            let sorted = sort_out(transition, reference, look);
            split_off(transition, reference, &sorted.waiting);
            split_to_limit(transition, reference, look);
            launch_rest(transition, reference, &queued, look);
        }
    }
}

/// A look that is about another moment of this batch: it took too long, the batch has been put
/// off since, or has servers that nobody looked at. The next tick asks for another.
fn is_stale(
    batch: &Batch,
    queued: &Queued,
    look: &Result<LaunchLook, FailedLook>,
    now: Timestamp,
) -> bool {
    let unseen = look.as_ref().is_ok_and(|look| {
        !batch
            .queued_servers()
            .all(|server| look.servers.iter().any(|seen| seen.id == server.id))
    });
    let old = look
        .as_ref()
        .is_ok_and(|look| now.duration_since(look.begun_at) > LOOK_VALID);
    unseen || old || now < queued.not_before
}

fn look_failed(
    transition: &mut Transition,
    reference: BatchReference,
    queued: &Queued,
    failed: &FailedLook,
) {
    let now = transition.now;
    let fault = &failed.fault;
    let blind = transition.next.head.kind == Kind::Recovery
        && transition.next.head.consent.unverified.is_some()
        // Unseen, the instances that are to be kept would be destroyed.
        && transition.next.head.consent.continues.is_none()
        && fault.class != FaultClass::NotInitialised
        && matches!(
            queued.obstacle,
            Obstacle::Unavailable(_) | Obstacle::Denied(_)
        )
        && queued.tries >= LOOKS_BEFORE_BLIND_LAUNCH;
    if fault.class == FaultClass::NotInitialised {
        let Some(batch) = batch_mut(transition, reference) else {
            return;
        };
        for server in batch
            .servers
            .iter_mut()
            .filter(|s| s.state == ServerState::Queued)
        {
            server.fail(fault.text.clone());
        }
        batch.state = BatchState::Idle;
    } else if blind {
        let waiting = failed.in_doubt.iter().cloned();
        let waiting: Vec<(SourceServerId, Obstacle)> = waiting
            .map(|(server, execution)| (server, Obstacle::InDoubt(execution)))
            .collect();
        split_off(transition, reference, &waiting);
        let still = BatchState::Queued(queued.clone());
        if transition.next.batch(reference).map(|batch| &batch.state) == Some(&still) {
            launch_blind(transition, reference, failed);
        }
    } else {
        let obstacle = match fault.class {
            FaultClass::Denied => Obstacle::Denied(fault.text.clone()),
            FaultClass::Passing | FaultClass::NotInitialised => {
                Obstacle::Unavailable(fault.text.clone())
            }
        };
        delay(transition, reference, queued.after(obstacle, now));
    }
}

/// Launches without a look what nothing that was seen forbids to launch.
fn launch_blind(transition: &mut Transition, reference: BatchReference, failed: &FailedLook) {
    let kind = transition.next.head.kind;
    let consent = transition.next.head.consent.clone();
    let mut taken_out = Vec::new();
    let Some(batch) = batch_mut(transition, reference) else {
        return;
    };
    for server in batch
        .servers
        .iter_mut()
        .filter(|s| s.state == ServerState::Queued)
    {
        let live = failed
            .live_instances
            .iter()
            .find(|(id, _)| *id == server.id);
        match live.and_then(|(id, live)| guard(id, live, kind, &consent)) {
            Some(reason) => {
                taken_out.push(format!("{} ({reason})", server.id));
                server.fail(reason);
            }
            None => server.warn("launched without a look, as acknowledged at the start"),
        }
    }
    let some_are_left = batch.queued_servers().next().is_some();
    if !some_are_left {
        batch.state = BatchState::Idle;
    }
    note_taken_out(transition, reference, &taken_out);
    if some_are_left {
        intend(transition, reference, None);
    }
}

fn note_taken_out(transition: &mut Transition, reference: BatchReference, taken_out: &[String]) {
    if !taken_out.is_empty() {
        let each = some_of(taken_out, LISTED_MAX);
        let text = format!("taken out before the launch: {each}");
        transition.note_wave(NoteCode::ServersTakenOut, reference.wave, text);
    }
}

/// What a look says of the servers that are left.
#[derive(Default)]
struct Sorted {
    /// Those that a job in progress has, or that are in doubt.
    waiting: Vec<(SourceServerId, Obstacle)>,
}

/// Fails what cannot launch, notes what the launch destroys; gives back what must wait.
fn sort_out(transition: &mut Transition, reference: BatchReference, look: &LaunchLook) -> Sorted {
    let kind = transition.next.head.kind;
    let consent = transition.next.head.consent.clone();
    let mut sorted = Sorted::default();
    let mut taken_out = Vec::new();
    let mut carried = Vec::new();
    let Some(batch) = batch_mut(transition, reference) else {
        return sorted;
    };
    for server in batch
        .servers
        .iter_mut()
        .filter(|s| s.state == ServerState::Queued)
    {
        let Some(seen) = look.servers.iter().find(|seen| seen.id == server.id) else {
            continue;
        };
        server.last_launch_before = seen
            .server
            .as_ref()
            .and_then(|seen| seen.last_launch_job.clone());
        match judge(seen, kind, &consent) {
            Launchability::Launch { replaces } => {
                if let Some(lag) = seen.server.as_ref().and_then(lagging) {
                    server.warn(format!("launched although {lag}"));
                }
                let launched_by = seen.launched_here.as_ref();
                server.replaces = replaces.map(|live| Replaces {
                    instance: live.id,
                    launched_by: launched_by.map(|(execution, _)| execution.clone()),
                });
            }
            Launchability::InJob(job) => {
                let obstacle = Obstacle::ServerInJob(job);
                sorted.waiting.push((server.id.clone(), obstacle));
            }
            Launchability::InDoubt(execution) => {
                let obstacle = Obstacle::InDoubt(execution);
                sorted.waiting.push((server.id.clone(), obstacle));
            }
            Launchability::CarriedOver(execution, instance) => {
                carried.push(format!("{} ({})", server.id, instance.id));
                server.carry_over(execution, instance);
            }
            Launchability::NotRecoverable(reason)
            | Launchability::Lagging(reason)
            | Launchability::Guarded(_, reason) => {
                taken_out.push(format!("{} ({reason})", server.id));
                server.fail(reason);
            }
        }
    }
    if !carried.is_empty() {
        let each = some_of(&carried, LISTED_MAX);
        let text = format!("launched before, and kept: {each}");
        transition.note_wave(NoteCode::CarriedOver, reference.wave, text);
    }
    note_taken_out(transition, reference, &taken_out);
    sorted
}

/// Servers that must wait for a job, or for the end of a doubt, do so in a batch of their own, so
/// that the others need not. Where all wait, the batch itself does.
fn split_off(
    transition: &mut Transition,
    reference: BatchReference,
    waiting: &[(SourceServerId, Obstacle)],
) {
    let now = transition.now;
    let Some((_, obstacle)) = waiting.first().cloned() else {
        return;
    };
    let Some(batch) = batch_mut(transition, reference) else {
        return;
    };
    let BatchState::Queued(queued) = batch.state.clone() else {
        return;
    };
    let delayed = queued.after(obstacle, now);
    if batch.queued_servers().count() == waiting.len() {
        delay(transition, reference, delayed);
        return;
    }
    let part = split(batch, |server| {
        waiting.iter().any(|(id, _)| *id == server.id)
    });
    let index = transition.next.waves[reference.wave].batches.len();
    transition.next.waves[reference.wave].batches.push(part);
    delay(
        transition,
        BatchReference {
            wave: reference.wave,
            batch: index,
        },
        delayed,
    );
}

fn launch_rest(
    transition: &mut Transition,
    reference: BatchReference,
    queued: &Queued,
    look: &LaunchLook,
) {
    let now = transition.now;
    let Some(batch) = batch_mut(transition, reference) else {
        return;
    };
    let servers = batch.queued_servers().count();
    if servers == 0 {
        batch.state = BatchState::Idle;
        return;
    }
    if batch.state != BatchState::Queued(queued.clone()) {
        return;
    }
    match ask_for_room(transition, reference, queued, look) {
        Verdict::Wait(reason) => {
            delay(
                transition,
                reference,
                queued.after(Obstacle::Quota(reason.into()), now),
            );
        }
        Verdict::Granted => {
            intend(
                transition,
                reference,
                Some(jobs_seen(reference, transition, look)),
            );
        }
    }
}

/// Asks the ledger for the batch; what it says is saved with the decision, so that nobody else
/// counts on the same room.
fn ask_for_room(
    transition: &mut Transition,
    reference: BatchReference,
    queued: &Queued,
    look: &LaunchLook,
) -> Verdict {
    let Some(batch) = transition.next.batch(reference) else {
        return Verdict::Wait("the batch is gone".to_owned());
    };
    let head = &transition.next.head;
    let request = Request {
        claimant: Claimant {
            execution: head.id.clone(),
            batch: reference,
        },
        kind: head.kind,
        tag: attempt_tag(&head.id, reference, batch.attempt),
        servers: batch
            .queued_servers()
            .map(|server| server.id.clone())
            .collect(),
        since: queued.since,
        usage: look.usage,
        limits: &look.limits,
    };
    let mut ledger = look.page.ledger.clone();
    let verdict = ledger.ask(&request, transition.now);
    transition.ledger = Some(LedgerChange {
        place: batch.place.clone(),
        read: look.page.version,
        ledger,
    });
    verdict
}

/// Jobs of anybody that are in progress, or promised and not shown yet.
fn jobs_seen(reference: BatchReference, transition: &Transition, look: &LaunchLook) -> u32 {
    let own = Claimant {
        execution: transition.next.head.id.clone(),
        batch: reference,
    };
    let promised = look.page.ledger.reservations.iter();
    let promised = promised.filter(|reservation| reservation.claimant != own);
    let promised = u32::try_from(promised.count()).unwrap_or(u32::MAX);
    look.usage.jobs.saturating_add(promised)
}

/// DRS takes fewer servers in one job, or in all, here than a batch has: the rest goes by another
/// job.
fn split_to_limit(transition: &mut Transition, reference: BatchReference, look: &LaunchLook) {
    let limits = &look.limits;
    let most = limits.servers_per_job.min(limits.servers_in_all_jobs);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let Some(batch) = batch_mut(transition, reference) else {
        return;
    };
    let beyond: Vec<SourceServerId> = batch
        .queued_servers()
        .skip(most.max(1))
        .map(|server| server.id.clone())
        .collect();
    if !beyond.is_empty() {
        let part = split(batch, |server| beyond.contains(&server.id));
        transition.next.waves[reference.wave].batches.push(part);
    }
}
