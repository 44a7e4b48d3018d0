//! How an execution goes on by itself: waves start, end and release those after them, limits
//! pass, the whole ends.

use jiff::SignedDuration;

use super::clean_up;
use super::drill_expiry;
use super::working::Transition;
use crate::counted::counted;
use crate::execution::model::batch_state::{BatchState, Doubt, DoubtCause, Queued};
use crate::execution::model::course::{Course, StopCause};
use crate::execution::model::execution::Ending;
use crate::execution::model::note::NoteCode;
use crate::execution::model::notice::NoticeKind;
use crate::execution::model::outcome::WaveOutcome;
use crate::execution::model::server::ServerState;
use crate::execution::model::wave::{Gate, Release, WaveEnd, WaveState};
use crate::execution::queries::outcome::{judge_execution, judge_wave, need_is_met};
use crate::kind::Kind;
use crate::recovery_plan::OnFailure;

/// What the first tick does.
pub(super) fn start(transition: &mut Transition) {
    if transition.next.head.started_at.is_none() && !transition.next.has_ended() {
        transition.next.head.started_at = Some(transition.now);
        transition.note(NoteCode::ExecutionStarted, "the execution started");
        if transition.next.head.kind == Kind::Recovery {
            let text = format!(
                "{} has started a recovery",
                transition.next.head.initiated_by
            );
            transition.tell(NoticeKind::RecoveryStarted, None, text);
        }
    }
}

/// Carries every consequence out that needs no look at the world. It is idempotent: a second
/// call changes nothing.
pub(super) fn settle(transition: &mut Transition) {
    run_clocks(transition);
    if !transition.next.has_ended() {
        drill_expiry::cancel_forgotten_drill(transition);
        pass_limits(transition);
        // Each round can end a wave, which can release the next: as many rounds as waves.
        for _ in 0..=transition.next.waves.len() {
            end_waves(transition);
            stop_or_cancel(transition);
            start_waves(transition);
        }
        end_execution(transition);
    }
    doubt_old_intents(transition);
    clean_up::settle(transition);
}

/// A wave's clock runs while it has a job in flight.
fn run_clocks(transition: &mut Transition) {
    let now = transition.now;
    for wave in &mut transition.next.waves {
        if wave.is_in_flight() && wave.end().is_none() {
            wave.head.clock.run(now);
        } else {
            wave.head.clock.stop(now);
        }
    }
}

/// A limit stops the waiting, never the watching: the jobs are followed on.
fn pass_limits(transition: &mut Transition) {
    for index in 0..transition.next.waves.len() {
        let wave = &transition.next.waves[index];
        let limit = SignedDuration::from_mins(i64::from(wave.head.time_limit_minutes));
        let waits = wave.head.state == WaveState::Started && !wave.is_settled(transition.now);
        if !waits || wave.head.clock.elapsed(transition.now) < limit {
            continue;
        }
        let minutes = wave.head.time_limit_minutes;
        give_up_on_wave(transition, index, minutes);
        end_wave(transition, index, WaveOutcome::TimedOut);
    }
}

fn give_up_on_wave(transition: &mut Transition, index: usize, minutes: u32) {
    let limit = counted(minutes, "minute", "minutes");
    for batch in &mut transition.next.waves[index].batches {
        if matches!(batch.state, BatchState::Queued(_)) {
            batch.state = BatchState::Idle;
        }
        for server in &mut batch.servers {
            match server.state {
                ServerState::Launching | ServerState::Reconciling => {
                    server.give_up(&format!(
                        "no result within the wave's time limit of {limit}"
                    ));
                }
                ServerState::Queued | ServerState::Pending => server.fail(format!(
                    "not launched within the wave's time limit of {limit}"
                )),
                ServerState::Launched
                | ServerState::Failed
                | ServerState::Unknown
                | ServerState::Skipped
                | ServerState::Cancelled
                | ServerState::Terminated => {}
            }
        }
    }
}

fn end_waves(transition: &mut Transition) {
    for index in 0..transition.next.waves.len() {
        requeue(transition, index);
        let wave = &transition.next.waves[index];
        if wave.head.state == WaveState::Started && wave.is_settled(transition.now) {
            let states: Vec<ServerState> = wave.servers().map(|server| server.state).collect();
            end_wave(transition, index, judge_wave(wave.head.need, &states));
        }
    }
}

