//! What has ended is counted, and what has not is listed by itself.

use anyhow::{Context, Result, ensure};
use end_to_end::{Execution, Fleet, Role, Scene, Stack};
use serde_json::{Value, json};

use crate::claims::three_tiers;

/// How many drills have completed, by the statistics. Other tests end some, too.
async fn completed_drills(api: &end_to_end::Api) -> Result<u64> {
    let statistics = api.get("/statistics/executions").await?.expect(200)?;
    let days = statistics["days"].as_array().context("no days")?;
    let drills = days.iter().filter(|day| day["kind"] == "DRILL");
    Ok(drills.filter_map(|day| day["completed"].as_u64()).sum())
}

async fn is_active(api: &end_to_end::Api, execution: &Execution) -> Result<bool> {
    let active = api.all("/executions?activity=ACTIVE").await?;
    Ok(active
        .iter()
        .any(|item| item["executionId"] == execution.id.as_str()))
}

async fn last_runs(api: &end_to_end::Api, plan: &str) -> Result<Value> {
    let plans = api.get("/statistics/recovery-plans").await?.expect(200)?;
    let items = plans["items"].as_array().context("no items")?;
    let found = items.iter().find(|item| item["recoveryPlanId"] == plan);
    Ok(found.cloned().unwrap_or_default())
}

#[tokio::test]
async fn a_drill_is_active_until_it_ends_and_counted_from_then_on() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 3).await?;
    let scene = Scene::make(&api, &three_tiers(&fleet)).await?;
    let before = completed_drills(&api).await?;
    let drill = api.start_drill(&scene.plan).await?;
    // An index may be read a moment after it was written.
    drill.until("runs", |view| !view.jobs().is_empty()).await?;
    ensure!(is_active(&api, &drill).await?, "it is not listed as active");
    ensure!(
        last_runs(&api, &scene.plan).await?.is_null(),
        "it has not ended"
    );
    drill.ends_as("COMPLETED").await?;
    ensure!(!is_active(&api, &drill).await?, "it is listed as active");
    ensure!(completed_drills(&api).await? > before, "it is not counted");
    let runs = last_runs(&api, &scene.plan).await?;
    ensure!(
        runs["lastDrill"]["executionId"] == json!(drill.id),
        "{runs}"
    );
    ensure!(runs["lastCompletedDrill"] == runs["lastDrill"], "{runs}");
    ensure!(runs["lastRecovery"].is_null(), "{runs}");
    Ok(())
}

#[tokio::test]
async fn the_log_of_a_job_is_read_by_itself() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 3).await?;
    let scene = Scene::make(&api, &three_tiers(&fleet)).await?;
    let drill = api.start_drill(&scene.plan).await?;
    let view = drill.ends_as("COMPLETED").await?;
    let all = drill.job_logs().await?;
    for job in view.jobs() {
        let path = format!("{}/job-logs?jobId={job}", drill.path());
        let own: Vec<Value> = all
            .iter()
            .filter(|entry| entry["jobId"] == json!(job))
            .cloned()
            .collect();
        ensure!(!own.is_empty(), "{job} has no log");
        ensure!(api.all(&path).await? == own, "the log of {job} differs");
    }
    Ok(())
}
