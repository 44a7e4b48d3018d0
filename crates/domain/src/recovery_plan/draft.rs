//! From a draft to a plan: every fault at once, each with its path.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    BATCHES_PER_PLAN_MAX, Gating, Need, OnFailure, PERCENT_MAX, PlanContent, PlannedWave,
    SERVERS_PER_PLAN_MAX, TIME_LIMIT_MINUTES_DEFAULT, TIME_LIMIT_MINUTES_MAX, WAVES_PER_PLAN_MAX,
    graph,
};
use crate::counted::counted;
use crate::fault::{Fault, FaultCode};
use crate::ids::{ProtectionGroupId, SourceServerId, WaveKey};
use crate::protection_group::{
    DESCRIPTION_LENGTH_MAX, ProtectionGroup, check_length, parse_name, parse_or_fault,
    parse_servers,
};
use crate::quota;

/// What a request wants a plan to be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlanDraft {
    /// `name`.
    pub name: String,
    /// `description`.
    pub description: String,
    /// `waves`.
    pub waves: Vec<WaveDraft>,
}

/// What a request wants a wave to be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WaveDraft {
    /// `key`.
    pub key: String,
    /// `name`; left out, the key.
    pub name: Option<String>,
    /// `protectionGroupIds`.
    pub protection_groups: Vec<String>,
    /// `sourceServerIds`.
    pub servers: Option<Vec<String>>,
    /// `dependsOn`; left out means the wave before, an empty list means nothing.
    pub depends_on: Option<Vec<String>>,
    /// `pauseBefore`.
    pub gate: Option<Gating>,
    /// `need`; its numbers are not checked yet.
    pub need: Option<Need>,
    /// `onFailure`.
    pub on_failure: Option<OnFailure>,
    /// `timeLimitMinutes`.
    pub time_limit_minutes: Option<u32>,
}

/// The groups that a draft may name, by id: all that exist.
pub type Groups = BTreeMap<ProtectionGroupId, ProtectionGroup>;

impl PlanDraft {
    /// Parses the draft against the groups that exist.
    ///
    /// # Errors
    ///
    /// Every fault at once, each with its path.
    pub fn parse(&self, groups: &Groups) -> Result<PlanContent, Vec<Fault>> {
        let mut faults = Vec::new();
        let name = parse_name("name", &self.name, &mut faults);
        check_length(
            "description",
            &self.description,
            DESCRIPTION_LENGTH_MAX,
            &mut faults,
        );
        if self.waves.is_empty() {
            let message = "a plan has at least one wave";
            faults.push(Fault::new("waves", FaultCode::Required, message));
        } else if self.waves.len() > WAVES_PER_PLAN_MAX {
            let message = format!("a plan has at most {WAVES_PER_PLAN_MAX} waves");
            faults.push(Fault::new("waves", FaultCode::PlanTooLarge, message));
            // What follows takes time and depth by the number of waves, so it is not for any.
            return Err(faults);
        }
        let keys = self.keys(&mut faults);
        let waves: Vec<PlannedWave> = self
            .waves
            .iter()
            .enumerate()
            .map(|(index, draft)| draft.parse(index, &keys, groups, &mut faults))
            .collect();
        self.check_cycles(&keys, &mut faults);
        check_servers(&waves, groups, &mut faults);
        match name {
            Some(name) if faults.is_empty() => Ok(PlanContent {
                name,
                description: self.description.trim().to_owned(),
                waves,
            }),
            _ => Err(faults),
        }
    }

    fn keys(&self, faults: &mut Vec<Fault>) -> Vec<Option<WaveKey>> {
        let mut seen = BTreeSet::new();
        let mut keys = Vec::new();
        for (index, wave) in self.waves.iter().enumerate() {
            let path = format!("waves[{index}].key");
            let key = parse_or_fault::<WaveKey>(&path, &wave.key, faults);
            if let Some(key) = &key
                && !seen.insert(key.clone())
            {
                let message = format!("another wave has the key `{key}`");
                faults.push(Fault::new(path, FaultCode::DuplicateKey, message));
            }
            keys.push(key);
        }
        keys
    }

