//! Cancelling: while pending, while paused, while launching, and giving up on a server.

use anyhow::{Context, Result, ensure};
use end_to_end::{Fleet, Role, Scene, Stack, Wave};
use serde_json::json;

use crate::claims::{launched_once, never_launched, refusals_agree, two_tiers};

#[tokio::test]
async fn a_cancel_right_after_the_start_ends_as_cancelled() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 2).await?;
    let scene = Scene::make(&api, &two_tiers(&fleet, 1)).await?;
    let execution = api.start_drill(&scene.plan).await?;
    execution
        .accept("cancel", &json!({ "reason": "A mistake." }))
        .await?;
    let view = execution.ends_as("CANCELLED").await?;
    ensure!(
        view.status_reason
            .as_deref()
            .is_some_and(|reason| reason.contains("A mistake.")),
        "{}",
        view.summary()
    );
    ensure!(view.wave("b")?.status == "CANCELLED", "{}", view.summary());
    never_launched(&stack, &fleet.part(1, 2)).await
}

#[tokio::test]
async fn a_cancel_at_a_gate_launches_nothing_and_frees_the_servers() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 1).await?;
    let waves = [Wave::new("only", &fleet.servers).with("pauseBefore", json!(true))];
    let scene = Scene::make(&api, &waves).await?;
    let execution = api.start_drill(&scene.plan).await?;
    execution.reaches("PAUSED").await?;
    execution.accept("cancel", &json!({})).await?;
    let view = execution.ends_as("CANCELLED").await?;
    ensure!(
        view.wave("only")?.status == "CANCELLED",
        "{}",
        view.summary()
    );
    ensure!(
        view.server(&fleet.servers[0])?.status == "CANCELLED",
        "{}",
        view.summary()
    );
    never_launched(&stack, &scene.servers).await?;
    refusals_agree(&execution, &[]).await?;
    let next = api.start_drill(&scene.plan).await?;
    next.reaches("PAUSED").await?;
    next.accept("cancel", &json!({})).await?;
    next.ends_as("CANCELLED").await?;
    Ok(())
}

#[tokio::test]
async fn a_cancel_while_a_wave_launches_follows_its_job_to_the_end() -> Result<()> {
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
    execution.accept("cancel", &json!({})).await?;
    let view = execution.view().await?;
    ensure!(view.status == "CANCELLING", "{}", view.summary());
    refusals_agree(&execution, &["cancel"]).await?;
    simulator.let_go(&fleet.servers[0]).await?;
    let view = execution.ends_as("CANCELLED").await?;
    ensure!(view.wave("a")?.status == "COMPLETED", "{}", view.summary());
    ensure!(view.wave("b")?.status == "CANCELLED", "{}", view.summary());
    launched_once(&stack, &view, &fleet.part(0, 1)).await?;
    let live = stack
        .simulator()
        .state()
        .await?
        .live_instances(&scene.servers);
    ensure!(live.len() == 1, "a cancel terminates nothing: {live:?}");
    Ok(())
}

#[tokio::test]
async fn a_server_given_up_on_is_unknown_and_stays_locked_until_its_job_ends() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 1).await?;
    let scene = Scene::make(&api, &[Wave::new("only", &fleet.servers)]).await?;
    stack
        .simulator()
        .add_fault(&json!({
            "when": { "server": { "id": fleet.servers[0] }, "phase": "conversion" },
            "do": { "stall": "forever" },
            "times": 1,
        }))
        .await?;
    let execution = api.start_drill(&scene.plan).await?;
    let view = execution
        .until("launches", |view| !view.jobs().is_empty())
        .await?;
    let job = view.jobs().first().context("no job")?.clone();
    execution
        .accept(
            "cancel",
            &json!({ "giveUpOn": fleet.servers, "reason": "It hangs." }),
        )
        .await?;
    let view = execution.ends_as("CANCELLED").await?;
    ensure!(
        view.server(&fleet.servers[0])?.status == "UNKNOWN",
        "{}",
        view.summary()
    );
    let refused = api.start(&scene.drill()).await?;
    ensure!(
        refused.status == 409,
        "its server was not locked: {refused:?}"
    );
    stack
        .simulator()
        .force(&job, &fleet.servers[0], "LAUNCHED")
        .await?;
    execution
        .until("records the late launch", |view| {
            view.servers()
                .all(|server| server.recovery_instance_id.is_some())
        })
        .await?;
    execution.clean_up().await?;
    crate::claims::nothing_left(&stack, &scene.servers).await
}
