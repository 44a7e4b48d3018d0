//! A wave of three hundred servers: three jobs, and no item that comes near DynamoDB's limit.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use end_to_end::emulator::{members, text};
use end_to_end::{Api, Role, Scene, Stack, Wave};
use serde_json::{Value, json};

const REGION: &str = "us-east-2";
/// The group is made once for a stack, because no test changes it.
const GROUP: &str = "Three hundred";
const LARGEST_BYTES: usize = 100_000;

#[tokio::test]
async fn three_hundred_servers_in_one_wave_are_stored_shown_and_ended() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let servers: Vec<String> = (1..=300)
        .map(|number| format!("s-e3000000000{number:06x}"))
        .collect();
    let group = find_or_make(&api, &servers).await?;
    let scene = Scene::with_groups(&api, &[Wave::new("all", &servers)], vec![group]).await?;
    let execution = api.start_drill(&scene.plan).await?;
    let view = execution.ends_as("COMPLETED").await?;
    let wave = view.wave("all")?;
    ensure!(
        wave.servers.len() == 300,
        "{} servers are shown",
        wave.servers.len()
    );
    ensure!(wave.jobs.len() == 3, "{:?}", wave.jobs);
    ensure!(
        wave.servers
            .iter()
            .all(|server| server.status == "LAUNCHED"),
        "{}",
        view.summary()
    );
    let sizes = item_sizes(&stack, &execution.id).await?;
    let (item, largest) = sizes
        .iter()
        .max_by_key(|(_, size)| **size)
        .context("no items")?;
    ensure!(*largest <= LARGEST_BYTES, "{item} has {largest} bytes");
    execution.clean_up().await?;
    crate::claims::nothing_left(&stack, &servers).await
}

async fn find_or_make(api: &Api, servers: &[String]) -> Result<String> {
    let body = json!({
        "name": GROUP,
        "region": REGION,
        "sourceServerIds": servers,
        "drillIsolation": { "statement": "Launch templates use the drill network." },
    });
    let made = api.post("/protection-groups", &body).await?;
    if made.status == 201 {
        return Ok(text(&made.body, "protectionGroupId"));
    }
    let groups = api.all("/protection-groups?maxResults=100").await?;
    let found = groups.iter().find(|group| text(group, "name") == GROUP);
    let group = found.with_context(|| format!("neither made nor found: {made:?}"))?;
    Ok(text(group, "protectionGroupId"))
}

/// The bytes of each item of the execution, as JSON of the wire, which is more than is stored.
async fn item_sizes(stack: &Stack, id: &str) -> Result<BTreeMap<String, usize>> {
    let emulator = stack.emulator();
    let tables = emulator.dynamodb("ListTables", &json!({})).await?;
    let table = members(&tables, "TableNames")
        .iter()
        .filter_map(Value::as_str)
        .find(|name| name.ends_with("-execution-history"))
        .context("no table of executions")?;
    let mut sizes = BTreeMap::new();
    let mut request = json!({
        "TableName": table,
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": { ":pk": { "S": format!("EXECUTION#{id}") } },
    });
    loop {
        let page = emulator.dynamodb("Query", &request).await?;
        for item in members(&page, "Items") {
            sizes.insert(text(&item["sk"], "S"), item.to_string().len());
        }
        match page.get("LastEvaluatedKey") {
            Some(key) if key.is_object() => request["ExclusiveStartKey"] = key.clone(),
            _ => return Ok(sizes),
        }
    }
}