    /// Every circle once: those that share a wave count as one.
    fn check_cycles(&self, keys: &[Option<WaveKey>], faults: &mut Vec<Fault>) {
        let mut edges: Vec<Vec<usize>> = (0..self.waves.len())
            .map(|index| {
                self.waves[index]
                    .dependencies(index, keys)
                    .iter()
                    .filter_map(|text| position(keys, text))
                    .collect()
            })
            .collect();
        while let Some(circle) = graph::cycle(&edges) {
            let names: Vec<&str> = circle
                .iter()
                .chain(circle.first())
                .map(|&index| self.waves[index].key.as_str())
                .collect();
            let message = format!("the waves wait for each other: {}", names.join(" → "));
            let path = format!("waves[{}].dependsOn", circle[0]);
            faults.push(Fault::new(path, FaultCode::Cycle, message));
            for &index in &circle {
                edges[index].clear();
            }
        }
    }
}

impl WaveDraft {
    /// The keys this wave waits for, as texts; left out means the wave before.
    fn dependencies(&self, index: usize, keys: &[Option<WaveKey>]) -> Vec<String> {
        match &self.depends_on {
            Some(texts) => texts.clone(),
            None if index == 0 => Vec::new(),
            None => keys[index - 1].iter().map(WaveKey::to_string).collect(),
        }
    }

    /// The wave as far as its members are right. Where one is not, a fault is noted and
    /// something stands in for it, so that the other members are looked at too.
    fn parse(
        &self,
        index: usize,
        keys: &[Option<WaveKey>],
        groups: &Groups,
        faults: &mut Vec<Fault>,
    ) -> PlannedWave {
        let at = |member: &str| format!("waves[{index}].{member}");
        let name = match self.name.as_deref() {
            None => self.key.clone(),
            Some(name) => parse_name(&at("name"), name, faults)
                .map_or_else(String::new, |name| name.to_string()),
        };
        let protection_groups = self.groups(&at("protectionGroupIds"), groups, faults);
        let path = at("sourceServerIds");
        let servers = self
            .servers
            .as_ref()
            .map(|texts| parse_servers(&path, texts, faults));
        let depends_on = self.parse_dependencies(index, keys, faults);
        let minutes = self
            .time_limit_minutes
            .unwrap_or(TIME_LIMIT_MINUTES_DEFAULT);
        if !(1..=TIME_LIMIT_MINUTES_MAX).contains(&minutes) {
            let message = format!("from 1 to {TIME_LIMIT_MINUTES_MAX} minutes");
            faults.push(Fault::new(
                at("timeLimitMinutes"),
                FaultCode::OutOfRange,
                message,
            ));
        }
        check_need(&at("need"), self.need.unwrap_or(Need::All), faults);
        PlannedWave {
            key: keys[index].clone().unwrap_or_else(stand_in),
            name,
            protection_groups,
            servers,
            depends_on,
            gate: self.gate.unwrap_or(Gating::Ungated),
            need: self.need.unwrap_or(Need::All),
            on_failure: self.on_failure,
            time_limit_minutes: minutes,
        }
    }

    fn groups(
        &self,
        path: &str,
        groups: &Groups,
        faults: &mut Vec<Fault>,
    ) -> Vec<ProtectionGroupId> {
        if self.protection_groups.is_empty() {
            let message = "a wave has at least one protection group";
            faults.push(Fault::new(path, FaultCode::Required, message));
        }
        let mut found = Vec::new();
        for (index, text) in self.protection_groups.iter().enumerate() {
            let path = format!("{path}[{index}]");
            let Some(id) = parse_or_fault::<ProtectionGroupId>(&path, text, faults) else {
                continue;
            };
            if !groups.contains_key(&id) {
                let message = format!("there is no protection group {id}");
                faults.push(Fault::new(path, FaultCode::UnknownGroup, message));
            } else if found.contains(&id) {
                let message = format!("{id} stands in this list already");
                faults.push(Fault::new(path, FaultCode::Duplicate, message));
            } else {
                found.push(id);
            }
        }
        found
    }

    fn parse_dependencies(
        &self,
        index: usize,
        keys: &[Option<WaveKey>],
        faults: &mut Vec<Fault>,
    ) -> Vec<WaveKey> {
        let mut found: Vec<WaveKey> = Vec::new();
        for (number, text) in self.dependencies(index, keys).iter().enumerate() {
            let path = format!("waves[{index}].dependsOn[{number}]");
            match position(keys, text).and_then(|position| keys[position].clone()) {
                None => {
                    let message = format!("the plan has no wave `{text}`");
                    faults.push(Fault::new(path, FaultCode::UnknownWave, message));
                }
                Some(key) if found.contains(&key) => {
                    let message = format!("`{key}` stands in this list already");
                    faults.push(Fault::new(path, FaultCode::Duplicate, message));
                }
                Some(key) => found.push(key),
            }
        }
        found
    }
}

