//! What an execution is told: the whole list of things that can move it.

use crate::ec2_instance::Ec2Instance;
use crate::execution::model::batch::{BatchReference, Fence, JobStatus};
use crate::execution::model::clean_up::KnownLaunches;
use crate::execution::model::command::Command;
use crate::execution::model::ledger::Ledger;
use crate::execution::model::server::Phase;
use crate::execution::model::take_over::TakeOver;
use crate::ids::{ExecutionId, JobId, RecoveryInstanceId, SourceServerId};
use crate::launchability::{LiveInstance, ServerLook};
use crate::place::Place;
use crate::quota::{Limits, Usage};
use crate::source_server::RecoveryInstance;
use crate::text::{Reason, Warning};
use jiff::Timestamp;

/// Something that an execution is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Time has passed.
    Tick,
    /// A person wants something.
    Command {
        /// Who.
        by: String,
        /// What.
        command: Command,
    },
    /// A batch that wants to be sent was looked at.
    LaunchLooked {
        /// The batch.
        batch: BatchReference,
        /// What was seen.
        look: Result<LaunchLook, FailedLook>,
    },
    /// `StartRecovery` was answered, or was not.
    LaunchAnswered {
        /// The attempt.
        fence: Fence,
        /// The answer.
        answer: LaunchAnswer,
    },
    /// The job of a doubtful attempt was looked for.
    AttemptSearched {
        /// The attempt.
        fence: Fence,
        /// What was found.
        found: AttemptSearch,
    },
    /// Jobs of ours were looked at.
    JobsObserved {
        /// Where.
        place: Place,
        /// What was seen of each.
        jobs: Vec<JobSighting>,
    },
    /// A look at jobs failed.
    LookFailed {
        /// Where.
        place: Place,
        /// Why.
        fault: WorldFault,
    },
    /// These batches' locks, and maybe the plan's, are free.
    LocksReleased {
        /// The batches.
        batches: Vec<BatchReference>,
        /// Whether the plan's lock was among them.
        plan: super::effect::PlanLock,
    },
    /// A launch of another execution destroys an instance of this one.
    InstanceReplaced {
        /// The instances.
        instances: Vec<RecoveryInstanceId>,
        /// The execution that launches the server again.
        by: ExecutionId,
    },
    /// A recovery takes the locks of this execution.
    TakenOver(TakeOver),
    /// The instances of a drill that is cleaned up were looked at.
    CleanUpLooked {
        /// What the execution knew of its launches when it asked for the look.
        known: KnownLaunches,
        /// What was seen in each place, or why it was not.
        places: Vec<(Place, Result<CleanUpLook, WorldFault>)>,
    },
    /// The table does not take what was decided: it would not at the next try either.
    SaveRefused {
        /// Why.
        text: Reason,
    },
    /// `TerminateRecoveryInstances` was answered, or was not.
    TerminateAnswered {
        /// Which instances were asked for.
        instances: Vec<RecoveryInstanceId>,
        /// The answer.
        answer: TerminateAnswer,
    },
}

/// What a look before a launch saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchLook {
    /// When it began: what it saw may have changed since.
    pub begun_at: Timestamp,
    /// Each queued server of the batch.
    pub servers: Vec<ServerLook>,
    /// What is in progress in the account and Region.
    pub usage: Usage,
    /// The limits there.
    pub limits: Limits,
    /// What is promised there to launches that DRS does not show yet.
    pub page: LedgerPage,
}

/// The ledger of an account and Region as it was read, settled with what DRS showed after.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LedgerPage {
    /// Its version; 0 where there is none yet.
    pub version: u64,
    /// The ledger.
    pub ledger: Ledger,
}

/// A look before a launch that did not see all that it must.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedLook {
    /// Why.
    pub fault: WorldFault,
    /// The live instances that it saw all the same. A launch without a look must spare them too.
    pub live_instances: Vec<(SourceServerId, LiveInstance)>,
    /// Servers that an execution which they were taken from may have asked DRS to launch.
    pub in_doubt: Vec<(SourceServerId, ExecutionId)>,
}

impl From<WorldFault> for FailedLook {
    fn from(fault: WorldFault) -> Self {
        Self {
            fault,
            live_instances: Vec::new(),
            in_doubt: Vec::new(),
        }
    }
}

