//! Invariants: what no client of DRS should ever bring about, found when it happens.

use super::World;
use super::job::{JobKind, LaunchKind, Spot, Starter};
use crate::scenario::Expectation;
use crate::wire::job::LaunchStatus;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// Something that should never have happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Violation {
    /// Which invariant.
    pub kind: ViolationKind,
    /// When.
    pub at: Timestamp,
    /// In which account.
    pub account_id: String,
    /// In which Region.
    pub region: String,
    /// The job by which it happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_id: Option<String>,
    /// The source server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_server_id: Option<String>,
    /// The instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery_instance_id: Option<String>,
    /// The sentence for people.
    pub detail: String,
}

/// The invariants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ViolationKind {
    /// A server is in two running jobs.
    ServerInTwoJobs,
    /// A drill destroyed the instance of a real recovery by launching its server again.
    RecoveryInstanceDestroyedByDrill,
    /// A recovery destroyed the instance of a real recovery by launching its server again.
    RecoveryInstanceDestroyedByRecovery,
    /// A `TerminateRecoveryInstances` took effect on the instance of a real recovery.
    RecoveryInstanceTerminated,
    /// Two `StartRecovery` requests of one attempt took effect.
    AttemptCommittedTwice,
    /// A server was launched more often than the scenario allows.
    LaunchedTooOften,
    /// It did not come out as the scenario says.
    OtherOutcome,
}

/// The judgement of a world so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Whether nothing was violated.
    pub ok: bool,
    /// What was.
    pub violations: Vec<Violation>,
}

/// What was found while it happened.
#[derive(Debug, Clone, Default)]
pub(super) struct Findings {
    violations: Vec<Violation>,
    /// The job of each attempt that has been committed.
    attempts: BTreeMap<String, String>,
}

impl World {
    /// Judges what has happened so far.
    pub fn verify(&self) -> Verdict {
        let mut violations = self.findings.violations.clone();
        self.find_shared_servers(&mut violations);
        for expectation in &self.expectations {
            match expectation {
                // Both are always checked; a scenario may say so all the same.
                Expectation::NoServerInTwoJobs | Expectation::NeverTerminated(_) => {}
                Expectation::LastLaunch(servers) => {
                    self.find_other_launches(servers, &mut violations);
                }
                Expectation::RecoveryInstances(number) => {
                    self.find_other_number(*number, &mut violations);
                }
                Expectation::StartRecoveryCommits(commits) => {
                    self.find_frequent_launches(commits.max_per_server, &mut violations);
                }
            }
        }
        Verdict {
            ok: violations.is_empty(),
            violations,
        }
    }

    /// Counts a committed `StartRecovery`.
    pub(super) fn count_recovery(&mut self, site: usize, number: u64) {
        let Some(state) = self.sites.get_mut(site) else {
            return;
        };
        let Some(job) = state.jobs.get(&number) else {
            return;
        };
        for participant in &job.participants {
            if let Some(server) = state.servers.get_mut(&participant.server) {
                server.commits += 1;
            }
        }
        let attempt = match &self.settings.attempt_tag {
            Some(tag) => job.tags.get(tag).cloned(),
            None => job
                .tags
                .keys()
                .any(|key| key.to_ascii_lowercase().contains("attempt"))
                .then(|| format!("{site} {:?}", job.tags)),
        };
        let job_id = job.id.clone();
        let Some(attempt) = attempt else { return };
        if let Some(earlier) = self
            .findings
            .attempts
            .insert(attempt.clone(), job_id.clone())
        {
            let detail = format!("Jobs {earlier} and {job_id} were started for one attempt.");
            self.find(
                site,
                ViolationKind::AttemptCommittedTwice,
                detail,
                |violation| {
                    violation.job_id = Some(job_id);
                },
            );
        }
    }

    /// A relaunch begins to destroy the instance of a real recovery.
    pub(super) fn find_relaunch(&mut self, spot: Spot, instance: &str) {
        let Some(site) = self.sites.get(spot.site) else {
            return;
        };
        let Some(instance) = site.instances.get(instance) else {
            return;
        };
        let Some(job) = site.jobs.get(&spot.job) else {
            return;
        };
        let kind = match (job.kind, job.starter) {
            (JobKind::Launch(LaunchKind::Drill), Starter::Caller) => {
                ViolationKind::RecoveryInstanceDestroyedByDrill
            }
            (JobKind::Launch(LaunchKind::Recovery), Starter::Caller) => {
                ViolationKind::RecoveryInstanceDestroyedByRecovery
            }
            (JobKind::Launch(_) | JobKind::Terminate, Starter::Stranger { .. })
            | (JobKind::Terminate, Starter::Caller) => return,
        };
        if instance.is_drill || !instance.is_alive() {
            return;
        }
        let (id, server, job_id) = (instance.id.clone(), instance.server.clone(), job.id.clone());
        let detail = format!("Job {job_id} destroys {id}, which a real recovery launched.");
        self.find(spot.site, kind, detail, |violation| {
            violation.job_id = Some(job_id);
            violation.source_server_id = Some(server);
            violation.recovery_instance_id = Some(id);
        });
    }

