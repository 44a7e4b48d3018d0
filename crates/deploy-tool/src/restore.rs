//! `restore-sources`: the sources that the bucket holds, listed as a tree or written into a folder.

use std::path::Path;

use anyhow::Result;
use command_line::deploy::RestoreOptions;
use deployment::counted;
use deployment::error::Failure;
use deployment::manifest::Manifest;
use deployment::progress::bytes;
use deployment::release::Tree;
use deployment::restoration::restore;
use serde_json::json;

use crate::command_outcome::CommandOutcome;
use crate::deployment_context::DeploymentContext;
use crate::terminal::OutputFormat;

/// Lists or restores.
pub async fn run(options: &RestoreOptions) -> Result<CommandOutcome> {
    let output = OutputFormat::of(options.answering);
    let mut context = DeploymentContext::open(&options.place, output).await?;
    let manifest = context.manifest().await?;
    let manifest = manifest.ok_or_else(|| Failure::NothingSynced {
        bucket: context.settings.bucket.clone(),
    })?;
    match &options.folder {
        Some(folder) => write(&context, &manifest, folder).await?,
        None => list(&context, &manifest),
    }
    Ok(CommandOutcome::Succeeded)
}

/// In the order of the paths, as a person looks for them.
fn list(context: &DeploymentContext, manifest: &Manifest) {
    let mut sources = manifest.sources();
    sources.sort_by(|one, other| one.name.cmp(&other.name));
    let lines = sources
        .iter()
        .map(|source| format!("{} ({}): {}", source.name, bytes(source.size), source.key));
    let text = lines.collect::<Vec<_>>().join("\n");
    let files = sources
        .iter()
        .map(|source| json!({ "path": source.name, "size": source.size, "key": source.key }));
    let files: Vec<_> = files.collect();
    let commit = &manifest.provenance.commit;
    let value = json!({ "commit": commit, "files": files });
    context.output.answer(&text, &value);
}

async fn write(context: &DeploymentContext, manifest: &Manifest, folder: &Path) -> Result<()> {
    let bucket = &context.settings.bucket;
    let count = restore(&context.cloud, bucket, manifest, folder).await?;
    let commit = &manifest.provenance.commit;
    let changed = match manifest.provenance.tree {
        Tree::Clean => "",
        Tree::Dirty => ", with changes that were not committed",
    };
    let text = format!(
        "{} of commit {commit}{changed} are in {}",
        counted(count, "file", "files"),
        folder.display()
    );
    let value = json!({ "commit": commit, "tree": manifest.provenance.tree, "files": count });
    context.output.answer(&text, &value);
    Ok(())
}
