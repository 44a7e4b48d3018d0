//! Recovery plans on the wire.

use domain::recovery_plan::draft::{PlanDraft, WaveDraft};
use domain::recovery_plan::{Gating, Need, PlannedWave, RecoveryPlan};
use domain::{Fault, FaultCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::enumeration::OnFailure;
use super::{form, reader};
use crate::body::{Object, RequestBody, Whole};

/// A recovery plan to make, or what one is to become.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RecoveryPlanRequest {
    /// Unique without regard to case; 1 to 64 characters.
    #[schema(required = true, value_type = form::Name)]
    name: Option<String>,
    /// At most 1,000 characters.
    #[schema(value_type = Option<form::Description>)]
    description: Option<String>,
    /// 1 to 25 waves.
    #[schema(required = true, value_type = form::list::Waves)]
    waves: Option<Vec<Object<WaveRequest>>>,
    /// Makes a repeated creation the same one; on creation only.
    #[schema(value_type = Option<form::ClientToken>)]
    pub(crate) client_token: Option<String>,
}

/// One wave of a plan.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct WaveRequest {
    /// Unique in the plan; 1 to 32 of a-z, 0-9 and -.
    #[schema(required = true, value_type = form::WaveKey)]
    key: Option<String>,
    /// Left out, the key.
    #[schema(value_type = Option<form::Name>)]
    name: Option<String>,
    /// The groups whose servers launch in this wave.
    #[schema(required = true, value_type = form::list::WaveGroups)]
    protection_group_ids: Option<Vec<String>>,
    /// Where given, only these of the groups' servers.
    #[schema(value_type = Option<form::list::SomeServers>, inline)]
    source_server_ids: Option<Vec<String>>,
    /// The waves that must have ended. Left out, the wave before; empty, none.
    #[schema(value_type = Option<form::list::Dependencies>, inline)]
    depends_on: Option<Vec<String>>,
    /// Whether a person must let the wave start.
    pause_before: Option<bool>,
    /// How many servers must launch; left out, all.
    #[schema(value_type = Option<form::need::Need>)]
    need: Option<Object<NeedRequest>>,
    /// What happens when fewer launch. Left out, STOP in a drill and PAUSE in a recovery.
    #[schema(value_type = Option<OnFailure>)]
    on_failure: Option<String>,
    /// 1 to 4,320; left out, 240.
    #[schema(value_type = Option<form::number::TimeLimitMinutes>)]
    time_limit_minutes: Option<Whole<i64>>,
}

/// How many servers of a wave must launch, before its parts are known to fit together.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NeedRequest {
    r#type: Option<String>,
    count: Option<Whole<i64>>,
    percent: Option<Whole<i64>>,
}

impl RequestBody for RecoveryPlanRequest {}

impl RecoveryPlanRequest {
    /// What the request wants the plan to be, and what of it cannot be said in a draft.
    pub(crate) fn draft(&self, faults: &mut Vec<Fault>) -> PlanDraft {
        let waves = self.waves.as_deref().unwrap_or_default();
        PlanDraft {
            name: self.name.clone().unwrap_or_default(),
            description: self.description.clone().unwrap_or_default(),
            waves: waves
                .iter()
                .enumerate()
                .map(|(index, wave)| wave.draft(&format!("waves[{index}]"), faults))
                .collect(),
        }
    }
}

impl WaveRequest {
    fn draft(&self, path: &str, faults: &mut Vec<Fault>) -> WaveDraft {
        let on_failure: Option<OnFailure> = reader::optional(
            &format!("{path}.onFailure"),
            self.on_failure.as_deref(),
            faults,
        );
        let need = self.need.as_ref();
        WaveDraft {
            key: self.key.clone().unwrap_or_default(),
            name: self.name.clone(),
            protection_groups: self.protection_group_ids.clone().unwrap_or_default(),
            servers: self.source_server_ids.clone(),
            depends_on: self.depends_on.clone(),
            gate: self.pause_before.map(|pause| {
                if pause {
                    Gating::PauseBefore
                } else {
                    Gating::Ungated
                }
            }),
            need: need.and_then(|need| need.parse(&format!("{path}.need"), faults)),
            on_failure: on_failure.map(Into::into),
            time_limit_minutes: self.time_limit_minutes.map(saturated),
        }
    }
}

