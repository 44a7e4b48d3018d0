//! What the checker judges by: what is stored, what was written and what was asked, as plain data.
//!
//! Nothing here is a type of the product. `translation` alone reads those, and copies what they say
//! without a judgement.

use std::collections::BTreeSet;

use jiff::Timestamp;

/// What happened to the tables or at DRS, in its order.
#[derive(Debug)]
pub(crate) enum Fact {
    /// A save took effect.
    Saved(Save),
    /// A save of this execution was refused because it is too large.
    TooLarge(String),
    /// Locks went that this execution held.
    Freed {
        /// The execution.
        owner: String,
        /// What was locked.
        locks: Vec<FreedLock>,
    },
    /// DRS was asked to change something; its journal has it up to this number.
    Asked(u64),
    /// An execution was told something.
    Told(Told),
}

/// A save that took effect.
#[derive(Debug)]
pub(crate) struct Save {
    /// The process that saved.
    pub(crate) process: u64,
    /// Whether the execution holds all its locks already.
    pub(crate) stage: Stage,
    /// Whether anything that is stored of the execution differs from before.
    pub(crate) change: Change,
    /// What stands now.
    pub(crate) stored: Stored,
    /// What the event log got.
    pub(crate) events: Vec<LoggedEvent>,
}

/// Whether an execution holds all its locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It is still taking them.
    Acquiring,
    /// It has them, or had.
    Acquired,
}

/// Whether a save changed an execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// Something of it differs.
    Some,
    /// Only what is kept beside it differs.
    None,
}

/// An execution as it is stored.
#[derive(Debug)]
pub(crate) struct Stored {
    /// The execution.
    pub(crate) execution: Execution,
    /// Raised by every save.
    pub(crate) version: u64,
    /// How many events its log has.
    pub(crate) events: u64,
    /// The hash of the last one.
    pub(crate) last_hash: String,
}

/// One entry of an event log.
#[derive(Debug)]
pub(crate) struct LoggedEvent {
    /// From 1.
    pub(crate) number: u64,
    /// The hash of the entry before; empty for the first.
    pub(crate) previous_hash: String,
    /// Its own hash.
    pub(crate) hash: String,
    /// When, where and what, for the trace.
    pub(crate) line: String,
}

/// A lock that went.
#[derive(Debug)]
pub(crate) enum FreedLock {
    /// That of a plan.
    Plan,
    /// That of a server.
    Server(String),
}

/// An event of the product, by its word.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Which execution.
    pub(crate) execution: String,
    /// The version of it that the decision is about.
    pub(crate) version: u64,
    /// What.
    pub(crate) event: String,
    /// The batch that it is about, where it is about one.
    pub(crate) batch: Option<(usize, usize)>,
}

/// A rehearsal, or the real thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A rehearsal.
    Drill,
    /// The real thing.
    Recovery,
}

/// One run of a plan, as the product has written it down.
#[derive(Debug)]
pub(crate) struct Execution {
    /// Its id.
    pub(crate) id: String,
    /// Drill or recovery.
    pub(crate) kind: Kind,
    /// Whether a person acknowledged that it launches what could not be looked at.
    pub(crate) launches_unverified: bool,
    /// How it ended.
    pub(crate) ending: Option<Ending>,
    /// Whether a person has paused it.
    pub(crate) is_paused: bool,
    /// The clean-up.
    pub(crate) clean_up: CleanUp,
    /// The lock on the plan, by its own account.
    pub(crate) plan_lock: Lock,
    /// Its waves, in the plan's order.
    pub(crate) waves: Vec<Wave>,
    /// What people are told that it waits for.
    pub(crate) waiting: Vec<Waiting>,
}

/// How an execution ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ending {
    /// The status that it ended with.
    pub(crate) status: &'static str,
    /// A sentence.
    pub(crate) reason: String,
    /// When.
    pub(crate) at: Timestamp,
}

/// Where a clean-up stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CleanUp {
    /// Nobody asked for it.
    NotStarted,
    /// Under way.
    Running,
    /// It says that nothing is left.
    Done,
    /// It says that something is left, or could not be seen.
    Incomplete,
}

/// Whether an execution says that it holds a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lock {
    /// It does.
    Held,
    /// It does not.
    Free,
}

/// One thing that people are told an execution waits for.
#[derive(Debug)]
pub(crate) struct Waiting {
    /// What.
    pub(crate) kind: WaitingKind,
    /// The waves that wait, from 0.
    pub(crate) waves: Vec<usize>,
}

/// What an execution says it waits for: the words of the glossary of ARCHITECTURE.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WaitingKind {
    Waves,
    DrsJob,
    Quota,
    ServerInJob,
    Reconciling,
    DrsUnavailable,
    DrsRefused,
    AccessDenied,
    Gate,
    Failure,
    Manual,
    Undecided,
    CleanUp,
}

/// The servers of a plan that launch together.
#[derive(Debug)]
pub(crate) struct Wave {
    /// The key in the plan.
    pub(crate) key: String,
    /// The waves that it waits for, from 0.
    pub(crate) depends_on: Vec<usize>,
    /// How many servers must launch.
    pub(crate) need: Need,
    /// Whether the waves after it start although fewer did.
    pub(crate) on_failure: OnFailure,
    /// How long it may have jobs in flight, in minutes.
    pub(crate) time_limit_minutes: u32,
    /// Its gate.
    pub(crate) gate: Gate,
    /// Where it stands.
    pub(crate) state: WaveState,
    /// Its batches.
    pub(crate) batches: Vec<Batch>,
}

