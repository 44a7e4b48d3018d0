//! The quotas of a place, read from Service Quotas and remembered for minutes.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_servicequotas::Client;
use aws_sdk_servicequotas::config::Region;
use aws_sdk_servicequotas::types::ServiceQuota;
use domain::Place;
use domain::quota::Limits;

use crate::failure::describe;

/// How long what was read counts.
const REMEMBERED: Duration = Duration::from_mins(10);
/// A launch does not wait longer than this for its quotas.
const CALL_MAX: Duration = Duration::from_secs(3);
/// The quota of source servers in one job.
pub(super) const SERVERS_PER_JOB: &str = "L-B827C881";

/// The quotas of every place that was asked for.
#[derive(Debug)]
pub(super) struct Quotas {
    config: SdkConfig,
    known: Mutex<BTreeMap<Place, (Instant, Limits)>>,
}

impl Quotas {
    pub(super) fn new(config: SdkConfig) -> Self {
        Self {
            config,
            known: Mutex::default(),
        }
    }

    /// The limits of a place. Where they cannot be read the usual ones count: DRS itself
    /// refuses what is too much, and that is a definite answer.
    pub(super) async fn limits(&self, place: &Place) -> Limits {
        if let Some(limits) = self.remembered(place) {
            return limits;
        }
        let limits = Box::pin(self.read(place)).await;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(place.clone(), (Instant::now(), limits));
        limits
    }

    fn remembered(&self, place: &Place) -> Option<Limits> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, limits) = known.get(place)?;
        (at.elapsed() < REMEMBERED).then_some(*limits)
    }

    async fn read(&self, place: &Place) -> Limits {
        let config = aws_sdk_servicequotas::config::Builder::from(&self.config)
            .region(Region::new(place.region.to_string()))
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::builder().operation_timeout(CALL_MAX).build())
            .build();
        let client = Client::from_conf(config);
        let usual = Limits::DEFAULT;
        let (concurrent_jobs, servers_per_job, servers_in_all_jobs, replicating_servers) = futures::join!(
            quota(&client, place, "L-D88FAC3A", usual.concurrent_jobs),
            quota(&client, place, SERVERS_PER_JOB, usual.servers_per_job),
            quota(&client, place, "L-05AFA8C6", usual.servers_in_all_jobs),
            quota(&client, place, "L-C1D14A2B", usual.replicating_servers),
        );
        Limits {
            concurrent_jobs,
            servers_per_job,
            servers_in_all_jobs,
            replicating_servers,
        }
    }
}

async fn quota(client: &Client, place: &Place, code: &str, usual: u32) -> u32 {
    let answer = client
        .get_service_quota()
        .service_code("drs")
        .quota_code(code)
        .send()
        .await;
    match answer {
        Ok(answer) => answer
            .quota()
            .and_then(ServiceQuota::value)
            .map_or(usual, whole),
        Err(error) => {
            tracing::info!(
                aws.region = %place.region,
                quota.code = code,
                "quota {code} could not be read, so its usual value counts: {}",
                describe(&error)
            );
            usual
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range of u32"
)]
fn whole(value: f64) -> u32 {
    value.clamp(0.0, f64::from(u32::MAX)) as u32
}