/// Why the world could not be looked at or called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorldFault {
    /// What kind of fault.
    pub class: FaultClass,
    /// A sentence.
    pub text: Reason,
}

/// Kinds of faults of the world that make a difference to a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultClass {
    /// It may work in a moment: throttled, unreachable, broken.
    Passing,
    /// This product may not.
    Denied,
    /// DRS is not initialised in that account and Region.
    NotInitialised,
}

/// What became of one call of `StartRecovery`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LaunchAnswer {
    /// DRS has a job.
    Started(JobId),
    /// It was not sent: too late after its intent, or the process was about to end.
    NotSent(Reason),
    /// DRS refused for lack of capacity (402).
    Quota(Reason),
    /// DRS refused because it takes fewer servers in one job.
    TooLarge(Reason),
    /// DRS refused because it is asked too often (429).
    Throttled(Reason),
    /// DRS refused because this product may not.
    Denied(Reason),
    /// DRS refused the request as it is; the server that spoils it, where DRS names one.
    Invalid {
        /// That server.
        offender: Option<SourceServerId>,
        /// DRS's words.
        text: Reason,
    },
    /// DRS refused because of the state of one of the servers: mostly because a job has it.
    Conflict {
        /// That server, where DRS names one.
        offender: Option<SourceServerId>,
        /// DRS's words.
        text: Reason,
    },
    /// No answer that says whether anything happened.
    Doubt(Reason),
}

impl LaunchAnswer {
    /// Whether it says that nothing was started.
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::NotSent(_)
            | Self::Quota(_)
            | Self::TooLarge(_)
            | Self::Throttled(_)
            | Self::Denied(_)
            | Self::Invalid { .. } => true,
            Self::Started(_) | Self::Conflict { .. } | Self::Doubt(_) => false,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Started(_) => "ANSWERED_STARTED",
            Self::NotSent(_) => "ANSWERED_NOT_SENT",
            Self::Quota(_) => "ANSWERED_QUOTA",
            Self::TooLarge(_) => "ANSWERED_TOO_LARGE",
            Self::Throttled(_) => "ANSWERED_THROTTLED",
            Self::Denied(_) => "ANSWERED_DENIED",
            Self::Invalid { .. } => "ANSWERED_INVALID",
            Self::Conflict { .. } => "ANSWERED_CONFLICT",
            Self::Doubt(_) => "ANSWERED_DOUBT",
        }
    }
}

/// What a look for a doubtful attempt found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptSearch {
    /// A job with the tag of this attempt.
    Ours(JobId),
    /// A complete listing without a sign of it: no job since the intent without servers, no
    /// server of the batch in a job, the last launch of each as before.
    Nothing,
    /// A job in progress that is not ours has one of the servers.
    ServerInJob(JobId),
    /// Something that could be it, and cannot be told.
    Unclear(Reason),
    /// The look failed.
    Failed(WorldFault),
}

impl AttemptSearch {
    /// Whether DRS was seen, whatever it showed.
    pub fn is_a_sight(&self) -> bool {
        match self {
            Self::Ours(_) | Self::Nothing | Self::ServerInJob(_) | Self::Unclear(_) => true,
            Self::Failed(_) => false,
        }
    }
}

/// What was seen of one job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobSighting {
    /// The job.
    pub id: JobId,
    /// Its status; [`JobStatus::Vanished`] where a complete look did not find it.
    pub status: JobStatus,
    /// Its servers, as far as DRS lists them.
    pub servers: Vec<ServerSighting>,
    /// Why its log could not be read, where it was to be read.
    pub log_unread: Option<Reason>,
}

/// What was seen of one server in a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerSighting {
    /// The server.
    pub id: SourceServerId,
    /// Its launch status.
    pub status: LaunchStatus,
    /// What DRS is doing with it.
    pub phase: Option<Phase>,
    /// The instance that DRS names.
    pub instance: Option<RecoveryInstanceId>,
    /// What DRS says of that instance, where it was asked.
    pub facts: Option<RecoveryInstance>,
    /// The error of the job's log.
    pub error: Option<Reason>,
    /// Warnings from the job's log or the instance.
    pub warnings: Vec<Warning>,
    /// The EC2 instance that the log of a failed launch names: it may run without a record in DRS.
    pub unregistered: Option<RecoveryInstanceId>,
}

