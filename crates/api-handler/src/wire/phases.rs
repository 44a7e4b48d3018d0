//! The timeline of an execution on the wire: waves, holds and phases over time.

use domain::SourceServerId;
use domain::execution::Execution;
use domain::execution::queries::timeline::{GoResult, HoldSpan, Timeline, WaveGo};
use domain::execution::server::Phase;
use engine::phases::{PhaseMoment, PhaseResult, PhaseSpan, ServerPhases, moments};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::enumeration;

/// What was under way when in an execution.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ExecutionPhases)]
pub(crate) struct ExecutionPhasesView {
    /// In the order of the plan.
    waves: Vec<WavePhasesView>,
    /// Everything that has waited for a person, the oldest first.
    holds: Vec<HoldSpanView>,
}

/// One wave over time.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WavePhases)]
pub(crate) struct WavePhasesView {
    wave_key: String,
    /// The first go at the wave, and one for each retry after its end.
    goes: Vec<SpanView>,
    /// How many servers were in which phase, each from its moment to the next one. There are at
    /// most 48.
    moments: Vec<PhaseMomentView>,
}

/// Something over time.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TimeSpan)]
pub(crate) struct SpanView {
    started_at: Timestamp,
    /// Nothing while it lasts.
    #[schema(required = true)]
    ended_at: Option<Timestamp>,
    /// Whether it ended in a failure.
    failed: bool,
}

/// How many servers are in which phase from a moment on.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PhaseMoment)]
pub(crate) struct PhaseMomentView {
    at: Timestamp,
    cleanup: usize,
    snapshot: usize,
    conversion: usize,
    launch: usize,
}

/// A hold over time.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = HoldSpan)]
pub(crate) struct HoldSpanView {
    hold_id: String,
    r#type: enumeration::HoldType,
    /// The wave it is about; nothing where it holds the whole.
    #[schema(required = true)]
    wave_key: Option<String>,
    started_at: Timestamp,
    /// Nothing while it is open.
    #[schema(required = true)]
    ended_at: Option<Timestamp>,
}

/// What DRS did with one server over time.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ServerPhases)]
pub(crate) struct ServerPhasesView {
    source_server_id: String,
    /// In order of time; empty where DRS has not begun.
    phases: Vec<PhaseSpanView>,
}

/// One phase of one server.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PhaseSpan)]
pub(crate) struct PhaseSpanView {
    phase: enumeration::Phase,
    #[serde(flatten)]
    span: SpanView,
}

impl ExecutionPhasesView {
    /// `phases` are those of each wave, in the order of the plan.
    pub(crate) fn of(execution: &Execution, timeline: &Timeline, phases: &[ServerPhases]) -> Self {
        let waves = execution.waves.iter().zip(phases).enumerate();
        let waves = waves.map(|(index, (wave, phases))| WavePhasesView {
            wave_key: wave.head.key.to_string(),
            goes: timeline
                .goes
                .iter()
                .filter(|go| go.wave == index)
                .map(SpanView::from)
                .collect(),
            moments: moments(phases).iter().map(PhaseMomentView::from).collect(),
        });
        let holds = timeline.holds.iter();
        let holds = holds.map(|span| HoldSpanView::of(span, execution));
        Self {
            waves: waves.collect(),
            holds: holds.collect(),
        }
    }
}

impl From<&WaveGo> for SpanView {
    fn from(go: &WaveGo) -> Self {
        Self {
            started_at: go.from,
            ended_at: go.to,
            failed: match go.result {
                GoResult::Fine => false,
                GoResult::Failed => true,
            },
        }
    }
}

impl From<&PhaseMoment> for PhaseMomentView {
    fn from(moment: &PhaseMoment) -> Self {
        let count = |phase| moment.counts.get(&phase).copied().unwrap_or_default();
        Self {
            at: moment.at,
            cleanup: count(Phase::Cleanup),
            snapshot: count(Phase::Snapshot),
            conversion: count(Phase::Conversion),
            launch: count(Phase::Launch),
        }
    }
}

impl HoldSpanView {
    fn of(span: &HoldSpan, execution: &Execution) -> Self {
        let wave = span.wave.and_then(|index| execution.waves.get(index));
        Self {
            hold_id: span.id.to_string(),
            r#type: span.kind.into(),
            wave_key: wave.map(|wave| wave.head.key.to_string()),
            started_at: span.from,
            ended_at: span.to,
        }
    }
}

impl ServerPhasesView {
    pub(crate) fn of(server: &SourceServerId, phases: &ServerPhases) -> Self {
        let spans = phases.get(server).into_iter().flatten();
        Self {
            source_server_id: server.to_string(),
            phases: spans.map(PhaseSpanView::from).collect(),
        }
    }
}

impl From<&PhaseSpan> for PhaseSpanView {
    fn from(span: &PhaseSpan) -> Self {
        Self {
            phase: span.phase.into(),
            span: SpanView {
                started_at: span.from,
                ended_at: span.to,
                failed: match span.result {
                    PhaseResult::Fine => false,
                    PhaseResult::Failed => true,
                },
            },
        }
    }
}
