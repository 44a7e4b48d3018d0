//! Work under the environment's lock, which is renewed while the work goes on.

use std::future::Future;
use std::time::Duration;

use anyhow::Result;
use deployment::cloud::Cloud;
use deployment::lock::{self, Held, LIFETIME_SECONDS, Life, Owner};
use rustix::process::{Pid, test_kill_process};

use crate::clock;
use crate::deployment_context::DeploymentContext;

const RENEWAL: Duration = Duration::from_secs(30);

/// Does the work while holding the lock, and gives the lock back whatever came of it. A lock that is
/// lost ends the work.
pub async fn locked<T>(
    context: &DeploymentContext,
    operation: &str,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    let bucket = &context.settings.bucket;
    let now = clock::now();
    let process = std::process::id();
    let owner = Owner {
        run: format!("{}-{process}", now.as_nanosecond()),
        machine: machine(),
        process,
        operation: operation.to_owned(),
        since: now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        expires: now.as_second() + LIFETIME_SECONDS,
    };
    let mut held = lock::take(&context.cloud, bucket, &owner, now.as_second(), life).await?;
    let outcome = tokio::select! {
        outcome = work => outcome,
        lost = renewed(&context.cloud, bucket, &mut held) => Err(lost.into()),
    };
    let given_back = lock::give_back(&context.cloud, bucket, &held).await;
    // What the work failed of matters more than a lock that ends by itself.
    let result = outcome?;
    given_back?;
    Ok(result)
}

/// Name of this machine.
pub fn machine() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname");
    name.map_or_else(
        |_| "a machine without a name".to_owned(),
        |name| name.trim().to_owned(),
    )
}

/// Renews until that fails.
async fn renewed(cloud: &dyn Cloud, bucket: &str, held: &mut Held) -> deployment::error::Failure {
    loop {
        tokio::time::sleep(RENEWAL).await;
        if let Err(failure) = lock::renew(cloud, bucket, held, clock::now().as_second()).await {
            return failure;
        }
    }
}

/// A process of this machine can be asked for; of another one nothing is known.
fn life(owner: &Owner) -> Life {
    if owner.machine != machine() {
        return Life::Possible;
    }
    let process = i32::try_from(owner.process).ok().and_then(Pid::from_raw);
    match process.map(test_kill_process) {
        Some(Err(rustix::io::Errno::SRCH)) => Life::Ended,
        Some(_) | None => Life::Possible,
    }
}
