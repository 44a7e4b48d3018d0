//! When each wave was under way and when something waited for a person, by the event log.

use jiff::Timestamp;

use crate::execution::model::course::Course;
use crate::execution::model::execution::Execution;
use crate::execution::model::note::{Note, NoteCode};
use crate::execution::model::outcome::WaveOutcome;
use crate::execution::model::wave::WaveState;
use crate::execution::queries::holds::{HoldType, open_holds};
use crate::ids::HoldId;

/// What was under way when, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timeline {
    /// Each go at a wave: the first, and one for each retry after its end.
    pub goes: Vec<WaveGo>,
    /// Each hold from when it was opened to what ended it.
    pub holds: Vec<HoldSpan>,
}

/// One go at a wave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaveGo {
    /// The wave, from 0.
    pub wave: usize,
    /// When it began.
    pub from: Timestamp,
    /// When it ended; nothing while it lasts.
    pub to: Option<Timestamp>,
    /// What came of it.
    pub result: GoResult,
}

/// What came of one go at a wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GoResult {
    /// It lasts, or enough has launched, or nobody waited for more.
    Fine,
    /// Fewer launched than needed, or its time limit came first.
    Failed,
}

/// A hold over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldSpan {
    /// Which.
    pub id: HoldId,
    /// What kind.
    pub kind: HoldType,
    /// The wave, from 0, where it is about one.
    pub wave: Option<usize>,
    /// Since when it was open.
    pub from: Timestamp,
    /// When it ended; nothing while it is open.
    pub to: Option<Timestamp>,
}

/// The timeline of an execution, by its whole event log in its order.
pub fn timeline<'log>(
    execution: &Execution,
    log: impl IntoIterator<Item = (Timestamp, &'log Note)>,
) -> Timeline {
    let mut teller = Teller {
        execution,
        open: open_holds(execution)
            .into_iter()
            .map(|hold| hold.id)
            .collect(),
        told: Timeline::default(),
        resolved: None,
        after: Vec::new(),
    };
    for (at, note) in log {
        teller.hear(at, note);
    }
    teller.told()
}

struct Teller<'execution> {
    execution: &'execution Execution,
    /// The holds that are open now.
    open: Vec<HoldId>,
    told: Timeline,
    /// When and in which wave a person last resolved a doubt: what follows in the same moment is
    /// about that doubt.
    resolved: Option<(Timestamp, Option<usize>)>,
    /// Of each hold the first later entry about its wave.
    after: Vec<Option<Timestamp>>,
}