/// A batch with queued servers and nothing in flight is queued: a retry that had to wait for
/// the job before it.
fn requeue(transition: &mut Transition, index: usize) {
    let now = transition.now;
    let wave = &mut transition.next.waves[index];
    if wave.head.state != WaveState::Started {
        return;
    }
    for batch in &mut wave.batches {
        if batch.state == BatchState::Idle && batch.queued_servers().next().is_some() {
            batch.attempt += 1;
            batch.state = BatchState::Queued(Queued::now(now));
        }
    }
}

/// Ends a wave and applies its policy.
fn end_wave(transition: &mut Transition, index: usize, outcome: WaveOutcome) {
    let now = transition.now;
    let wave = &transition.next.waves[index];
    let servers = wave.servers().count();
    let launched = wave
        .servers()
        .filter(|server| server.state == ServerState::Launched)
        .count();
    let met = need_is_met(wave.head.need, launched, servers);
    let on_failure = wave.head.on_failure;
    let key = wave.head.key.clone();
    let going = matches!(
        transition.next.head.course,
        Course::Running | Course::Paused { .. }
    );
    let release = match (met, on_failure, going) {
        (true, _, _) | (false, OnFailure::Continue, _) => Release::Released,
        (false, _, false) | (false, OnFailure::Stop, true) => Release::Stopped,
        (false, OnFailure::Pause, true) => {
            let hold = transition.new_hold("failure");
            let text = format!("wave `{key}` failed and waits for a person (hold {hold})");
            transition.raise_hold(Some(index), text);
            Release::Held { hold, since: now }
        }
    };
    if release == Release::Stopped && going {
        let cause = match outcome {
            WaveOutcome::TimedOut => StopCause::TimeLimit,
            WaveOutcome::Completed
            | WaveOutcome::Partial
            | WaveOutcome::Failed
            | WaveOutcome::Skipped
            | WaveOutcome::Cancelled => StopCause::Failure,
        };
        transition.next.head.course = Course::Stopping {
            wave: index,
            cause,
            since: now,
        };
    }
    // A wave that was stopped before it began says who stopped it.
    let stopped = transition.next.waves[index]
        .servers()
        .find_map(|server| server.error.clone())
        .filter(|_| outcome == WaveOutcome::Cancelled);
    let reason = stopped.unwrap_or_else(|| {
        let servers = counted(servers, "server", "servers");
        format!("{launched} of {servers} launched").into()
    });
    transition.note_wave(
        NoteCode::WaveEnded,
        index,
        format!("wave `{key}` ended {}: {reason}", outcome.word()),
    );
    match outcome {
        WaveOutcome::Failed | WaveOutcome::TimedOut => {
            let text = format!("wave `{key}` ended {}: {reason}", outcome.word());
            transition.tell(NoticeKind::WaveFailed, Some(index), text);
        }
        WaveOutcome::Completed
        | WaveOutcome::Partial
        | WaveOutcome::Skipped
        | WaveOutcome::Cancelled => {}
    }
    let wave = &mut transition.next.waves[index].head;
    wave.clock.stop(now);
    wave.state = WaveState::Ended(WaveEnd {
        outcome,
        at: now,
        reason: Some(reason),
        release,
    });
}

/// Under a stop or a cancel nothing more starts: what has not been sent is cancelled, and a
/// failed wave that waited for a person waits no more.
fn stop_or_cancel(transition: &mut Transition) {
    let now = transition.now;
    let reason = match &transition.next.head.course {
        Course::Running | Course::Paused { .. } => return,
        Course::Stopping { wave, .. } => {
            format!(
                "wave `{}` stopped the execution",
                transition.next.waves[*wave].head.key
            )
        }
        Course::Cancelling { by, .. } => format!("cancelled by {by}"),
    };
    for wave in &mut transition.next.waves {
        for batch in &mut wave.batches {
            if matches!(batch.state, BatchState::Queued(_)) {
                batch.state = BatchState::Idle;
            }
        }
        let not_sent = |state| matches!(state, ServerState::Pending | ServerState::Queued);
        for server in wave.servers_mut().filter(|server| not_sent(server.state)) {
            server.state = ServerState::Cancelled;
            server.error = Some(reason.as_str().into());
        }
        match &mut wave.head.state {
            WaveState::Pending => {
                wave.head.state = WaveState::Ended(WaveEnd {
                    outcome: WaveOutcome::Cancelled,
                    at: now,
                    reason: Some(reason.as_str().into()),
                    release: Release::Stopped,
                });
            }
            WaveState::Ended(end) if matches!(end.release, Release::Held { .. }) => {
                end.release = Release::Stopped;
            }
            WaveState::Started | WaveState::Ended(_) => {}
        }
    }
}

