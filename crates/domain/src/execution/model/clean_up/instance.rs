//! One instance on its way out.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::execution::model::clean_up::{CLEAN_LOOKS_MIN, CLEAN_UP_LOOK_EVERY, Standing};
use crate::ids::{JobId, RecoveryInstanceId, SourceServerId};
use crate::place::Place;
use crate::text::Reason;

/// How often one instance is asked for before it counts as refused.
const TRIES_MAX: u32 = 3;
/// How long DRS may keep an instance's record, and EC2 may shut it down, after DRS was asked
/// (1 to 5 minutes are typical, 10 allowed).
const TERMINATION_PATIENCE: SignedDuration = SignedDuration::from_mins(10);
/// How long DRS may put an instance off while it takes nothing else either.
const PUT_OFF_MAX: SignedDuration = SignedDuration::from_mins(30);
/// Looks in a row in which EC2 runs what DRS does not list, before a person is told: a listing
/// of DRS can be stale.
const UNLISTED_LOOKS_MIN: u32 = 4;

/// One instance to go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CleanUpInstance {
    /// The instance.
    pub id: RecoveryInstanceId,
    /// The server it stands for.
    pub server: SourceServerId,
    /// Where.
    pub place: Place,
    /// Where it stands.
    pub state: CleanUpInstanceState,
    /// Why it is not terminated, or not yet; or what is to be known of its end.
    pub reason: Option<Reason>,
    /// How often it was asked for.
    pub tries: u32,
    /// When it was last asked for.
    pub asked_at: Option<Timestamp>,
    /// Looks in a row that showed it neither in DRS nor in EC2.
    pub absent_looks: u32,
    /// The terminate job that DRS made for it last.
    #[serde(default)]
    pub job: Option<JobId>,
    /// Since when DRS has not taken it, where it was asked and has not.
    #[serde(default)]
    pub put_off_since: Option<Timestamp>,
    /// When it was seen to have ended before it was asked for.
    #[serde(default)]
    pub ended_before: Option<Timestamp>,
    /// Looks in a row in which EC2 runs it and DRS does not list it.
    #[serde(default)]
    pub unlisted_looks: u32,
    /// Since when EC2 is shutting it down, without a record in DRS.
    #[serde(default)]
    pub ending_since: Option<Timestamp>,
    /// Looks in a row in which DRS does not list it and EC2 could not be asked.
    #[serde(default)]
    pub unproved_looks: u32,
}

/// Where one instance stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CleanUpInstanceState {
    /// To be terminated.
    Pending,
    /// DRS was asked.
    Terminating,
    /// Gone, by our doing.
    Terminated,
    /// Gone before it was asked for.
    AlreadyGone,
    /// Not launched by this execution, or not a drill's: left alone.
    NotOurs,
    /// It stays: DRS refuses, or does not list what EC2 runs.
    Refused,
}

impl CleanUpInstance {
    pub(in crate::execution) fn new(
        id: RecoveryInstanceId,
        server: SourceServerId,
        place: Place,
    ) -> Self {
        Self {
            id,
            server,
            place,
            state: CleanUpInstanceState::Pending,
            reason: None,
            tries: 0,
            asked_at: None,
            absent_looks: 0,
            job: None,
            put_off_since: None,
            ended_before: None,
            unlisted_looks: 0,
            ending_since: None,
            unproved_looks: 0,
        }
    }

    /// Whether it is known to be gone.
    pub(in crate::execution) fn is_gone(&self) -> bool {
        match self.state {
            CleanUpInstanceState::Terminated | CleanUpInstanceState::AlreadyGone => true,
            CleanUpInstanceState::Pending
            | CleanUpInstanceState::Terminating
            | CleanUpInstanceState::NotOurs
            | CleanUpInstanceState::Refused => false,
        }
    }

    /// Whether something is still done about it.
    pub(in crate::execution) fn is_open(&self) -> bool {
        match self.state {
            CleanUpInstanceState::Pending | CleanUpInstanceState::Terminating => true,
            CleanUpInstanceState::Terminated
            | CleanUpInstanceState::AlreadyGone
            | CleanUpInstanceState::NotOurs
            | CleanUpInstanceState::Refused => false,
        }
    }

    /// What a look shows of it; `work` is what DRS does about it at present.
    pub(in crate::execution) fn stands(
        &mut self,
        standing: Standing<'_>,
        work: &Work,
        now: Timestamp,
    ) {
        if let Standing::NoNews = standing {
            return;
        }
        let rows = (self.absent_looks, self.unlisted_looks, self.unproved_looks);
        (self.absent_looks, self.unlisted_looks, self.unproved_looks) = (0, 0, 0);
        match standing {
            Standing::NoNews => {}
            Standing::Alive => self.alive(rows.1, work, now),
            Standing::Recorded => self.recorded(work, now),
            Standing::NotOurs => {
                self.state = CleanUpInstanceState::NotOurs;
                self.because("DRS does not show it as launched by this drill");
            }
            Standing::Unlisted => {
                self.unlisted_looks = rows.1.saturating_add(1);
                self.unlisted(work, now);
            }
            Standing::Ending => self.ending(now),
            Standing::Absent => {
                self.absent_looks = rows.0.saturating_add(1);
                self.absent();
            }
            // DRS has ended it and removed its record: its word stands, where EC2 cannot be asked.
            Standing::Unproved(_) if self.job.is_some() => {
                self.absent_looks = rows.0.saturating_add(1);
                self.absent();
            }
            Standing::Unproved(fault) => {
                self.unproved_looks = rows.2.saturating_add(1);
                let text = format!(
                    "DRS does not list {}, and EC2 could not be asked whether it runs: {fault}",
                    self.id
                );
                self.because(&text);
            }
        }
    }

