//! How an instance stands in one look: what DRS lists and what EC2 runs, put together.

use super::absence::Absence;
use crate::ec2_instance::{Ec2Instance, Ec2State};
use crate::execution::model::clean_up::Standing;
use crate::execution::model::event::{CleanUpLook, Ec2Sight};
use crate::execution::model::execution::Execution;
use crate::ids::RecoveryInstanceId;
use crate::source_server::{DrillFlag, RecoveryInstance};

/// How the instance of this id stands.
pub(super) fn standing<'a>(
    execution: &Execution,
    look: &'a CleanUpLook,
    id: &RecoveryInstanceId,
    absence: Absence,
) -> Standing<'a> {
    if let Some(listed) = look.instances.iter().find(|listed| listed.id == *id) {
        let ours = is_launched_here(execution, listed);
        match (ours, listed.is_live()) {
            (true, true) => return Standing::Alive,
            (true, false) => return Standing::Recorded,
            (false, true) => return Standing::NotOurs,
            // Whose the record is is no matter when nothing is left that could be ended.
            (false, false) => {}
        }
    }
    match (absence, &look.ec2) {
        (Absence::IsNoNews | Absence::ProvesNothing, _) | (_, Ec2Sight::NotAsked) => {
            Standing::NoNews
        }
        (Absence::Counts, Ec2Sight::Failed(fault)) => Standing::Unproved(&fault.text),
        (Absence::Counts, Ec2Sight::Shown(shown)) => match state_in_ec2(shown, id) {
            Ec2State::Alive => Standing::Unlisted,
            Ec2State::Ending => Standing::Ending,
            Ec2State::Gone => Standing::Absent,
        },
    }
}

/// EC2 forgets what has ended.
fn state_in_ec2(shown: &[Ec2Instance], id: &RecoveryInstanceId) -> Ec2State {
    let found = shown.iter().find(|machine| machine.id == *id);
    found.map_or(Ec2State::Gone, |machine| machine.state)
}

/// Whether an instance was launched by a job of this execution, as a drill. Both must hold:
/// nothing else is ever terminated (law 7).
pub(super) fn is_launched_here(execution: &Execution, instance: &RecoveryInstance) -> bool {
    instance.drill == DrillFlag::Drill
        && instance.job.as_ref().is_some_and(|job| {
            execution
                .batches()
                .any(|(_, batch)| batch.jobs.iter().any(|known| known.id == *job))
        })
}
