//! The replica of the bucket in another Region, from which a stack stands up when the home Region is
//! lost. The export of groups and plans beside it is the running product's own affair.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow, bail};
use deployment::aws::AwsCloud;
use deployment::cloud::{ObjectStore, Presence, Stacks};
use deployment::manifest::MANIFEST;
use deployment::observation::Stack;
use deployment::region;
use deployment::release::{Body, Release};
use deployment::replica::{self, Elsewhere, Lacks};
use deployment::settings::{Replica, replica_region};
use futures::stream::{self, StreamExt, TryStreamExt};

use crate::deployment_context::DeploymentContext;
use crate::settings_file::{GivenValue, Resolved, check_bucket};

/// What is said instead of a Region by whoever wants no replica any longer.
const NONE: &str = "none";
const AT_ONCE: usize = 16;

/// A replica that lacks something.
#[derive(Debug)]
pub(super) struct Behind {
    cloud: AwsCloud,
    bucket: String,
    lacks: Lacks,
}

/// Refuses a Region in which no replica of this stack can lie, before anything is asked of AWS.
pub(super) fn check(resolved: &Resolved, region: Option<&str>) -> Result<()> {
    let home = &resolved.region;
    match region {
        None | Some(NONE) => Ok(()),
        Some(region) if region == home => {
            bail!("a replica lies in another Region, and {region} is the stack's own")
        }
        Some(region) => region::check(region, &resolved.new_regions)
            .and_then(|()| region::check_replica(home, region))
            .map_err(|failure| anyhow!("--replica-region: {failure}")),
    }
}

/// What somebody says by `--replica-region`.
pub(super) fn said(context: &DeploymentContext, region: Option<&str>) -> Result<Replica> {
    match region {
        None => Ok(Replica::Unsaid),
        Some(NONE) => Ok(Replica::Ended),
        Some(region) => {
            let bucket = context.bucket_in(region);
            check_bucket(&GivenValue {
                text: bucket.clone(),
                place: "--bucket and --replica-region together".to_owned(),
            })?;
            Ok(Replica::At {
                region: region.to_owned(),
                bucket,
            })
        }
    }
}

/// The Region of the replica; where nobody says anything, as the stack remembers it.
async fn region(context: &DeploymentContext, stack: Option<&Stack>) -> Result<Option<String>> {
    Ok(match (&context.settings.replica, stack) {
        (Replica::At { region, .. }, _) => Some(region.clone()),
        (Replica::Ended, _) => None,
        (Replica::Unsaid, Some(stack)) => replica_region(&stack.parameters),
        (Replica::Unsaid, None) => {
            let stack = context.cloud.stack(&context.settings.stack()).await?;
            stack.and_then(|stack| replica_region(&stack.parameters))
        }
    })
}

/// Looks at the replica; nothing where none is kept, or where it lacks nothing.
pub(super) async fn behind(
    context: &DeploymentContext,
    stack: Option<&Stack>,
    release: &Release,
) -> Result<Option<Behind>> {
    let Some(region) = region(context, stack).await? else {
        return Ok(None);
    };
    let (cloud, bucket) = context.elsewhere(&region).await;
    let there = Elsewhere {
        cloud: &cloud,
        bucket: &bucket,
    };
    let objects = release.objects();
    let looked = replica::look(&context.cloud, &context.settings, there, objects).await;
    let looked = looked.with_context(|| {
        format!("the replica {bucket} in {region} cannot be looked at; what is at home does not wait for it")
    });
    let Some(lacks) = looked? else {
        return Ok(None);
    };
    context.output.tell(&format!("replica {bucket}: {lacks}"));
    Ok(Some(Behind {
        cloud,
        bucket,
        lacks,
    }))
}

/// Copies what is missing, the manifest last.
pub(super) async fn catch_up(
    context: &DeploymentContext,
    behind: Behind,
    release: &Release,
) -> Result<()> {
    let Behind {
        cloud,
        bucket,
        lacks,
    } = behind;
    let Lacks {
        bucket: presence,
        keys,
        manifest,
    } = lacks;
    if presence == Presence::Absent {
        context.output.tell(&format!("create bucket {bucket}"));
        cloud.create_bucket(&bucket).await?;
    }
    let about = BTreeMap::new();
    let (cloud, bucket, about) = (&cloud, bucket.as_str(), &about);
    let objects: Vec<_> = release
        .objects()
        .filter(|object| keys.contains(&object.key))
        .collect();
    stream::iter(objects)
        .map(Ok)
        .try_for_each_concurrent(AT_ONCE, |object| async move {
            let body = Body::Bytes(context.bytes(object).await?.into());
            cloud.put(bucket, &object.key, &body, about).await?;
            anyhow::Ok(())
        })
        .await?;
    if let Some(manifest) = manifest {
        cloud
            .put(bucket, MANIFEST, &Body::Bytes(manifest.into()), about)
            .await?;
    }
    context
        .output
        .tell(&format!("replica {bucket} has caught up"));
    Ok(())
}
