//! `status`: stacks, versions, commit and outputs.

use std::collections::BTreeMap;

use anyhow::{Error, Result};
use deploy_options::StatusOptions;
use deployment::cloud::{Cloud, Nested, StackState};
use deployment::manifest::Manifest;
use deployment::owner;
use deployment::ownership;
use deployment::release::FUNCTIONS;
use serde_json::{Value, json};

use crate::end::End;
use crate::ground::Ground;
use crate::say::Audience;

/// How an environment stands.
struct Status {
    name: String,
    bucket: String,
    manifest: Read,
    stack: Option<StackState>,
    nested: Vec<Nested>,
    /// Digests of the code that functions run.
    functions: BTreeMap<String, String>,
}

/// What came of reading the manifest.
enum Read {
    /// There is none.
    Absent,
    /// This.
    Manifest(Box<Manifest>),
    /// It cannot be read.
    Unreadable(Error),
}

/// Says how an environment stands. A manifest that cannot be read hides nothing else.
pub async fn run(options: &StatusOptions) -> Result<End> {
    let audience = Audience::of(options.answering);
    let mut ground = Ground::open(&options.place, audience).await?;
    let status = look(&mut ground).await?;
    audience.answer(&status.lines().join("\n"), &status.value());
    // What could not be looked at is not known to be well.
    match status.manifest {
        Read::Unreadable(failure) => Err(failure),
        Read::Absent | Read::Manifest(_) => Ok(End::Fine),
    }
}

async fn look(ground: &mut Ground) -> Result<Status> {
    let manifest = manifest(ground).await?;
    let name = ground.settings.stack();
    let stack = ground.cloud.stack(&name).await?;
    let nested = match stack {
        Some(_) => ground.cloud.nested(&name).await?,
        None => Vec::new(),
    };
    let mut functions = BTreeMap::new();
    for function in FUNCTIONS {
        let full = ground.settings.function(function);
        if let Some(state) = ground.cloud.function(&full).await? {
            functions.insert(full, state.code_sha256);
        }
    }
    Ok(Status {
        name,
        bucket: ground.settings.bucket.clone(),
        manifest,
        stack,
        nested,
        functions,
    })
}

async fn manifest(ground: &mut Ground) -> Result<Read> {
    let failure = match ground.manifest().await {
        Ok(Some(manifest)) => return Ok(Read::Manifest(Box::new(manifest))),
        Ok(None) => return Ok(Read::Absent),
        Err(failure) => failure,
    };
    // Before anything is shown: the bucket may be another environment's.
    let recorded = ownership::recorded(&ground.cloud, &ground.settings.bucket).await?;
    owner::check(&recorded, &ground.settings)?;
    Ok(Read::Unreadable(failure))
}

impl Status {
    fn status(&self) -> &str {
        let stack = self.stack.as_ref();
        stack.map_or("is not there", |stack| stack.status.as_str())
    }

    fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("stack {}: {}", self.name, self.status())];
        let nested = self.nested.iter();
        lines.extend(nested.map(|nested| format!("  {:<20} {}", nested.resource, nested.status)));
        lines.push(format!("bucket {}", self.bucket));
        lines.push(match &self.manifest {
            Read::Manifest(manifest) => format!(
                "  commit {} ({:?}), written {} by version {}",
                manifest.provenance.commit,
                manifest.provenance.tree,
                manifest.time,
                manifest.tool_version
            ),
            Read::Absent => "  without a manifest".to_owned(),
            Read::Unreadable(failure) => format!("  {failure}"),
        });
        let functions = self.functions.iter();
        lines.extend(functions.map(|(name, code)| {
            let beginning = code.get(..12).unwrap_or_default();
            format!("  {name:<50} {beginning}")
        }));
        let outputs = self.stack.iter().flat_map(|stack| &stack.outputs);
        lines.extend(outputs.map(|(name, value)| format!("  {name} = {value}")));
        lines
    }

    fn value(&self) -> Value {
        let nested = self.nested.iter();
        let nested: BTreeMap<&str, &str> = nested
            .map(|nested| (nested.resource.as_str(), nested.status.as_str()))
            .collect();
        let (provenance, fault) = match &self.manifest {
            Read::Manifest(manifest) => (Some(&manifest.provenance), None),
            Read::Absent => (None, None),
            Read::Unreadable(failure) => (None, Some(failure.to_string())),
        };
        let outputs = self.stack.as_ref().map(|stack| stack.outputs.clone());
        json!({
            "stack": self.name,
            "status": self.status(),
            "nested": nested,
            "bucket": self.bucket,
            "provenance": provenance,
            "manifestFault": fault,
            "functions": self.functions,
            "outputs": outputs.unwrap_or_default(),
        })
    }
}
