//! What a command changes. A refused one changes nothing and says why.

use super::clean_up;
use super::holds::{resolve, resume};
use super::retry::retry;
use super::unknown_names::{names_what_is_there, wave_index};
use super::working::Transition;
use crate::execution::model::command::Command;
use crate::execution::model::course::Course;
use crate::execution::model::execution::Execution;
use crate::execution::model::note::NoteCode;
use crate::execution::model::notice::NoticeKind;
use crate::execution::model::outcome::WaveOutcome;
use crate::execution::model::refusal::Refusal;
use crate::execution::model::server::{Awaited, Server, ServerState};
use crate::execution::model::wave::{Release, Wave, WaveEnd, WaveState};
use crate::execution::queries::allowed_actions::{allowed, can_be_given_up, is_skippable};
use crate::ids::{SourceServerId, WaveKey};
use crate::text::{LISTED_MAX, some_of};

pub(super) fn apply(
    transition: &mut Transition,
    by: &str,
    command: &Command,
) -> Result<(), Refusal> {
    names_what_is_there(&transition.next, command)?;
    allowed(&transition.next, command.name())?;
    match command {
        Command::Pause => pause(transition, by),
        Command::Resume { holds, comment } => resume(transition, by, holds, comment.as_deref())?,
        Command::Retry {
            wave,
            servers,
            reason,
        } => {
            retry(transition, by, wave, servers.as_deref(), reason.as_deref())?;
        }
        Command::Skip { wave, reason } => skip(transition, by, wave, reason)?,
        Command::Cancel { reason, give_up_on } => {
            cancel(transition, by, reason.as_deref(), give_up_on)?;
        }
        Command::Resolve { hold, resolution } => resolve(transition, by, hold, resolution)?,
        Command::TerminateInstances { confirm } => clean_up::begin(transition, by, confirm)?,
    }
    Ok(())
}

fn pause(transition: &mut Transition, by: &str) {
    let hold = transition.new_hold("manual");
    let text = format!("paused (hold {hold})");
    transition.tell(NoticeKind::HoldOpened, None, format!("{by} {text}"));
    transition.note_actor(NoteCode::Paused, None, text, by);
    transition.next.head.course = Course::Paused {
        hold,
        since: transition.now,
        by: by.to_owned(),
    };
}

/// Whom a cancel gave up on, and of whom that is not true although they were named.
fn gave_up(after: &Execution, named: &[SourceServerId]) -> String {
    let is_given_up = |id: &&SourceServerId| {
        let mut servers = after.servers();
        servers.any(|server| server.id == **id && server.awaited == Awaited::GivenUp)
    };
    let (given_up, others): (Vec<&SourceServerId>, Vec<&SourceServerId>) =
        named.iter().partition(is_given_up);
    let part = |what: &str, servers: Vec<&SourceServerId>| match servers.len() {
        0 => String::new(),
        _ => format!("; {what} {}", some_of(servers, LISTED_MAX)),
    };
    let given_up = part("gave up on", given_up);
    given_up + &part("nobody was waiting for the launch of", others)
}

fn cancel(
    transition: &mut Transition,
    by: &str,
    reason: Option<&str>,
    give_up_on: &[SourceServerId],
) -> Result<(), Refusal> {
    let over = matches!(
        transition.next.head.course,
        Course::Cancelling { .. } | Course::Stopping { .. }
    );
    if over && give_up_on.is_empty() {
        return Err(Refusal::now(
            "The execution is ending already; name the servers to give up on.",
        ));
    }
    let is_waited_for =
        |server: &Server| give_up_on.contains(&server.id) && can_be_given_up(server);
    if over && !transition.next.servers().any(is_waited_for) {
        let text = format!(
            "Nobody waits for {} any more: there is nothing to give up on.",
            some_of(give_up_on, LISTED_MAX)
        );
        return Err(Refusal::now(text));
    }
    for server in transition.next.waves.iter_mut().flat_map(Wave::servers_mut) {
        if give_up_on.contains(&server.id) && can_be_given_up(server) {
            server.give_up(&format!("given up on by {by}"));
        }
    }
    if !over {
        transition.next.head.course = Course::Cancelling {
            since: transition.now,
            by: by.to_owned(),
            reason: reason.map(str::to_owned),
        };
    }
    let why = reason.map_or_else(String::new, |reason| format!(": {reason}"));
    let text = format!("cancelled{}{why}", gave_up(&transition.next, give_up_on));
    transition.note_actor(NoteCode::Cancelled, None, text, by);
    Ok(())
}

fn skip(transition: &mut Transition, by: &str, key: &WaveKey, reason: &str) -> Result<(), Refusal> {
    let now = transition.now;
    let index = wave_index(&transition.next, key)?;
    let wave = &mut transition.next.waves[index];
    if !is_skippable(wave) {
        let text = format!("Wave `{key}` has started and has not failed.");
        return Err(Refusal::now(text));
    }
    for server in wave
        .servers_mut()
        .filter(|server| server.state == ServerState::Pending)
    {
        server.state = ServerState::Skipped;
        server.error = Some(format!("skipped by {by}: {reason}").into());
    }
    wave.head.state = WaveState::Ended(WaveEnd {
        outcome: WaveOutcome::Skipped,
        at: now,
        reason: Some(format!("skipped by {by}: {reason}").into()),
        release: Release::Released,
    });
    transition.note_actor(
        NoteCode::Skipped,
        Some(index),
        format!("skipped wave `{key}`: {reason}"),
        by,
    );
    Ok(())
}
