//! What DRS shows of our jobs, merged into what is known. The merge only goes forward: a
//! stale or late look never takes anything back.

use jiff::SignedDuration;

use super::working::Transition;
use crate::counted::counted;
use crate::execution::model::batch::{Batch, BatchReference, JobStatus};
use crate::execution::model::batch_state::{BatchState, Following};
use crate::execution::model::event::{JobSighting, LaunchStatus, ServerSighting, WorldFault};
use crate::execution::model::note::NoteCode;
use crate::execution::model::server::{Arrival, Awaited, Server, ServerState};
use crate::execution::model::waits::Waits;
use crate::ids::{ExecutionId, RecoveryInstanceId};
use crate::place::Place;
use crate::shared::Shared;
use crate::source_server::RecoveryInstance;
use crate::text::{LISTED_MAX, Reason, some_of};

/// Looks at a COMPLETED job with servers that have no result before they count as unknown, and
/// how long the row of them lasts at least: what one listing is behind, the next may be too.
const COMPLETED_LOOKS_MAX: u32 = 3;
const COMPLETED_GRACE: SignedDuration = SignedDuration::from_secs(30);
/// What a failure without a reason begins with.
const FAILED: &str = "DRS says that the launch failed";
/// What a failure says that its job's log does not explain: most often DRS was not permitted to do
/// in EC2, in its caller's name, what a launch needs.
const FAILED_WITHOUT_REASON: &str = "DRS says that the launch failed, and its log does not say why; \
    a missing permission of the caller looks like this";
/// What is said of a launch that nobody saw up.
const ENDED_UNSEEN: &str = "its instance was ended before it was seen to launch";
/// What is said of an instance that was up.
const ENDED_SINCE: &str = "its instance has been ended since it launched";
/// What is said of an instance of which EC2 does not know.
const MISSING: &str = "DRS says that it launched, and EC2 does not show its instance";
/// Complete looks without a known job, over the visibility window, before it counts as vanished.
const MISSING_LOOKS_MIN: u32 = 3;

/// Jobs were looked at.
pub(super) fn seen(transition: &mut Transition, place: &Place, jobs: &[JobSighting]) {
    let now = transition.now;
    if is_watched(transition, place) {
        transition.next.head.observation.observed_at = Some(now);
        transition.next.head.observation.looked_at = Some(now);
        transition.next.head.observation.error = None;
    }
    let references: Vec<BatchReference> = transition
        .next
        .batches()
        .filter(|(_, batch)| batch.place == *place)
        .map(|(reference, _)| reference)
        .collect();
    for reference in references {
        for job in jobs {
            merge(transition, reference, job);
        }
    }
}

/// A look failed. It says nothing about any server (law 4).
pub(super) fn failed(transition: &mut Transition, place: &Place, fault: &WorldFault) {
    if is_watched(transition, place) {
        transition.next.head.observation.looked_at = Some(transition.now);
        transition.next.head.observation.error = Some(fault.text.clone());
    }
}

/// Whether anything of ours is in flight there, so that a look there is news.
fn is_watched(transition: &Transition, place: &Place) -> bool {
    transition
        .next
        .batches()
        .any(|(_, batch)| batch.place == *place && batch.is_in_flight())
}

/// Another execution launches a server of this one again, which destroys the instance.
pub(super) fn replaced(
    transition: &mut Transition,
    instances: &[RecoveryInstanceId],
    by: &ExecutionId,
) {
    for wave in &mut transition.next.waves {
        for server in wave.servers_mut() {
            if server
                .instance
                .as_ref()
                .is_some_and(|known| instances.contains(&known.id))
            {
                server.replaced_by = Some(by.clone());
            }
        }
    }
}

fn merge(transition: &mut Transition, reference: BatchReference, job: &JobSighting) {
    let now = transition.now;
    let waits = transition.next.head.waits;
    let wave_over = transition.next.waves[reference.wave].end().is_some();
    let batch = &mut transition.next.waves[reference.wave].batches[reference.batch];
    let Some(known) = batch.jobs.iter_mut().find(|known| known.id == job.id) else {
        return;
    };
    if job.status != JobStatus::Vanished && job.status > known.status {
        known.status = job.status;
    }
    let mut late = Vec::new();
    for sighting in &job.servers {
        let Some(server) = batch
            .servers
            .iter_mut()
            .find(|server| server.id == sighting.id && server.job.as_ref() == Some(&job.id))
        else {
            continue;
        };
        let unread = job.log_unread.as_ref();
        if !is_old_news(server, sighting) && merge_server(server, sighting, wave_over, unread) {
            late.push(server.id.to_string());
        }
    }
    let ended = end_job(batch, job, waits, now);
    let wave = reference.wave;
    if !late.is_empty() {
        let text = format!(
            "came up after nobody waited for them: {}",
            some_of(&late, LISTED_MAX)
        );
        transition.note_wave(NoteCode::LateLaunch, wave, text);
    }
    if let Some(text) = ended {
        transition.note_wave(NoteCode::JobEnded, wave, text);
    }
}

