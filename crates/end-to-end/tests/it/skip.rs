//! Skipping a wave: one that failed, and one that has not started.

use anyhow::{Result, ensure};
use end_to_end::{Fleet, Role, Scene, Stack, Wave};
use serde_json::json;

use crate::claims::never_launched;

#[tokio::test]
async fn skipping_a_failed_wave_starts_what_depends_on_it() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 2).await?;
    let waves = [
        Wave::new("a", &fleet.part(0, 1)).with("onFailure", json!("PAUSE")),
        Wave::new("b", &fleet.part(1, 2)),
    ];
    let scene = Scene::make(&api, &waves).await?;
    stack.simulator().fail_once(&fleet.servers[0]).await?;
    let execution = api.start_drill(&scene.plan).await?;
    execution.reaches("PAUSED").await?;
    let skip = json!({ "waveKey": "a", "reason": "It can wait until tomorrow." });
    execution.accept("skip", &skip).await?;
    let view = execution.ends_as("PARTIAL").await?;
    ensure!(view.wave("a")?.status == "SKIPPED", "{}", view.summary());
    ensure!(view.wave("b")?.status == "COMPLETED", "{}", view.summary());
    Ok(())
}

#[tokio::test]
async fn a_wave_skipped_before_it_started_is_never_launched() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 3).await?;
    let waves = [
        Wave::new("a", &fleet.part(0, 1)).with("pauseBefore", json!(true)),
        Wave::new("b", &fleet.part(1, 2)),
        Wave::new("c", &fleet.part(2, 3)),
    ];
    let scene = Scene::make(&api, &waves).await?;
    let execution = api.start_drill(&scene.plan).await?;
    execution.reaches("PAUSED").await?;
    let skip = json!({ "waveKey": "b", "reason": "Its servers are retired." });
    execution.accept("skip", &skip).await?;
    execution.accept("resume", &json!({})).await?;
    let view = execution.ends_as("PARTIAL").await?;
    let statuses: Vec<&str> = view.waves.iter().map(|wave| wave.status.as_str()).collect();
    ensure!(
        statuses == ["COMPLETED", "SKIPPED", "COMPLETED"],
        "{}",
        view.summary()
    );
    ensure!(
        view.server(&fleet.servers[1])?.status == "SKIPPED",
        "{}",
        view.summary()
    );
    never_launched(&stack, &fleet.part(1, 2)).await
}
