//! What a look shows, merged: nothing is asked for that was not just seen.

use jiff::{SignedDuration, Timestamp};

use super::absence::{Absence, absence};
use super::job;
use super::standing::{is_launched_here, standing};
use super::terminate::terminate;
use crate::ec2_instance::{Ec2Instance, Ec2State};
use crate::execution::model::batch::{BatchJob, JobStatus};
use crate::execution::model::clean_up::{
    CleanUp, CleanUpInstance, CleanUpInstanceState, Ec2Blind, KnownLaunches, TerminateLog, Work,
};
use crate::execution::model::event::{CleanUpLook, Ec2Sight, FaultClass, WorldFault};
use crate::execution::model::execution::Execution;
use crate::execution::model::server::Server;
use crate::execution::queries::clean_up::{LAUNCH_MAX, may_still_come_up, needs_locks};
use crate::execution::transition::job_progress;
use crate::execution::transition::working::Transition;
use crate::ids::{RecoveryInstanceId, SourceServerId};
use crate::place::Place;

/// How long EC2 may not answer before that is not waited for, and how long it may refuse to: a
/// right that was just given takes a while to arrive.
const EC2_SILENT_MAX: SignedDuration = SignedDuration::from_mins(30);
const EC2_DENIED_MAX: SignedDuration = SignedDuration::from_mins(1);
/// How long after its beginning a job may have become known here: one whose answer was lost is
/// found by its tag.
const KNOWN_LATE: SignedDuration = SignedDuration::from_mins(5);
/// How long a doubtful request may be at work.
const DOUBT_MAX: SignedDuration = SignedDuration::from_mins(10);

/// Every place was looked at.
pub(in crate::execution) fn looked(
    transition: &mut Transition,
    known: KnownLaunches,
    places: &[(Place, Result<CleanUpLook, WorldFault>)],
) {
    if !needs_locks(&transition.next) {
        return;
    }
    let now = transition.now;
    let looks = || {
        let seen = places.iter();
        seen.filter_map(|(place, look)| look.as_ref().ok().map(|look| (place, look)))
    };
    for (place, look) in looks() {
        job_progress::seen(transition, place, &look.launch_jobs);
    }
    enlist_known(transition);
    let absence = absence(&transition.next, known, now);
    transition.next.head.clean_up.looked_at = Some(now);
    let waits = transition.next.head.waits;
    let mut left = 0;
    for (place, look) in looks() {
        enlist_seen(transition, place, look);
        job::seen(&mut transition.next.head.clean_up, place, look, waits, now);
        left += merge(transition, place, look, absence);
    }
    note_blindness(&mut transition.next.head.clean_up, places, now);
    count_clean_looks(transition, places, left, absence);
    if transition
        .next
        .head
        .clean_up
        .blind_for_too_long(now)
        .is_none()
    {
        for (place, look) in looks() {
            terminate(transition, place, look);
        }
    }
}

/// Since when looks fail, in DRS and in EC2.
fn note_blindness(
    clean_up: &mut CleanUp,
    places: &[(Place, Result<CleanUpLook, WorldFault>)],
    now: Timestamp,
) {
    let failure = places
        .iter()
        .rev()
        .find_map(|(_, look)| look.as_ref().err());
    clean_up.blind = failure.map(|fault| {
        let since = clean_up.blind.as_ref().map_or(now, |(since, _)| *since);
        (since, fault.text.clone())
    });
    let sights = || {
        let looks = places.iter().filter_map(|(_, look)| look.as_ref().ok());
        looks.map(|look| &look.ec2)
    };
    let fault = sights().find_map(|sight| match sight {
        Ec2Sight::Failed(fault) => Some(fault),
        Ec2Sight::NotAsked | Ec2Sight::Shown(_) => None,
    });
    let shown = |sight: &Ec2Sight| match sight {
        Ec2Sight::Shown(_) => true,
        Ec2Sight::NotAsked | Ec2Sight::Failed(_) => false,
    };
    match fault {
        Some(fault) => {
            let patience = match fault.class {
                FaultClass::Denied => EC2_DENIED_MAX,
                FaultClass::Passing | FaultClass::NotInitialised => EC2_SILENT_MAX,
            };
            let since = clean_up.ec2_blind.as_ref().map_or(now, |blind| blind.since);
            clean_up.ec2_blind = Some(Ec2Blind {
                since,
                until: since + patience,
                text: fault.text.clone(),
            });
        }
        None if sights().any(shown) => clean_up.ec2_blind = None,
        None => {}
    }
}

/// Counts the looks in a row that showed nothing of this execution. `left` is what this one
/// showed.
fn count_clean_looks(
    transition: &mut Transition,
    places: &[(Place, Result<CleanUpLook, WorldFault>)],
    left: usize,
    absence: Absence,
) {
    let now = transition.now;
    let in_flight = transition
        .next
        .batches()
        .any(|(_, batch)| batch.is_in_flight())
        || may_still_come_up(&transition.next, now).is_some();
    let clean_up = &mut transition.next.head.clean_up;
    let asked_all = places.iter().all(|(_, look)| {
        look.as_ref().is_ok_and(|look| match look.ec2 {
            Ec2Sight::NotAsked => false,
            Ec2Sight::Shown(_) => true,
            Ec2Sight::Failed(_) => clean_up.without_ec2(now).is_some(),
        })
    });
    let counted = match absence {
        Absence::Counts if asked_all => clean_up.clean_looks.saturating_add(1),
        Absence::Counts | Absence::IsNoNews => clean_up.clean_looks,
        Absence::ProvesNothing => 0,
    };
    let blind = clean_up.blind.is_some();
    clean_up.clean_looks = if left > 0 || in_flight || blind {
        0
    } else {
        counted
    };
}

