//! What only explains a result never withholds it, and what the log alone explains is understood.

use anyhow::{Result, ensure};
use end_to_end::fleet::Pool;
use end_to_end::{Fleet, Role, Scene, Stack, Wave};
use serde_json::json;

const UNLOGGED: Pool = Pool {
    region: "eu-west-3",
    beginning: "ea000000000",
    size: 40,
};

#[tokio::test]
async fn a_log_that_cannot_be_read_hides_no_result() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take_of(&stack, &UNLOGGED, 2).await?;
    let simulator = stack.simulator();
    let unreadable = json!({
        "when": { "op": "DescribeJobLogItems", "region": UNLOGGED.region },
        "do": { "error": "ThrottlingException", "retry_after": 1 },
    });
    let unreadable = simulator.add_fault(&unreadable).await?;
    simulator.fail_once(&fleet.servers[1]).await?;
    let wave = Wave::new("only", &fleet.servers).with("onFailure", json!("CONTINUE"));
    let scene = Scene::make_in(&api, UNLOGGED.region, &[wave]).await?;
    let execution = api.start_drill(&scene.plan).await?;
    let view = execution.ends_as("PARTIAL").await?;
    simulator.remove_fault(&unreadable).await?;
    ensure!(
        view.server(&fleet.servers[0])?.status == "LAUNCHED",
        "{}",
        view.summary()
    );
    let failed = view.server(&fleet.servers[1])?;
    let error = failed.error.clone().unwrap_or_default();
    ensure!(failed.status == "FAILED", "{}", view.summary());
    ensure!(error.contains("the log could not be read"), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_server_that_its_job_left_out_has_failed_with_the_reason_and_is_retried_plainly()
-> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 2).await?;
    let left_out = json!({
        "when": { "server": { "id": fleet.servers[1] }, "phase": "snapshot" },
        "do": {
            "fail": "SERVER_SKIPPED",
            "raw_error": "The source server was archived after the request.",
        },
        "times": 1,
    });
    stack.simulator().add_fault(&left_out).await?;
    let wave = Wave::new("only", &fleet.servers).with("onFailure", json!("PAUSE"));
    let scene = Scene::make(&api, &[wave]).await?;
    let execution = api.start_drill(&scene.plan).await?;
    let view = execution
        .until("holds a failure", |view| {
            !view.holds_of("FAILURE").is_empty()
        })
        .await?;
    let failed = view.server(&fleet.servers[1])?;
    let error = failed.error.clone().unwrap_or_default();
    ensure!(failed.status == "FAILED", "{}", view.summary());
    ensure!(error.contains("archived after the request"), "{error}");
    execution
        .accept("retry", &json!({ "waveKey": "only" }))
        .await?;
    execution.ends_as("COMPLETED").await?;
    Ok(())
}
