//! The two calls that change the world. DRS has no client token, so each is sent once: no
//! retries of the SDK, one explicit time limit, and a doubtful answer stays a doubt.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_drs::Client;
use aws_sdk_drs::config::Builder;
use aws_sdk_drs::error::BuildError;
use aws_sdk_drs::types::{Job, StartRecoveryRequestSourceServer};
use domain::{JobId, Kind, RecoveryInstanceId};
use engine::ports::drs::StartRecovery;
use engine::ports::{DrsError, DrsErrorClass};

use super::error::{classify, unintelligible};

pub(super) const CONNECT_MAX: Duration = Duration::from_secs(3);

/// Calls `StartRecovery`. `isDrill` is always sent: left out, DRS launches a recovery.
pub(super) async fn start_recovery(
    client: &Client,
    request: &StartRecovery,
    call_timeout: Duration,
) -> Result<JobId, DrsError> {
    let mut servers = Vec::new();
    for server in &request.servers {
        let server = StartRecoveryRequestSourceServer::builder()
            .source_server_id(server.as_str())
            .build()
            .map_err(|error| not_sent(&error))?;
        servers.push(server);
    }
    let is_drill = match request.kind {
        Kind::Drill => true,
        Kind::Recovery => false,
    };
    let answer = client
        .start_recovery()
        .set_source_servers(Some(servers))
        .is_drill(is_drill)
        .set_tags(Some(request.tags.clone().into_iter().collect()))
        .customize()
        .config_override(once(call_timeout))
        .send()
        .await
        .map_err(|error| classify(&error))?;
    job_of(answer.job(), "StartRecovery")
}

/// Calls `TerminateRecoveryInstances`.
pub(super) async fn terminate(
    client: &Client,
    instances: &[RecoveryInstanceId],
    call_timeout: Duration,
) -> Result<JobId, DrsError> {
    let ids = instances.iter().map(ToString::to_string).collect();
    let answer = client
        .terminate_recovery_instances()
        .set_recovery_instance_ids(Some(ids))
        .customize()
        .config_override(once(call_timeout))
        .send()
        .await
        .map_err(|error| classify(&error))?;
    job_of(answer.job(), "TerminateRecoveryInstances")
}

fn once(call_timeout: Duration) -> Builder {
    Builder::new()
        .retry_config(RetryConfig::disabled())
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(CONNECT_MAX)
                .operation_timeout(call_timeout)
                .operation_attempt_timeout(call_timeout)
                .build(),
        )
}

/// The request could not even be built.
fn not_sent(error: &BuildError) -> DrsError {
    DrsError {
        class: DrsErrorClass::Invalid,
        text: error.to_string().into(),
        resource: None,
    }
}

fn job_of(job: Option<&Job>, operation: &str) -> Result<JobId, DrsError> {
    job.and_then(|job| job.job_id().parse().ok())
        .ok_or_else(|| unintelligible(format!("DRS answered {operation} without a job")))
}
