//! Recovery instances: made at the end of a launch, ended by a job, a relaunch or a hand.

use super::World;
use super::identifier::fingerprint;
use super::server::{GIB, Server};
use super::site::Site;
use crate::scenario::{ExistingInstance, InstanceChange};
use crate::wire::Tags;
use crate::wire::configuration::LaunchDisposition;
use crate::wire::recovery_instance::{
    self as shape, Ec2InstanceState, FailbackState, RecoveryInstanceReplicationState,
};
use crate::wire::source_server::{IdentificationHints, NetworkInterface, OperatingSystem};
use jiff::Timestamp;

#[derive(Debug, Clone)]
pub(super) struct Instance {
    pub(super) id: String,
    pub(super) server: String,
    /// The job that launched it; an instance from before the world's start has one too.
    pub(super) job_id: String,
    pub(super) is_drill: bool,
    pub(super) state: Ec2InstanceState,
    pub(super) failback: FailbackState,
    pub(super) replication: RecoveryInstanceReplicationState,
    pub(super) data_at: Timestamp,
    pub(super) launched_at: Timestamp,
    pub(super) tags: Tags,
    /// Whether a terminate job or a relaunch has ended it.
    pub(super) ended_by_drs: bool,
    /// The tags that EC2 alone has.
    pub(super) machine_tags: Tags,
    /// The version of the launch template that it was launched from.
    pub(super) template_version: u32,
    /// Whether EC2's status checks fail.
    pub(super) impaired: bool,
}

impl Instance {
    /// Whether the EC2 instance still exists.
    pub(super) const fn is_alive(&self) -> bool {
        match self.state {
            Ec2InstanceState::Pending
            | Ec2InstanceState::Running
            | Ec2InstanceState::Stopping
            | Ec2InstanceState::Stopped => true,
            Ec2InstanceState::ShuttingDown
            | Ec2InstanceState::Terminated
            | Ec2InstanceState::NotFound => false,
        }
    }

    /// Whether data flows back to the origin, so that DRS protects the instance.
    pub(super) const fn is_failing_back(&self) -> bool {
        match self.failback {
            FailbackState::InProgress
            | FailbackState::ReadyForLaunch
            | FailbackState::NotReadyForLaunch => true,
            FailbackState::NotStarted
            | FailbackState::Completed
            | FailbackState::Error
            | FailbackState::NotAvailable => false,
        }
    }

    pub(super) fn to_wire(&self, site: &Site) -> shape::RecoveryInstance {
        let server = site.servers.get(&self.server);
        shape::RecoveryInstance {
            ec2_instance_id: Some(self.id.clone()),
            ec2_instance_state: Some(self.state),
            job_id: Some(self.job_id.clone()),
            recovery_instance_id: Some(self.id.clone()),
            source_server_id: Some(self.server.clone()),
            arn: Some(site.arn(&format!("recovery-instance/{}", self.id))),
            tags: Some(self.tags.clone()),
            failback: Some(shape::RecoveryInstanceFailback {
                state: Some(self.failback),
            }),
            data_replication_info: Some(shape::RecoveryInstanceDataReplicationInfo {
                data_replication_state: Some(self.replication),
                replicated_disks: (self.replication
                    == RecoveryInstanceReplicationState::Disconnected)
                    .then(|| {
                        vec![shape::RecoveryInstanceReplicatedDisk {
                            device_name: server.map(|server| server.device_name().to_owned()),
                            total_storage_bytes: Some(0),
                        }]
                    }),
            }),
            recovery_instance_properties: server.map(|server| self.properties(server)),
            point_in_time_snapshot_date_time: Some(self.data_at),
            is_drill: Some(self.is_drill),
            origin_environment: Some(shape::OriginEnvironment::OnPremises),
            origin_availability_zone: Some(format!("{}a", site.region)),
            agent_version: Some("6.3.0".to_owned()),
        }
    }

    fn properties(&self, server: &Server) -> shape::RecoveryInstanceProperties {
        shape::RecoveryInstanceProperties {
            last_updated_date_time: Some(self.launched_at),
            identification_hints: Some(IdentificationHints {
                fqdn: None,
                hostname: Some(server.hostname.clone()),
                vm_ware_uuid: None,
                aws_instance_id: Some(self.id.clone()),
            }),
            network_interfaces: Some(vec![NetworkInterface {
                mac_address: Some("02:00:00:00:00:02".to_owned()),
                ips: Some(server.ips()),
                is_primary: Some(true),
            }]),
            disks: Some(vec![shape::RecoveryInstanceDisk {
                internal_device_name: Some(server.device_name().to_owned()),
                bytes: Some(server.disk_gib * GIB),
                ebs_volume_id: Some(volume_id(&self.id)),
            }]),
            os: Some(OperatingSystem {
                full_string: Some(server.os_name().to_owned()),
            }),
        }
    }
}

