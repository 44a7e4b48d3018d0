//! `status`: stacks, versions, commit and outputs.

use std::collections::BTreeMap;

use anyhow::{Error, Result};
use command_line::deploy::StatusOptions;
use deployment::cloud::{Nested, StackState, Stacks};
use deployment::manifest::Manifest;
use deployment::owner;
use deployment::ownership;
use deployment::running_code;
use serde_json::{Value, json};

use crate::command_outcome::CommandOutcome;
use crate::deployment_context::DeploymentContext;
use crate::terminal::OutputFormat;

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
pub async fn run(options: &StatusOptions) -> Result<CommandOutcome> {
    let output = OutputFormat::of(options.answering);
    let mut context = DeploymentContext::open(&options.place, output).await?;
    let status = look(&mut context).await?;
    output.answer(&status.lines().join("\n"), &status.value());
    // What could not be looked at is not known to be well.
    match status.manifest {
        Read::Unreadable(failure) => Err(failure),
        Read::Absent | Read::Manifest(_) => Ok(CommandOutcome::Succeeded),
    }
}

async fn look(context: &mut DeploymentContext) -> Result<Status> {
    let manifest = manifest(context).await?;
    let name = context.settings.stack();
    let stack = context.cloud.stack(&name).await?;
    let nested = match stack {
        Some(_) => context.cloud.nested(&name).await?,
        None => Vec::new(),
    };
    let running = running_code::digests(&context.cloud, &context.settings).await?;
    let functions = running.into_iter().filter_map(|(function, digest)| {
        let full = context.settings.function(function);
        Some((full, digest?))
    });
    let functions: BTreeMap<String, String> = functions.collect();
    Ok(Status {
        name,
        bucket: context.settings.bucket.clone(),
        manifest,
        stack,
        nested,
        functions,
    })
}

async fn manifest(context: &mut DeploymentContext) -> Result<Read> {
    let failure = match context.manifest().await {
        Ok(Some(manifest)) => return Ok(Read::Manifest(Box::new(manifest))),
        Ok(None) => return Ok(Read::Absent),
        Err(failure) => failure,
    };
    // Before anything is shown: the bucket may be another environment's.
    let recorded = ownership::recorded(&context.cloud, &context.settings.bucket).await?;
    owner::check(&recorded, &context.settings)?;
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
