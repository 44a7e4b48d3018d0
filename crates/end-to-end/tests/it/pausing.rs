//! Pausing now, pausing at a gate, and resuming.

use anyhow::{Result, ensure};
use end_to_end::{Fleet, Role, Scene, Stack, Wave};
use serde_json::json;

use crate::claims::{all_launched, launched_once, never_launched, refusals_agree, two_tiers};

#[tokio::test]
async fn a_pause_while_a_wave_launches_follows_its_job_and_starts_nothing_more() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 2).await?;
    let scene = Scene::make(&api, &two_tiers(&fleet, 1)).await?;
    let simulator = stack.simulator();
    simulator.hold_up(&fleet.servers[0]).await?;
    let execution = api.start_drill(&scene.plan).await?;
    execution
        .until("launches", |view| !view.jobs().is_empty())
        .await?;
    refusals_agree(&execution, &["pause", "cancel", "skip"]).await?;
    execution.accept("pause", &json!({})).await?;
    let view = execution.view().await?;
    ensure!(view.status == "PAUSING", "{}", view.summary());
    refusals_agree(&execution, &["resume", "cancel", "skip"]).await?;

    simulator.let_go(&fleet.servers[0]).await?;
    let view = execution.reaches("PAUSED").await?;
    ensure!(view.holds_of("MANUAL").len() == 1, "{}", view.summary());
    ensure!(view.wave("a")?.status == "COMPLETED", "{}", view.summary());
    ensure!(view.wave("b")?.status == "PENDING", "{}", view.summary());
    never_launched(&stack, &fleet.part(1, 2)).await?;
    refusals_agree(&execution, &["resume", "cancel", "skip"]).await?;
    execution.accept("resume", &json!({})).await?;
    let view = execution.ends_as("COMPLETED").await?;
    all_launched(&view)?;
    launched_once(&stack, &view, &scene.servers).await?;
    Ok(())
}

#[tokio::test]
async fn a_gate_before_the_first_wave_waits_before_anything_is_launched() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 2).await?;
    let waves = [
        Wave::new("a", &fleet.part(0, 1)).with("pauseBefore", json!(true)),
        Wave::new("b", &fleet.part(1, 2)).with("pauseBefore", json!(true)),
    ];
    let scene = Scene::make(&api, &waves).await?;
    let execution = api.start_drill(&scene.plan).await?;
    let view = execution.reaches("PAUSED").await?;
    ensure!(view.wave("a")?.status == "PAUSED", "{}", view.summary());
    ensure!(view.holds_of("GATE").len() == 1, "{}", view.summary());
    ensure!(
        view.waiting_for
            .iter()
            .any(|waiting| waiting.kind == "GATE"),
        "{}",
        view.summary()
    );
    never_launched(&stack, &scene.servers).await?;
    refusals_agree(&execution, &["pause", "resume", "cancel", "skip"]).await?;
    let first = view.holds[0].hold_id.clone();
    execution
        .accept("resume", &json!({ "holdIds": [first], "comment": "Go." }))
        .await?;
    let view = execution
        .until("waits at the second gate", |view| {
            view.status == "PAUSED" && view.wave("b").is_ok_and(|wave| wave.status == "PAUSED")
        })
        .await?;
    ensure!(view.holds[0].hold_id != first, "a hold's id was used again");
    let closed = json!({ "holdIds": [first] });
    execution.refuse("resume", &closed, "HOLD_CLOSED").await?;
    execution.accept("resume", &json!({})).await?;
    let view = execution.ends_as("COMPLETED").await?;
    launched_once(&stack, &view, &scene.servers).await?;
    Ok(())
}

#[tokio::test]
async fn a_pause_during_the_last_wave_is_refused() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 1).await?;
    let scene = Scene::make(&api, &[Wave::new("only", &fleet.servers)]).await?;
    let simulator = stack.simulator();
    simulator.hold_up(&fleet.servers[0]).await?;
    let execution = api.start_drill(&scene.plan).await?;
    execution
        .until("launches", |view| !view.jobs().is_empty())
        .await?;
    execution
        .refuse("pause", &json!({}), "NOT_ALLOWED_NOW")
        .await?;
    simulator.let_go(&fleet.servers[0]).await?;
    execution.ends_as("COMPLETED").await?;
    Ok(())
}
