//! The Lambda function that looks at DRS: wiring only.

use jiff::SignedDuration;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use lambda_support::{Connected, EngineSettings, Failure};
use serde_json::Value;

/// What is kept of an invocation to save what the last look has seen.
const LAST_PART: SignedDuration = SignedDuration::from_secs(5);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let mut environment = lambda_support::begin();
    let settings = EngineSettings::read(&mut environment);
    let window = environment.seconds("POLLER_WINDOW_SECONDS");
    let (settings, window) = environment.settle(|| Some((settings?, window?)))?;
    let connected = Connected::open(&settings).await;
    let window = SignedDuration::from_secs(i64::from(window));
    run(service_fn(async |event: LambdaEvent<Value>| {
        let holder = &event.context.request_id;
        let engine = connected.engine_until(event.context.deadline, LAST_PART);
        execution_poller::handle(event.payload, holder, window, &engine).await?;
        Ok::<(), Failure>(())
    }))
    .await
}
