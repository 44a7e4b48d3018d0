//! A world of buckets, one distribution and one stack, kept in memory: versions and delete
//! markers as S3 has them, and a journal of what was done.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write};
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use frontend_builder::answer::Answer;
use frontend_builder::custom_resource::CustomResource;
use frontend_builder::event::Addressee;
use frontend_builder::ports::{
    Answers, ArchiveStore, ConsoleBucket, Distribution, ObjectVersion, Stacks, WorldFailure,
};
use frontend_builder::publication::Object;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;

pub(crate) const BUCKET: &str = "drs-orchestration-test-console";
pub(crate) const RESPONSE_URL: &str = "https://answers.example/console?Signature=s3cr3t";
const PAGE: usize = 2;

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) archives: BTreeMap<String, Vec<u8>>,
    /// Every key's versions, newest last; `None` is a delete marker.
    pub(crate) versions: BTreeMap<String, Vec<(String, Option<Object>)>>,
    pub(crate) bucket_exists: bool,
    pub(crate) stack_status: String,
    pub(crate) journal: Vec<String>,
    pub(crate) answers: Vec<Value>,
    /// The operation that fails from now on.
    pub(crate) broken: Option<&'static str>,
    /// The operation that never ends.
    pub(crate) hanging: Option<&'static str>,
    /// The operation that panics.
    pub(crate) defective: Option<&'static str>,
    next_version: u32,
}

#[derive(Debug, Clone)]
pub(crate) struct World(Arc<Mutex<State>>);

impl World {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            bucket_exists: true,
            stack_status: "CREATE_IN_PROGRESS".to_owned(),
            ..State::default()
        })))
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    pub(crate) fn resource(&self) -> CustomResource {
        CustomResource {
            archives: Arc::new(self.clone()),
            bucket: Arc::new(self.clone()),
            distribution: Arc::new(self.clone()),
            stacks: Arc::new(self.clone()),
        }
    }

    /// Stores an archive of these files and returns its key.
    pub(crate) fn archive(&self, files: &[(&str, &str)]) -> String {
        let bytes = zipped(files);
        let key = key_of(&bytes);
        self.state().archives.insert(key.clone(), bytes);
        key
    }

    pub(crate) fn current(&self) -> BTreeMap<String, Object> {
        self.state()
            .versions
            .iter()
            .filter_map(|(key, versions)| Some((key.clone(), versions.last()?.1.clone()?)))
            .collect()
    }

    async fn meet(&self, operation: &'static str, line: String) -> Result<(), WorldFailure> {
        let hangs = {
            let mut state = self.state();
            state.journal.push(line);
            if state.defective == Some(operation) {
                drop(state);
                panic!("a defect in {operation}");
            }
            if state.broken == Some(operation) {
                return Err(WorldFailure {
                    operation,
                    subject: BUCKET.to_owned(),
                    reason: "AccessDenied: Access Denied".to_owned(),
                });
            }
            state.hanging == Some(operation)
        };
        if hangs {
            std::future::pending::<()>().await;
        }
        Ok(())
    }
}

impl State {
    fn add_version(&mut self, key: &str, object: Option<Object>) {
        self.next_version += 1;
        let id = format!("version-{}", self.next_version);
        self.versions
            .entry(key.to_owned())
            .or_default()
            .push((id, object));
    }
}

#[async_trait]
impl ArchiveStore for World {
    async fn fetch(&self, bucket: &str, key: &str, limit: u64) -> Result<Vec<u8>, WorldFailure> {
        self.meet("GetObject", format!("get {bucket}/{key}"))
            .await?;
        let found = self.state().archives.get(key).cloned();
        found
            .filter(|bytes| bytes.len() as u64 <= limit)
            .ok_or_else(|| WorldFailure {
                operation: "GetObject",
                subject: key.to_owned(),
                reason: "NoSuchKey: no such key".to_owned(),
            })
    }
}

