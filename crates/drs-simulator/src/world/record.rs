//! What really is, at once and without the wire: for a judge who looks after every step.

use super::World;
use super::job::{JobKind, LaunchKind, Starter};
use crate::wire::Tags;
use crate::wire::job::{JobStatus, LaunchStatus};
use jiff::Timestamp;

/// One job as it is.
#[derive(Debug, Clone, Copy)]
pub struct JobRecord<'a> {
    job: &'a super::job::Job,
}

/// One recovery instance as it is.
#[derive(Debug, Clone, Copy)]
pub struct InstanceRecord<'a> {
    instance: &'a super::instance::Instance,
}

impl World {
    /// A job by its id, whether or not readers can see it.
    pub fn job_record(&self, id: &str) -> Option<JobRecord<'_>> {
        let (site, number) = self.job_sites.get(id)?;
        let job = self.sites.get(*site)?.jobs.get(number)?;
        Some(JobRecord { job })
    }

    /// Every job, of ours and of others.
    pub fn job_records(&self) -> impl Iterator<Item = JobRecord<'_>> {
        self.sites
            .iter()
            .flat_map(|site| site.jobs.values())
            .map(|job| JobRecord { job })
    }

    /// The jobs that are not COMPLETED.
    pub fn running_records(&self) -> impl Iterator<Item = JobRecord<'_>> {
        self.sites
            .iter()
            .flat_map(|site| {
                site.running
                    .iter()
                    .filter_map(|number| site.jobs.get(number))
            })
            .map(|job| JobRecord { job })
    }

    /// Every recovery instance that was ever there.
    pub fn instance_records(&self) -> impl Iterator<Item = InstanceRecord<'_>> {
        self.sites
            .iter()
            .flat_map(|site| site.instances.values())
            .map(|instance| InstanceRecord { instance })
    }

    /// What EC2 shows and DRS has no record of: what DRS never had one of, and what is left of
    /// instances whose records are gone.
    pub fn unlisted_machines(&self) -> impl Iterator<Item = InstanceRecord<'_>> {
        self.sites
            .iter()
            .flat_map(|site| site.remnants(self.now))
            .map(|instance| InstanceRecord { instance })
    }
}

impl<'a> JobRecord<'a> {
    /// Its id.
    pub fn id(&self) -> &'a str {
        &self.job.id
    }

    /// Its tags.
    pub fn tags(&self) -> &'a Tags {
        &self.job.tags
    }

    /// Whether it launches, and then whether as a drill.
    pub fn launches_as_drill(&self) -> Option<bool> {
        match self.job.kind {
            JobKind::Launch(kind) => Some(kind == LaunchKind::Drill),
            JobKind::Terminate => None,
        }
    }

    /// Whether a request through the API started it.
    pub fn is_of_a_caller(&self) -> bool {
        matches!(self.job.starter, Starter::Caller)
    }

    /// Whether it is not COMPLETED.
    pub fn is_running(&self) -> bool {
        self.job.status != JobStatus::Completed
    }

    /// Whether readers do not see it any more.
    pub fn is_forgotten(&self) -> bool {
        self.job.forgotten
    }

    /// The launch status that a server has in it.
    pub fn status_of(&self, server: &str) -> Option<LaunchStatus> {
        let mut all = self.job.participants.iter();
        all.find(|one| one.server == server)
            .map(|one| one.progress.status())
    }

    /// Its servers.
    pub fn servers(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.job.participants.iter().map(|one| one.server.as_str())
    }
}

impl<'a> InstanceRecord<'a> {
    /// Its id.
    pub fn id(&self) -> &'a str {
        &self.instance.id
    }

    /// Its source server.
    pub fn server(&self) -> &'a str {
        &self.instance.server
    }

    /// The job that launched it.
    pub fn job(&self) -> &'a str {
        &self.instance.job_id
    }

    /// Whether a drill launched it.
    pub fn is_drill(&self) -> bool {
        self.instance.is_drill
    }

    /// Whether the EC2 instance exists.
    pub fn is_alive(&self) -> bool {
        self.instance.is_alive()
    }

    /// When it came up.
    pub fn launched_at(&self) -> Timestamp {
        self.instance.launched_at
    }
}
