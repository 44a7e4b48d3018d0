//! What a clean-up needs, and what it waits for.

use jiff::{SignedDuration, Timestamp};

use crate::execution::model::batch::{BatchJob, JobStatus};
use crate::execution::model::clean_up::{CleanUpInstance, CleanUpStatus};
use crate::execution::model::execution::Execution;
use crate::execution::model::server::ServerState;
use crate::ids::JobId;

/// The longest that a launch may go on unseen after DRS stopped showing its job, and that a clean-up
/// waits for one which is in progress. Windows servers with large volumes take the better part of an
/// hour from snapshot to launch.
pub(in crate::execution) const LAUNCH_MAX: SignedDuration = SignedDuration::from_hours(2);

/// Whether clean-up needs the locks on the servers.
pub(in crate::execution) fn needs_locks(execution: &Execution) -> bool {
    execution.head.clean_up.status == CleanUpStatus::Running
}

/// What a clean-up that is under way waits for, in words.
pub(in crate::execution) fn waits_for(execution: &Execution, now: Timestamp) -> String {
    if let Some((_, text)) = &execution.head.clean_up.blind {
        return format!("the drill's instances cannot be looked at: {text}");
    }
    if let Some((job, until)) = may_still_come_up(execution, now) {
        return format!(
            "DRS no longer shows job {job}, whose servers may still come up until {until}"
        );
    }
    if let Some(what) = launch_in_progress(execution) {
        return format!("{what} may still bring something up");
    }
    let clean_up = &execution.head.clean_up;
    let put_off = |known: &&CleanUpInstance| known.put_off_since.is_some() && known.is_open();
    if let Some(known) = clean_up.instances.iter().find(put_off) {
        let reason = known.reason.as_deref().unwrap_or_default();
        return format!("DRS does not take {} yet: {reason}", known.id);
    }
    if let Some(blind) = &clean_up.ec2_blind {
        return format!("EC2 cannot be asked what is left: {}", blind.text);
    }
    "the drill's instances are being terminated".to_owned()
}

/// A job that DRS no longer shows, of whose servers nobody knows what became: they may still come
/// up, and until then it is not proved that nothing is left.
pub(in crate::execution) fn may_still_come_up(
    execution: &Execution,
    now: Timestamp,
) -> Option<(&JobId, Timestamp)> {
    execution.batches().find_map(|(_, batch)| {
        let is_open = |job: &&BatchJob| {
            let unknown = |state| state == ServerState::Unknown;
            job.status == JobStatus::Vanished
                && now.duration_since(job.since) < LAUNCH_MAX
                && batch
                    .servers
                    .iter()
                    .any(|server| server.job.as_ref() == Some(&job.id) && unknown(server.state))
        };
        let job = batch.jobs.iter().find(is_open)?;
        Some((&job.id, job.since + LAUNCH_MAX))
    })
}

/// A launch of this execution that DRS has, or may have, in progress, in words.
pub(in crate::execution) fn launch_in_progress(execution: &Execution) -> Option<String> {
    let mut batches = execution.batches();
    let (_, batch) = batches.find(|(_, batch)| batch.is_in_flight())?;
    Some(match batch.job_in_flight() {
        Some(job) => format!("launch job {job}"),
        None => "a launch that is in doubt".to_owned(),
    })
}
