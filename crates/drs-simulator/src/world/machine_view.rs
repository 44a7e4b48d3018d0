//! An EC2 instance as the answers of EC2 show it.

use super::World;
use super::instance::{Instance, volume_id};
use super::site::Site;
use crate::wire::Tags;
use crate::wire::recovery_instance::Ec2InstanceState;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// How long status checks take after a launch.
const CHECKS_TAKE: SignedDuration = SignedDuration::from_mins(2);

impl Instance {
    /// The tags that EC2 shows: those of DRS, those copied from the source server, and its own.
    pub(super) fn ec2_tags(&self, site: &Site) -> Tags {
        let name = site
            .servers
            .get(&self.server)
            .map(|server| &server.hostname);
        let mut tags = Tags::from(
            [
                ("AWSElasticDisasterRecoveryManaged", "drs.amazonaws.com"),
                ("AWSElasticDisasterRecoverySourceServerID", &self.server),
                ("Name", name.unwrap_or(&self.server)),
            ]
            .map(|(key, value)| (key.to_owned(), value.to_owned())),
        );
        tags.extend(self.tags.clone());
        tags.extend(self.machine_tags.clone());
        tags
    }

    /// The status that EC2's checks have found.
    pub(super) fn checks(&self, world: &World) -> &'static str {
        let checked_at = self.launched_at + world.settings.scaled(CHECKS_TAKE);
        if self.state != Ec2InstanceState::Running {
            "not-applicable"
        } else if world.now < checked_at {
            "initializing"
        } else if self.impaired {
            "impaired"
        } else {
            "ok"
        }
    }

    pub(super) fn to_ec2(&self, site: &Site) -> Value {
        let server = site.servers.get(&self.server);
        let address = server.and_then(|server| server.ips().into_iter().next());
        let template = server.map(|server| server.template_data(self.template_version));
        let from_template = |pointer: &str, usual: &str| {
            let written = template.as_ref().and_then(|data| data.pointer(pointer));
            let written = written.and_then(Value::as_str);
            written.unwrap_or(usual).to_owned()
        };
        let device = server.map_or("/dev/xvda", |server| server.device_name());
        let mut shown = json!({
            "instanceId": self.id,
            "imageId": "ami-0123456789abcdef0",
            "instanceState": state(self.state),
            "instanceType": from_template("/InstanceType", "m5.large"),
            "launchTime": self.launched_at,
            "placement": { "availabilityZone": format!("{}a", site.region), "tenancy": "default" },
            "monitoring": { "state": "disabled" },
            "architecture": "x86_64",
            "virtualizationType": "hvm",
            "hypervisor": "xen",
            "ebsOptimized": false,
            "rootDeviceType": "ebs",
            "rootDeviceName": device,
            "amiLaunchIndex": 0,
            "tagSet": tag_set(&self.ec2_tags(site)),
        });
        if let (Value::Object(members), true) = (&mut shown, self.is_alive()) {
            let subnet = from_template("/NetworkInterface/0/SubnetId", "subnet-0123456789abcdef0");
            members.insert("subnetId".to_owned(), subnet.into());
            members.insert("vpcId".to_owned(), "vpc-0123456789abcdef0".into());
            if let Some(address) = address {
                members.insert("privateIpAddress".to_owned(), address.into());
            }
            let volume = json!({
                "volumeId": volume_id(&self.id), "status": "attached",
                "attachTime": self.launched_at, "deleteOnTermination": true,
            });
            let mapping = json!([{ "deviceName": device, "ebs": volume }]);
            members.insert("blockDeviceMapping".to_owned(), mapping);
        }
        shown
    }
}

fn tag_set(tags: &Tags) -> Value {
    let item = |(key, value)| json!({ "key": key, "value": value });
    tags.iter().map(item).collect()
}

/// A state as EC2 spells it, with its code.
pub(super) fn state(state: Ec2InstanceState) -> Value {
    let (code, name) = code_and_name(state);
    json!({ "code": code, "name": name })
}

pub(super) const fn code_and_name(state: Ec2InstanceState) -> (u8, &'static str) {
    match state {
        Ec2InstanceState::Pending => (0, "pending"),
        Ec2InstanceState::Running => (16, "running"),
        Ec2InstanceState::ShuttingDown => (32, "shutting-down"),
        Ec2InstanceState::Terminated | Ec2InstanceState::NotFound => (48, "terminated"),
        Ec2InstanceState::Stopping => (64, "stopping"),
        Ec2InstanceState::Stopped => (80, "stopped"),
    }
}
