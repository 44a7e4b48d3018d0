//! What CloudFormation's own drift detection finds in the nested stacks.

use futures::future::try_join_all;

use crate::cloud::{Cloud, Detection, Nested};
use crate::error::Failure;

/// Looks at one detection before it is given up: ten minutes at the pace of AWS.
const LOOKS_MAX: usize = 300;

/// The nested stacks as they are found: one sentence for each resource that differs, and for each stack
/// of which that is not known.
pub async fn look(cloud: &dyn Cloud, master: &str) -> Result<Vec<String>, Failure> {
    let nested = cloud.nested(master).await?;
    let found = try_join_all(nested.iter().map(|nested| of_stack(cloud, nested))).await?;
    Ok(found.into_iter().flatten().collect())
}

async fn of_stack(cloud: &dyn Cloud, nested: &Nested) -> Result<Vec<String>, Failure> {
    let name = &nested.resource;
    let detection = cloud.begin_drift_detection(&nested.id).await?;
    for _ in 0..LOOKS_MAX {
        let (found, reason) = match cloud.drift_detection(&nested.id, &detection).await? {
            Detection::Pending => {
                cloud.pause().await;
                continue;
            }
            Detection::Done(found) => (found, None),
            Detection::Incomplete { found, reason } => (found, Some(reason)),
        };
        let drifts = found.into_iter();
        let drifts = drifts.map(|drift| format!("{name}/{} is {}", drift.resource, drift.how));
        let unknown = reason.map(|reason| {
            format!("{name} could not be looked at whole, so it may differ: {reason}")
        });
        return Ok(drifts.chain(unknown).collect());
    }
    Ok(vec![format!(
        "{name} may differ: the service has not ended its drift detection"
    )])
}
