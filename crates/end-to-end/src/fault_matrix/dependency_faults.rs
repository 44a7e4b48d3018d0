//! Calls of the functions to services of AWS that are spoilt one by one: throttled, failed, lost
//! on their way or on the way back, late. A proxy of this process stands in between meanwhile.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use fault_proxy::{Fault, Proxy, Schedule};
use serde_json::{Value, json};

use super::storms::{FUNCTIONS, Storm, judge, start};
use crate::stack::function_name;
use crate::{Stack, processes};

/// How late an answer is that is late.
const LATE: Duration = Duration::from_secs(4);

/// Services whose calls are spoilt together.
#[derive(Clone, Copy, Debug)]
pub struct Services {
    /// What the page calls it.
    what: &'static str,
    /// What the SDK reads their addresses from.
    variables: &'static [&'static str],
    /// Every so many calls one is spoilt.
    every: usize,
}

/// What is spoilt, one after the other.
pub const SERVICES: [Services; 3] = [
    Services {
        what: "calls of DynamoDB are spoilt",
        variables: &["AWS_ENDPOINT_URL_DYNAMODB"],
        every: 5,
    },
    Services {
        what: "calls of Step Functions are spoilt",
        variables: &["AWS_ENDPOINT_URL_SFN"],
        every: 2,
    },
    Services {
        what: "calls of Lambda, EventBridge and SNS are spoilt",
        variables: &[
            "AWS_ENDPOINT_URL_LAMBDA",
            "AWS_ENDPOINT_URL_EVENTBRIDGE",
            "AWS_ENDPOINT_URL_SNS",
        ],
        every: 1,
    },
];

/// Drills run while calls of these services are spoilt.
pub async fn spoil(stack: &Stack, services: &Services) -> Result<Storm> {
    let (port, emulator) = (free_port()?, emulator_port(stack)?);
    let proxy = tokio::task::spawn_blocking(move || Proxy::start(port, emulator));
    let proxy = proxy.await.context("the proxy's thread")??;
    let before = redirect(stack, services, &proxy.address()).await?;
    let storm = under(stack, services, &proxy).await;
    let restored = restore(stack, before).await;
    let storm = storm?;
    restored?;
    Ok(storm)
}

async fn under(stack: &Stack, services: &Services, proxy: &Proxy) -> Result<Storm> {
    let (began, drills) = (Instant::now(), start(stack).await?);
    proxy.spoil(Schedule {
        every: services.every,
        faults: vec![
            Fault::Throttle,
            Fault::LoseAnswer,
            Fault::ServerError,
            Fault::Slow(LATE),
            Fault::Drop,
        ],
        ..Schedule::default()
    });
    let mut storm = judge(stack, services.what, String::new(), &drills, began).await?;
    let (spoilt, of) = (proxy.spoilt(), proxy.count());
    ensure!(spoilt >= 5, "only {spoilt} of {of} calls were spoilt");
    storm.made = format!(
        "a proxy: {spoilt} of {of} calls throttled, failed, lost before or after they took \
         effect, or {} s late, in turn",
        LATE.as_secs()
    );
    Ok(storm)
}

/// Lets every function call these services through another address; answers what they had.
async fn redirect(
    stack: &Stack,
    services: &Services,
    address: &str,
) -> Result<BTreeMap<String, Value>> {
    let mut before = BTreeMap::new();
    for function in FUNCTIONS {
        let name = function_name(function.trim_start_matches('-'));
        let known = stack.emulator().function_configuration(&name).await?;
        let variables = known["Environment"]["Variables"].clone();
        let mut changed = variables.clone();
        for variable in services.variables {
            changed[*variable] = json!(address);
        }
        stack
            .emulator()
            .set_function_variables(&name, &changed)
            .await?;
        before.insert(name, variables);
    }
    renew(stack)?;
    Ok(before)
}

async fn restore(stack: &Stack, before: BTreeMap<String, Value>) -> Result<()> {
    for (name, variables) in before {
        stack
            .emulator()
            .set_function_variables(&name, &variables)
            .await?;
    }
    renew(stack)
}

/// Ends the functions' processes, so that their next ones have the new variables.
fn renew(stack: &Stack) -> Result<()> {
    for function in FUNCTIONS {
        for process in processes::of_function(function, &stack.places.aws_endpoint_url)? {
            // It may have ended by itself just now.
            let _ = processes::kill(process);
        }
    }
    Ok(())
}

fn emulator_port(stack: &Stack) -> Result<u16> {
    let port = stack.places.aws_endpoint_url.rsplit(':').next();
    port.context("a port")?
        .parse()
        .context("the emulator's port")
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("a free port")?;
    Ok(listener.local_addr().context("a free port")?.port())
}
