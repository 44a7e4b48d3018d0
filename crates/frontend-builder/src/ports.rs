//! What the custom resource needs of the world.

use std::collections::BTreeSet;
use std::fmt::Debug;

use async_trait::async_trait;

use crate::answer::Answer;
use crate::event::Addressee;
use crate::publication::Object;

/// A call that did not succeed: which one, on what, and what came back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{operation} of {subject} failed: {reason}")]
pub struct WorldFailure {
    /// The operation by its AWS name.
    pub operation: &'static str,
    /// The bucket, object, distribution or stack.
    pub subject: String,
    /// The service's code and message, or how the call got lost.
    pub reason: String,
}

/// The deployment bucket.
#[async_trait]
pub trait ArchiveStore: Debug + Send + Sync {
    /// Fetches an object that is not larger than `limit` bytes.
    async fn fetch(&self, bucket: &str, key: &str, limit: u64) -> Result<Vec<u8>, WorldFailure>;
}

/// One version of an object, or one delete marker.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectVersion {
    /// The object's key.
    pub key: String,
    /// The version's id.
    pub version_id: String,
}

/// The bucket that `CloudFront` reads.
#[async_trait]
pub trait ConsoleBucket: Debug + Send + Sync {
    /// The keys of all current objects, all pages.
    async fn keys(&self, bucket: &str) -> Result<BTreeSet<String>, WorldFailure>;
    /// Writes one object.
    async fn put(&self, bucket: &str, object: &Object) -> Result<(), WorldFailure>;
    /// Deletes objects; an object that could not be deleted is a failure.
    async fn delete(&self, bucket: &str, keys: &[String]) -> Result<(), WorldFailure>;
    /// The first page of versions and delete markers; nothing if there is no such bucket.
    async fn versions(&self, bucket: &str) -> Result<Vec<ObjectVersion>, WorldFailure>;
    /// Deletes versions for good; one that could not be deleted is a failure.
    async fn delete_versions(
        &self,
        bucket: &str,
        versions: &[ObjectVersion],
    ) -> Result<(), WorldFailure>;
}

/// `CloudFront`.
#[async_trait]
pub trait Distribution: Debug + Send + Sync {
    /// Invalidates `paths`; the same `reference` again is the same invalidation. Returns its id.
    async fn invalidate(
        &self,
        distribution_id: &str,
        paths: &[&str],
        reference: &str,
    ) -> Result<String, WorldFailure>;
}

/// `CloudFormation`, as far as the resource asks it something.
#[async_trait]
pub trait Stacks: Debug + Send + Sync {
    /// The status of a stack, in `CloudFormation`'s word.
    async fn status(&self, stack_id: &str) -> Result<String, WorldFailure>;
}

/// The way back to `CloudFormation`.
#[async_trait]
pub trait Answers: Debug + Send + Sync {
    /// Delivers the answer, trying again while that can help.
    async fn send(&self, addressee: &Addressee, answer: &Answer) -> Result<(), WorldFailure>;
}