impl Teller<'_> {
    fn hear(&mut self, at: Timestamp, note: &Note) {
        for (span, after) in self.told.holds.iter().zip(&mut self.after) {
            if at > span.from && (span.wave.is_none() || span.wave == note.wave) {
                after.get_or_insert(at);
            }
        }
        self.end_goes(at, note);
        self.end_holds(at, note);
        match note.code {
            NoteCode::WaveStarted | NoteCode::Retried => self.begin_go(at, note),
            NoteCode::HoldOpened | NoteCode::Paused => self.open_hold(at, note),
            NoteCode::Resolved => self.resolved = Some((at, note.wave)),
            NoteCode::ExecutionCreated
            | NoteCode::ExecutionStarted
            | NoteCode::WaveEnded
            | NoteCode::ServersTakenOut
            | NoteCode::LaunchDelayed
            | NoteCode::LaunchIntended
            | NoteCode::JobStarted
            | NoteCode::JobAdopted
            | NoteCode::LaunchInDoubt
            | NoteCode::LaunchAbsent
            | NoteCode::LaunchRefused
            | NoteCode::JobEnded
            | NoteCode::LateLaunch
            | NoteCode::Resumed
            | NoteCode::Cancelled
            | NoteCode::Skipped
            | NoteCode::TakenOver
            | NoteCode::CarriedOver
            | NoteCode::ExecutionEnded
            | NoteCode::InstanceReplaced
            | NoteCode::CleanUpStarted
            | NoteCode::TerminationAsked
            | NoteCode::CleanUpEnded => {}
        }
    }

    /// A retry within a go begins none.
    fn begin_go(&mut self, at: Timestamp, note: &Note) {
        let Some(wave) = note.wave else { return };
        let lasts = |go: &WaveGo| go.wave == wave && go.to.is_none();
        if !self.told.goes.iter().any(lasts) {
            self.told.goes.push(WaveGo {
                wave,
                from: at,
                to: None,
                result: GoResult::Fine,
            });
        }
    }

    fn end_goes(&mut self, at: Timestamp, note: &Note) {
        if note.code != NoteCode::WaveEnded {
            return;
        }
        let lasts = |go: &&mut WaveGo| Some(go.wave) == note.wave && go.to.is_none();
        for go in self.told.goes.iter_mut().filter(lasts) {
            go.to = Some(at);
        }
    }

    fn open_hold(&mut self, at: Timestamp, note: &Note) {
        let Some(id) = note.hold() else { return };
        let Some(kind) = kind_of(&id) else { return };
        self.told.holds.push(HoldSpan {
            id,
            kind,
            wave: note.wave,
            from: at,
            to: None,
        });
        self.after.push(None);
    }

    fn end_holds(&mut self, at: Timestamp, note: &Note) {
        let ended: Vec<usize> = (0..self.told.holds.len())
            .filter(|&index| {
                let span = &self.told.holds[index];
                span.to.is_none() && !self.open.contains(&span.id) && self.ends(span, at, note)
            })
            .collect();
        // DRS answers for one launch in doubt at a time.
        let is_answer = matches!(note.code, NoteCode::JobAdopted | NoteCode::LaunchAbsent);
        let most = if is_answer { 1 } else { usize::MAX };
        for index in ended.into_iter().take(most) {
            self.told.holds[index].to = Some(at);
        }
    }

    fn ends(&self, span: &HoldSpan, at: Timestamp, note: &Note) -> bool {
        let is_undecided = span.kind == HoldType::Undecided;
        let is_of_wave = span.wave.is_some() && span.wave == note.wave;
        match note.code {
            NoteCode::Resumed | NoteCode::Resolved => note.hold().as_ref() == Some(&span.id),
            NoteCode::Retried => is_of_wave && span.kind == HoldType::Failure,
            NoteCode::Skipped => is_of_wave && !is_undecided,
            NoteCode::JobAdopted | NoteCode::LaunchAbsent => {
                is_of_wave && is_undecided && self.resolved != Some((at, note.wave))
            }
            // What was in doubt stays in doubt, whatever becomes of the execution.
            NoteCode::Cancelled | NoteCode::TakenOver | NoteCode::ExecutionEnded => !is_undecided,
            NoteCode::WaveEnded => !is_undecided && self.has_stopped_all(at, note),
            NoteCode::ExecutionCreated
            | NoteCode::ExecutionStarted
            | NoteCode::WaveStarted
            | NoteCode::HoldOpened
            | NoteCode::ServersTakenOut
            | NoteCode::LaunchDelayed
            | NoteCode::LaunchIntended
            | NoteCode::JobStarted
            | NoteCode::LaunchInDoubt
            | NoteCode::LaunchRefused
            | NoteCode::JobEnded
            | NoteCode::LateLaunch
            | NoteCode::Paused
            | NoteCode::CarriedOver
            | NoteCode::InstanceReplaced
            | NoteCode::CleanUpStarted
            | NoteCode::TerminationAsked
            | NoteCode::CleanUpEnded => false,
        }
    }

    /// Whether it is the end of the wave that stopped the whole execution.
    fn has_stopped_all(&self, at: Timestamp, note: &Note) -> bool {
        match self.execution.head.course {
            Course::Stopping { wave, since, .. } => note.wave == Some(wave) && since == at,
            Course::Running | Course::Paused { .. } | Course::Cancelling { .. } => false,
        }
    }

    fn told(mut self) -> Timeline {
        // What is open no more, without an entry that says since when, was over by the next entry
        // about its wave. Where there is none, nothing is known of its end.
        for (span, after) in self.told.holds.iter_mut().zip(&self.after) {
            if !self.open.contains(&span.id) {
                span.to = span.to.or(*after);
            }
        }
        // What one decision opens and ends was never open to anybody.
        let open = &self.open;
        let was_open =
            |span: &HoldSpan| open.contains(&span.id) || span.to.is_some_and(|to| to > span.from);
        self.told.holds.retain(was_open);
        for index in 0..self.told.goes.len() {
            self.told.goes[index].result = self.result(index);
        }
        self.told
    }

    /// A failure's hold begins where the go ends that failed; of the last go the wave knows more.
    fn result(&self, index: usize) -> GoResult {
        let go = &self.told.goes[index];
        let is_held = self.told.holds.iter().any(|span| {
            span.kind == HoldType::Failure && span.wave == Some(go.wave) && Some(span.from) == go.to
        });
        let is_last = !self.told.goes[index + 1..]
            .iter()
            .any(|other| other.wave == go.wave);
        if is_held {
            return GoResult::Failed;
        }
        let outcome = match self
            .execution
            .waves
            .get(go.wave)
            .map(|wave| &wave.head.state)
        {
            Some(WaveState::Ended(end)) if is_last => Some(end.outcome),
            Some(WaveState::Pending | WaveState::Started | WaveState::Ended(_)) | None => None,
        };
        match outcome {
            Some(WaveOutcome::Failed | WaveOutcome::TimedOut) => GoResult::Failed,
            Some(
                WaveOutcome::Completed
                | WaveOutcome::Partial
                | WaveOutcome::Skipped
                | WaveOutcome::Cancelled,
            )
            | None => GoResult::Fine,
        }
    }
}

/// The kind of a hold, which its id begins with.
fn kind_of(id: &HoldId) -> Option<HoldType> {
    let (word, _) = id.as_str().rsplit_once('-')?;
    match word {
        "gate" => Some(HoldType::Gate),
        "failure" => Some(HoldType::Failure),
        "manual" => Some(HoldType::Manual),
        "undecided" => Some(HoldType::Undecided),
        _ => None,
    }
}
