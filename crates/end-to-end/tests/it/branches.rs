//! Waves as a graph: branches run at the same time, and one may fail while another goes on.

use anyhow::{Context, Result, ensure};
use end_to_end::execution::View;
use end_to_end::{Fleet, Role, Scene, Stack, Wave};
use serde_json::json;

use crate::claims::{all_launched, launched_once, refusals_agree, starts_after};

#[tokio::test]
async fn independent_branches_run_at_the_same_time_and_what_joins_them_waits_for_both() -> Result<()>
{
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 6).await?;
    let waves = [
        Wave::new("left", &fleet.part(0, 2)),
        Wave::new("right", &fleet.part(2, 4)).with("dependsOn", json!([])),
        Wave::new("both", &fleet.part(4, 6)).with("dependsOn", json!(["left", "right"])),
    ];
    let scene = Scene::make(&api, &waves).await?;
    let view = api
        .start_drill(&scene.plan)
        .await?
        .ends_as("COMPLETED")
        .await?;
    all_launched(&view)?;
    launched_once(&stack, &view, &scene.servers).await?;
    let state = stack.simulator().state().await?;
    let job = |key: &str| {
        let jobs = &view.wave(key)?.jobs;
        state.job(&jobs.first().context("no job")?.job_id)
    };
    let (left, right) = (job("left")?, job("right")?);
    ensure!(
        Some(left.created_at) < right.ended_at && Some(right.created_at) < left.ended_at,
        "the branches did not overlap: {left:?} {right:?}"
    );
    starts_after(&stack, &view, "both", "left").await?;
    starts_after(&stack, &view, "both", "right").await
}

#[tokio::test]
async fn a_failed_branch_that_stops_lets_the_other_finish_and_starts_nothing_more() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 4).await?;
    let waves = [
        Wave::new("fails", &fleet.part(0, 1)).with("onFailure", json!("STOP")),
        Wave::new("slow", &fleet.part(1, 2)).with("dependsOn", json!([])),
        Wave::new("after-slow", &fleet.part(2, 3)).with("dependsOn", json!(["slow"])),
        Wave::new("after-fails", &fleet.part(3, 4)).with("dependsOn", json!(["fails"])),
    ];
    let scene = Scene::make(&api, &waves).await?;
    let simulator = stack.simulator();
    simulator.fail_once(&fleet.servers[0]).await?;
    simulator.hold_up(&fleet.servers[1]).await?;
    let execution = api.start_drill(&scene.plan).await?;
    let stopping = execution
        .until("is STOPPING", |view| {
            view.status == "STOPPING" || view.has_ended()
        })
        .await?;
    ensure!(stopping.status == "STOPPING", "{}", stopping.summary());
    refusals_agree(&execution, &["cancel"]).await?;
    simulator.let_go(&fleet.servers[1]).await?;
    let view = execution.ends_as("FAILED").await?;
    ensure!(view.wave("fails")?.status == "FAILED", "{}", view.summary());
    ensure!(
        view.wave("slow")?.status == "COMPLETED",
        "{}",
        view.summary()
    );
    ensure!(
        view.wave("after-slow")?.status == "CANCELLED",
        "{}",
        view.summary()
    );
    ensure!(
        view.wave("after-fails")?.status == "CANCELLED",
        "{}",
        view.summary()
    );
    ensure!(
        view.status_reason
            .as_deref()
            .is_some_and(|reason| reason.contains("fails")),
        "the reason does not name the wave: {}",
        view.summary()
    );
    crate::claims::never_launched(&stack, &fleet.part(2, 4)).await
}

#[tokio::test]
async fn a_failed_branch_that_pauses_leaves_the_execution_running_until_the_other_ends()
-> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 3).await?;
    let waves = [
        Wave::new("fails", &fleet.part(0, 1)).with("onFailure", json!("PAUSE")),
        Wave::new("slow", &fleet.part(1, 2)).with("dependsOn", json!([])),
        Wave::new("after-fails", &fleet.part(2, 3)).with("dependsOn", json!(["fails"])),
    ];
    let scene = Scene::make(&api, &waves).await?;
    let simulator = stack.simulator();
    simulator.fail_once(&fleet.servers[0]).await?;
    simulator.hold_up(&fleet.servers[1]).await?;
    let execution = api.start_drill(&scene.plan).await?;
    let view = execution
        .until("holds a failure", |view| {
            !view.holds_of("FAILURE").is_empty()
        })
        .await?;
    ensure!(
        view.status == "RUNNING",
        "one branch launches: {}",
        view.summary()
    );
    simulator.let_go(&fleet.servers[1]).await?;
    execution.reaches("PAUSED").await?;
    execution
        .accept("resume", &json!({ "comment": "Go on without it." }))
        .await?;
    let view = execution.ends_as("PARTIAL").await?;
    ensure!(view.wave("fails")?.status == "FAILED", "{}", view.summary());
    ensure!(
        view.wave("after-fails")?.status == "COMPLETED",
        "{}",
        view.summary()
    );
    Ok(())
}

#[tokio::test]
async fn a_failed_branch_that_continues_starts_what_follows_while_the_other_still_launches()
-> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 3).await?;
    let waves = [
        Wave::new("fails", &fleet.part(0, 1)).with("onFailure", json!("CONTINUE")),
        Wave::new("slow", &fleet.part(1, 2)).with("dependsOn", json!([])),
        Wave::new("after-fails", &fleet.part(2, 3)).with("dependsOn", json!(["fails"])),
    ];
    let scene = Scene::make(&api, &waves).await?;
    let simulator = stack.simulator();
    simulator.fail_once(&fleet.servers[0]).await?;
    simulator.hold_up(&fleet.servers[1]).await?;
    let execution = api.start_drill(&scene.plan).await?;
    let completes = |view: &View| {
        view.wave("after-fails")
            .is_ok_and(|wave| wave.status == "COMPLETED")
    };
    let view = execution.until("completes what follows", completes).await?;
    ensure!(
        view.wave("slow")?.status == "LAUNCHING",
        "what follows waited for the other branch: {}",
        view.summary()
    );
    simulator.let_go(&fleet.servers[1]).await?;
    let view = execution.ends_as("PARTIAL").await?;
    ensure!(view.wave("fails")?.status == "FAILED", "{}", view.summary());
    ensure!(
        view.wave("slow")?.status == "COMPLETED",
        "{}",
        view.summary()
    );
    ensure!(
        view.wave("after-fails")?.status == "COMPLETED",
        "{}",
        view.summary()
    );
    Ok(())
}
