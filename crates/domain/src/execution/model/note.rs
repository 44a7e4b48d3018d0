//! The story of an execution: what a decision adds to its event log.

use serde::{Deserialize, Serialize};

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
    /// A person closed a hold.
    HoldClosed,
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
