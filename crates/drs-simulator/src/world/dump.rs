//! The whole state of a world, in the wire's own shapes.

use super::World;
use super::instance::Instance;
use serde_json::{Map, Value, json};

impl World {
    /// Source servers, jobs and recovery instances of every account and Region. What readers of
    /// the API see late or no more is here at once and for ever.
    pub fn state(&self) -> Value {
        let mut accounts = Map::new();
        for site in &self.sites {
            let servers: Vec<_> = site
                .servers
                .values()
                .map(|server| server.to_wire(site, self.now))
                .collect();
            let jobs: Vec<_> = site
                .jobs
                .values()
                .rev()
                .map(|job| job.to_wire(site, self.now))
                .collect();
            let instances: Vec<_> = site
                .instances
                .values()
                .map(|instance| instance.to_wire(site))
                .collect();
            let machines: Vec<_> = site
                .machines(self.now)
                .map(|instance| self.machine_summary(instance))
                .collect();
            let regions = accounts
                .entry(site.account.clone())
                .or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(regions) = regions {
                regions.insert(
                    site.region.clone(),
                    json!({
                        "initialized": site.initialized,
                        "sourceServers": servers,
                        "jobs": jobs,
                        "recoveryInstances": instances,
                        "ec2Instances": machines,
                    }),
                );
            }
        }
        json!({ "now": self.now, "accounts": accounts })
    }

    fn machine_summary(&self, instance: &Instance) -> Value {
        json!({
            "instanceId": instance.id,
            "state": instance.state,
            "statusChecks": instance.checks(self),
            "sourceServerID": instance.server,
            "tags": instance.machine_tags,
        })
    }
}
