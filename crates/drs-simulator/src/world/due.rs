//! What is due, in order; and conditions to wait for.

use super::World;
use super::job::Spot;
use crate::wire::job::{JobStatus, LaunchStatus};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::str::FromStr;

/// Something that happens by itself.
#[derive(Debug, Clone)]
pub(super) enum Due {
    JobStarts {
        site: usize,
        job: u64,
    },
    PhaseEnds {
        spot: Spot,
        generation: u32,
    },
    JobEnds {
        site: usize,
        job: u64,
    },
    JobVanishes {
        site: usize,
        job: u64,
    },
    RecordGoes {
        site: usize,
        instance: String,
    },
    /// Somebody ends an EC2 instance by hand.
    MachineDies {
        site: usize,
        instance: String,
    },
    /// An EC2 instance that was ended by hand goes on ending.
    MachineEnds {
        site: usize,
        instance: String,
    },
    Timeline(usize),
    ReplicationGoesOn {
        site: usize,
        server: String,
        changes: u32,
    },
    /// A late read catches up; nothing changes but what can be seen.
    SomethingShows,
}

/// The events that are due: by time, and in the order of their making for equal times.
#[derive(Debug, Clone, Default)]
pub(super) struct Queue {
    events: BTreeMap<(Timestamp, u64), Due>,
    made: u64,
}

impl Queue {
    pub(super) fn push(&mut self, at: Timestamp, due: Due) {
        self.events.insert((at, self.made), due);
        self.made += 1;
    }

    pub(super) fn next_at(&self) -> Option<Timestamp> {
        self.events.first_key_value().map(|((at, _), _)| *at)
    }

    pub(super) fn pop_until(&mut self, until: Timestamp) -> Option<(Timestamp, Due)> {
        if self.next_at()? > until {
            return None;
        }
        self.events.pop_first().map(|((at, _), due)| (at, due))
    }
}

/// A condition that a manual clock can be moved to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Until {
    /// This job, or every job, has the status.
    Job {
        /// The job; every job when absent.
        id: Option<String>,
        /// The status.
        status: JobStatus,
    },
    /// The last launch of this server has the status.
    Server {
        /// Its id or hostname.
        id: String,
        /// The status.
        status: LaunchStatus,
    },
}

impl FromStr for Until {
    type Err = String;

    /// `job:*:COMPLETED`, `job:drsjob-...:STARTED` or `server:db-01:LAUNCHED`.
    fn from_str(text: &str) -> Result<Self, String> {
        let shape = || format!("`{text}` is not like job:*:COMPLETED or server:db-01:LAUNCHED");
        let mut parts = text.splitn(3, ':');
        let (Some(kind), Some(id), Some(status)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(shape());
        };
        let status = serde_json::Value::from(status);
        match kind {
            "job" => Ok(Self::Job {
                id: (id != "*").then(|| id.to_owned()),
                status: serde_json::from_value(status).map_err(|_| shape())?,
            }),
            "server" => Ok(Self::Server {
                id: id.to_owned(),
                status: serde_json::from_value(status).map_err(|_| shape())?,
            }),
            _ => Err(shape()),
        }
    }
}

impl World {
    pub(super) fn holds(&self, until: &Until) -> bool {
        match until {
            Until::Job { id: None, status } => self
                .sites
                .iter()
                .flat_map(|site| site.jobs.values())
                .all(|job| job.status >= *status),
            Until::Job {
                id: Some(id),
                status,
            } => self
                .job_sites
                .get(id)
                .and_then(|(site, number)| self.sites.get(*site)?.jobs.get(number))
                .is_some_and(|job| job.status >= *status),
            Until::Server { id, status } => self
                .server(id)
                .and_then(|server| server.last_launch.as_ref())
                .is_some_and(|launch| launch.status == *status),
        }
    }
}
