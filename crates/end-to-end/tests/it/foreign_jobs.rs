//! Jobs that somebody else starts at the very moment are waited for and never taken for ours.

use anyhow::{Context, Result, ensure};
use end_to_end::execution::View;
use end_to_end::{Fleet, Role, Scene, Stack, Wave};
use serde_json::{Value, json};

use crate::claims::all_launched;

#[tokio::test]
async fn a_foreign_job_with_the_same_servers_is_not_adopted_after_a_conflict() -> Result<()> {
    let foreign = json!({ "foreign_job": { "is_drill": true, "duration": "PT15M" } });
    let (stack, scene, view) = recovers_beside(&foreign).await?;
    check_own_job(&stack, &scene, &view).await
}

#[tokio::test]
async fn a_foreign_job_with_the_same_servers_is_not_adopted_after_a_lost_answer() -> Result<()> {
    let foreign = json!({
        "foreign_job": {
            "is_drill": false, "duration": "PT15M", "tags": { "owner": "another team" },
        },
        "lose_response": "before_commit",
    });
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::RecoveryManager).await?;
    let (scene, execution) = start_beside(&stack, &foreign).await?;
    // What the foreign recovery launched is guarded, so our recovery must not launch it again.
    let view = execution
        .until("has judged the wave", |view| {
            view.has_ended() || !view.holds_of("FAILURE").is_empty()
        })
        .await?;
    let others = foreign_jobs(&stack, &scene, &view).await?;
    ensure!(!others.is_empty(), "there was no foreign job");
    ensure!(
        view.jobs().iter().all(|job| !others.contains(job)),
        "the foreign job was adopted: {}",
        view.summary()
    );
    ensure!(
        view.servers().all(|server| server.status == "FAILED"),
        "{}",
        view.summary()
    );
    crate::claims::never_launched(&stack, &scene.servers).await?;
    execution.by(&api).accept("cancel", &json!({})).await?;
    execution.end().await?;
    Ok(())
}

async fn recovers_beside(rule: &Value) -> Result<(Stack, Scene, View)> {
    let stack = Stack::of_environment()?;
    let (scene, execution) = start_beside(&stack, rule).await?;
    let view = execution.ends_as("COMPLETED").await?;
    Ok((stack, scene, view))
}

async fn start_beside(stack: &Stack, rule: &Value) -> Result<(Scene, end_to_end::Execution)> {
    let api = stack.api(Role::RecoveryManager).await?;
    let fleet = Fleet::take(stack, 2).await?;
    let scene = Scene::make(&api, &[Wave::new("only", &fleet.servers)]).await?;
    stack
        .simulator()
        .add_fault(&json!({
            "when": { "op": "StartRecovery", "server": { "id": fleet.servers[0] } },
            "do": rule,
            "times": 1,
        }))
        .await?;
    let execution = api.started(&scene.recovery()).await?;
    Ok((scene, execution))
}

async fn foreign_jobs(stack: &Stack, scene: &Scene, view: &View) -> Result<Vec<String>> {
    let ours: Vec<String> = stack
        .simulator()
        .launches(&scene.servers)
        .await?
        .iter()
        .map(end_to_end::simulator::Request::job)
        .collect();
    let jobs = stack.simulator().state().await?.jobs(&scene.servers)?;
    ensure!(!jobs.is_empty(), "no jobs: {}", view.summary());
    Ok(jobs
        .into_iter()
        .map(|job| job.id)
        .filter(|job| !ours.contains(job))
        .collect())
}

async fn check_own_job(stack: &Stack, scene: &Scene, view: &View) -> Result<()> {
    all_launched(view)?;
    let others = foreign_jobs(stack, scene, view).await?;
    let other = others.first().context("there was no foreign job")?;
    ensure!(
        !view.jobs().contains(other),
        "the foreign job was adopted: {}",
        view.summary()
    );
    let launches = stack.simulator().launches(&scene.servers).await?;
    ensure!(launches.len() == 1, "{launches:?}");
    Ok(())
}
