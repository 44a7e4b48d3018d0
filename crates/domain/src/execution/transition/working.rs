//! A decision in the making.

use jiff::Timestamp;

use crate::execution::model::decision::LedgerChange;
use crate::execution::model::effect::Effect;
use crate::execution::model::execution::Execution;
use crate::execution::model::note::{Note, NoteCode};
use crate::execution::model::notice::{Notice, NoticeKind};
use crate::ids::HoldId;
use crate::text::Sentence;

/// A decision in the making.
#[derive(Debug)]
pub(crate) struct Transition {
    pub(crate) next: Execution,
    pub(crate) notes: Vec<Note>,
    pub(crate) effects: Vec<Effect>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) ledger: Option<LedgerChange>,
    pub(crate) now: Timestamp,
}

impl Transition {
    pub(super) fn new(execution: &Execution, now: Timestamp) -> Self {
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
    pub(crate) fn raise_hold(&mut self, wave: Option<usize>, text: String) {
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
