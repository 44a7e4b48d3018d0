//! Making an execution of a plan: the plan and its groups, frozen.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::counted::counted;
use crate::execution::model::batch::Batch;
use crate::execution::model::batch_state::BatchState;
use crate::execution::model::clean_up::CleanUp;
use crate::execution::model::course::Course;
use crate::execution::model::execution::{Execution, Head, Observation, PlanReference};
use crate::execution::model::lock::Lock;
use crate::execution::model::notice::NotificationState;
use crate::execution::model::server::Server;
use crate::execution::model::waits::Waits;
use crate::execution::model::wave::{Gate, Wave, WaveClock, WaveHead, WaveState};
use crate::ids::{ExecutionId, ProtectionGroupId, SourceServerId, WaveKey};
use crate::kind::Kind;
use crate::launchability::Consent;
use crate::place::Place;
use crate::quota;
use crate::recovery_plan::draft::Groups;
use crate::recovery_plan::{Gating, OnFailure, PlannedWave, RecoveryPlan};
use crate::text::{Reason, some_of};

/// Servers that one warning names.
const NAMED_MAX: usize = 5;

/// What a person says when they start an execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartRequest {
    /// Drill or recovery.
    pub kind: Kind,
    /// Who.
    pub by: String,
    /// Why.
    pub reason: Option<String>,
    /// What they acknowledge that bears on launches.
    pub consent: Consent,
    /// Why they start a drill that nobody has said to be isolated.
    pub not_isolated: Option<String>,
    /// When the outage was declared.
    pub outage_declared_at: Option<Timestamp>,
}

/// An execution of `plan` as it and its groups stand now. Nothing of it has started.
pub fn execution(
    id: ExecutionId,
    plan: &RecoveryPlan,
    groups: &Groups,
    request: StartRequest,
    waits: Waits,
    now: Timestamp,
) -> Execution {
    let keys: Vec<&WaveKey> = plan.content.waves.iter().map(|wave| &wave.key).collect();
    let waves = plan
        .content
        .waves
        .iter()
        .map(|planned| wave(planned, &keys, groups, request.kind))
        .collect();
    Execution {
        head: Head {
            id,
            plan: PlanReference {
                id: plan.id.clone(),
                name: plan.content.name.to_string(),
                version: plan.version,
            },
            kind: request.kind,
            initiated_by: request.by,
            reason: request.reason,
            consent: request.consent,
            not_isolated: request.not_isolated,
            outage_declared_at: request.outage_declared_at,
            created_at: now,
            started_at: None,
            waits,
            course: Course::Running,
            ending: None,
            clean_up: CleanUp::default(),
            observation: Observation::default(),
            plan_lock: Lock::Held,
            holds_made: 0,
            warnings: warnings(plan, groups),
            told: NotificationState::default(),
        }
        .into(),
        waves,
    }
}

/// Where the groups are no longer what they were when the plan was saved.
fn warnings(plan: &RecoveryPlan, groups: &Groups) -> Vec<Reason> {
    let mut found = Vec::new();
    for wave in &plan.content.waves {
        let members = wave.members(groups);
        let is_member = |id: &SourceServerId| members.iter().any(|(_, member)| member == id);
        let named = wave.servers.iter().flatten();
        let gone: Vec<&str> = named
            .filter(|id| !is_member(id))
            .map(SourceServerId::as_str)
            .collect();
        if !gone.is_empty() {
            let text = format!(
                "wave `{}` names servers that its groups no longer have, so they are left out: {}",
                wave.key,
                some_of(gone, NAMED_MAX)
            );
            found.push(text.into());
        }
        let needed = wave.need.of(members.len());
        if needed > members.len() {
            let text = format!(
                "wave `{}` needs {} and has only {} now: all of them are needed",
                wave.key,
                counted(needed, "server", "servers"),
                members.len()
            );
            found.push(text.into());
        }
    }
    found
}

fn wave(planned: &PlannedWave, keys: &[&WaveKey], groups: &Groups, kind: Kind) -> Wave {
    let members = planned.members(groups);
    let owners = owners(planned, groups);
    let batches = quota::pack(members)
        .into_iter()
        .map(|(place, servers)| batch(place, &servers, &owners))
        .collect();
    let position = |key: &WaveKey| keys.iter().position(|other| *other == key);
    Wave {
        head: WaveHead {
            key: planned.key.clone(),
            name: planned.name.clone(),
            depends_on: planned.depends_on.iter().filter_map(position).collect(),
            need: planned.need,
            on_failure: planned
                .on_failure
                .unwrap_or_else(|| OnFailure::default_for(kind)),
            time_limit_minutes: planned.time_limit_minutes,
            gate: match planned.gate {
                Gating::Ungated => Gate::None,
                Gating::PauseBefore => Gate::Ahead,
            },
            state: WaveState::Pending,
            clock: WaveClock::default(),
            started_at: None,
        }
        .into(),
        batches,
    }
}

fn owners(planned: &PlannedWave, groups: &Groups) -> BTreeMap<SourceServerId, ProtectionGroupId> {
    planned
        .protection_groups
        .iter()
        .filter_map(|id| groups.get(id))
        .flat_map(|group| {
            group
                .servers
                .iter()
                .map(|server| (server.clone(), group.id.clone()))
        })
        .collect()
}

fn batch(
    place: Place,
    servers: &[SourceServerId],
    owners: &BTreeMap<SourceServerId, ProtectionGroupId>,
) -> Batch {
    Batch {
        place,
        servers: servers
            .iter()
            .filter_map(|id| Some(Server::new(id.clone(), None, owners.get(id)?.clone()).into()))
            .collect(),
        attempt: 0,
        state: BatchState::Idle,
        jobs: Vec::new(),
        locks: Lock::Held,
    }
}
