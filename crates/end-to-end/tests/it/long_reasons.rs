//! A wave of servers that all fail, each with thousands of letters of reason: the execution ends,
//! the reasons are cut and kept in the log, and nobody else is kept from being looked at.

use anyhow::{Result, ensure};
use end_to_end::fleet::Pool;
use end_to_end::{Fleet, Role, Scene, Stack, Wave};
use serde_json::json;

const WORDY: Pool = Pool {
    region: "ap-south-1",
    beginning: "eb000000000",
    size: 200,
};
const BYSTANDER: Pool = Pool {
    region: "ap-south-1",
    beginning: "ec000000000",
    size: 20,
};

#[tokio::test]
async fn a_hundred_long_reasons_end_an_execution_and_stop_no_other() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let slow = Fleet::take_of(&stack, &BYSTANDER, 1).await?;
    let bystander =
        Scene::make_in(&api, BYSTANDER.region, &[Wave::new("only", &slow.servers)]).await?;
    let bystander = api.start_drill(&bystander.plan).await?;
    let fleet = Fleet::take_of(&stack, &WORDY, 100).await?;
    let wave = Wave::new("only", &fleet.servers).with("onFailure", json!("STOP"));
    let scene = Scene::make_in(&api, WORDY.region, &[wave]).await?;
    let execution = api.start_drill(&scene.plan).await?;
    let view = execution.ends_as("FAILED").await?;
    for server in view.servers() {
        let error = server.error.clone().unwrap_or_default();
        ensure!(error.starts_with("CONVERSION_FAIL: ボリューム"), "{error}");
        ensure!(error.len() <= 400 && error.ends_with('…'), "{error}");
    }
    let logs = execution.job_logs().await?;
    let whole = logs.iter().filter_map(|entry| entry["error"].as_str());
    let longest = whole.map(str::len).max().unwrap_or_default();
    ensure!(
        longest > 4_000,
        "the longest reason of the log has {longest} bytes"
    );
    let view = bystander.view().await?;
    ensure!(view.observation == "CURRENT", "{}", view.summary());
    bystander.ends_as("COMPLETED").await?;
    Ok(())
}
