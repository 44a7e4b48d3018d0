//! The port over the SDKs; the only part of this crate that names an SDK type.

mod bucket;
mod change_set;
mod changes;
mod console;
mod drift;
mod failed;
mod functions;
mod instances;
mod proving;
mod stack;
mod tables;
mod users;
mod versions;
mod watch;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_s3::config::Credentials;

use crate::cloud::{
    ChangeSet, ChangeSetName, Cloud, Condition, ConsoleDistribution, Creation, Detection,
    FailedEvent, FunctionState, Functions, Keys, LiveExecution, Nested, ObjectStore, Operation,
    Presence, ProductTables, StackState, Stacks, Stored, Taken, Target, UserPools, Written,
};
use crate::console::Console;
use crate::error::Failure;
use crate::failure::StackEvent;
use crate::instances::LeftInstance;
use crate::release::Body;
use crate::settings::Settings;

use failed::failed;
pub use watch::{Retried, Watch};

/// How often a call is sent, all in all. The pauses between double from one second on.
const ATTEMPTS: u32 = 6;
const CONNECT_MAX: Duration = Duration::from_secs(5);
const READ_MAX: Duration = Duration::from_secs(30);
/// Between two looks at something that goes on.
const PACE: Duration = Duration::from_secs(2);
/// The same, where looking costs nothing.
const QUICK_PACE: Duration = Duration::from_millis(200);

/// Where the account is, and as whom.
#[derive(Clone, Debug)]
pub struct Connecting<'a> {
    /// Region of the stack and of its bucket.
    pub region: &'a str,
    /// Profile of the shared configuration.
    pub profile: Option<&'a str>,
    /// Address of an emulator; nothing for AWS.
    pub endpoint: Option<&'a str>,
    /// Who is told of calls that are tried again.
    pub watch: Watch,
}

/// Clients for one account and Region.
#[derive(Clone, Debug)]
pub struct AwsCloud {
    cloudformation: aws_sdk_cloudformation::Client,
    cloudfront: aws_sdk_cloudfront::Client,
    cognito: aws_sdk_cognitoidentityprovider::Client,
    dynamodb: aws_sdk_dynamodb::Client,
    lambda: aws_sdk_lambda::Client,
    s3: aws_sdk_s3::Client,
    sts: aws_sdk_sts::Client,
    configuration: SdkConfig,
    region: String,
    endpoint: Option<String>,
    pace: Duration,
}

impl AwsCloud {
    /// The account that the standard environment variables, or a profile, lead to.
    pub async fn connect(connecting: Connecting<'_>) -> Self {
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .region(Region::new(connecting.region.to_owned()))
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(CONNECT_MAX)
                    .read_timeout(READ_MAX)
                    .build(),
            );
        if let Some(profile) = connecting.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(endpoint) = connecting.endpoint {
            loader = loader.endpoint_url(endpoint);
        }
        let Connecting {
            region,
            endpoint,
            watch,
            ..
        } = connecting;
        Self::with(loader.load().await, region, endpoint, &watch)
    }

    /// The emulator at `endpoint`, which takes a 12-digit access key for the account.
    pub async fn emulated(endpoint: &str, region: &str, account: &str) -> Self {
        let configuration = aws_config::defaults(BehaviorVersion::latest())
            .region(Region::new(region.to_owned()))
            .credentials_provider(Credentials::new(account, "local", None, None, "local"))
            .endpoint_url(endpoint)
            .load()
            .await;
        let unwatched = Watch::new(Arc::new(|_| {}));
        Self::with(configuration, region, Some(endpoint), &unwatched)
    }

    fn with(configuration: SdkConfig, region: &str, endpoint: Option<&str>, watch: &Watch) -> Self {
        let cloudformation = aws_sdk_cloudformation::config::Builder::from(&configuration);
        let cloudfront = aws_sdk_cloudfront::config::Builder::from(&configuration);
        let cognito = aws_sdk_cognitoidentityprovider::config::Builder::from(&configuration);
        let dynamodb = aws_sdk_dynamodb::config::Builder::from(&configuration);
        let lambda = aws_sdk_lambda::config::Builder::from(&configuration);
        let s3 =
            aws_sdk_s3::config::Builder::from(&configuration).force_path_style(endpoint.is_some());
        let watched = || watch.clone();
        Self {
            cloudformation: aws_sdk_cloudformation::Client::from_conf(
                cloudformation.interceptor(watched()).build(),
            ),
            cloudfront: aws_sdk_cloudfront::Client::from_conf(
                cloudfront.interceptor(watched()).build(),
            ),
            cognito: aws_sdk_cognitoidentityprovider::Client::from_conf(
                cognito.interceptor(watched()).build(),
            ),
            dynamodb: aws_sdk_dynamodb::Client::from_conf(dynamodb.interceptor(watched()).build()),
            lambda: aws_sdk_lambda::Client::from_conf(lambda.interceptor(watched()).build()),
            s3: aws_sdk_s3::Client::from_conf(s3.interceptor(watched()).build()),
            sts: aws_sdk_sts::Client::new(&configuration),
            configuration,
            region: region.to_owned(),
            endpoint: endpoint.map(str::to_owned),
            pace: if endpoint.is_some() { QUICK_PACE } else { PACE },
        }
    }
}

#[async_trait]
impl ObjectStore for AwsCloud {
    async fn keys(&self, bucket: &str, prefixes: &[&str]) -> Result<Option<Keys>, Failure> {
        self.all_keys(bucket, prefixes).await
    }