    /// A request to end instances takes effect.
    pub(super) fn find_terminations(&mut self, site: usize, ids: &[String]) {
        let Some(state) = self.sites.get(site) else {
            return;
        };
        let found: Vec<(String, String)> = ids
            .iter()
            .filter_map(|id| state.instances.get(id))
            .filter(|instance| !instance.is_drill && instance.is_alive())
            .map(|instance| (instance.id.clone(), instance.server.clone()))
            .collect();
        for (id, server) in found {
            let detail = format!("{id}, which a real recovery launched, is terminated.");
            self.find(
                site,
                ViolationKind::RecoveryInstanceTerminated,
                detail,
                |violation| {
                    violation.source_server_id = Some(server);
                    violation.recovery_instance_id = Some(id);
                },
            );
        }
    }

    fn find(
        &mut self,
        site: usize,
        kind: ViolationKind,
        detail: String,
        fill: impl FnOnce(&mut Violation),
    ) {
        let mut violation = self.violation(site, kind, detail);
        fill(&mut violation);
        self.findings.violations.push(violation);
    }

    fn violation(&self, site: usize, kind: ViolationKind, detail: String) -> Violation {
        let place = self.sites.get(site);
        Violation {
            kind,
            at: self.now,
            account_id: place.map(|site| site.account.clone()).unwrap_or_default(),
            region: place.map(|site| site.region.clone()).unwrap_or_default(),
            job_id: None,
            source_server_id: None,
            recovery_instance_id: None,
            detail,
        }
    }

    fn find_shared_servers(&self, violations: &mut Vec<Violation>) {
        for (at, site) in self.sites.iter().enumerate() {
            let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
            let running = site
                .running
                .iter()
                .filter_map(|number| site.jobs.get(number));
            for job in running {
                for participant in &job.participants {
                    if let Some(other) = seen.insert(&participant.server, &job.id) {
                        let server = participant.server.clone();
                        let detail = format!("{server} is in jobs {other} and {}.", job.id);
                        let kind = ViolationKind::ServerInTwoJobs;
                        let mut violation = self.violation(at, kind, detail);
                        violation.source_server_id = Some(server);
                        violations.push(violation);
                    }
                }
            }
        }
    }

    fn find_other_launches(
        &self,
        expected: &BTreeMap<String, LaunchStatus>,
        violations: &mut Vec<Violation>,
    ) {
        for (name, status) in expected {
            let Some((site, id)) = self.whereabouts.get(name) else {
                continue;
            };
            let launch = self.server(name).and_then(|one| one.last_launch.as_ref());
            let seen = launch.map(|launch| launch.status);
            if seen != Some(*status) {
                let seen = seen.map_or("never launched", LaunchStatus::as_str);
                let detail = format!(
                    "The last launch of {name} is {seen}, not {}.",
                    status.as_str()
                );
                let mut violation = self.violation(*site, ViolationKind::OtherOutcome, detail);
                violation.source_server_id = Some(id.clone());
                violations.push(violation);
            }
        }
    }

    fn find_other_number(&self, expected: usize, violations: &mut Vec<Violation>) {
        let number: usize = self.sites.iter().map(|site| site.instances.len()).sum();
        if number != expected {
            let detail = format!("There are {number} recovery instances, not {expected}.");
            violations.push(self.violation(0, ViolationKind::OtherOutcome, detail));
        }
    }

    fn find_frequent_launches(&self, most: usize, violations: &mut Vec<Violation>) {
        for (at, site) in self.sites.iter().enumerate() {
            for server in site.servers.values().filter(|server| server.commits > most) {
                let detail = format!("{} was launched {} times.", server.id, server.commits);
                let mut violation = self.violation(at, ViolationKind::LaunchedTooOften, detail);
                violation.source_server_id = Some(server.id.clone());
                violations.push(violation);
            }
        }
    }
}
