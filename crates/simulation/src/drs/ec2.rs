//! EC2 for the engine: the same world, asked by the names of EC2's query protocol.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::ec2_instance::{Ec2Instance, Ec2State};
use domain::execution::event::{FaultClass, WorldFault};
use domain::{Place, RecoveryInstanceId, SourceServerId};
use drs_simulator::wire::ec2::{DescribeInstancesRequest, Filter};
use engine::ports::{DrsError, DrsErrorClass, Ec2};
use serde_json::Value;

use super::SimulatedDrs;

/// Where EC2 names the next page.
const NEXT: &str = "nextToken";

#[async_trait]
impl Ec2 for SimulatedDrs {
    async fn instances(
        &self,
        place: &Place,
        ids: &[RecoveryInstanceId],
        servers: &[SourceServerId],
    ) -> Result<Vec<Ec2Instance>, WorldFault> {
        let ids = ids.iter().map(ToString::to_string).collect();
        let servers = servers.iter().map(ToString::to_string).collect();
        let tag = "tag:AWSElasticDisasterRecoverySourceServerID";
        let mut found = BTreeMap::new();
        for (name, values) in [("instance-id", ids), (tag, servers)] {
            let shown = self.machines(place, name, values).await;
            for machine in shown
                .map_err(|error| fault(&error))?
                .iter()
                .filter_map(machine)
            {
                found.insert(machine.id.clone(), machine);
            }
        }
        Ok(found.into_values().collect())
    }
}

impl SimulatedDrs {
    async fn machines(
        &self,
        place: &Place,
        name: &str,
        values: Vec<String>,
    ) -> Result<Vec<Value>, DrsError> {
        if values.is_empty() {
            return Ok(Vec::new());
        }
        let mut request = DescribeInstancesRequest {
            filters: vec![Filter {
                name: name.to_owned(),
                values,
            }],
            max_results: Some("1000".to_owned()),
            ..DescribeInstancesRequest::default()
        };
        let mut found = Vec::new();
        loop {
            let page = self.call(place, &request).await?;
            let reservations = page["reservationSet"].as_array().into_iter().flatten();
            let machines = reservations.filter_map(|one| one["instancesSet"].as_array());
            found.extend(machines.flatten().cloned());
            match page[NEXT].as_str() {
                None => return Ok(found),
                Some(token) => request.next_token = Some(token.to_owned()),
            }
        }
    }
}

fn machine(shown: &Value) -> Option<Ec2Instance> {
    let tag = |key: &str| {
        let mut tags = shown["tagSet"].as_array()?.iter();
        tags.find(|tag| tag["key"] == key)?["value"].as_str()
    };
    let state = shown["instanceState"]["name"].as_str()?;
    Some(Ec2Instance {
        id: shown["instanceId"].as_str()?.parse().ok()?,
        server: tag("AWSElasticDisasterRecoverySourceServerID").and_then(|id| id.parse().ok()),
        state: match state {
            "shutting-down" => Ec2State::Ending,
            "terminated" => Ec2State::Gone,
            _ => Ec2State::Alive,
        },
        launched_at: shown["launchTime"].as_str()?.parse().ok(),
        name: tag("Name").map(str::to_owned),
    })
}

fn fault(error: &DrsError) -> WorldFault {
    let class = match error.class {
        DrsErrorClass::NotRecognised | DrsErrorClass::Denied | DrsErrorClass::Invalid => {
            FaultClass::Denied
        }
        DrsErrorClass::Throttled
        | DrsErrorClass::Conflict
        | DrsErrorClass::QuotaExceeded
        | DrsErrorClass::JobTooLarge
        | DrsErrorClass::NotInitialised
        | DrsErrorClass::Transient => FaultClass::Passing,
    };
    WorldFault {
        class,
        text: error.text.as_str().into(),
    }
}
