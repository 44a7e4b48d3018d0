//! What waits for a person.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::execution::model::batch_state::{BatchState, Doubt};
use crate::execution::model::course::Course;
use crate::execution::model::execution::Execution;
use crate::execution::model::wave::{Gate, Release, Wave, WaveState};
use crate::ids::HoldId;

/// Something open that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// What a command names.
    pub id: HoldId,
    /// What kind.
    pub kind: HoldType,
    /// The wave, from 0, where it is about one.
    pub wave: Option<usize>,
    /// Since when.
    pub since: Timestamp,
    /// What the person should know: of a launch in doubt, what DRS last showed.
    pub detail: Option<String>,
}

/// Kinds of holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HoldType {
    /// A planned place to wait.
    Gate,
    /// A wave failed.
    Failure,
    /// A person paused.
    Manual,
    /// Nobody knows whether DRS launched.
    Undecided,
}

/// What waits for a person, oldest first. After the end only a launch that nobody could decide
/// about still does.
pub fn open_holds(execution: &Execution) -> Vec<Hold> {
    let mut holds = Vec::new();
    for (index, wave) in execution.waves.iter().enumerate() {
        for batch in &wave.batches {
            if let BatchState::Undecided { hold, since, doubt } = &batch.state {
                let kind = HoldType::Undecided;
                holds.push(Hold {
                    id: hold.clone(),
                    kind,
                    wave: Some(index),
                    since: *since,
                    detail: last_seen(doubt),
                });
            }
        }
        if !execution.has_ended() {
            holds.extend(wave_holds(index, wave));
        }
    }
    if let (Course::Paused { hold, since, .. }, false) =
        (&execution.head.course, execution.has_ended())
    {
        holds.push(Hold {
            id: hold.clone(),
            kind: HoldType::Manual,
            wave: None,
            since: *since,
            detail: None,
        });
    }
    holds.sort_by_key(|hold| hold.since);
    holds
}

/// What DRS last showed of a launch in doubt, or since when it cannot be looked at.
fn last_seen(doubt: &Doubt) -> Option<String> {
    let last = doubt.last_look.as_ref()?;
    Some(match doubt.observed_at {
        _ if doubt.looked_at <= doubt.observed_at => last.to_string(),
        Some(at) => format!("DRS could not be looked at since {at:.0}: {last}"),
        None => format!("DRS could not be looked at: {last}"),
    })
}

fn wave_holds(index: usize, wave: &Wave) -> Vec<Hold> {
    let hold = |kind, id: &HoldId, since: &Timestamp| Hold {
        detail: None,
        id: id.clone(),
        kind,
        wave: Some(index),
        since: *since,
    };
    match &wave.head.state {
        WaveState::Pending => match &wave.head.gate {
            Gate::Closed { hold: id, since } => vec![hold(HoldType::Gate, id, since)],
            Gate::None | Gate::Ahead | Gate::Open { .. } => Vec::new(),
        },
        WaveState::Started => Vec::new(),
        WaveState::Ended(end) => match &end.release {
            Release::Held { hold: id, since } => vec![hold(HoldType::Failure, id, since)],
            Release::Released | Release::Stopped => Vec::new(),
        },
    }
}
