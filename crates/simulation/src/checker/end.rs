//! What must hold when everything is over, and of a clean-up that says that it is done.

use std::sync::Arc;

use drs_simulator::wire::job::LaunchStatus;
use drs_simulator::{InstanceRecord, ViolationKind, World};

use super::state::Checker;
use crate::facts::{CleanUp, Execution, ServerState, Stored};

impl Checker {
    /// Checks what must hold when everything is over.
    pub(crate) fn at_end(&mut self, world: &World) {
        self.now = world.now();
        self.take_verdict(world);
        let executions: Vec<Arc<Stored>> = self.current.values().cloned().collect();
        for stored in executions {
            let execution = &stored.execution;
            self.judge_over(execution);
            self.launched_means_launched(execution, world);
            self.clean_means_clean(execution, world);
        }
    }

    /// What the simulator's own record says of launches that must not be.
    pub(super) fn take_verdict(&mut self, world: &World) {
        for violation in world.verify().violations {
            let job = violation.job_id.as_deref().unwrap_or_default();
            let launch = self.launched.get(job);
            let vouched = launch.is_some_and(|launch| self.launches_unverified(&launch.execution));
            if !(vouched && violation.kind == ViolationKind::RecoveryInstanceDestroyedByRecovery) {
                self.breach("laws 1 and 7", violation.detail);
            }
        }
    }

    /// Law 5: what is LAUNCHED here is LAUNCHED there, in the job that is named.
    fn launched_means_launched(&mut self, execution: &Execution, world: &World) {
        for server in execution.servers() {
            let Some(job) = &server.job else { continue };
            let Some(record) = world.job_record(job) else {
                continue;
            };
            let there = record.status_of(&server.id);
            let wrong = match server.state {
                ServerState::Launched => !matches!(
                    there,
                    Some(LaunchStatus::Launched | LaunchStatus::Terminated)
                ),
                ServerState::Failed => there == Some(LaunchStatus::Launched),
                ServerState::Pending
                | ServerState::Queued
                | ServerState::Launching
                | ServerState::Reconciling
                | ServerState::Unknown
                | ServerState::Skipped
                | ServerState::Cancelled
                | ServerState::Terminated => false,
            };
            if wrong {
                let text = format!(
                    "{} is {:?} here and {there:?} at DRS",
                    server.id, server.state
                );
                self.breach("law 5", text);
            }
        }
    }

    /// A clean-up that says DONE has left nothing, neither in DRS nor in EC2.
    pub(super) fn clean_means_clean(&mut self, execution: &Execution, world: &World) {
        if execution.clean_up != CleanUp::Done {
            return;
        }
        let is_own = |one: &InstanceRecord<'_>| self.is_of(one.job(), &execution.id);
        let listed = world.instance_records().find(is_own);
        let runs = world
            .unlisted_machines()
            .filter(InstanceRecord::is_alive)
            .find(is_own);
        let text = match (listed, runs) {
            (Some(one), _) if one.is_alive() => format!("{} lives", one.id()),
            (Some(one), _) => format!("DRS keeps the record of {}", one.id()),
            (None, Some(one)) => format!("EC2 runs {}, which DRS does not list", one.id()),
            (None, None) => return,
        };
        self.breach("E7", format!("clean-up is DONE and {text}"));
    }
}
