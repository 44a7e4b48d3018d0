//! The whole way of a drill: three waves, their journal, their logs, the history, the clean-up.

use anyhow::{Context, Result, ensure};
use end_to_end::emulator::text;
use end_to_end::{Fleet, Role, Scene, Stack};

use crate::claims::{
    all_launched, launched_once, nothing_left, refusals_agree, starts_after, three_tiers,
};

#[tokio::test]
async fn a_drill_of_three_waves_completes_and_its_clean_up_leaves_nothing() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 12).await?;
    let scene = Scene::make(&api, &three_tiers(&fleet)).await?;
    let execution = api.start_drill(&scene.plan).await?;

    let view = execution.ends_as("COMPLETED").await?;
    all_launched(&view)?;
    let launches = launched_once(&stack, &view, &scene.servers).await?;
    ensure!(
        launches.len() == 3,
        "{} launches for three waves",
        launches.len()
    );
    ensure!(
        launches
            .iter()
            .all(|launch| launch.request["isDrill"] == true),
        "a launch of a drill is not marked as one: {launches:?}"
    );
    starts_after(&stack, &view, "app", "db").await?;
    starts_after(&stack, &view, "web", "app").await?;

    let logs = execution.job_logs().await?;
    for server in view.servers() {
        let id = &server.source_server_id;
        ensure!(
            logs.iter()
                .any(|entry| entry.to_string().contains(id.as_str())),
            "no job event of {id} among {} events",
            logs.len()
        );
    }
    ensure!(!execution.events().await?.is_empty(), "no events");

    refusals_agree(&execution, &["terminateInstances"]).await?;
    execution.clean_up().await?;
    nothing_left(&stack, &scene.servers).await?;
    let violations = stack.simulator().violations(&scene.servers).await?;
    ensure!(violations.is_empty(), "{violations:?}");
    Ok(())
}

#[tokio::test]
async fn a_clean_up_that_is_asked_for_again_terminates_nothing_further() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 2).await?;
    let scene = Scene::make(&api, &[end_to_end::Wave::new("only", &fleet.servers)]).await?;
    let execution = api.start_drill(&scene.plan).await?;
    let view = execution.ends_as("COMPLETED").await?;
    let instances: Vec<String> = view.instances().into_values().collect();
    execution.clean_up().await?;
    let confirm = serde_json::json!({ "confirm": scene.name });
    execution
        .refuse("terminate-instances", &confirm, "NOT_ALLOWED_NOW")
        .await?;
    let mut terminations = stack.simulator().journal().await?;
    terminations.retain(|request| {
        request.operation == "TerminateRecoveryInstances"
            && request.committed
            && instances
                .iter()
                .any(|id| request.request.to_string().contains(id.as_str()))
    });
    ensure!(terminations.len() == 1, "{terminations:?}");
    Ok(())
}

#[tokio::test]
async fn a_clean_up_is_refused_for_another_plans_name() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 1).await?;
    let scene = Scene::make(&api, &[end_to_end::Wave::new("only", &fleet.servers)]).await?;
    let execution = api.start_drill(&scene.plan).await?;
    execution.ends_as("COMPLETED").await?;
    let confirm = serde_json::json!({ "confirm": "Another plan" });
    execution
        .refuse("terminate-instances", &confirm, "CONFIRMATION_MISMATCH")
        .await?;
    let live = stack
        .simulator()
        .state()
        .await?
        .live_instances(&scene.servers);
    ensure!(live.len() == 1, "{live:?}");
    Ok(())
}

#[tokio::test]
async fn history_shows_the_newest_first_and_filters_by_plan() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 1).await?;
    let scene = Scene::make(
        &api,
        &[end_to_end::Wave::new("only", &fleet.servers)
            .with("pauseBefore", serde_json::json!(true))],
    )
    .await?;
    let mut started = Vec::new();
    for _ in 0..3 {
        let execution = api.start_drill(&scene.plan).await?;
        execution.accept("cancel", &serde_json::json!({})).await?;
        execution.ends_as("CANCELLED").await?;
        started.push(execution.id);
    }
    started.reverse();
    let path = format!("/executions?recoveryPlanId={}", scene.plan);
    let listed: Vec<String> = api
        .all(&format!("{path}&maxResults=2"))
        .await?
        .iter()
        .map(|item| text(item, "executionId"))
        .collect();
    ensure!(listed == started, "{listed:?} instead of {started:?}");
    let drills = api.all(&format!("{path}&kind=RECOVERY")).await?;
    ensure!(drills.is_empty(), "{drills:?}");

    let page = api.get("/executions?maxResults=50").await?.expect(200)?;
    let times: Vec<String> = page["items"]
        .as_array()
        .context("items")?
        .iter()
        .map(|item| text(item, "startedAt").clone())
        .filter(|time| !time.is_empty())
        .collect();
    ensure!(times.len() > 1, "only {} executions", times.len());
    ensure!(
        page.to_string().contains(&started[0]),
        "the newest page lacks the newest one"
    );
    Ok(())
}