/// Starts every wave whose dependencies are released and whose gate is open.
fn start_waves(transition: &mut Transition) {
    if transition.next.head.started_at.is_none() {
        return;
    }
    for index in 0..transition.next.waves.len() {
        let wave = &transition.next.waves[index];
        let ready = wave.head.state == WaveState::Pending
            && wave
                .head
                .depends_on
                .iter()
                .all(|&other| transition.next.waves[other].is_released());
        if ready {
            reach_wave(transition, index);
        }
    }
}

fn reach_wave(transition: &mut Transition, index: usize) {
    let now = transition.now;
    match &transition.next.waves[index].head.gate {
        Gate::Closed { .. } => {}
        Gate::Ahead => {
            let hold = transition.new_hold("gate");
            let key = &transition.next.waves[index].head.key;
            let text = format!("wave `{key}` waits at its gate (hold {hold})");
            transition.raise_hold(Some(index), text);
            transition.next.waves[index].head.gate = Gate::Closed { hold, since: now };
        }
        Gate::None | Gate::Open { .. } => {
            if matches!(transition.next.head.course, Course::Running) {
                start_wave(transition, index);
            }
        }
    }
}

fn start_wave(transition: &mut Transition, index: usize) {
    let now = transition.now;
    let wave = &mut transition.next.waves[index];
    wave.head.state = WaveState::Started;
    wave.head.started_at.get_or_insert(now);
    for batch in &mut wave.batches {
        for server in &mut batch.servers {
            if server.state == ServerState::Pending {
                server.state = ServerState::Queued;
            }
        }
        batch.attempt = 1;
        batch.state = BatchState::Queued(Queued::now(now));
    }
    let text = format!(
        "wave `{}` started with {}",
        wave.head.key,
        counted(wave.servers().count(), "server", "servers")
    );
    transition.note_wave(NoteCode::WaveStarted, index, text);
}

/// The execution ends when every wave has ended and no failure waits for a person.
fn end_execution(transition: &mut Transition) {
    let over = transition.next.waves.iter().all(|wave| {
        wave.end().is_some_and(|end| match end.release {
            Release::Released | Release::Stopped => true,
            Release::Held { .. } => false,
        })
    });
    if over {
        let (outcome, reason) = judge_execution(&transition.next);
        let text = format!("the execution ended {}: {reason}", outcome.word());
        transition.note(NoteCode::ExecutionEnded, text.clone());
        transition.tell(NoticeKind::ExecutionEnded, None, text);
        transition.next.head.ending = Some(Ending {
            outcome,
            reason: reason.into(),
            at: transition.now,
        });
    }
}

/// An intent whose invocation must be over is in doubt: from here on, only looks.
fn doubt_old_intents(transition: &mut Transition) {
    let now = transition.now;
    let waits = transition.next.head.waits;
    let patience = SignedDuration::from_secs(i64::from(waits.call_timeout));
    for wave in &mut transition.next.waves {
        for batch in &mut wave.batches {
            let BatchState::Launching { since, queued, .. } = &batch.state else {
                continue;
            };
            let (since, refusals) = (*since, queued.refusals);
            if now.duration_since(since) < patience {
                continue;
            }
            let cause = DoubtCause::NoAnswer("whoever called DRS did not come back".into());
            batch.state = BatchState::Reconciling(Doubt {
                refusals,
                ..Doubt::new(since, cause, now)
            });
            for server in &mut batch.servers {
                if server.state == ServerState::Launching {
                    server.state = ServerState::Reconciling;
                }
            }
        }
    }
}