/// Whether merging would change nothing. Most sightings are so, and a server that is not written
/// is not copied.
fn is_old_news(server: &Server, seen: &ServerSighting) -> bool {
    let same_status = match (server.state, outcome(seen)) {
        (ServerState::Launching, LaunchStatus::Pending | LaunchStatus::InProgress) => {
            server.phase >= seen.phase
        }
        (ServerState::Launched, LaunchStatus::Launched) => true,
        (ServerState::Failed, LaunchStatus::Failed) => {
            seen.error.is_none() || !is_unexplained(server)
        }
        (
            ServerState::Pending
            | ServerState::Queued
            | ServerState::Launching
            | ServerState::Reconciling
            | ServerState::Launched
            | ServerState::Failed
            | ServerState::Unknown
            | ServerState::Skipped
            | ServerState::Cancelled
            | ServerState::Terminated,
            _,
        ) => false,
    };
    let same_instance = seen.instance.is_none()
        || (server.instance.is_some() && (seen.facts.is_none() || seen.facts == server.instance));
    let warned = seen
        .warnings
        .iter()
        .all(|one| server.warnings.contains(one));
    let named = seen.unregistered.as_ref();
    let named = named.is_none_or(|id| server.unregistered.contains(id));
    same_status && same_instance && warned && named
}

/// How the launch stands: a job goes on saying LAUNCHED of an instance that somebody has ended, and
/// what was ended before anybody saw it up is not up (law 5).
fn outcome(seen: &ServerSighting) -> LaunchStatus {
    match seen.status {
        LaunchStatus::Launched if facts(seen).is_some_and(RecoveryInstance::is_ended) => {
            LaunchStatus::Terminated
        }
        LaunchStatus::Pending
        | LaunchStatus::InProgress
        | LaunchStatus::Launched
        | LaunchStatus::Failed
        | LaunchStatus::Terminated => seen.status,
    }
}

/// What DRS shows of the instance that the job names.
fn facts(seen: &ServerSighting) -> Option<&RecoveryInstance> {
    seen.facts
        .as_ref()
        .filter(|facts| seen.instance.as_ref() == Some(&facts.id))
}

/// Merges one server; says whether it has just come up late. `unread` is why the log of its job
/// could not be read.
fn merge_server(
    server: &mut Server,
    seen: &ServerSighting,
    wave_over: bool,
    unread: Option<&Reason>,
) -> bool {
    let was_seen = is_seen_in_ec2(server);
    merge_instance(server, seen);
    match (server.state, outcome(seen)) {
        (
            ServerState::Launching | ServerState::Reconciling,
            LaunchStatus::Pending | LaunchStatus::InProgress,
        ) => {
            server.phase = server.phase.max(seen.phase);
            false
        }
        (
            ServerState::Launching | ServerState::Reconciling | ServerState::Unknown,
            LaunchStatus::Launched,
        ) => {
            let late = wave_over || server.awaited == Awaited::GivenUp;
            server.state = ServerState::Launched;
            server.phase = None;
            server.error = None;
            server.arrival = if late { Arrival::Late } else { Arrival::InTime };
            late
        }
        (
            ServerState::Launching | ServerState::Reconciling | ServerState::Unknown,
            LaunchStatus::Failed,
        ) => {
            let error = seen.error.clone();
            server.fail(error.unwrap_or_else(|| without_reason(unread)));
            false
        }
        // The job's log may explain a failure only later.
        (ServerState::Failed, LaunchStatus::Failed) => {
            if let (Some(error), true) = (&seen.error, is_unexplained(server)) {
                server.error = Some(error.clone());
            }
            false
        }
        (
            ServerState::Launching | ServerState::Reconciling | ServerState::Unknown,
            LaunchStatus::Terminated,
        ) => {
            end_unseen(server);
            false
        }
        (ServerState::Launched, LaunchStatus::Terminated) => {
            // The job's word came first, and nobody has judged the wave by it yet.
            if seen.status == LaunchStatus::Launched && !was_seen && !wave_over {
                end_unseen(server);
                return false;
            }
            server.warn(ENDED_SINCE);
            false
        }
        (ServerState::Unknown, LaunchStatus::Pending | LaunchStatus::InProgress)
        | (
            ServerState::Launched
            | ServerState::Pending
            | ServerState::Queued
            | ServerState::Skipped
            | ServerState::Cancelled
            | ServerState::Terminated,
            _,
        )
        | (
            ServerState::Failed,
            LaunchStatus::Pending
            | LaunchStatus::InProgress
            | LaunchStatus::Launched
            | LaunchStatus::Terminated,
        ) => false,
    }
}

/// Whether EC2's word on what was launched is known.
fn is_seen_in_ec2(server: &Server) -> bool {
    let instance = server.instance.as_ref();
    instance.is_some_and(|instance| instance.ec2_state.is_some())
}

fn end_unseen(server: &mut Server) {
    server.state = ServerState::Terminated;
    server.phase = None;
    server.error = Some(ENDED_UNSEEN.into());
}

/// Whether a server has failed, and nothing says yet why.
fn is_unexplained(server: &Server) -> bool {
    let error = server.error.as_ref();
    error.is_none_or(|error| error.starts_with(FAILED))
}

