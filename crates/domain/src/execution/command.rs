//! What people can ask of an execution. A refused command changes nothing and says why.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::batch::JobStatus;
use super::decide::Turn;
use super::held::{may_resolve, may_resume, resolve, resume};
use super::note::NoteCode;
use super::notice::NoticeKind;
use super::outcome::WaveOutcome;
use super::refusal::Refusal;
use super::retry::{may_retry, retry};
use super::server::{Awaited, Server, ServerState};
use super::wave::{Release, WaveEnd, WaveState};
use super::{Course, Execution, Lock, clean_up};
use crate::ids::{HoldId, JobId, SourceServerId, WaveKey};
use crate::kind::Kind;
use crate::text::{LISTED_MAX, some_of};

/// What a person asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Start nothing new from now on.
    Pause,
    /// Open these holds; the only one, where none is named.
    Resume {
        /// Which.
        holds: Vec<HoldId>,
        /// Why; required for going on without a failed wave.
        comment: Option<String>,
    },
    /// Launch failed servers of a wave again.
    Retry {
        /// The wave.
        wave: WaveKey,
        /// Which; left out, all that have failed.
        servers: Option<Vec<SourceServerId>>,
        /// Why.
        reason: Option<String>,
    },
    /// Go on without a wave.
    Skip {
        /// The wave.
        wave: WaveKey,
        /// Why.
        reason: String,
    },
    /// Start nothing more, follow what runs, and end.
    Cancel {
        /// Why.
        reason: Option<String>,
        /// Servers in flight that nobody waits for any more.
        give_up_on: Vec<SourceServerId>,
    },
    /// Say what became of a launch that is in doubt.
    Resolve {
        /// The UNDECIDED hold.
        hold: HoldId,
        /// What became of it.
        resolution: Resolution,
    },
    /// Terminate what a drill has launched.
    TerminateInstances {
        /// The plan's name, repeated.
        confirm: String,
    },
}

/// What became of a launch that was in doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// This job is the launch. It has been compared: its servers, its kind, its tags.
    Job(JobId),
    /// DRS has launched nothing, for this reason.
    NoJob(String),
}

/// The commands by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CommandName {
    /// [`Command::Pause`].
    Pause,
    /// [`Command::Resume`].
    Resume,
    /// [`Command::Cancel`].
    Cancel,
    /// [`Command::Retry`].
    Retry,
    /// [`Command::Skip`].
    Skip,
    /// [`Command::Resolve`].
    Resolve,
    /// [`Command::TerminateInstances`].
    TerminateInstances,
}

impl CommandName {
    /// Every command.
    pub const ALL: [Self; 7] = [
        Self::Pause,
        Self::Resume,
        Self::Cancel,
        Self::Retry,
        Self::Skip,
        Self::Resolve,
        Self::TerminateInstances,
    ];
}

impl CommandName {
    /// The word for it in logs and counts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pause => "PAUSE",
            Self::Resume => "RESUME",
            Self::Cancel => "CANCEL",
            Self::Retry => "RETRY",
            Self::Skip => "SKIP",
            Self::Resolve => "RESOLVE",
            Self::TerminateInstances => "TERMINATE_INSTANCES",
        }
    }
}

/// Whether a command with this name could be accepted now, whatever it says. Commands ask
/// this themselves, so what is shown and what is accepted cannot differ.
pub fn allowed(execution: &Execution, name: CommandName) -> Result<(), Refusal> {
    if name == CommandName::TerminateInstances {
        return clean_up::allowed(execution);
    }
    if name == CommandName::Resolve {
        // Also after the end: a launch in doubt still keeps its servers locked.
        return may_resolve(execution);
    }
    if let Some(ending) = &execution.head.ending {
        let text = format!("The execution has ended: {}.", ending.reason);
        return Err(Refusal::now(text));
    }
    match name {
        CommandName::Pause => may_pause(execution),
        CommandName::Resume => may_resume(execution),
        CommandName::Cancel => may_cancel(execution),
        CommandName::Retry => may_retry(execution),
        CommandName::Skip => may_skip(execution),
        CommandName::Resolve | CommandName::TerminateInstances => Ok(()),
    }
}

