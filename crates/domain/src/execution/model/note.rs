//! The story of an execution: what a decision adds to its event log.

use serde::{Deserialize, Serialize};

use crate::ids::HoldId;
use crate::text::Sentence;

/// One entry of the event log, before it gets its number and hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What happened, for programs.
    pub code: NoteCode,
    /// The wave it is about, from 0.
    pub wave: Option<usize>,
    /// What happened, for people: a sentence.
    pub text: Sentence,
    /// The person who did it.
    pub actor: Option<String>,
}

impl Note {
    /// The hold that was opened, resumed or resolved, as the sentence names it.
    ///
    /// The stored form has no member for it. The sentence names the hold last where it was opened,
    /// and first where a person has spoken, whose own words follow.
    pub fn hold(&self) -> Option<HoldId> {
        let text = self.text.as_str();
        let (_, named) = match self.code {
            NoteCode::HoldOpened | NoteCode::Paused => text.rsplit_once(HOLD)?,
            NoteCode::Resumed | NoteCode::Resolved => text.split_once(HOLD)?,
            NoteCode::ExecutionCreated
            | NoteCode::ExecutionStarted
            | NoteCode::WaveStarted
            | NoteCode::WaveEnded
            | NoteCode::ServersTakenOut
            | NoteCode::LaunchDelayed
            | NoteCode::LaunchIntended
            | NoteCode::JobStarted
            | NoteCode::JobAdopted
            | NoteCode::LaunchInDoubt
            | NoteCode::LaunchAbsent
            | NoteCode::LaunchRefused
            | NoteCode::JobEnded
            | NoteCode::LateLaunch
            | NoteCode::Cancelled
            | NoteCode::Retried
            | NoteCode::Skipped
            | NoteCode::TakenOver
            | NoteCode::CarriedOver
            | NoteCode::ExecutionEnded
            | NoteCode::InstanceReplaced
            | NoteCode::CleanUpStarted
            | NoteCode::TerminationAsked
            | NoteCode::CleanUpEnded => return None,
        };
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        let end = named.find(|letter| !is_part(letter)).unwrap_or(named.len());
        named[..end].parse().ok()
    }
}

/// The word before the id of a hold in a sentence.
const HOLD: &str = "hold ";

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NoteCode {
    /// The execution was accepted.
    ExecutionCreated,
    /// It was decided about for the first time.
    ExecutionStarted,
    /// A wave started.
    WaveStarted,
    /// A wave ended.
    WaveEnded,
    /// A hold was opened: something waits for a person.
    HoldOpened,
    /// Servers were taken out before a launch.
    ServersTakenOut,
    /// A batch waits for something that it names.
    LaunchDelayed,
    /// The intent of a launch was saved; DRS is about to be called.
    LaunchIntended,
    /// DRS has a job of ours.
    JobStarted,
    /// A lost job was found and is followed.
    JobAdopted,
    /// Nobody knows whether DRS accepted a launch.
    LaunchInDoubt,
    /// A launch is proved not to have happened.
    LaunchAbsent,
    /// DRS refused a launch.
    LaunchRefused,
    /// A job ended.
    JobEnded,
    /// A server came up after nobody waited for it any more.
    LateLaunch,
    /// A person paused the execution.
    Paused,
    /// A person resumed it.
    Resumed,
    /// A person cancelled it.
    Cancelled,
    /// A person asked for servers again.
    Retried,
    /// A person skipped a wave.
    Skipped,
    /// A person said what became of a launch in doubt.
    Resolved,
    /// A recovery took the servers of this execution.
    TakenOver,
    /// Instances of the execution that this one continues are kept.
    CarriedOver,
    /// The execution ended.
    ExecutionEnded,
    /// A launch destroyed, or is about to destroy, an instance of an ended drill.
    InstanceReplaced,
    /// Clean-up began.
    CleanUpStarted,
    /// Instances are being terminated.
    TerminationAsked,
    /// Clean-up ended.
    CleanUpEnded,
}