    async fn create_bucket(&self, bucket: &str) -> Result<(), Failure> {
        self.secure_bucket(bucket).await
    }

    async fn get(&self, bucket: &str, key: &str) -> Result<Option<Stored>, Failure> {
        self.object(bucket, key).await
    }

    async fn earlier(&self, bucket: &str, key: &str) -> Result<Option<Vec<u8>>, Failure> {
        self.earlier_version(bucket, key).await
    }

    async fn put(
        &self,
        bucket: &str,
        key: &str,
        body: &Body,
        about: &std::collections::BTreeMap<String, String>,
    ) -> Result<(), Failure> {
        self.put_object(bucket, key, body, about).await
    }

    async fn put_if(
        &self,
        bucket: &str,
        key: &str,
        bytes: Vec<u8>,
        condition: Condition<'_>,
    ) -> Result<Written, Failure> {
        self.put_conditionally(bucket, key, bytes, condition).await
    }

    async fn remove(&self, bucket: &str, keys: &[String]) -> Result<(), Failure> {
        self.remove_objects(bucket, keys.iter().map(|key| (key.clone(), None)).collect())
            .await
    }

    async fn purge_bucket(&self, bucket: &str) -> Result<(), Failure> {
        self.remove_bucket(bucket).await
    }
}

#[async_trait]
impl Stacks for AwsCloud {
    async fn stack(&self, stack: &str) -> Result<Option<StackState>, Failure> {
        self.stack_state(stack).await
    }

    async fn template(&self, stack: &str) -> Result<String, Failure> {
        self.template_text(stack).await
    }

    async fn resources(&self, stack: &str) -> Result<Vec<(String, String)>, Failure> {
        self.stack_resources(stack).await
    }

    async fn nested(&self, stack: &str) -> Result<Vec<Nested>, Failure> {
        self.nested_stacks(stack).await
    }

    async fn events(&self, stack: &str) -> Result<Vec<StackEvent>, Failure> {
        self.stack_events(stack).await
    }

    async fn create_change_set(
        &self,
        operation: Operation,
        target: &Target,
    ) -> Result<Creation, Failure> {
        self.begin_change_set(operation, target).await
    }

    async fn change_sets(&self, stack: &str) -> Result<Vec<String>, Failure> {
        self.waiting_change_sets(stack).await
    }

    async fn change_set(&self, name: ChangeSetName<'_>) -> Result<ChangeSet, Failure> {
        self.described_change_set(name).await
    }

    async fn failed_events(&self, change_set: &str) -> Result<Vec<FailedEvent>, Failure> {
        self.failures_of_change_set(change_set).await
    }

    async fn delete_change_set(&self, stack: &str, name: &str) -> Result<Taken, Failure> {
        self.forget_change_set(stack, name).await
    }

    async fn execute_change_set(&self, stack: &str, name: &str) -> Result<Taken, Failure> {
        self.begin_execution(stack, name).await
    }

    async fn delete_stack(&self, stack: &str) -> Result<(), Failure> {
        self.begin_deletion(stack).await
    }

    async fn continue_rollback(&self, stack: &str) -> Result<(), Failure> {
        self.begin_rollback(stack).await
    }

    async fn begin_drift_detection(&self, stack: &str) -> Result<String, Failure> {
        self.detect_drift(stack).await
    }

    async fn drift_detection(&self, stack: &str, detection: &str) -> Result<Detection, Failure> {
        self.detected_drift(stack, detection).await
    }
}

#[async_trait]
impl Functions for AwsCloud {
    async fn function(&self, function: &str) -> Result<Option<FunctionState>, Failure> {
        self.function_state(function).await
    }

    async fn update_code(&self, function: &str, bucket: &str, key: &str) -> Result<(), Failure> {
        self.begin_code_update(function, bucket, key).await
    }
}

#[async_trait]
impl ConsoleDistribution for AwsCloud {
    async fn publish_console(&self, console: &Console) -> Result<String, Failure> {
        self.publish(console).await
    }

    async fn is_forgotten(&self, distribution: &str, invalidation: &str) -> Result<bool, Failure> {
        self.invalidation_is_done(distribution, invalidation).await
    }

    async fn fetch(&self, console: &Console, path: &str) -> Result<Vec<u8>, Failure> {
        self.fetch_page(console, path).await
    }
}

#[async_trait]
impl ProductTables for AwsCloud {
    async fn table(&self, table: &str) -> Result<Presence, Failure> {
        self.table_presence(table).await
    }

    async fn delete_table(&self, table: &str) -> Result<(), Failure> {
        self.remove_table(table).await
    }

    async fn left_instances(&self, settings: &Settings) -> Result<Vec<LeftInstance>, Failure> {
        self.instances_of(settings).await
    }

    async fn live_executions(&self, table: &str) -> Result<Vec<LiveExecution>, Failure> {
        self.live(table).await
    }
}

#[async_trait]
impl UserPools for AwsCloud {
    async fn user_pool(&self, pool: &str) -> Result<Option<String>, Failure> {
        self.pool_name(pool).await
    }

    async fn delete_user_pool(&self, pool: &str) -> Result<(), Failure> {
        self.remove_pool(pool).await
    }
}

#[async_trait]
impl Cloud for AwsCloud {
    async fn account(&self) -> Result<String, Failure> {
        let identity = self.sts.get_caller_identity().send().await;
        let identity = identity.map_err(failed("sts:GetCallerIdentity"))?;
        Ok(identity.account.unwrap_or_default())
    }

    async fn pause(&self) {
        tokio::time::sleep(self.pace).await;
    }
}