/// The id of an instance's only volume, of the shorter kind: the model of DRS has no room for the
/// 17 digits of the usual ones.
pub(super) fn volume_id(instance: &str) -> String {
    format!("vol-{:08x}", fingerprint(instance) & 0xffff_ffff)
}

/// How a new instance came to be.
pub(super) struct Launched {
    pub(super) id: String,
    pub(super) job_id: String,
    pub(super) is_drill: bool,
    pub(super) data_at: Timestamp,
    pub(super) impaired: bool,
}

impl Server {
    /// The instance that a launch of this server makes.
    pub(super) fn launched(&self, now: Timestamp, launched: Launched) -> Instance {
        let state = match self.launch.launch_disposition {
            Some(LaunchDisposition::Stopped) => Ec2InstanceState::Stopped,
            Some(LaunchDisposition::Started) | None => Ec2InstanceState::Running,
        };
        let tags = if self.launch.copy_tags == Some(true) {
            self.tags.clone()
        } else {
            Tags::new()
        };
        Instance {
            id: launched.id,
            server: self.id.clone(),
            job_id: launched.job_id,
            is_drill: launched.is_drill,
            state,
            failback: FailbackState::NotStarted,
            replication: RecoveryInstanceReplicationState::NotStarted,
            data_at: launched.data_at,
            launched_at: now,
            tags,
            ended_by_drs: false,
            machine_tags: Tags::new(),
            template_version: self.template.default,
            impaired: launched.impaired,
        }
    }
}

impl World {
    /// Registers an instance as the current one of its server.
    pub(super) fn register_instance(&mut self, site: usize, server: &str, launched: Launched) {
        let now = self.now;
        let Some(site) = self.sites.get_mut(site) else {
            return;
        };
        let Some(server) = site.servers.get_mut(server) else {
            return;
        };
        server.recovery_instance = Some(launched.id.clone());
        let instance = server.launched(now, launched);
        site.instances.insert(instance.id.clone(), instance);
    }

    pub(super) fn add_existing_instance(
        &mut self,
        site: usize,
        server: &str,
        existing: &ExistingInstance,
    ) -> Option<String> {
        let data_at = self
            .sites
            .get(site)?
            .servers
            .get(server)?
            .replication
            .consistent_at(self.now);
        let id = self.identifiers.next("i-");
        let launched = Launched {
            id: id.clone(),
            job_id: self.identifiers.next("drsjob-"),
            is_drill: existing.is_drill,
            data_at: data_at.unwrap_or(self.now),
            impaired: false,
        };
        self.register_instance(site, server, launched);
        let change = InstanceChange {
            state: Some(existing.state),
            failback: existing.failback,
            impaired: None,
        };
        self.change_instance_at(site, &id, change);
        Some(id)
    }

    pub(super) fn change_instance_at(&mut self, site: usize, id: &str, change: InstanceChange) {
        let instance = self
            .sites
            .get_mut(site)
            .and_then(|site| site.instances.get_mut(id));
        if let Some(instance) = instance {
            instance.state = change.state.unwrap_or(instance.state);
            instance.failback = change.failback.unwrap_or(instance.failback);
            instance.impaired = change.impaired.unwrap_or(instance.impaired);
        }
    }

    /// Ends an instance: its server has none any more, and the entry of the job that launched it
    /// may say so.
    pub(super) fn end_instance(&mut self, site: usize, id: &str) {
        let old_entries = self.settings.switches.old_entries_read_terminated;
        let now = self.now;
        let Some(site_state) = self.sites.get_mut(site) else {
            return;
        };
        let Some(instance) = site_state.instances.get_mut(id) else {
            return;
        };
        instance.state = Ec2InstanceState::Terminated;
        instance.ended_by_drs = true;
        if let Some(server) = site_state.servers.get_mut(&instance.server)
            && server.recovery_instance.as_deref() == Some(id)
        {
            server.recovery_instance = None;
        }
        let Some((_, number)) = self.job_sites.get(&instance.job_id) else {
            return;
        };
        let Some(job) = site_state.jobs.get_mut(number).filter(|_| old_entries) else {
            return;
        };
        for participant in &mut job.participants {
            if participant.instance.as_deref() == Some(id) {
                let terminated = crate::wire::job::LaunchStatus::Terminated;
                participant
                    .progress
                    .change(now, now, terminated, Some(id.to_owned()));
            }
        }
    }

    pub(super) fn remove_record(&mut self, site: usize, id: &str) {
        let place = self.sites.get_mut(site);
        if let Some(instance) = place.and_then(|site| site.instances.remove(id)) {
            self.leave_to_ec2(site, instance);
        }
    }
}
