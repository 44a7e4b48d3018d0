//! The Lambda function that the state machine calls: wiring only.

use std::sync::Arc;

use aws_ec2::Ec2Client;
use jiff::SignedDuration;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use lambda_support::{Connected, EngineSettings};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let mut environment = lambda_support::begin();
    let settings = EngineSettings::read(&mut environment);
    let name: Option<String> = environment.required("ENVIRONMENT");
    let (settings, name) = environment.settle(|| Some((settings?, name?)))?;
    let connected = Connected::open_with_ec2(&settings, |connection, account| {
        Arc::new(Ec2Client::new(connection, account))
    })
    .await;
    let notifier = connected.notifier(name);
    // A launch that is decided late in an invocation is still sent and its answer saved.
    let call = SignedDuration::from_secs(i64::from(settings.waits.call_timeout));
    let last_part = call + SignedDuration::from_secs(15);
    run(service_fn(async |event: LambdaEvent<Value>| {
        let engine = connected.engine_until(event.context.deadline, last_part);
        orchestration::handle(event.payload, &engine, notifier.as_ref()).await
    }))
    .await
}
