//! Instances of real recoveries are never destroyed by a drill, whenever they appear.

use anyhow::{Result, ensure};
use end_to_end::{Fleet, Role, Scene, Stack, Wave};
use serde_json::json;

use crate::claims::{all_launched, never_launched, two_tiers};

#[tokio::test]
async fn a_live_instance_of_a_recovery_at_the_start_refuses_a_drill() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 2).await?;
    let scene = Scene::make(&api, &[Wave::new("only", &fleet.servers)]).await?;
    let instance = stack
        .simulator()
        .create_instance(&fleet.servers[0], &json!(false))
        .await?;
    let problem = api
        .start(&scene.drill())
        .await?
        .problem(409, "SERVER_HAS_LIVE_RECOVERY_INSTANCE")?;
    ensure!(problem.to_string().contains(&fleet.servers[0]), "{problem}");
    ensure!(
        !problem.to_string().contains(&fleet.servers[1]),
        "{problem}"
    );
    never_launched(&stack, &scene.servers).await?;
    still_lives(&stack, &scene.servers, &instance).await
}

#[tokio::test]
async fn a_live_instance_of_a_recovery_between_two_waves_is_left_alone_by_a_drill() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 3).await?;
    let mut waves = two_tiers(&fleet, 1);
    let second = waves.remove(1).with("pauseBefore", json!(true));
    waves.push(second);
    let scene = Scene::make(&api, &waves).await?;
    let execution = api.start_drill(&scene.plan).await?;
    execution.reaches("PAUSED").await?;
    let guarded = &fleet.servers[1];
    let instance = stack
        .simulator()
        .create_instance(guarded, &json!(false))
        .await?;
    execution.accept("resume", &json!({})).await?;

    let view = execution.ends_as("FAILED").await?;
    let server = view.server(guarded)?;
    ensure!(
        server.status == "FAILED" && server.job_id.is_none(),
        "{server:?}"
    );
    ensure!(
        server
            .error
            .as_deref()
            .is_some_and(|error| error.contains(&instance)),
        "the error does not name the instance: {server:?}"
    );
    ensure!(
        view.server(&fleet.servers[2])?.status == "LAUNCHED",
        "{}",
        view.summary()
    );
    never_launched(&stack, std::slice::from_ref(guarded)).await?;
    still_lives(&stack, &scene.servers, &instance).await?;
    execution.clean_up().await?;
    still_lives(&stack, &scene.servers, &instance).await
}

#[tokio::test]
async fn a_recovery_replaces_an_earlier_instance_only_when_it_is_named() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::RecoveryManager).await?;
    let fleet = Fleet::take(&stack, 1).await?;
    let scene = Scene::make(&api, &[Wave::new("only", &fleet.servers)]).await?;
    let server = &fleet.servers[0];
    let instance = stack
        .simulator()
        .create_instance(server, &json!(false))
        .await?;
    api.start(&scene.recovery())
        .await?
        .problem(409, "SERVER_HAS_LIVE_RECOVERY_INSTANCE")?;
    let mut wish = scene.recovery();
    wish["replaceInstances"] = json!([{
        "sourceServerId": server, "recoveryInstanceId": "i-00000000000000000", "reason": "Old.",
    }]);
    api.start(&wish)
        .await?
        .problem(409, "SERVER_HAS_LIVE_RECOVERY_INSTANCE")?;
    never_launched(&stack, &scene.servers).await?;
    still_lives(&stack, &scene.servers, &instance).await?;

    wish["replaceInstances"][0]["recoveryInstanceId"] = json!(instance);
    let view = api.started(&wish).await?.ends_as("COMPLETED").await?;
    all_launched(&view)?;
    let violations = stack.simulator().violations(&scene.servers).await?;
    ensure!(
        violations
            .iter()
            .any(|violation| violation["recoveryInstanceId"] == json!(instance)),
        "the judge does not report what the relaunch destroyed: {violations:?}"
    );
    Ok(())
}

#[tokio::test]
async fn the_instance_of_an_ended_drill_of_ours_may_be_replaced_by_the_next_drill() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 1).await?;
    let scene = Scene::make(&api, &[Wave::new("only", &fleet.servers)]).await?;
    let first = api
        .start_drill(&scene.plan)
        .await?
        .ends_as("COMPLETED")
        .await?;
    let second = api
        .start_drill(&scene.plan)
        .await?
        .ends_as("COMPLETED")
        .await?;
    ensure!(
        first.instances() != second.instances(),
        "{}",
        second.summary()
    );
    let live = stack
        .simulator()
        .state()
        .await?
        .live_instances(&scene.servers);
    ensure!(live.len() == 1, "{live:?}");
    Ok(())
}

async fn still_lives(stack: &Stack, servers: &[String], instance: &str) -> Result<()> {
    let live = stack.simulator().state().await?.live_instances(servers);
    ensure!(
        live.iter()
            .any(|one| one.id == instance && one.state == "RUNNING"),
        "{instance} does not run any more: {live:?}"
    );
    Ok(())
}