#[async_trait]
impl ConsoleBucket for World {
    async fn keys(&self, _bucket: &str) -> Result<BTreeSet<String>, WorldFailure> {
        self.meet("ListObjectsV2", "list".to_owned()).await?;
        Ok(self.current().into_keys().collect())
    }

    async fn put(&self, _bucket: &str, object: &Object) -> Result<(), WorldFailure> {
        self.meet("PutObject", format!("put {}", object.key))
            .await?;
        self.state().add_version(&object.key, Some(object.clone()));
        Ok(())
    }

    async fn delete(&self, _bucket: &str, keys: &[String]) -> Result<(), WorldFailure> {
        self.meet("DeleteObjects", format!("delete {}", keys.join(" ")))
            .await?;
        for key in keys {
            self.state().add_version(key, None);
        }
        Ok(())
    }

    async fn versions(&self, _bucket: &str) -> Result<Vec<ObjectVersion>, WorldFailure> {
        self.meet("ListObjectVersions", "list versions".to_owned())
            .await?;
        let state = self.state();
        if !state.bucket_exists {
            return Ok(Vec::new());
        }
        Ok(state
            .versions
            .iter()
            .flat_map(|(key, versions)| {
                versions.iter().map(|(version_id, _)| ObjectVersion {
                    key: key.clone(),
                    version_id: version_id.clone(),
                })
            })
            .take(PAGE)
            .collect())
    }

    async fn delete_versions(
        &self,
        _bucket: &str,
        versions: &[ObjectVersion],
    ) -> Result<(), WorldFailure> {
        self.meet("DeleteObjects", "delete versions".to_owned())
            .await?;
        let mut state = self.state();
        for version in versions {
            if let Some(kept) = state.versions.get_mut(&version.key) {
                kept.retain(|(id, _)| *id != version.version_id);
            }
        }
        state.versions.retain(|_, versions| !versions.is_empty());
        Ok(())
    }
}

#[async_trait]
impl Distribution for World {
    async fn invalidate(
        &self,
        distribution_id: &str,
        paths: &[&str],
        reference: &str,
    ) -> Result<String, WorldFailure> {
        let line = format!(
            "invalidate {distribution_id} {} {reference}",
            paths.join(" ")
        );
        self.meet("CreateInvalidation", line).await?;
        Ok("I1".to_owned())
    }
}

#[async_trait]
impl Stacks for World {
    async fn status(&self, stack_id: &str) -> Result<String, WorldFailure> {
        self.meet("DescribeStacks", format!("status {stack_id}"))
            .await?;
        Ok(self.state().stack_status.clone())
    }
}

#[async_trait]
impl Answers for World {
    async fn send(&self, addressee: &Addressee, answer: &Answer) -> Result<(), WorldFailure> {
        self.meet("the answer", "answer".to_owned()).await?;
        self.state().answers.push(answer.body(addressee));
        Ok(())
    }
}

pub(crate) fn zipped(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in files {
        archive
            .start_file(*path, SimpleFileOptions::default())
            .unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

pub(crate) fn key_of(bytes: &[u8]) -> String {
    format!(
        "artifacts/console-{}.zip",
        hex::encode(Sha256::digest(bytes))
    )
}

pub(crate) fn event(request_type: &str, archive_key: &str) -> Value {
    let mut event = json!({
        "RequestType": request_type,
        "RequestId": "request-1",
        "ResponseURL": RESPONSE_URL,
        "StackId": "arn:aws:cloudformation:us-east-1:111122223333:stack/frontend/1",
        "LogicalResourceId": "Console",
        "ResourceType": "Custom::Console",
        "ResourceProperties": {
            "ServiceToken": "arn:aws:lambda:us-east-1:111122223333:function:frontend-builder",
            "Bucket": BUCKET,
            "ArchiveBucket": "deployment",
            "ArchiveKey": archive_key,
            "DistributionId": "E1",
            "Configuration": { "apiUrl": "/api", "region": "us-east-1" }
        }
    });
    if request_type != "Create" {
        event["PhysicalResourceId"] = "console".into();
    }
    event
}
