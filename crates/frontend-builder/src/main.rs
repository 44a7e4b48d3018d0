//! The Lambda function of the console's custom resource: wiring only.

mod telemetry;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use frontend_builder::answer::Debt;
use frontend_builder::aws::{self, ResponseUrlAnswers};
use frontend_builder::supervise;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let resource = aws::connect().await;
    let answers = ResponseUrlAnswers::connect();
    let debt = Debt::default();
    supervise::answer_on_panic(debt.clone(), ResponseUrlAnswers::connect);
    let serve = |event: LambdaEvent<Value>| {
        let (resource, answers, debt) = (resource.clone(), Arc::clone(&answers), debt.clone());
        async move {
            let remaining = remaining(&event);
            supervise::serve(resource, answers.as_ref(), &debt, event.payload, remaining)
                .await
                .map_err(Error::from)
        }
    };
    lambda_runtime::run(service_fn(serve)).await
}

#[expect(
    clippy::disallowed_methods,
    reason = "the invocation's deadline is a time of the machine, and only the machine can say how far it is"
)]
fn remaining(event: &LambdaEvent<Value>) -> Duration {
    event
        .context
        .deadline()
        .duration_since(SystemTime::now())
        .unwrap_or_default()
}
