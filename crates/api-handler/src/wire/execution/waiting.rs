//! What an execution waits for, and the holds that a person can open.

use domain::WaveKey;
use domain::execution::Execution;
use domain::execution::queries::holds::Hold;
use domain::execution::queries::waiting::Waiting;
use domain::short::cut;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::enumeration::{HoldType, WaitingForType};
use crate::wire::shorten::{Room, cut_some};

/// One thing that an execution waits for.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WaitingFor)]
pub(crate) struct WaitingView {
    r#type: WaitingForType,
    /// A sentence.
    detail: String,
    since: Timestamp,
    /// The job, where it is one.
    #[schema(required = true)]
    job_id: Option<String>,
    /// The waves that wait.
    wave_keys: Vec<String>,
}

/// Something open that waits for a person.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Hold)]
pub(crate) struct HoldView {
    /// What a resume names.
    hold_id: String,
    r#type: HoldType,
    /// The wave, where it is about one.
    #[schema(required = true)]
    wave_key: Option<String>,
    since: Timestamp,
    /// What to know before deciding: of a launch in doubt, what DRS last showed.
    #[schema(required = true)]
    detail: Option<String>,
}

impl WaitingView {
    pub(super) fn shorten(&mut self, room: Room) {
        cut(&mut self.detail, room.text);
    }

    pub(super) fn of(waiting: Waiting, execution: &Execution) -> Self {
        let waves = waiting.waves.into_iter();
        Self {
            r#type: waiting.kind.into(),
            detail: waiting.detail,
            since: waiting.since,
            job_id: waiting.job.map(String::from),
            wave_keys: waves
                .filter_map(|index| key(execution, index))
                .map(ToString::to_string)
                .collect(),
        }
    }
}

impl HoldView {
    pub(super) fn shorten(&mut self, room: Room) {
        cut_some(&mut self.detail, room.text);
    }

    pub(super) fn of(hold: Hold, execution: &Execution) -> Self {
        let wave = hold.wave.and_then(|index| key(execution, index));
        Self {
            hold_id: hold.id.into(),
            r#type: hold.kind.into(),
            wave_key: wave.map(ToString::to_string),
            since: hold.since,
            detail: hold.detail,
        }
    }
}

fn key(execution: &Execution, index: usize) -> Option<&WaveKey> {
    execution.waves.get(index).map(|wave| &wave.head.key)
}
