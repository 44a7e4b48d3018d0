//! The Lambda function behind the REST API: wiring only.

use api_handler::{Api, gateway, router};
use lambda_http::tower::ServiceExt;
use lambda_http::{Error, Request, run, service_fn};
use lambda_support::{Connected, EngineSettings};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let mut environment = lambda_support::begin();
    let settings = EngineSettings::read(&mut environment);
    let settings = environment.settle(|| settings)?;
    let connected = Connected::open(&settings).await;
    let router = router(Api::new(connected.engine, connected.clock));
    run(service_fn(move |event: Request| {
        router.clone().oneshot(gateway::into_request(event))
    }))
    .await
}
