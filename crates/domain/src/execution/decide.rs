//! The one function that decides: an execution, an event and the time give the next
//! execution, what to note, and what to do.

use jiff::Timestamp;

use super::effect::Effect;
use super::event::Event;
use super::ledger::Ledger;
use super::note::{Note, NoteCode};
use super::notice::{Notice, NoticeKind};
use super::refusal::Refusal;
use super::{
    Execution, clean_up, command, errands, launch, look, notice, observe, progress, reconcile,
    take_over, unsaved,
};
use crate::ids::HoldId;
use crate::place::Place;
use crate::text::Sentence;

/// What follows from an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The execution as it is from now on.
    pub next: Execution,
    /// What its event log gets.
    pub notes: Vec<Note>,
    /// What is to be done once `next` is saved.
    pub effects: Vec<Effect>,
    /// What somebody is to be told; saved with `next`, and sent after.
    pub notices: Vec<Notice>,
    /// The ledger that is saved with `next`, or not at all.
    pub ledger: Option<LedgerChange>,
}

/// A ledger as it is from now on, where it still stands as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerChange {
    /// Whose ledger.
    pub place: Place,
    /// The version that was read.
    pub read: u64,
    /// The new one.
    pub ledger: Ledger,
}

/// Decides. It is total: every event has an answer in every state.
///
/// # Errors
///
/// Only a command and a take-over can be refused; then nothing changes.
pub fn decide(execution: &Execution, event: &Event, now: Timestamp) -> Result<Decision, Refusal> {
    let mut turn = Turn::new(execution, now);
    match event {
        Event::Tick => progress::start(&mut turn),
        Event::Command { by, command } => {
            // A person speaks about the present: what time alone has changed comes first.
            progress::settle(&mut turn);
            command::apply(&mut turn, by, command)?;
        }
        Event::LaunchLooked { batch, look } => look::looked(&mut turn, *batch, look),
        Event::LaunchAnswered { fence, answer } => launch::answered(&mut turn, *fence, answer),
        Event::AttemptSought { fence, found } => reconcile::sought(&mut turn, *fence, found),
        Event::JobsObserved { place, jobs } => observe::seen(&mut turn, place, jobs),
        Event::LookFailed { place, fault } => observe::failed(&mut turn, place, fault),
        Event::LocksReleased { batches, plan } => errands::released(&mut turn, batches, *plan),
        Event::InstanceReplaced { instances, by } => observe::replaced(&mut turn, instances, by),
        Event::TakenOver(take_over) => take_over::taken_over(&mut turn, take_over)?,
        Event::CleanUpLooked { known, places } => clean_up::looked(&mut turn, *known, places),
        Event::SaveRefused { text } => unsaved::save_refused(&mut turn, text),
        Event::TerminateAnswered { instances, answer } => {
            clean_up::answered(&mut turn, instances, answer);
        }
    }
    progress::settle(&mut turn);
    notice::settle(&mut turn);
    if matches!(event, Event::Tick) {
        errands::errands(&mut turn);
    }
    Ok(Decision {
        next: turn.next,
        notes: turn.notes,
        effects: turn.effects,
        notices: turn.notices,
        ledger: turn.ledger,
    })
}

/// A decision in the making.
#[derive(Debug)]
pub(crate) struct Turn {
    pub(crate) next: Execution,
    pub(crate) notes: Vec<Note>,
    pub(crate) effects: Vec<Effect>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) ledger: Option<LedgerChange>,
    pub(crate) now: Timestamp,
}

impl Turn {
    fn new(execution: &Execution, now: Timestamp) -> Self {
        Self {
            next: execution.clone(),
            notes: Vec::new(),
            effects: Vec::new(),
            notices: Vec::new(),
            ledger: None,
            now,
        }
    }

    /// Notes something about the whole.
    pub(crate) fn note(&mut self, code: NoteCode, text: impl Into<Sentence>) {
        self.notes.push(Note {
            code,
            wave: None,
            text: text.into(),
            actor: None,
        });
    }

    /// Tells somebody.
    pub(crate) fn tell(
        &mut self,
        kind: NoticeKind,
        wave: Option<usize>,
        text: impl Into<Sentence>,
    ) {
        self.notices.push(Notice {
            kind,
            wave,
            text: text.into(),
        });
    }

    /// Notes that a hold is open, and tells somebody.
    pub(crate) fn open_hold(&mut self, wave: Option<usize>, text: String) {
        self.tell(NoticeKind::HoldOpened, wave, text.clone());
        self.notes.push(Note {
            code: NoteCode::HoldOpened,
            wave,
            text: text.into(),
            actor: None,
        });
    }

    /// Notes something about a wave.
    pub(crate) fn note_wave(&mut self, code: NoteCode, wave: usize, text: impl Into<Sentence>) {
        self.notes.push(Note {
            code,
            wave: Some(wave),
            text: text.into(),
            actor: None,
        });
    }

    /// Notes what a person did.
    pub(crate) fn note_actor(
        &mut self,
        code: NoteCode,
        wave: Option<usize>,
        text: impl Into<Sentence>,
        by: &str,
    ) {
        self.notes.push(Note {
            code,
            wave,
            text: text.into(),
            actor: Some(by.to_owned()),
        });
    }

    /// A hold id that this execution has not used: ids are never used twice, so that a late
    /// resume cannot open a later hold.
    pub(crate) fn new_hold(&mut self, what: &str) -> HoldId {
        self.next.head.holds_made += 1;
        let text = format!("{what}-{}", self.next.head.holds_made);
        text.parse()
            .expect("a short word, a hyphen and a number are a hold id")
    }
}
