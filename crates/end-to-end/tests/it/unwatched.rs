//! Executions end in the table, with status, reason and time, although nobody looks.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use end_to_end::wait::{Look, until_at_pace};
use end_to_end::{Fleet, Role, Scene, Stack};
use serde_json::{Value, json};

#[tokio::test]
async fn an_execution_that_nobody_looks_at_ends_in_the_table() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 2).await?;
    let scene = Scene::make(&api, &crate::claims::two_tiers(&fleet, 1)).await?;
    stack.simulator().fail_once(&fleet.servers[0]).await?;
    let execution = api.start_drill(&scene.plan).await?;

    let item = ended_item(&stack, &execution.id).await?;
    let stored = item.to_string();
    let view = execution.view().await?;
    ensure!(view.status == "FAILED", "{}", view.summary());
    let reason = view.status_reason.context("no reason")?;
    let ended = view.ended_at.context("no end")?.to_string();
    ensure!(
        stored.contains("FAILED") && stored.contains(&reason),
        "the item does not say how it ended ({reason}): {stored}"
    );
    ensure!(
        stored.contains(ended.get(..19).unwrap_or(&ended)),
        "the item does not say that it ended at {ended}: {stored}"
    );
    Ok(())
}

/// The execution's head, once it is not live any more. Reading it is not looking at it: no
/// function of the product is called.
async fn ended_item(stack: &Stack, id: &str) -> Result<Value> {
    let emulator = stack.emulator();
    let tables = emulator.dynamodb("ListTables", &json!({})).await?;
    let table = tables["TableNames"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .find(|name| name.ends_with("-execution-history"))
        .context("no table of executions")?;
    let key = json!({ "pk": { "S": format!("EXECUTION#{id}") }, "sk": { "S": "META" } });
    let request = json!({ "TableName": table, "Key": key, "ConsistentRead": true });
    let (limit, pace) = (Duration::from_mins(3), Duration::from_secs(2));
    until_at_pace("the item is not live", limit, pace, || async {
        let item = emulator.dynamodb("GetItem", &request).await?["Item"].clone();
        let over = item.is_object() && item.get("live").is_none();
        Ok(Look::of(over.then_some(item), "it is live"))
    })
    .await
}
