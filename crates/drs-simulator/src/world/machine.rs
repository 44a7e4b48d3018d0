//! The EC2 instances of a world: those of the recovery instances, and those that DRS has no record
//! of any more, or never had.

use super::World;
use super::due::Due;
use super::instance::Instance;
use super::machine_view::state;
use super::site::Site;
use crate::error::ApiError;
use crate::wire::Tags;
use crate::wire::ec2::TerminateInstancesRequest;
use crate::wire::recovery_instance::Ec2InstanceState;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// How long EC2 shows an instance that has ended.
const SHOWN_AFTER_ITS_END: SignedDuration = SignedDuration::from_hours(1);
/// How long EC2 takes to end an instance.
const SHUTTING_DOWN: SignedDuration = SignedDuration::from_secs(30);
/// An EC2 instance without a record in DRS.
#[derive(Debug, Clone)]
pub(super) struct Remnant {
    instance: Instance,
    /// When EC2 forgets it; an instance that lives is not forgotten.
    until: Option<Timestamp>,
}

impl Site {
    /// Every EC2 instance that exists here now, by id.
    pub(super) fn machines(&self, now: Timestamp) -> impl Iterator<Item = &Instance> {
        let known = self.instances.values();
        let known = known.filter(|one| one.state != Ec2InstanceState::NotFound);
        let mut all: Vec<&Instance> = known.chain(self.remnants(now)).collect();
        all.sort_by(|one, other| one.id.cmp(&other.id));
        all.into_iter()
    }

    /// The EC2 instances that DRS has no record of.
    pub(super) fn remnants(&self, now: Timestamp) -> impl Iterator<Item = &Instance> {
        let remnants = self.remnants.values();
        remnants
            .filter(move |one| one.until.is_none_or(|until| now < until))
            .map(|one| &one.instance)
    }

    pub(super) fn machine(&self, id: &str, now: Timestamp) -> Option<&Instance> {
        let known = self.instances.get(id);
        let known = known.filter(|one| one.state != Ec2InstanceState::NotFound);
        known.or_else(|| {
            let remnant = self.remnants.get(id)?;
            let there = remnant.until.is_none_or(|until| now < until);
            there.then_some(&remnant.instance)
        })
    }

    fn machine_mut(&mut self, id: &str) -> Option<&mut Instance> {
        match self.instances.get_mut(id) {
            Some(instance) => Some(instance),
            None => self.remnants.get_mut(id).map(|one| &mut one.instance),
        }
    }
}

impl World {
    /// DRS has no record of the instance any more; EC2 knows it for a while, or for its life.
    pub(super) fn leave_to_ec2(&mut self, site: usize, instance: Instance) {
        let until =
            (!instance.is_alive()).then(|| self.now + self.settings.scaled(SHOWN_AFTER_ITS_END));
        if let Some(site) = self.sites.get_mut(site) {
            let id = instance.id.clone();
            site.remnants.insert(id, Remnant { instance, until });
        }
    }

    /// Ends instances by somebody's hand, all of them or none.
    pub(super) fn terminate_machines(
        &mut self,
        site: usize,
        request: &TerminateInstancesRequest,
    ) -> Result<Value, ApiError> {
        let ids = &request.instance_ids;
        self.check_machines(site, ids)?;
        self.find_terminations(site, ids);
        let mut changes = Vec::new();
        for id in ids {
            let before = self.end_machine(site, id);
            let after = self.machine_state(site, id);
            if let (Some(before), Some(after)) = (before, after) {
                changes.push(json!({
                    "instanceId": id, "currentState": state(after), "previousState": state(before),
                }));
            }
        }
        Ok(json!({ "instancesSet": changes }))
    }

    /// An instance begins to end; how it stood before.
    pub(super) fn end_machine(&mut self, site: usize, id: &str) -> Option<Ec2InstanceState> {
        let at = self.now + self.settings.scaled(SHUTTING_DOWN);
        let instance = self.sites.get_mut(site)?.machine_mut(id)?;
        let before = instance.state;
        if instance.is_alive() {
            instance.state = Ec2InstanceState::ShuttingDown;
            let due = Due::MachineEnds {
                site,
                instance: id.to_owned(),
            };
            self.queue.push(at, due);
        }
        Some(before)
    }

    /// An instance that was ended by hand is terminated, and later DRS does not find it any more.
    pub(super) fn go_on_ending(&mut self, site: usize, id: &str) {
        let forgotten = self.now + self.settings.scaled(SHOWN_AFTER_ITS_END);
        let Some(state) = self.sites.get_mut(site) else {
            return;
        };
        if let Some(remnant) = state.remnants.get_mut(id) {
            remnant.instance.state = Ec2InstanceState::Terminated;
            remnant.until = Some(forgotten);
            return;
        }
        let Some(instance) = state.instances.get_mut(id) else {
            return;
        };
        match instance.state {
            Ec2InstanceState::ShuttingDown if !instance.ended_by_drs => {
                instance.state = Ec2InstanceState::Terminated;
                let due = Due::MachineEnds {
                    site,
                    instance: id.to_owned(),
                };
                self.queue.push(forgotten, due);
            }
            Ec2InstanceState::Terminated if !instance.ended_by_drs => {
                instance.state = Ec2InstanceState::NotFound;
            }
            Ec2InstanceState::Pending
            | Ec2InstanceState::Running
            | Ec2InstanceState::Stopping
            | Ec2InstanceState::Stopped
            | Ec2InstanceState::ShuttingDown
            | Ec2InstanceState::Terminated
            | Ec2InstanceState::NotFound => {}
        }
    }

    /// Adds tags to instances; those are EC2's own and DRS does not show them.
    pub(super) fn tag_machines(
        &mut self,
        site: usize,
        ids: &[String],
        tags: &Tags,
    ) -> Result<Value, ApiError> {
        self.check_machines(site, ids)?;
        for id in ids {
            let instance = self
                .sites
                .get_mut(site)
                .and_then(|site| site.machine_mut(id));
            if let Some(instance) = instance {
                instance.machine_tags.extend(tags.clone());
            }
        }
        Ok(json!({ "return": true }))
    }

    /// All of these are ids of instances, and exist.
    pub(super) fn check_machines(&self, site: usize, ids: &[String]) -> Result<(), ApiError> {
        if ids.is_empty() {
            let message = "The request must contain the parameter InstanceId";
            return Err(ApiError::ec2("MissingParameter", message));
        }
        let malformed = |id: &&String| !crate::validation::is_hexadecimal_id("i-", id);
        if let Some(id) = ids.iter().find(malformed) {
            let message = format!("Invalid id: \"{id}\"");
            return Err(ApiError::ec2("InvalidInstanceID.Malformed", message));
        }
        let missing = |id: &&String| {
            let site = self.sites.get(site);
            site.is_none_or(|site| site.machine(id, self.now).is_none())
        };
        let missing: Vec<&str> = ids.iter().filter(missing).map(String::as_str).collect();
        match missing.as_slice() {
            [] => Ok(()),
            [id] => {
                let message = format!("The instance ID '{id}' does not exist");
                Err(ApiError::ec2("InvalidInstanceID.NotFound", message))
            }
            several => {
                let ids = several.join(", ");
                let message = format!("The instance IDs '{ids}' do not exist");
                Err(ApiError::ec2("InvalidInstanceID.NotFound", message))
            }
        }
    }

    fn machine_state(&self, site: usize, id: &str) -> Option<Ec2InstanceState> {
        Some(self.sites.get(site)?.machine(id, self.now)?.state)
    }
}