/// The key of a wave whose own key has a fault.
fn stand_in() -> WaveKey {
    "unnamed".parse().expect("seven small letters are a key")
}

fn position(keys: &[Option<WaveKey>], text: &str) -> Option<usize> {
    keys.iter()
        .position(|key| key.as_ref().is_some_and(|key| key.as_str() == text))
}

fn check_need(path: &str, need: Need, faults: &mut Vec<Fault>) {
    match need {
        Need::All => {}
        Need::Count { count } => {
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            if !(1..=SERVERS_PER_PLAN_MAX).contains(&count) {
                let message = format!("from 1 to {SERVERS_PER_PLAN_MAX}");
                faults.push(Fault::new(
                    format!("{path}.count"),
                    FaultCode::OutOfRange,
                    message,
                ));
            }
        }
        Need::Percent { percent } => {
            if !(1..=PERCENT_MAX).contains(&percent) {
                let message = format!("from 1 to {PERCENT_MAX}");
                faults.push(Fault::new(
                    format!("{path}.percent"),
                    FaultCode::OutOfRange,
                    message,
                ));
            }
        }
    }
}

/// What can only be said of all waves together: whose server is where, and how many there are.
fn check_servers(waves: &[PlannedWave], groups: &Groups, faults: &mut Vec<Fault>) {
    let mut taken: BTreeMap<SourceServerId, usize> = BTreeMap::new();
    let mut batches = 0;
    for (index, wave) in waves.iter().enumerate() {
        let members = wave.members(groups);
        check_narrowing(index, wave, groups, faults);
        if members.is_empty() && !wave.protection_groups.is_empty() {
            let path = format!("waves[{index}].protectionGroupIds");
            let message = "no server is left in this wave";
            faults.push(Fault::new(path, FaultCode::NoServers, message));
        }
        for (_, server) in &members {
            if let Some(other) = taken.insert(server.clone(), index) {
                let path = format!("waves[{index}].protectionGroupIds");
                let message = format!("{server} is in wave `{}` already", waves[other].key);
                faults.push(Fault::new(path, FaultCode::ServerInTwoWaves, message));
            }
        }
        if !members.is_empty() && wave.need.of(members.len()) > members.len() {
            let count = counted(members.len(), "server", "servers");
            let message = format!("the wave has only {count}");
            let path = format!("waves[{index}].need");
            faults.push(Fault::new(path, FaultCode::NeedTooHigh, message));
        }
        batches += quota::pack(members).len();
    }
    if batches > BATCHES_PER_PLAN_MAX {
        let message = format!(
            "the plan would need {batches} DRS jobs; one execution has at most {BATCHES_PER_PLAN_MAX}"
        );
        faults.push(Fault::new("waves", FaultCode::PlanTooLarge, message));
    }
}

fn check_narrowing(index: usize, wave: &PlannedWave, groups: &Groups, faults: &mut Vec<Fault>) {
    for (number, server) in wave.servers.iter().flatten().enumerate() {
        let known = wave
            .protection_groups
            .iter()
            .filter_map(|id| groups.get(id))
            .any(|group| group.servers.contains(server));
        if !known {
            let path = format!("waves[{index}].sourceServerIds[{number}]");
            let message = format!("{server} is in none of the wave's groups");
            faults.push(Fault::new(path, FaultCode::ServerNotInGroup, message));
        }
    }
}

impl PlannedWave {
    /// The servers of the wave as the groups stand now, each with where it is.
    pub fn members(&self, groups: &Groups) -> Vec<(crate::place::Place, SourceServerId)> {
        self.protection_groups
            .iter()
            .filter_map(|id| groups.get(id))
            .flat_map(|group| {
                group
                    .servers
                    .iter()
                    .filter(|server| {
                        self.servers
                            .as_ref()
                            .is_none_or(|chosen| chosen.contains(server))
                    })
                    .map(|server| (group.place.clone(), server.clone()))
            })
            .collect()
    }
}
