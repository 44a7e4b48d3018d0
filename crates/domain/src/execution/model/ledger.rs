//! Who launches next in one account and Region.
//!
//! DRS counts its jobs, and the servers in them, over all executions and over everybody else's.
//! The ledger keeps what DRS does not show yet, so that two executions never count on the same
//! room, and the order of those that wait: recoveries first, then by age.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::execution::model::batch::BatchReference;
use crate::ids::{ExecutionId, SourceServerId};
use crate::kind::Kind;
use crate::quota::{Limits, Usage};

/// Who has not asked again for this long waits no more, or is not driven: it gives up its place.
/// A waiting batch asks at least every 35 seconds: its longest delay and the machine's wait.
const TICKET_LAPSES_AFTER: SignedDuration = SignedDuration::from_secs(60);

/// Most batches that have a place among those that wait: a ledger is one item of a table.
const WAITING_MAX: usize = 300;

/// What is promised and who waits, in one account and Region.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ledger {
    /// Launches whose jobs DRS may not show yet.
    pub reservations: Vec<Reservation>,
    /// Batches for which there was no room.
    pub waiting: Vec<Ticket>,
}

/// A batch of an execution.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Claimant {
    /// The execution.
    pub execution: ExecutionId,
    /// Its batch.
    pub batch: BatchReference,
}

/// Room that is promised to a launch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// Whose.
    pub claimant: Claimant,
    /// The tag of the attempt.
    pub tag: String,
    /// The servers of the attempt.
    pub servers: Vec<SourceServerId>,
    /// Since when.
    pub since: Timestamp,
}

/// A place among those that wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Whose.
    pub claimant: Claimant,
    /// For what.
    pub kind: Kind,
    /// How many servers.
    pub servers: u32,
    /// Since when it wants to launch.
    pub since: Timestamp,
    /// When it last asked.
    pub asked_at: Timestamp,
}

/// A launch that wants room.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// Whose.
    pub claimant: Claimant,
    /// For what.
    pub kind: Kind,
    /// The tag of the attempt.
    pub tag: String,
    /// Its servers.
    pub servers: Vec<SourceServerId>,
    /// Since when it wants to launch.
    pub since: Timestamp,
    /// What is in progress at DRS.
    pub usage: Usage,
    /// The limits there.
    pub limits: &'a Limits,
}

/// What a request gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Room is promised.
    Granted,
    /// It waits: why, as a sentence.
    Wait(String),
}

/// A job that DRS lists, as far as the ledger needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedJob {
    /// The tag of the attempt, where it has one of ours.
    pub tag: Option<String>,
    /// Its servers, as far as DRS lists them.
    pub servers: Vec<SourceServerId>,
    /// When it was created, where DRS says so.
    pub created_at: Option<Timestamp>,
}

impl Ledger {
    /// Drops what is over: reservations whose job DRS lists, at work or ended, which counts by
    /// itself from now on; those older than `hidden_for_at_most`, whose call was never accepted;
    /// and places of those that have stopped asking.
    pub fn settle(
        &mut self,
        listed: &[ListedJob],
        hidden_for_at_most: SignedDuration,
        now: Timestamp,
    ) {
        self.reservations.retain(|reservation| {
            let is_listed = listed.iter().any(|job| reservation.is_of(job));
            !is_listed && now.duration_since(reservation.since) < hidden_for_at_most
        });
        self.waiting
            .retain(|ticket| now.duration_since(ticket.asked_at) < TICKET_LAPSES_AFTER);
    }

    /// Promises room, or puts the request among those that wait.
    pub fn ask(&mut self, request: &Request<'_>, now: Timestamp) -> Verdict {
        self.forget(&request.claimant);
        let ticket = Ticket {
            claimant: request.claimant.clone(),
            kind: request.kind,
            servers: count(request.servers.len()),
            since: request.since,
            asked_at: now,
        };
        let ahead = self
            .waiting
            .iter()
            .filter(|other| other.rank() < ticket.rank());
        let ahead: Vec<u32> = ahead.map(|other| other.servers).collect();
        let mut taken = request.usage;
        for reservation in &self.reservations {
            taken = taken.with_job(count(reservation.servers.len()));
        }
        let in_jobs = taken;
        let taken = ahead
            .iter()
            .fold(taken, |usage, servers| usage.with_job(*servers));
        // Where nobody launches anything there is nobody to wait for: DRS itself is asked.
        let room = if taken == Usage::default() {
            Ok(())
        } else {
            taken.room_for(request.servers.len(), request.limits)
        };
        if room.is_ok() {
            self.reservations.push(Reservation {
                claimant: request.claimant.clone(),
                tag: request.tag.clone(),
                servers: request.servers.clone(),
                since: now,
            });
            return Verdict::Granted;
        }
        let full = in_jobs.room_for(request.servers.len(), request.limits);
        let reason = full
            .err()
            .unwrap_or_else(|| "DRS has room, and it is not this launch's turn".to_owned());
        self.waiting.push(ticket);
        self.waiting
            .sort_by(|one, other| one.rank().cmp(&other.rank()));
        // The last ones lose nothing but their place, which their age gives back.
        self.waiting.truncate(WAITING_MAX);
        Verdict::Wait(match ahead.len() {
            0 => reason,
            1 => format!("{reason}; one launch waits before this one"),
            many => format!("{reason}; {many} launches wait before this one"),
        })
    }

    /// Gives up what a batch was promised, and its place.
    pub fn forget(&mut self, claimant: &Claimant) {
        self.reservations
            .retain(|reservation| reservation.claimant != *claimant);
        self.waiting.retain(|ticket| ticket.claimant != *claimant);
    }
}

impl Reservation {
    /// Whether this is its job: by the attempt's tag; where DRS dropped the tags, by the same
    /// servers since then. Wrongly taken for one, the job counts in its place.
    fn is_of(&self, job: &ListedJob) -> bool {
        match &job.tag {
            Some(tag) => *tag == self.tag,
            None => {
                job.created_at.is_some_and(|at| at >= self.since)
                    && job.servers.len() == self.servers.len()
                    && job
                        .servers
                        .iter()
                        .all(|server| self.servers.contains(server))
            }
        }
    }
}

impl Ticket {
    /// Recoveries before drills, then the oldest; nobody is equal to anybody else.
    fn rank(&self) -> (u8, Timestamp, &Claimant) {
        let kind = match self.kind {
            Kind::Recovery => 0,
            Kind::Drill => 1,
        };
        (kind, self.since, &self.claimant)
    }
}

fn count(servers: usize) -> u32 {
    u32::try_from(servers).unwrap_or(u32::MAX)
}
