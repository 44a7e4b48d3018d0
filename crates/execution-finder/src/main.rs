//! The Lambda function that `EventBridge` calls every minute: wiring only.

use execution_finder::{export, handle, write_metrics};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use lambda_support::{Connected, EngineSettings, Failure};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let mut environment = lambda_support::begin();
    let settings = EngineSettings::read(&mut environment);
    let poller: Option<String> = environment.required("POLLER_FUNCTION_NAME");
    let name: Option<String> = environment.required("ENVIRONMENT");
    let replica = lambda_support::replica::read(&mut environment);
    let (settings, poller, name) = environment.settle(|| Some((settings?, poller?, name?)))?;
    let connected = Connected::open(&settings).await;
    let pollers = connected.pollers(poller);
    let notifier = connected.notifier(name.clone());
    let replica = replica.map(|place| connected.replica(&place));
    run(service_fn(async |_: LambdaEvent<Value>| {
        let found = handle(&connected.engine, pollers.as_ref(), notifier.as_ref()).await;
        let export = match &replica {
            Some(replica) => Some(export(&connected.engine, replica.as_ref()).await),
            None => None,
        };
        let now = connected.clock.now();
        write_metrics(&found, export, &name, now, std::io::stdout().lock())
            .map_err(|error| Failure::fatal(format!("the metrics cannot be written: {error}")))
    }))
    .await
}