/// Instances that our own launches are known to have brought up.
pub(super) fn enlist_known(transition: &mut Transition) {
    let mut found = Vec::new();
    for (_, batch) in transition.next.batches() {
        for server in &batch.servers {
            // What was carried over was launched by the execution that this one continues.
            let own = server.instance.as_ref();
            let own = own.filter(|_| server.carried_over.is_none());
            let named = own.map(|instance| &instance.id);
            for id in named.into_iter().chain(&server.unregistered) {
                found.push((id.clone(), server.id.clone(), batch.place.clone()));
            }
        }
    }
    for (id, server, place) in found {
        enlist(transition, &id, &server, &place);
    }
}

/// Instances that DRS lists for our servers with a job of ours: a late server may be here
/// before its job says so. And those that EC2 runs for our servers since one of our jobs launched
/// them, and that DRS does not list.
fn enlist_seen(transition: &mut Transition, place: &Place, look: &CleanUpLook) {
    for instance in &look.instances {
        if let Some(server) = &instance.server
            && is_launched_here(&transition.next, instance)
        {
            enlist(transition, &instance.id, server, place);
        }
    }
    let Ec2Sight::Shown(shown) = &look.ec2 else {
        return;
    };
    for machine in shown {
        let listed = look.instances.iter().any(|listed| listed.id == machine.id);
        if let Some(server) = &machine.server
            && !listed
            && is_of_our_launch(&transition.next, place, server, machine)
        {
            enlist(transition, &machine.id, server, place);
        }
    }
}

/// Whether EC2 launched an instance for this server while a job of ours had it that has ended
/// since, or while one that DRS no longer shows may have gone on. DRS has a server in one job at a
/// time, so that the launch was ours. It is named to a person, and never ended here.
fn is_of_our_launch(
    execution: &Execution,
    place: &Place,
    server: &SourceServerId,
    machine: &Ec2Instance,
) -> bool {
    let Some(launched_at) = machine.launched_at else {
        return false;
    };
    let within = |job: &BatchJob| {
        // After the end another execution may launch it, and EC2 shows that before DRS does.
        let until = job.ended_at.map(|ended_at| match job.status {
            JobStatus::Vanished => ended_at.max(job.since + LAUNCH_MAX),
            JobStatus::Pending | JobStatus::Started | JobStatus::Completed => ended_at,
        });
        until.is_some_and(|until| launched_at <= until) && job.since - KNOWN_LATE <= launched_at
    };
    machine.state != Ec2State::Gone
        && !machine.is_of_the_staging_area()
        && execution.batches().any(|(_, batch)| {
            let has = |own: &Server| own.id == *server && own.passed_to.is_none();
            batch.place == *place
                && batch.jobs.iter().any(within)
                && batch.servers.iter().any(|own| has(own))
        })
}

fn enlist(
    transition: &mut Transition,
    id: &RecoveryInstanceId,
    server: &SourceServerId,
    place: &Place,
) {
    let instances = &mut transition.next.head.clean_up.instances;
    if !instances.iter().any(|known| known.id == *id) {
        let instance = CleanUpInstance::new(id.clone(), server.clone(), place.clone());
        instances.push(instance);
    }
}

/// Merges what was seen in one place; gives how many instances of ours are left there, alive or
/// with a record.
fn merge(
    transition: &mut Transition,
    place: &Place,
    look: &CleanUpLook,
    absence: Absence,
) -> usize {
    let now = transition.now;
    let execution = transition.next.clone();
    let clean_up = &mut transition.next.head.clean_up;
    let mut instances = std::mem::take(&mut clean_up.instances);
    for known in instances.iter_mut().filter(|known| known.place == *place) {
        let standing = standing(&execution, look, &known.id, absence);
        let work = work(clean_up, known, now);
        known.stands(standing, &work, now);
    }
    clean_up.instances = instances;
    let ours = |seen: &&_| is_launched_here(&execution, seen);
    look.instances.iter().filter(ours).count()
}

/// What DRS does about an instance at present.
fn work(clean_up: &CleanUp, known: &CleanUpInstance, now: Timestamp) -> Work {
    let nothing = || Work::Nothing("DRS did not terminate it".to_owned());
    let Some(id) = &known.job else {
        // Nobody knows whether DRS has a job for it.
        let recent = known
            .asked_at
            .is_some_and(|at| now.duration_since(at) < DOUBT_MAX);
        let mut jobs = clean_up.jobs.iter().filter(|job| job.place == known.place);
        return if recent && jobs.any(|job| job.is_awaited(now)) {
            Work::Busy
        } else {
            nothing()
        };
    };
    let Some(job) = clean_up.jobs.iter().find(|job| job.id == *id) else {
        return nothing();
    };
    match job.status {
        JobStatus::Pending | JobStatus::Started if job.is_awaited(now) => Work::Busy,
        JobStatus::Pending | JobStatus::Started => Work::Overdue(id.clone()),
        JobStatus::Completed | JobStatus::Vanished
            if known.reason.is_some() && known.state == CleanUpInstanceState::Terminating =>
        {
            Work::Failed
        }
        JobStatus::Vanished => Work::Nothing(format!("DRS no longer shows its job {id}")),
        JobStatus::Completed => Work::Nothing(match job.log {
            TerminateLog::Unreadable(_) => {
                format!("DRS did not terminate it; the log of job {id} could not be read")
            }
            TerminateLog::Unread | TerminateLog::Copied => {
                format!("DRS did not terminate it; the log of job {id} does not say why")
            }
        }),
    }
}