/// How many servers of a wave must launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Every one.
    All,
    /// At least this many.
    Count(u32),
    /// At least this share, in hundredths, rounded up to whole servers.
    Percent(u32),
}

/// What happens when a wave's need is not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnFailure {
    /// The waves after it may not start by themselves.
    HoldBack,
    /// They start.
    Continue,
}

/// The gate before a wave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Gate {
    /// The plan has none, or a person has opened it.
    Open,
    /// Not reached yet.
    Ahead,
    /// Reached; a person must open it by this hold.
    Closed(String),
}

/// Where a wave stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WaveState {
    /// Has not started.
    Pending,
    /// Its batches are sent and followed.
    Started,
    /// Over.
    Ended(WaveEnd),
}

/// How a wave ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WaveEnd {
    /// The outcome.
    pub(crate) outcome: WaveOutcome,
    /// When.
    pub(crate) at: Timestamp,
    /// A sentence, where there is something to say.
    pub(crate) reason: Option<String>,
    /// Whether the waves after it may start.
    pub(crate) release: Release,
}

/// The outcome of a wave: the words of the glossary of ARCHITECTURE.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WaveOutcome {
    Completed,
    Partial,
    Failed,
    Skipped,
    Cancelled,
    TimedOut,
}

/// Whether the waves after an ended wave may start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Release {
    /// They may.
    Released,
    /// A person must say so by this hold.
    Held(String),
    /// They may not.
    Stopped,
}

/// Servers of a wave that go to DRS together.
#[derive(Debug)]
pub(crate) struct Batch {
    /// Where.
    pub(crate) place: Place,
    /// Its servers.
    pub(crate) servers: Vec<Server>,
    /// Where its attempt stands.
    pub(crate) state: BatchState,
    /// The jobs of all its attempts.
    pub(crate) jobs: Vec<Job>,
    /// The locks on its servers, by its own account.
    pub(crate) locks: Lock,
}

/// An account and a Region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// The account.
    pub(crate) account: String,
    /// The Region.
    pub(crate) region: String,
}

/// Where the attempt of a batch stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BatchState {
    /// Nothing is asked of DRS: not yet, or no more.
    Idle,
    /// Wants to be sent.
    Queued,
    /// The intent is saved.
    Launching,
    /// Nobody knows whether it was sent: DRS is being looked at.
    Reconciling,
    /// A person must say, by a hold.
    Undecided,
    /// DRS has a job of ours.
    Following,
}

/// A job of a batch.
#[derive(Debug)]
pub(crate) struct Job {
    /// Its id.
    pub(crate) id: String,
    /// The attempt that it is taken for.
    pub(crate) attempt: u32,
    /// Whether it counts as gone.
    pub(crate) has_vanished: bool,
}

/// One server of an execution.
#[derive(Debug)]
pub(crate) struct Server {
    /// Its id.
    pub(crate) id: String,
    /// Where it stands.
    pub(crate) state: ServerState,
    /// The job of its last attempt.
    pub(crate) job: Option<String>,
    /// What came up.
    pub(crate) instance: Option<Instance>,
    /// Why it did not launch.
    pub(crate) error: Option<String>,
    /// How many warnings people see of it.
    pub(crate) warnings: usize,
    /// Whether another execution has taken over the lock on it.
    pub(crate) is_passed_on: bool,
}

/// What came up for a server.
#[derive(Debug)]
pub(crate) struct Instance {
    /// Its id.
    pub(crate) id: String,
    /// Its state at EC2, as DRS told it last.
    pub(crate) ec2_state: Option<String>,
}

/// Where a server stands: the words of the API's contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ServerState {
    Pending,
    Queued,
    Launching,
    Reconciling,
    Launched,
    Failed,
    Unknown,
    Skipped,
    Cancelled,
    Terminated,
}

/// What a person asks of an execution.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Which execution.
    pub(crate) execution: String,
    /// The status that they are shown.
    pub(crate) status: &'static str,
    /// The command, by its word.
    pub(crate) word: &'static str,
    /// The command.
    pub(crate) command: Command,
}

/// A command, as far as a law says what may come of it.
#[derive(Debug, Clone)]
pub(crate) enum Command {
    /// Open these holds; the only one, where none is named.
    Resume(Vec<String>),
    /// Launch servers of a wave again.
    Retry {
        /// The wave.
        wave: String,
        /// The servers that are named, where some are.
        servers: Vec<String>,
    },
    /// Go on without a wave.
    Skip,
    /// Terminate what a drill has launched.
    TerminateInstances,
    /// Pause, cancel, or say what became of a launch in doubt: none of them opens or begins
    /// anything.
    Other,
}

/// What a story does to DRS that bears on what the product may say.
#[derive(Debug, Clone, Default)]
pub(crate) struct StoryFacts {
    /// Servers that DRS refuses.
    pub(crate) refused_servers: BTreeSet<String>,
    /// Whether jobs vanish that still run.
    pub(crate) jobs_vanish: bool,
}

/// The table of locks as it is now.
pub(crate) trait LockTable {
    /// Who holds the lock on a server.
    fn on_server(&self, place: &Place, server: &str) -> LockState;
}

/// Who holds a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LockState {
    /// Nobody.
    Free,
    /// This execution.
    Held {
        /// Its id.
        execution: String,
        /// Its kind.
        kind: Kind,
    },
    /// It could not be read.
    Unreadable(String),
}
