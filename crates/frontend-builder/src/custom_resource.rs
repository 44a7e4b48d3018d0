//! Doing what the event asks: publishing as planned, or withdrawing when the stack really goes.

use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};
use serde_json::{Map, Value};
use tracing::info;

use crate::archive::{self, ArchiveRefused};
use crate::event::{Addressee, Console, Malformed, Work};
use crate::ports::{ArchiveStore, ConsoleBucket, Distribution, Stacks, WorldFailure};
use crate::publication::{self, Step};

/// What a template can read of the resource, by name.
pub type Data = Map<String, Value>;

/// How many objects are written at the same time.
const PUTS_AT_ONCE: usize = 8;

/// The statuses in which a Delete means that the bucket itself is about to be deleted. In
/// every other one, the end of an update above all, the stack goes on and its console stays.
const GOING_STATUSES: [&str; 2] = ["DELETE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"];

/// Why the work failed; the text reaches the person who reads the stack's events.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The event or its properties.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The archive is not what it should be.
    #[error("{0}.")]
    Archive(#[from] ArchiveRefused),
    /// The archive's unpacking ended without a result.
    #[error("The archive could not be unpacked: {0}.")]
    Unpacking(#[from] tokio::task::JoinError),
    /// AWS.
    #[error("{0}.")]
    World(#[from] WorldFailure),
}

/// The custom resource over its ports.
#[derive(Debug, Clone)]
pub struct CustomResource {
    /// The deployment bucket.
    pub archives: Arc<dyn ArchiveStore>,
    /// The console's bucket.
    pub bucket: Arc<dyn ConsoleBucket>,
    /// `CloudFront`.
    pub distribution: Arc<dyn Distribution>,
    /// `CloudFormation`.
    pub stacks: Arc<dyn Stacks>,
}

impl CustomResource {
    /// Does what `event` asks and returns what the template can read of it.
    pub async fn perform(self, event: Value) -> Result<Data, Failure> {
        match Work::from_event(&event)? {
            Work::Publish(console) => {
                let request_id = Addressee::from_event(&event)?.request_id;
                self.publish(console, &request_id).await
            }
            Work::Withdraw { stack_id, bucket } => self.withdraw(&stack_id, bucket).await,
        }
    }

    async fn publish(&self, console: Console, request_id: &str) -> Result<Data, Failure> {
        let archive = self
            .archives
            .fetch(
                &console.archive_bucket,
                &console.archive_key,
                archive::LARGEST_ARCHIVE,
            )
            .await?;
        let key = console.archive_key.clone();
        // Unpacking keeps a thread busy; on its own, the clock beside it goes on.
        let files = tokio::task::spawn_blocking(move || archive::unpack(&key, archive)).await??;
        let present = self.bucket.keys(&console.bucket).await?;
        let published = files.len() + 1;
        let mut invalidation = String::new();
        for step in publication::plan(files, &console.configuration, &present) {
            match step {
                Step::Put(objects) => {
                    stream::iter(&objects)
                        .map(Ok)
                        .try_for_each_concurrent(PUTS_AT_ONCE, |object| {
                            self.bucket.put(&console.bucket, object)
                        })
                        .await?;
                }
                Step::Delete(keys) => self.bucket.delete(&console.bucket, &keys).await?,
                Step::Invalidate(paths) => {
                    invalidation = self
                        .distribution
                        .invalidate(&console.distribution_id, &paths, request_id)
                        .await?;
                }
            }
        }
        info!(
            console.bucket,
            console.archive_key, published, invalidation, "console published"
        );
        Ok(Data::from_iter([
            ("ArchiveKey".to_owned(), console.archive_key.into()),
            ("InvalidationId".to_owned(), invalidation.into()),
        ]))
    }

    async fn withdraw(&self, stack_id: &str, bucket: Option<String>) -> Result<Data, Failure> {
        let Some(bucket) = bucket else {
            info!("no bucket is named, so there is nothing to withdraw");
            return Ok(Data::new());
        };
        let status = self.stacks.status(stack_id).await?;
        if !GOING_STATUSES.contains(&status.as_str()) {
            info!(
                stack.status = status,
                "the stack stays, so its console stays"
            );
            return Ok(Data::new());
        }
        let mut deleted = 0;
        loop {
            let versions = self.bucket.versions(&bucket).await?;
            if versions.is_empty() {
                break;
            }
            self.bucket.delete_versions(&bucket, &versions).await?;
            deleted += versions.len();
        }
        info!(
            stack.status = status,
            console.bucket = bucket,
            deleted,
            "bucket emptied"
        );
        Ok(Data::new())
    }
}
