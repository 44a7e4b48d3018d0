//! What is to be done after a decision is saved: each is one thing that the engine does.

use crate::execution::model::batch::{Batch, BatchReference, Fence};
use crate::execution::model::clean_up::KnownLaunches;
use crate::execution::model::execution::Execution;
use crate::ids::{ExecutionId, JobId, RecoveryInstanceId, SourceServerId};
use crate::kind::Kind;
use crate::place::Place;

/// One thing to do. All but the two that write to DRS can be asked for again by the next tick,
/// because each is told from the state that the decision left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Look at the servers of a batch that wants to be sent.
    CheckBeforeLaunch {
        /// The batch.
        batch: BatchReference,
        /// Where.
        place: Place,
        /// Its queued servers.
        servers: Vec<SourceServerId>,
        /// The executions that they may have been taken from.
        taken_from: Vec<ExecutionId>,
    },
    /// Call `StartRecovery`, once. Only the invocation whose save made the intent does it.
    StartRecovery {
        /// The attempt.
        fence: Fence,
        /// Where.
        place: Place,
        /// For what.
        kind: Kind,
        /// Which servers.
        servers: Vec<SourceServerId>,
        /// The value of the attempt's tag.
        tag: String,
    },
    /// Give up the room that was promised to a launch which DRS has refused. Where this is lost,
    /// the promise lapses by itself.
    GiveUpRoom {
        /// The batch.
        batch: BatchReference,
        /// Where.
        place: Place,
    },
    /// Look for the job of an attempt whose answer is not known.
    SearchForAttempt {
        /// The attempt.
        fence: Fence,
        /// Where.
        place: Place,
        /// Its servers, with the last launch job that DRS named before.
        servers: Vec<(SourceServerId, Option<JobId>)>,
        /// The value of the attempt's tag.
        tag: String,
    },
    /// Look at jobs of ours in progress.
    Observe {
        /// Where.
        place: Place,
        /// Which.
        jobs: Vec<JobId>,
    },
    /// Free locks that are no longer needed.
    ReleaseLocks {
        /// The batches whose servers' locks go.
        batches: Vec<BatchReference>,
        /// Those servers.
        servers: Vec<(Place, SourceServerId)>,
        /// Whether the plan's lock goes too.
        plan: PlanLock,
    },
    /// Tell an ended drill that one of its instances is being replaced.
    TellReplaced {
        /// The drill.
        execution: ExecutionId,
        /// The instances.
        instances: Vec<RecoveryInstanceId>,
    },
    /// Read all launch jobs again and look at the instances of a drill that is cleaned up.
    LookForCleanUp {
        /// What the execution knows of its launches now.
        known: KnownLaunches,
        /// For each place: the launch jobs, the terminate jobs, and the instances known.
        places: Vec<CleanUpLookAt>,
    },
    /// Call `TerminateRecoveryInstances` for instances just seen to be ours.
    Terminate {
        /// Where.
        place: Place,
        /// Which.
        instances: Vec<RecoveryInstanceId>,
    },
}

impl Effect {
    /// The look that a batch needs before it is sent.
    pub fn check_before_launch(
        execution: &Execution,
        reference: BatchReference,
        batch: &Batch,
    ) -> Self {
        Self::CheckBeforeLaunch {
            taken_from: execution.head.consent.takes_over_from(),
            batch: reference,
            place: batch.place.clone(),
            servers: batch
                .queued_servers()
                .map(|server| server.id.clone())
                .collect(),
        }
    }
}

/// Whether a release includes the lock on the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanLock {
    /// It goes too.
    Release,
    /// It stays, or is gone already.
    Leave,
}

/// What a look for clean-up reads in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleanUpLookAt {
    /// Where.
    pub place: Place,
    /// Launch jobs of the execution.
    pub launch_jobs: Vec<JobId>,
    /// Terminate jobs in progress, and those whose logs are still to be read.
    pub terminate_jobs: Vec<JobId>,
    /// All servers of the execution there.
    pub servers: Vec<SourceServerId>,
    /// What EC2 is asked.
    pub ec2: Ec2Question,
}

/// What a look for clean-up asks EC2 in one place, besides the tags of its servers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ec2Question {
    /// Nothing: a terminate job is at work there, and nothing could be settled.
    NotYet,
    /// These instances.
    Instances(Vec<RecoveryInstanceId>),
}