    /// DRS lists it alive. One that was asked for, with nothing at work for it any more, is asked
    /// for again.
    fn alive(&mut self, unlisted_looks: u32, work: &Work, now: Timestamp) {
        self.ended_before = None;
        match self.state {
            CleanUpInstanceState::Terminating => self.go_on(work, CLEAN_UP_LOOK_EVERY * 4, now),
            // A listing can be stale, or not say yet whose the instance is.
            CleanUpInstanceState::Terminated
            | CleanUpInstanceState::AlreadyGone
            | CleanUpInstanceState::NotOurs => self.pending(),
            CleanUpInstanceState::Refused if unlisted_looks > 0 => self.pending(),
            CleanUpInstanceState::Pending | CleanUpInstanceState::Refused => {}
        }
    }

    /// EC2 has ended it, and DRS keeps its record. DRS is asked to end it as well, because the
    /// server cannot be launched or disconnected cleanly while the record is there. After a
    /// termination the record goes by itself, a while later.
    fn recorded(&mut self, work: &Work, now: Timestamp) {
        match self.state {
            CleanUpInstanceState::Pending => {
                if self.tries == 0 {
                    self.ended_before.get_or_insert(now);
                }
            }
            CleanUpInstanceState::Terminating => self.go_on(work, TERMINATION_PATIENCE, now),
            CleanUpInstanceState::Terminated
            | CleanUpInstanceState::AlreadyGone
            | CleanUpInstanceState::NotOurs => self.pending(),
            CleanUpInstanceState::Refused => {}
        }
    }

    /// It was asked for and is still there.
    fn go_on(&mut self, work: &Work, patience: SignedDuration, now: Timestamp) {
        let over = |patience| {
            self.asked_at
                .is_none_or(|at| now.duration_since(at) >= patience)
        };
        match work {
            Work::Busy => {}
            Work::Overdue(job) => {
                self.job = None;
                self.refuse(&format!("DRS has not ended job {job}, which is to end it"));
            }
            Work::Failed => {
                let reason = self.reason.clone();
                self.again(reason.as_deref().unwrap_or_default());
            }
            Work::Nothing(why) => {
                if over(patience) {
                    self.again(why);
                }
            }
        }
    }

    /// EC2 runs it, and DRS does not list it: DRS cannot be asked to end it, and EC2 is not.
    fn unlisted(&mut self, work: &Work, now: Timestamp) {
        let ends = match work {
            Work::Busy => true,
            Work::Overdue(_) | Work::Failed | Work::Nothing(_) => {
                self.job.is_some()
                    && self
                        .asked_at
                        .is_some_and(|at| now.duration_since(at) < TERMINATION_PATIENCE)
            }
        };
        if self.unlisted_looks >= UNLISTED_LOOKS_MIN && !ends {
            let text = format!(
                "EC2 runs {}, which DRS does not list; end it by hand",
                self.id
            );
            self.refuse(&text);
        }
    }

    fn ending(&mut self, now: Timestamp) {
        let since = *self.ending_since.get_or_insert(now);
        if self.tries == 0 {
            self.ended_before.get_or_insert(now);
        }
        if now.duration_since(since) >= TERMINATION_PATIENCE {
            self.refuse(&format!(
                "EC2 has been shutting it down since {since}, and has not ended it"
            ));
        }
    }

    fn absent(&mut self) {
        if self.absent_looks < CLEAN_LOOKS_MIN || self.is_gone() {
            return;
        }
        self.reason = None;
        self.state = if self.tries == 0 || self.ended_before.is_some() {
            CleanUpInstanceState::AlreadyGone
        } else {
            CleanUpInstanceState::Terminated
        };
    }

    fn pending(&mut self) {
        self.state = CleanUpInstanceState::Pending;
        self.reason = None;
    }

    /// DRS is asked for it now.
    pub(in crate::execution) fn asked(&mut self, now: Timestamp) {
        self.state = CleanUpInstanceState::Terminating;
        self.asked_at = Some(now);
        self.reason = None;
        self.job = None;
    }

    /// DRS has made a job for it.
    pub(in crate::execution) fn taken(&mut self, job: &JobId) {
        self.tries += 1;
        self.job = Some(job.clone());
        self.put_off_since = None;
    }

    /// DRS does not take it now, and says why.
    pub(in crate::execution) fn put_off(&mut self, reason: &str, now: Timestamp) {
        let since = *self.put_off_since.get_or_insert(now);
        if now.duration_since(since) >= PUT_OFF_MAX {
            self.refuse(reason);
        } else {
            self.state = CleanUpInstanceState::Pending;
            self.because(reason);
        }
    }

    /// The job says that it did not end it. What follows is decided when the job has ended.
    pub(in crate::execution) fn not_terminated(&mut self, reason: &str) {
        if self.state == CleanUpInstanceState::Terminating {
            self.because(reason);
        }
    }

    pub(in crate::execution) fn again(&mut self, reason: &str) {
        self.job = None;
        if self.tries >= TRIES_MAX {
            self.refuse(reason);
        } else {
            self.state = CleanUpInstanceState::Pending;
            self.because(reason);
        }
    }

    fn refuse(&mut self, reason: &str) {
        self.state = CleanUpInstanceState::Refused;
        self.because(reason);
    }

    fn because(&mut self, reason: &str) {
        self.reason = Some(reason.into());
    }
}

/// What DRS does about an instance that it was asked to end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::execution) enum Work {
    /// A job is at work.
    Busy,
    /// A job has been at work for longer than it is waited for.
    Overdue(JobId),
    /// Its job has ended and says that it failed; the instance's reason says why.
    Failed,
    /// Nothing, for this reason.
    Nothing(String),
}
