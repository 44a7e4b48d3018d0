//! The Lambda function that `EventBridge` calls every minute: wiring only.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use lambda_support::{Connected, EngineSettings, Failure};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let mut environment = lambda_support::begin();
    let settings = EngineSettings::read(&mut environment);
    let poller: Option<String> = environment.required("POLLER_FUNCTION_NAME");
    let name: Option<String> = environment.required("ENVIRONMENT");
    let (settings, poller, name) = environment.settle(|| Some((settings?, poller?, name?)))?;
    let connected = Connected::open(&settings).await;
    let pollers = connected.pollers(poller);
    let notifier = connected.notifier(name.clone());
    run(service_fn(async |_: LambdaEvent<Value>| {
        let found =
            execution_finder::handle(&connected.engine, pollers.as_ref(), notifier.as_ref())
                .await?;
        let now = connected.clock.now();
        execution_finder::write_metric(&found, &name, now, std::io::stdout().lock())
            .map_err(|error| Failure::fatal(format!("the metric cannot be written: {error}")))
    }))
    .await
}