pub(super) fn apply(turn: &mut Turn, by: &str, command: &Command) -> Result<(), Refusal> {
    names_what_is_there(&turn.next, command)?;
    allowed(&turn.next, command.name())?;
    match command {
        Command::Pause => pause(turn, by),
        Command::Resume { holds, comment } => resume(turn, by, holds, comment.as_deref())?,
        Command::Retry {
            wave,
            servers,
            reason,
        } => {
            retry(turn, by, wave, servers.as_deref(), reason.as_deref())?;
        }
        Command::Skip { wave, reason } => skip(turn, by, wave, reason)?,
        Command::Cancel { reason, give_up_on } => {
            cancel(turn, by, reason.as_deref(), give_up_on)?;
        }
        Command::Resolve { hold, resolution } => resolve(turn, by, hold, resolution)?,
        Command::TerminateInstances { confirm } => clean_up::begin(turn, by, confirm)?,
    }
    Ok(())
}

/// What a command names exists, whatever may be done with it now.
fn names_what_is_there(execution: &Execution, command: &Command) -> Result<(), Refusal> {
    match command {
        Command::Retry { wave, servers, .. } => {
            let wave = &execution.waves[wave_index(execution, wave)?];
            let named = servers.as_deref().unwrap_or_default();
            let key = &wave.head.key;
            are_among(wave.servers(), ("sourceServerIds", named), |id| {
                format!("wave `{key}` has no server {id}")
            })
        }
        Command::Skip { wave, .. } => wave_index(execution, wave).map(|_| ()),
        Command::Cancel { give_up_on, .. } => {
            are_among(execution.servers(), ("giveUpOn", give_up_on), |id| {
                format!("{id} is not in this execution")
            })
        }
        Command::Pause
        | Command::Resume { .. }
        | Command::Resolve { .. }
        | Command::TerminateInstances { .. } => Ok(()),
    }
}

/// Every server that a member of a command names is one of these.
fn are_among<'a>(
    servers: impl Iterator<Item = &'a Server>,
    (member, named): (&str, &[SourceServerId]),
    missing: impl Fn(&SourceServerId) -> String,
) -> Result<(), Refusal> {
    let known: BTreeSet<&SourceServerId> = servers.map(|server| &server.id).collect();
    match named.iter().enumerate().find(|(_, id)| !known.contains(id)) {
        Some((index, id)) => Err(Refusal::UnknownMember {
            path: format!("{member}[{index}]"),
            message: missing(id),
        }),
        None => Ok(()),
    }
}

impl Command {
    /// Which command it is.
    pub fn name(&self) -> CommandName {
        match self {
            Self::Pause => CommandName::Pause,
            Self::Resume { .. } => CommandName::Resume,
            Self::Retry { .. } => CommandName::Retry,
            Self::Skip { .. } => CommandName::Skip,
            Self::Cancel { .. } => CommandName::Cancel,
            Self::Resolve { .. } => CommandName::Resolve,
            Self::TerminateInstances { .. } => CommandName::TerminateInstances,
        }
    }
}

pub(super) fn not_over(execution: &Execution) -> Result<(), Refusal> {
    match &execution.head.course {
        Course::Going | Course::Paused { .. } => Ok(()),
        Course::Stopping { .. } => Err(Refusal::now(
            "The execution is stopping because a wave failed: nothing more starts.",
        )),
        Course::Cancelling { .. } => Err(Refusal::now("The execution is being cancelled.")),
    }
}

fn may_pause(execution: &Execution) -> Result<(), Refusal> {
    not_over(execution)?;
    // What is queued may yet be sent, and so may what DRS is being asked about.
    let left = execution
        .waves
        .iter()
        .any(|wave| wave.head.state == WaveState::Pending)
        || execution
            .servers()
            .any(|server| matches!(server.state, ServerState::Queued | ServerState::Reconciling));
    match (&execution.head.course, left) {
        (Course::Paused { .. }, _) => Err(Refusal::now("The execution is paused already.")),
        (_, false) => Err(Refusal::now(
            "Nothing is left to start, so nothing can be paused.",
        )),
        (_, true) => Ok(()),
    }
}

fn pause(turn: &mut Turn, by: &str) {
    let hold = turn.new_hold("manual");
    let text = format!("paused (hold {hold})");
    turn.tell(NoticeKind::HoldOpened, None, format!("{by} {text}"));
    turn.note_actor(NoteCode::Paused, None, text, by);
    turn.next.head.course = Course::Paused {
        hold,
        since: turn.now,
        by: by.to_owned(),
    };
}

