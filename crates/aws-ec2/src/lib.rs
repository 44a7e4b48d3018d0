//! What EC2 runs, over the SDK. It reads, and nothing else.

mod error;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use aws::Connection;
use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_ec2::Client;
use aws_sdk_ec2::config::Region;
use aws_sdk_ec2::types::{Filter, Instance, InstanceStateName, Reservation};
use domain::ec2_instance::{Ec2Instance, Ec2State, SOURCE_SERVER_TAG};
use domain::execution::event::{FaultClass, WorldFault};
use domain::{AccountId, Place, RecoveryInstanceId, SourceServerId};
use engine::ports::Ec2;
use jiff::Timestamp;

use error::classify;

/// Most values of one filter of EC2.
const VALUES_MAX: usize = 200;
/// Most instances of one answer of EC2.
const PAGE_MAX: i32 = 1_000;
/// How often a call is sent, all in all, and how long one attempt may take.
const ATTEMPTS: u32 = 3;
const ATTEMPT_MAX: Duration = Duration::from_secs(10);
const CONNECT_MAX: Duration = Duration::from_secs(3);

/// EC2 in every Region of the deploying account.
#[derive(Debug)]
pub struct Ec2Client {
    config: SdkConfig,
    deploying_account: AccountId,
    clients: Mutex<BTreeMap<Place, Client>>,
}

impl Ec2Client {
    /// EC2 with the credentials of a connection, which belong to `deploying_account`. Nothing is
    /// asked yet.
    pub fn new(connection: &Connection, deploying_account: AccountId) -> Self {
        Self {
            config: connection.config().clone(),
            deploying_account,
            clients: Mutex::default(),
        }
    }

    /// The client of a place, made when it is first needed. Other accounts need a role to assume,
    /// which this deployment has nowhere to learn yet.
    fn client(&self, place: &Place) -> Result<Client, WorldFault> {
        if place.account != self.deploying_account {
            return Err(WorldFault {
                class: FaultClass::Denied,
                text: format!(
                    "this deployment works in account {} and has no role in account {}",
                    self.deploying_account, place.account
                )
                .into(),
            });
        }
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(place) {
            return Ok(client.clone());
        }
        let config = aws_sdk_ec2::config::Builder::from(&self.config)
            .region(Region::new(place.region.to_string()))
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(CONNECT_MAX)
                    .operation_attempt_timeout(ATTEMPT_MAX)
                    .build(),
            )
            .build();
        let client = Client::from_conf(config);
        clients.insert(place.clone(), client.clone());
        Ok(client)
    }
}

#[async_trait]
impl Ec2 for Ec2Client {
    async fn instances(
        &self,
        place: &Place,
        ids: &[RecoveryInstanceId],
        servers: &[SourceServerId],
    ) -> Result<Vec<Ec2Instance>, WorldFault> {
        let client = self.client(place)?;
        let tag = format!("tag:{SOURCE_SERVER_TAG}");
        let mut found = BTreeMap::new();
        read(&client, &tag, texts(servers), &mut found).await?;
        let missing = ids.iter().filter(|id| !found.contains_key(*id));
        let missing = texts(missing);
        read(&client, "instance-id", missing, &mut found).await?;
        Ok(found.into_values().collect())
    }
}

fn texts<T: ToString>(ids: impl IntoIterator<Item = T>) -> Vec<String> {
    let texts: BTreeSet<String> = ids.into_iter().map(|id| id.to_string()).collect();
    texts.into_iter().collect()
}

/// All instances whose filter has one of these values. Ids are asked for by a filter as well: one
/// id that EC2 does not know would spoil a request by id.
async fn read(
    client: &Client,
    filter: &str,
    values: Vec<String>,
    found: &mut BTreeMap<RecoveryInstanceId, Ec2Instance>,
) -> Result<(), WorldFault> {
    for chunk in values.chunks(VALUES_MAX) {
        let filter = Filter::builder()
            .name(filter)
            .set_values(Some(chunk.to_vec()))
            .build();
        let mut pages = client
            .describe_instances()
            .filters(filter)
            .max_results(PAGE_MAX)
            .into_paginator()
            .send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| classify(&error))?;
            let reservations = page.reservations().iter();
            for shown in reservations.flat_map(Reservation::instances) {
                let instance = instance(shown)?;
                found.insert(instance.id.clone(), instance);
            }
        }
    }
    Ok(())
}

fn instance(shown: &Instance) -> Result<Ec2Instance, WorldFault> {
    let id = shown.instance_id().and_then(|id| id.parse().ok());
    let tag = |key: &str| {
        let mut tags = shown.tags().iter();
        tags.find(|tag| tag.key() == Some(key))
            .and_then(|tag| tag.value())
    };
    let state = shown
        .state()
        .and_then(|state| state.name())
        .map_or("", InstanceStateName::as_str);
    Ok(Ec2Instance {
        id: id.ok_or_else(|| WorldFault {
            class: FaultClass::Passing,
            text: "EC2 shows an instance without an id".into(),
        })?,
        server: tag(SOURCE_SERVER_TAG).and_then(|id| id.parse().ok()),
        state: Ec2State::from_name(state),
        launched_at: shown
            .launch_time()
            .and_then(|time| Timestamp::from_second(time.secs()).ok()),
        name: tag("Name").map(str::to_owned),
    })
}