fn without_reason(unread: Option<&Reason>) -> Reason {
    match unread {
        None => FAILED_WITHOUT_REASON.into(),
        Some(why) => format!("{FAILED}; the log could not be read: {why}").into(),
    }
}

/// What was launched, and what people should know of it.
fn merge_instance(server: &mut Server, seen: &ServerSighting) {
    for warning in &seen.warnings {
        server.warn(warning.clone());
    }
    if facts(seen).is_some_and(RecoveryInstance::is_missing) {
        server.warn(MISSING);
    }
    if let Some(id) = &seen.unregistered
        && !server.unregistered.contains(id)
    {
        server.unregistered.push(id.clone());
    }
    let Some(id) = &seen.instance else { return };
    match (facts(seen), &server.instance) {
        (Some(facts), _) => server.instance = Some(facts.clone()),
        (_, None) => {
            server.instance = Some(RecoveryInstance {
                id: id.clone(),
                server: Some(server.id.clone()),
                job: server.job.clone(),
                drill: crate::source_server::DrillFlag::Unsaid,
                ec2_state: None,
                private_ips: Vec::new(),
                recovery_point_at: None,
                failback_state: None,
            });
        }
        (_, Some(_)) => {}
    }
}

/// Ends the following of a job that is COMPLETED with all results in, or has shown none for
/// too long, or has vanished; gives the sentence for the event log.
fn end_job(
    batch: &mut Batch,
    job: &JobSighting,
    waits: Waits,
    now: jiff::Timestamp,
) -> Option<String> {
    let BatchState::Following(following) = &mut batch.state else {
        return None;
    };
    if following.job != job.id {
        return None;
    }
    let open = |server: &&Shared<Server>| {
        server.job.as_ref() == Some(&job.id)
            && (!server.state.has_ended()
                || (server.state == ServerState::Unknown && server.awaited == Awaited::GivenUp))
    };
    let waiting = batch.servers.iter().filter(open).count();
    let over = match job.status {
        JobStatus::Pending | JobStatus::Started => {
            following.is_listed();
            following.note_results(waiting, now);
            return None;
        }
        JobStatus::Completed => {
            following.is_listed();
            following.completed_looks = following.completed_looks.saturating_add(1);
            let since = *following.completed_since.get_or_insert(now);
            let patience_is_over = following.completed_looks > COMPLETED_LOOKS_MAX
                && now.duration_since(since) >= COMPLETED_GRACE;
            waiting == 0 || patience_is_over
        }
        JobStatus::Vanished => is_vanished(following, waits, now),
    };
    if !over {
        return None;
    }
    finish(batch, job, now);
    Some(how_it_ended(job, waiting))
}

/// The sentence about the end of a job that left servers without a result, or none.
fn how_it_ended(job: &JobSighting, waiting: usize) -> String {
    let text = match job.status {
        JobStatus::Vanished => format!("DRS no longer shows job {}", job.id),
        JobStatus::Pending | JobStatus::Started | JobStatus::Completed if waiting > 0 => {
            let waiting = counted(waiting, "server has", "servers have");
            format!("job {} is COMPLETED, and {waiting} no result", job.id)
        }
        JobStatus::Pending | JobStatus::Started | JobStatus::Completed => {
            format!("job {} is COMPLETED", job.id)
        }
    };
    match &job.log_unread {
        Some(why) => format!("{text}; its log could not be read: {why}"),
        None => text,
    }
}

/// A job is not gone because a few listings in a row leave it out: they may be equally stale.
fn is_vanished(following: &mut Following, waits: Waits, now: jiff::Timestamp) -> bool {
    following.missing_looks = following.missing_looks.saturating_add(1);
    let since = *following.missing_since.get_or_insert(now);
    let window = SignedDuration::from_secs(i64::from(waits.visibility_window));
    following.missing_looks >= MISSING_LOOKS_MIN && now.duration_since(since) >= window
}

fn finish(batch: &mut Batch, job: &JobSighting, now: jiff::Timestamp) {
    batch.state = BatchState::Idle;
    for known in batch.jobs.iter_mut().filter(|known| known.id == job.id) {
        known.status = job.status;
        known.ended_at = Some(now);
        known.log_error.clone_from(&job.log_unread);
    }
    for server in &mut batch.servers {
        if server.job.as_ref() == Some(&job.id) {
            let given_up = server.awaited == Awaited::GivenUp;
            server.awaited = Awaited::Yes;
            if !server.state.has_ended() || (given_up && server.state == ServerState::Unknown) {
                server.state = ServerState::Unknown;
                server.phase = None;
                server.error = Some(unknown_because(job));
            }
        }
    }
}

fn unknown_because(job: &JobSighting) -> Reason {
    match (job.status, &job.log_unread) {
        (JobStatus::Vanished, _) => "DRS no longer shows its job".into(),
        (JobStatus::Pending | JobStatus::Started | JobStatus::Completed, None) => {
            "its job ended without a result for it".into()
        }
        (JobStatus::Pending | JobStatus::Started | JobStatus::Completed, Some(why)) => {
            format!("its job ended without a result for it, and the log could not be read: {why}")
                .into()
        }
    }
}
