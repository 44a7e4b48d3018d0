//! `StartRecovery`, and the making of jobs.

use super::World;
use super::defect::planted;
use super::due::Due;
use super::job::{Job, JobKind, LaunchKind, Participant, Starter};
use super::server::LastLaunch;
use crate::error::ApiError;
use crate::wire::Tags;
use crate::wire::job::{JobResponse, JobStatus, LaunchStatus, StartRecoveryRequest};
use crate::wire::source_server::LastLaunchType;

/// A job to be made.
pub(super) struct NewJob {
    pub(super) kind: JobKind,
    pub(super) starter: Starter,
    pub(super) tags: Tags,
    pub(super) participants: Vec<Participant>,
}

impl World {
    pub(super) fn commit_recovery(
        &mut self,
        site: usize,
        request: &StartRecoveryRequest,
    ) -> Result<JobResponse, ApiError> {
        let accepted = self.check_recovery(site, request);
        #[cfg(feature = "planted-defects")]
        if accepted.is_err() && planted!(self, PartialAcceptance) {
            let good = self.good_servers(site, request);
            if !good.source_servers.is_empty() && good != *request {
                return self.commit_recovery(site, &good);
            }
        }
        accepted?;
        let now = self.now;
        let participants = request.source_servers.iter().map(|server| {
            Participant::new(
                &server.source_server_id,
                server.recovery_snapshot_id.clone(),
                now,
            )
        });
        let number = self.make_job(
            site,
            NewJob {
                kind: JobKind::Launch(if planted!(self, IsDrillIgnored) {
                    LaunchKind::Recovery
                } else {
                    LaunchKind::of(request.is_drill)
                }),
                starter: Starter::Caller,
                tags: request.tags.clone().unwrap_or_default(),
                participants: participants.collect(),
            },
        );
        self.count_recovery(site, number);
        Ok(self.job_response(site, number))
    }

    /// The servers of a request that would be launched alone: what the whole request must not do.
    #[cfg(feature = "planted-defects")]
    fn good_servers(&self, site: usize, request: &StartRecoveryRequest) -> StartRecoveryRequest {
        let mut good = request.clone();
        good.source_servers.retain(|server| {
            let mut alone = request.clone();
            alone.source_servers = vec![server.clone()];
            self.check_recovery(site, &alone).is_ok()
        });
        good
    }

    /// Makes a job, locks its servers and lets it start.
    pub(super) fn make_job(&mut self, site: usize, new: NewJob) -> u64 {
        let now = self.now;
        let effects = std::mem::take(&mut self.next_job);
        let visible_at = match effects.hide_job {
            _ if planted!(self, JobVisibleAtOnce) => now,
            Some(hidden) => now + self.settings.scaled(hidden),
            None => now + self.lateness(self.settings.consistency.job_visible_after_ms),
        };
        let hidden = effects.hide_participants.unwrap_or_default();
        let participants_visible_at = now + self.settings.scaled(hidden);
        self.jobs_made += 1;
        let number = self.jobs_made;
        let id = self.identifiers.next("drsjob-");
        self.job_sites.insert(id.clone(), (site, number));
        self.lock_servers(site, number, &id, &new);
        let start_delay = self.identifiers.factor(self.settings.durations.jitter)
            * self.settings.durations.start_delay.as_secs_f64();
        let starts_at = now + self.settings.scaled_seconds(start_delay);
        self.queue
            .push(starts_at, Due::JobStarts { site, job: number });
        for shows_at in [visible_at, participants_visible_at] {
            if shows_at > now {
                self.queue.push(shows_at, Due::SomethingShows);
            }
        }
        if let Some(vanish_after) = effects.vanish_after {
            let at = now + self.settings.scaled(vanish_after);
            self.queue.push(at, Due::JobVanishes { site, job: number });
        }
        if let Some(site) = self.sites.get_mut(site) {
            site.running.push(number);
            site.jobs.insert(
                number,
                Job {
                    id,
                    kind: new.kind,
                    starter: new.starter,
                    tags: new.tags,
                    created_at: now,
                    ended_at: None,
                    status: JobStatus::Pending,
                    participants: new.participants,
                    log: Vec::new(),
                    visible_at,
                    participants_visible_at,
                    forgotten: false,
                    says_drill: self.settings.switches.drills_say_start_drill,
                    emptied: false,
                },
            );
        }
        number
    }

    fn lock_servers(&mut self, site: usize, number: u64, job_id: &str, new: &NewJob) {
        let now = self.now;
        let Some(site) = self.sites.get_mut(site) else {
            return;
        };
        for participant in &new.participants {
            let Some(server) = site.servers.get_mut(&participant.server) else {
                continue;
            };
            server.locked_by = Some(number);
            let launch_type = match new.kind {
                JobKind::Launch(LaunchKind::Drill) => LastLaunchType::Drill,
                JobKind::Launch(LaunchKind::Recovery) => LastLaunchType::Recovery,
                JobKind::Terminate => continue,
            };
            server.last_launch = Some(LastLaunch {
                at: now,
                job_id: job_id.to_owned(),
                launch_type,
                status: LaunchStatus::Pending,
            });
        }
    }

    /// The answer that shows a job as it is now.
    pub(super) fn job_response(&self, site: usize, number: u64) -> JobResponse {
        let job = self.sites.get(site).and_then(|site| {
            site.jobs
                .get(&number)
                .map(|job| job.to_wire(site, self.now))
        });
        JobResponse { job }
    }
}