impl NeedRequest {
    fn parse(&self, path: &str, faults: &mut Vec<Fault>) -> Option<Need> {
        let type_path = format!("{path}.type");
        let (count_path, percent_path) = (format!("{path}.count"), format!("{path}.percent"));
        let word: String = reader::required(&type_path, self.r#type.as_deref(), faults)?;
        let (count, percent) = (self.count.map(saturated), self.percent.map(saturated));
        match word.as_str() {
            "ALL" => {
                refuse_given(&count_path, count, &word, faults);
                refuse_given(&percent_path, percent, &word, faults);
                Some(Need::All)
            }
            "COUNT" => {
                refuse_given(&percent_path, percent, &word, faults);
                let count = reader::present(&count_path, count, faults)?;
                Some(Need::Count { count })
            }
            "PERCENT" => {
                refuse_given(&count_path, count, &word, faults);
                let percent = reader::present(&percent_path, percent, faults)?;
                Some(Need::Percent { percent })
            }
            _ => {
                let message = format!("`{word}` is none of ALL, COUNT, PERCENT");
                faults.push(Fault::new(type_path, FaultCode::InvalidFormat, message));
                None
            }
        }
    }
}

fn refuse_given(path: &str, number: Option<u32>, word: &str, faults: &mut Vec<Fault>) {
    if number.is_some() {
        let message = format!("not together with type {word}");
        faults.push(Fault::new(path, FaultCode::NotTogether, message));
    }
}

/// Numbers too small or too large for anything here stay out of every range.
fn saturated(Whole(number): Whole<i64>) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}

/// An ordered set of waves that can be run as a drill or a recovery.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RecoveryPlan)]
pub(crate) struct RecoveryPlanView {
    recovery_plan_id: String,
    name: String,
    description: String,
    waves: Vec<PlannedWaveView>,
    version: u64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// One wave of a plan.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PlannedWave)]
pub(crate) struct PlannedWaveView {
    key: String,
    name: String,
    protection_group_ids: Vec<String>,
    /// Where given, only these of the groups' servers.
    #[schema(required = true)]
    source_server_ids: Option<Vec<String>>,
    depends_on: Vec<String>,
    pause_before: bool,
    need: NeedView,
    /// Nothing where the kind of execution decides: STOP in a drill, PAUSE in a recovery.
    #[schema(required = true)]
    on_failure: Option<OnFailure>,
    time_limit_minutes: u32,
}

/// How many servers of a wave must launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = Need)]
pub(crate) enum NeedView {
    /// Every one.
    All,
    /// At least this many.
    Count {
        /// At least 1.
        count: u32,
    },
    /// At least this share, rounded up to whole servers.
    Percent {
        /// 1 to 100.
        percent: u32,
    },
}

impl From<Need> for NeedView {
    fn from(need: Need) -> Self {
        match need {
            Need::All => Self::All,
            Need::Count { count } => Self::Count { count },
            Need::Percent { percent } => Self::Percent { percent },
        }
    }
}

impl From<RecoveryPlan> for RecoveryPlanView {
    fn from(plan: RecoveryPlan) -> Self {
        let waves = plan.content.waves.into_iter();
        Self {
            recovery_plan_id: plan.id.into(),
            name: plan.content.name.into(),
            description: plan.content.description,
            waves: waves.map(PlannedWaveView::from).collect(),
            version: plan.version,
            created_at: plan.created_at,
            updated_at: plan.updated_at,
        }
    }
}

impl From<PlannedWave> for PlannedWaveView {
    fn from(wave: PlannedWave) -> Self {
        let texts = |servers: Vec<_>| servers.into_iter().map(String::from).collect();
        let groups = wave.protection_groups.into_iter();
        Self {
            key: wave.key.into(),
            name: wave.name,
            protection_group_ids: groups.map(String::from).collect(),
            source_server_ids: wave.servers.map(texts),
            depends_on: wave.depends_on.into_iter().map(String::from).collect(),
            pause_before: wave.gate == Gating::PauseBefore,
            need: wave.need.into(),
            on_failure: wave.on_failure.map(OnFailure::from),
            time_limit_minutes: wave.time_limit_minutes,
        }
    }
}