fn may_cancel(execution: &Execution) -> Result<(), Refusal> {
    match &execution.head.course {
        Course::Going | Course::Paused { .. } => Ok(()),
        // A second cancel can still give up on servers that never answer.
        Course::Cancelling { .. } | Course::Stopping { .. } => {
            if execution.servers().any(can_be_given_up) {
                Ok(())
            } else {
                Err(Refusal::now("The execution is ending already."))
            }
        }
    }
}

fn can_be_given_up(server: &Server) -> bool {
    matches!(
        server.state,
        ServerState::Launching | ServerState::Reconciling
    )
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
    turn: &mut Turn,
    by: &str,
    reason: Option<&str>,
    give_up_on: &[SourceServerId],
) -> Result<(), Refusal> {
    let over = matches!(
        turn.next.head.course,
        Course::Cancelling { .. } | Course::Stopping { .. }
    );
    if over && give_up_on.is_empty() {
        return Err(Refusal::now(
            "The execution is ending already; name the servers to give up on.",
        ));
    }
    let is_waited_for =
        |server: &Server| give_up_on.contains(&server.id) && can_be_given_up(server);
    if over && !turn.next.servers().any(is_waited_for) {
        let text = format!(
            "Nobody waits for {} any more: there is nothing to give up on.",
            some_of(give_up_on, LISTED_MAX)
        );
        return Err(Refusal::now(text));
    }
    for server in turn
        .next
        .waves
        .iter_mut()
        .flat_map(super::Wave::servers_mut)
    {
        if give_up_on.contains(&server.id) && can_be_given_up(server) {
            server.give_up(&format!("given up on by {by}"));
        }
    }
    if !over {
        turn.next.head.course = Course::Cancelling {
            since: turn.now,
            by: by.to_owned(),
            reason: reason.map(str::to_owned),
        };
    }
    let why = reason.map_or_else(String::new, |reason| format!(": {reason}"));
    let text = format!("cancelled{}{why}", gave_up(&turn.next, give_up_on));
    turn.note_actor(NoteCode::Cancelled, None, text, by);
    Ok(())
}

pub(super) fn wave_index(execution: &Execution, key: &WaveKey) -> Result<usize, Refusal> {
    execution
        .waves
        .iter()
        .position(|wave| wave.head.key == *key)
        .ok_or_else(|| Refusal::UnknownMember {
            path: "waveKey".to_owned(),
            message: format!("the execution has no wave `{key}`"),
        })
}

fn is_skippable(wave: &super::Wave) -> bool {
    match &wave.head.state {
        WaveState::Pending => true,
        WaveState::Started => false,
        WaveState::Ended(end) => {
            matches!(end.outcome, WaveOutcome::Failed | WaveOutcome::TimedOut)
        }
    }
}

fn may_skip(execution: &Execution) -> Result<(), Refusal> {
    not_over(execution)?;
    if execution.waves.iter().any(is_skippable) {
        Ok(())
    } else {
        Err(Refusal::now(
            "No wave is left that has not started, or has failed.",
        ))
    }
}

fn skip(turn: &mut Turn, by: &str, key: &WaveKey, reason: &str) -> Result<(), Refusal> {
    let now = turn.now;
    let index = wave_index(&turn.next, key)?;
    let wave = &mut turn.next.waves[index];
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
    turn.note_actor(
        NoteCode::Skipped,
        Some(index),
        format!("skipped wave `{key}`: {reason}"),
        by,
    );
    Ok(())
}

/// What clean-up may begin with: an ended drill whose own clean-up is not under way.
pub(super) fn may_clean_up(execution: &Execution) -> Result<(), Refusal> {
    if execution.head.kind == Kind::Recovery {
        return Err(Refusal::NotADrill);
    }
    if !execution.has_ended() {
        return Err(Refusal::now(
            "The drill has not ended. Cancel it first, or let it end.",
        ));
    }
    let launched = execution.servers().any(|server| {
        server.instance.is_some()
            || matches!(server.state, ServerState::Launched | ServerState::Unknown)
    }) || execution.batches().any(|(_, batch)| {
        batch.is_in_flight()
            || batch
                .jobs
                .iter()
                .any(|job| job.status != JobStatus::Vanished)
    });
    if launched {
        Ok(())
    } else {
        Err(Refusal::now(
            "The drill has launched nothing, so nothing is to be terminated.",
        ))
    }
}

pub(super) fn lock_all(turn: &mut Turn) {
    for wave in &mut turn.next.waves {
        for batch in &mut wave.batches {
            batch.locks = Lock::Held;
        }
    }
}