/// The launch status of a server in a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LaunchStatus {
    /// PENDING, or a status that is not known.
    Pending,
    /// `IN_PROGRESS`.
    InProgress,
    /// LAUNCHED.
    Launched,
    /// FAILED.
    Failed,
    /// TERMINATED.
    Terminated,
}

/// What a look for clean-up saw in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleanUpLook {
    /// The launch jobs, as they are now.
    pub launch_jobs: Vec<JobSighting>,
    /// The terminate jobs that were asked for, as they are now.
    pub terminate_jobs: Vec<TerminateJobSighting>,
    /// The live and dead instances that DRS lists for the execution's servers.
    pub instances: Vec<RecoveryInstance>,
    /// What EC2 shows.
    pub ec2: Ec2Sight,
}

/// What was seen of one terminate job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerminateJobSighting {
    /// The job.
    pub id: JobId,
    /// Its status; [`JobStatus::Vanished`] where a complete look did not find it.
    pub status: JobStatus,
    /// The servers whose instances DRS says that it did not terminate, with its reasons.
    pub failures: Vec<(SourceServerId, String)>,
    /// What became of reading its log.
    pub log: LogSight,
}

/// What became of reading a job's log. The job's outcome never depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogSight {
    /// It has nothing to explain yet.
    NotDue,
    /// It was read and copied.
    Copied,
    /// It could not be read.
    Unreadable,
}

/// What EC2 shows of an execution's instances in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ec2Sight {
    /// It was not asked, because nothing could have been settled by it.
    NotAsked,
    /// The instances that were asked for, and those with DRS's tags of the execution's servers.
    Shown(Vec<Ec2Instance>),
    /// It could not be asked.
    Failed(WorldFault),
}

/// What became of one call of `TerminateRecoveryInstances`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TerminateAnswer {
    /// DRS has a job.
    Started(JobId),
    /// Not now: throttled, or not reached.
    Later(Reason),
    /// Not so many together: there is no room for all, or a job has one of the servers.
    InParts(Reason),
    /// DRS refuses.
    Refused(Reason),
    /// No answer that says whether anything happened.
    Doubt(Reason),
}

impl Event {
    /// What it is, in a word; answers and looks say what they bring.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Tick => "TICK",
            Self::Command { command, .. } => command.name().word(),
            Self::LaunchLooked { look: Ok(_), .. } => "LAUNCH_LOOKED",
            Self::LaunchLooked { look: Err(_), .. } => "LAUNCH_LOOK_FAILED",
            Self::LaunchAnswered { answer, .. } => answer.word(),
            Self::AttemptSearched { found, .. } => match found {
                AttemptSearch::Ours(_) => "SOUGHT_OURS",
                AttemptSearch::Nothing => "SOUGHT_NOTHING",
                AttemptSearch::ServerInJob(_) => "SOUGHT_SERVER_IN_JOB",
                AttemptSearch::Unclear(_) => "SOUGHT_UNCLEAR",
                AttemptSearch::Failed(_) => "SOUGHT_FAILED",
            },
            Self::JobsObserved { .. } => "JOBS_OBSERVED",
            Self::LookFailed { .. } => "LOOK_FAILED",
            Self::LocksReleased { .. } => "LOCKS_RELEASED",
            Self::InstanceReplaced { .. } => "INSTANCE_REPLACED",
            Self::TakenOver(_) => "TAKEN_OVER",
            Self::CleanUpLooked { .. } => "CLEAN_UP_LOOKED",
            Self::SaveRefused { .. } => "SAVE_REFUSED",
            Self::TerminateAnswered { .. } => "TERMINATE_ANSWERED",
        }
    }

    /// The batch that it is about, where it is about one.
    pub fn batch(&self) -> Option<BatchReference> {
        match self {
            Self::LaunchLooked { batch, .. } => Some(*batch),
            Self::LaunchAnswered { fence, .. } | Self::AttemptSearched { fence, .. } => {
                Some(fence.batch)
            }
            Self::Tick
            | Self::Command { .. }
            | Self::JobsObserved { .. }
            | Self::LookFailed { .. }
            | Self::LocksReleased { .. }
            | Self::InstanceReplaced { .. }
            | Self::TakenOver(_)
            | Self::CleanUpLooked { .. }
            | Self::SaveRefused { .. }
            | Self::TerminateAnswered { .. } => None,
        }
    }
}
