//! An event without what only explains it: what is left where the whole is more than the table
//! takes. Whatever a decision rests on stays.

use crate::execution::model::event::{
    AttemptSearch, CleanUpLook, Ec2Sight, Event, FailedLook, JobSighting, WorldFault,
};

/// Stands for a reason that the table does not take.
const UNKEPT_REASON: &str = "its reason could not be kept; the log of its job has it";
/// Stands for the words of a fault that the table does not take.
const UNKEPT_FAULT: &str = "its words could not be kept; the function's log has them";

impl Event {
    /// The same without what only explains. The words of an answer stay, because they are judged;
    /// those of a person stay, because they are the command.
    #[must_use]
    pub fn without_explanations(&self) -> Self {
        let mut reduced = self.clone();
        match &mut reduced {
            Self::JobsObserved { jobs, .. } => reduce_jobs(jobs),
            Self::LookFailed { fault, .. } => reduce_fault(fault),
            Self::LaunchLooked { look, .. } => {
                if let Err(FailedLook { fault, .. }) = look {
                    reduce_fault(fault);
                }
            }
            Self::AttemptSearched { found, .. } => match found {
                AttemptSearch::Unclear(text) => *text = UNKEPT_REASON.into(),
                AttemptSearch::Failed(fault) => reduce_fault(fault),
                AttemptSearch::Ours(_) | AttemptSearch::Nothing | AttemptSearch::ServerInJob(_) => {
                }
            },
            Self::CleanUpLooked { places, .. } => {
                for (_, look) in places {
                    match look {
                        Ok(look) => reduce_look(look),
                        Err(fault) => reduce_fault(fault),
                    }
                }
            }
            Self::Tick
            | Self::Command { .. }
            | Self::LaunchAnswered { .. }
            | Self::LocksReleased { .. }
            | Self::InstanceReplaced { .. }
            | Self::TakenOver(_)
            | Self::SaveRefused { .. }
            | Self::TerminateAnswered { .. } => {}
        }
        reduced
    }
}

fn reduce_jobs(jobs: &mut [JobSighting]) {
    for job in jobs {
        job.log_unread = job.log_unread.as_ref().map(|_| UNKEPT_FAULT.into());
        for server in &mut job.servers {
            server.error = server.error.as_ref().map(|_| UNKEPT_REASON.into());
            server.facts = None;
            server.warnings = Vec::new();
        }
    }
}

fn reduce_look(look: &mut CleanUpLook) {
    reduce_jobs(&mut look.launch_jobs);
    for job in &mut look.terminate_jobs {
        for (_, reason) in &mut job.failures {
            UNKEPT_REASON.clone_into(reason);
        }
    }
    match &mut look.ec2 {
        Ec2Sight::Failed(fault) => reduce_fault(fault),
        Ec2Sight::NotAsked | Ec2Sight::Shown(_) => {}
    }
}

fn reduce_fault(fault: &mut WorldFault) {
    fault.text = UNKEPT_FAULT.into();
}
