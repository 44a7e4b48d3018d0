//! Wiring: from what a deployment decides to the ports of the engine.

use std::sync::Arc;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use domain::AccountId;
use engine::ports::ec2::NoEc2;
use engine::ports::{Notifier, Pollers, Ports};

use crate::{
    DrsClient, DynamoStore, EventBus, PollerInvoker, RandomIds, StateMachines, SystemClock,
    TableNames,
};

/// How often a call of a table or of a state machine is sent, all in all, and how long one
/// attempt may take.
const ATTEMPTS: u32 = 4;
const ATTEMPT_MAX: Duration = Duration::from_secs(5);
const CONNECT_MAX: Duration = Duration::from_secs(2);

/// What a deployment decides about its ports.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The names of the tables.
    pub tables: TableNames,
    /// The state machine that keeps time for executions.
    pub state_machine_arn: String,
    /// The account that the credentials belong to.
    pub deploying_account: AccountId,
    /// When a call that writes to DRS is given up.
    pub drs_call_timeout: Duration,
}

/// Credentials, Region, endpoints and connections that all clients share.
#[derive(Debug, Clone)]
pub struct Connection {
    config: SdkConfig,
}

impl Connection {
    /// Takes credentials, Region and endpoints from where every AWS program has them, the
    /// standard environment variables first. Nothing is asked over the network until the first
    /// call.
    pub async fn open() -> Self {
        let http_client = Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .build_https();
        let config = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http_client)
            .load()
            .await;
        Self::with(config)
    }

    /// The same with a configuration made elsewhere.
    pub fn with(config: SdkConfig) -> Self {
        let config = config
            .into_builder()
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(CONNECT_MAX)
                    .operation_attempt_timeout(ATTEMPT_MAX)
                    .build(),
            )
            .build();
        Self { config }
    }

    /// What every client of this connection starts from, for a client that lies in a crate of its
    /// own.
    pub fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// The ports of the engine; EC2 is for the one function that asks it.
    pub fn ports(&self, settings: &Settings) -> Ports {
        let config = &self.config;
        Ports {
            store: Arc::new(DynamoStore::new(
                aws_sdk_dynamodb::Client::new(config),
                settings.tables.clone(),
            )),
            drs: Arc::new(DrsClient::new(
                config.clone(),
                settings.deploying_account.clone(),
                settings.drs_call_timeout,
            )),
            ec2: Arc::new(NoEc2),
            machines: Arc::new(StateMachines::new(
                aws_sdk_sfn::Client::new(config),
                settings.state_machine_arn.clone(),
            )),
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
        }
    }

    /// Where notices of an environment go.
    pub fn notifier(&self, environment: String) -> Arc<dyn Notifier> {
        let client = aws_sdk_eventbridge::Client::new(&self.config);
        Arc::new(EventBus::new(client, environment))
    }

    /// Where groups and plans are kept in another Region.
    #[cfg(feature = "replica")]
    pub fn replica(&self, place: &crate::ReplicaPlace) -> Arc<dyn engine::ports::Replica> {
        let home = self.config.region().map_or("", AsRef::as_ref);
        Arc::new(crate::ReplicaBucket::new(&self.config, place, home))
    }

    /// The pollers that the finder asks for.
    pub fn pollers(&self, function_name: String) -> Arc<dyn Pollers> {
        let client = aws_sdk_lambda::Client::new(&self.config);
        Arc::new(PollerInvoker::new(client, function_name))
    }
}

/// The ports of the engine, with the credentials and endpoints of the environment.
pub async fn connect(settings: &Settings) -> Ports {
    Connection::open().await.ports(settings)
}
