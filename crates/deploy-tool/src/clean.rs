//! `clean-orphans`: what the bucket holds that no rule names.

use anyhow::{Result, bail};
use command_line::deploy::CleanOptions;
use deployment::cloud::ObjectStore;
use deployment::counted;
use deployment::managed_keys;
use deployment::rules::Source;
use serde_json::json;

use crate::command_outcome::CommandOutcome;
use crate::deployment_context::DeploymentContext;
use crate::locked::locked;
use crate::terminal::{OutputFormat, ask};

/// Lists, asks, deletes.
pub async fn run(options: &CleanOptions) -> Result<CommandOutcome> {
    let showing = options.showing;
    let output = OutputFormat::of(showing.answering);
    let mut context = DeploymentContext::open(&options.place, output).await?;
    context.check_owner().await?;
    let orphans = managed_keys::orphans(&context.cloud, &context.settings).await?;
    let text = if orphans.is_empty() {
        "nothing in the bucket is without a name".to_owned()
    } else {
        format!(
            "{} that no rule names:\n  {}",
            counted(orphans.len(), "object", "objects"),
            orphans.join("\n  ")
        )
    };
    output.answer(&text, &json!({ "orphans": orphans }));
    let end = if showing.detailed_exitcode && !orphans.is_empty() {
        CommandOutcome::DifferencesFound
    } else {
        CommandOutcome::Succeeded
    };
    if orphans.is_empty() || showing.dry_run {
        return Ok(end);
    }
    context.check_rules(Source::Bucket, options.break_glass.as_ref())?;
    if !options.yes && ask("delete them? Type yes")? != "yes" {
        bail!("nothing is deleted");
    }
    let deleting = async {
        let reason = options.break_glass.as_ref();
        context.break_glass(reason).await?;
        // Somebody may have taken one of them into use while the question stood.
        let still = managed_keys::orphans(&context.cloud, &context.settings).await?;
        let agreed: Vec<String> = still
            .into_iter()
            .filter(|key| orphans.contains(key))
            .collect();
        context
            .cloud
            .remove(&context.settings.bucket, &agreed)
            .await?;
        Ok(agreed.len())
    };
    let deleted = locked(&context, "a clean-up of orphans", deleting).await?;
    output.tell(&format!(
        "deleted {}; their earlier versions stay",
        counted(deleted, "object", "objects")
    ));
    Ok(end)
}
