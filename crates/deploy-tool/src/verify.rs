//! `verify`: the four places side by side.

use anyhow::Result;
use command_line::deploy::VerifyOptions;
use deployment::cloud::{ObjectStore, Stacks};
use deployment::drift;
use deployment::error::Failure;
use deployment::managed_keys::OWNED;
use deployment::replica::Elsewhere;
use deployment::settings;
use deployment::talk::repeated;
use deployment::verify::{Comparison, Found, Row, compare, replica};
use serde_json::json;

use crate::checkout::Stored;
use crate::command_outcome::CommandOutcome;
use crate::deployment_context::DeploymentContext;
use crate::terminal::OutputFormat;

/// Compares, and ends with two when anything differs.
pub async fn run(options: &VerifyOptions) -> Result<CommandOutcome> {
    let output = OutputFormat::of(options.answering);
    let mut context = DeploymentContext::open(&options.place, output).await?;
    let manifest = context
        .manifest()
        .await?
        .ok_or_else(|| Failure::NothingSynced {
            bucket: context.settings.bucket.clone(),
        })?;
    let tree = match (&options.place.prepared.checkout, options.from_bucket) {
        (Some(_), false) => {
            let bucket = &context.settings.bucket;
            let keys = context
                .cloud
                .keys(bucket, &OWNED)
                .await?
                .unwrap_or_default();
            let stored = Stored {
                manifest: &manifest,
                keys: &keys,
            };
            Some(context.checkout()?.release(Some(&stored))?)
        }
        (Some(_), true) | (None, _) => None,
    };
    let comparison = Comparison {
        tree: tree.as_ref(),
        manifest: &manifest,
        settings: &context.settings,
        cloud: &context.cloud,
    };
    let mut rows = compare(&comparison).await?;
    rows.extend(replica_row(&context, &comparison).await?);
    let changed = if options.drift_detection {
        drift::look(&context.cloud, &context.settings.stack()).await?
    } else {
        Vec::new()
    };
    let differs = rows.iter().any(|row| row.drift.is_some()) || !changed.is_empty();
    let value = json!({ "drift": differs, "rows": rows, "changedResources": changed });
    output.answer(&text(&rows, &changed), &value);
    Ok(if differs {
        CommandOutcome::DifferencesFound
    } else {
        CommandOutcome::Succeeded
    })
}

/// The replica that the stack remembers, if it remembers one.
async fn replica_row(
    context: &DeploymentContext,
    comparison: &Comparison<'_>,
) -> Result<Option<Row>> {
    let stack = context.cloud.stack(&context.settings.stack()).await?;
    let Some(region) = stack.and_then(|stack| settings::replica_region(&stack.parameters)) else {
        return Ok(None);
    };
    let (cloud, bucket) = context.elsewhere(&region).await;
    let there = Elsewhere {
        cloud: &cloud,
        bucket: &bucket,
    };
    Ok(Some(replica(comparison, there).await))
}

fn text(rows: &[Row], changed: &[String]) -> String {
    let mut lines = vec![format!(
        "{:<28} {:<12} {:<12} {:<12} {:<12}",
        "", "working tree", "bucket", "stack", "running"
    )];
    for row in rows {
        let Row {
            name,
            tree,
            bucket,
            stack,
            running,
            drift,
        } = row;
        let cells = [tree, bucket, stack, running].map(cell);
        let verdict = drift.as_deref().map_or_else(|| "ok".to_owned(), repeated);
        lines.push(format!(
            "{name:<28} {:<12} {:<12} {:<12} {:<12} {verdict}",
            cells[0], cells[1], cells[2], cells[3]
        ));
    }
    lines.extend(changed.iter().map(|text| format!("CloudFormation: {text}")));
    lines.join("\n")
}

fn cell(found: &Found) -> String {
    match found {
        Found::Digest(digest) => digest.chars().take(12).collect(),
        Found::Missing => "missing".to_owned(),
        Found::Nothing => "-".to_owned(),
    }
}
