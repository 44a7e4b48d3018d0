//! `status`: stacks, versions, commit and outputs.

use anyhow::Result;
use deploy_options::StatusOptions;
use deployment::cloud::Cloud;
use deployment::release::FUNCTIONS;
use serde_json::json;

use crate::commands::End;
use crate::ground::Ground;
use crate::say::Audience;

/// Says how an environment stands.
pub async fn run(options: &StatusOptions) -> Result<End> {
    let audience = Audience::of(options.answering);
    let mut ground = Ground::open(&options.place, audience).await?;
    let manifest = ground.manifest().await?;
    let name = ground.settings.stack();
    let stack = ground.cloud.stack(&name).await?;
    let nested = match stack {
        Some(_) => ground.cloud.nested(&name).await?,
        None => Vec::new(),
    };
    let status = stack.as_ref();
    let status = status.map_or_else(|| "is not there".to_owned(), |stack| stack.status.clone());
    let mut lines = vec![format!("stack {name}: {status}")];
    lines.extend(
        nested
            .iter()
            .map(|nested| format!("  {:<20} {}", nested.resource, nested.status)),
    );
    lines.push(format!("bucket {}", ground.settings.bucket));
    lines.push(match &manifest {
        Some(manifest) => format!(
            "  commit {} ({:?}), written {} by version {}",
            manifest.provenance.commit,
            manifest.provenance.tree,
            manifest.time,
            manifest.tool_version
        ),
        None => "  without a manifest".to_owned(),
    });
    let mut functions = serde_json::Map::new();
    for function in FUNCTIONS {
        let full = ground.settings.function(function);
        if let Some(state) = ground.cloud.function(&full).await? {
            lines.push(format!(
                "  {full:<50} {}",
                state.code_sha256.get(..12).unwrap_or_default()
            ));
            functions.insert(full, state.code_sha256.into());
        }
    }
    let outputs = stack.map(|stack| stack.outputs).unwrap_or_default();
    lines.extend(
        outputs
            .iter()
            .map(|(name, value)| format!("  {name} = {value}")),
    );
    let provenance = manifest.as_ref().map(|manifest| &manifest.provenance);
    let value = json!({
        "stack": name,
        "status": status,
        "nested": nested.iter().map(|nested| (nested.resource.clone(), nested.status.clone())).collect::<std::collections::BTreeMap<_, _>>(),
        "bucket": ground.settings.bucket,
        "provenance": provenance,
        "functions": functions,
        "outputs": outputs,
    });
    audience.answer(&lines.join("\n"), &value);
    Ok(End::Fine)
}
