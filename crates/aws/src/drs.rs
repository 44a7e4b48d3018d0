//! DRS over the SDK: complete listings, calls that are sent once, and errors classified once.

mod error;
mod instances;
mod jobs;
mod limits;
mod reading;
mod servers;
mod writes;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_drs::Client;
use aws_sdk_drs::config::Region;
use domain::quota::Limits;
use domain::source_server::{RecoveryInstance, SourceServer};
use domain::{AccountId, JobId, Place, RecoveryInstanceId, SourceServerId};
use engine::ports::drs::{Job, JobFilter, JobLogEntry, LaunchDisposition, StartRecovery};
use engine::ports::{Drs, DrsError, DrsErrorClass};

use limits::Quotas;

/// How often a reading call is sent, all in all.
const READ_ATTEMPTS: u32 = 3;
/// How long one attempt of a reading call may take, and to connect.
const READ_ATTEMPT_MAX: Duration = Duration::from_secs(10);

/// DRS in every Region of the deploying account.
#[derive(Debug)]
pub struct DrsClient {
    config: SdkConfig,
    deploying_account: AccountId,
    call_timeout: Duration,
    clients: Mutex<BTreeMap<Place, Client>>,
    quotas: Quotas,
}

impl DrsClient {
    /// DRS with the credentials of `config`, which belong to `deploying_account`. A call that
    /// writes is given up after `call_timeout`. Nothing is asked of DRS yet.
    pub fn new(config: SdkConfig, deploying_account: AccountId, call_timeout: Duration) -> Self {
        Self {
            quotas: Quotas::new(config.clone()),
            config,
            deploying_account,
            call_timeout,
            clients: Mutex::default(),
        }
    }

    /// The client of a place, made when it is first needed.
    fn client(&self, place: &Place) -> Result<Client, DrsError> {
        self.check_account(place)?;
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(place) {
            return Ok(client.clone());
        }
        let config = aws_sdk_drs::config::Builder::from(&self.config)
            .region(Region::new(place.region.to_string()))
            .retry_config(RetryConfig::standard().with_max_attempts(READ_ATTEMPTS))
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(writes::CONNECT_MAX)
                    .operation_attempt_timeout(READ_ATTEMPT_MAX)
                    .build(),
            )
            .build();
        let client = Client::from_conf(config);
        clients.insert(place.clone(), client.clone());
        Ok(client)
    }

    /// Other accounts need a role to assume, which this deployment has nowhere to learn yet.
    fn check_account(&self, place: &Place) -> Result<(), DrsError> {
        if place.account == self.deploying_account {
            return Ok(());
        }
        Err(DrsError {
            class: DrsErrorClass::Denied,
            text: format!(
                "this deployment works in account {} and has no role in account {}",
                self.deploying_account, place.account
            )
            .into(),
            resource: None,
        })
    }
}

#[async_trait]
impl Drs for DrsClient {
    async fn source_servers(
        &self,
        place: &Place,
        ids: Option<&[SourceServerId]>,
    ) -> Result<Vec<SourceServer>, DrsError> {
        servers::list(&self.client(place)?, ids).await
    }

    async fn recovery_instances(
        &self,
        place: &Place,
        servers: &[SourceServerId],
    ) -> Result<Vec<RecoveryInstance>, DrsError> {
        instances::list(&self.client(place)?, servers).await
    }

    async fn jobs(&self, place: &Place, which: JobFilter) -> Result<Vec<Job>, DrsError> {
        jobs::list(&self.client(place)?, which).await
    }

    async fn job_log(&self, place: &Place, job: &JobId) -> Result<Vec<JobLogEntry>, DrsError> {
        jobs::log(&self.client(place)?, job).await
    }

    async fn launch_disposition(
        &self,
        place: &Place,
        server: &SourceServerId,
    ) -> Result<LaunchDisposition, DrsError> {
        servers::launch_disposition(&self.client(place)?, server).await
    }

    async fn start_recovery(&self, request: &StartRecovery) -> Result<JobId, DrsError> {
        let client = self.client(&request.place)?;
        writes::start_recovery(&client, request, self.call_timeout).await
    }

    async fn terminate(
        &self,
        place: &Place,
        instances: &[RecoveryInstanceId],
    ) -> Result<JobId, DrsError> {
        writes::terminate(&self.client(place)?, instances, self.call_timeout).await
    }

    async fn limits(&self, place: &Place) -> Result<Limits, DrsError> {
        self.check_account(place)?;
        Ok(self.quotas.limits(place).await)
    }
}
