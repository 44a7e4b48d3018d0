//! A recovery goes before drills: they give way, and nothing is in two jobs.

use anyhow::{Result, ensure};
use end_to_end::execution::View;
use end_to_end::simulator::Request;
use end_to_end::{Execution, Fleet, Role, Scene, Stack, Wave};
use serde_json::{Value, json};

fn preempting(scene: &Scene, drill: &Execution) -> Value {
    let mut wish = scene.recovery();
    wish["preempt"] = json!([{ "executionId": drill.id, "reason": "The site is down." }]);
    wish
}

/// The launches of recoveries for these servers.
async fn recovery_launches(stack: &Stack, servers: &[String]) -> Result<Vec<Request>> {
    let launches = stack.simulator().launches(servers).await?;
    let of_recovery = |launch: &Request| launch.request["isDrill"] == false;
    Ok(launches.into_iter().filter(of_recovery).collect())
}

/// The recovery launches servers while the job that it waits for still runs.
async fn launches_what_is_free(recovery: &Execution, wave: &str, busy: &str) -> Result<()> {
    let launches = |view: &View| view.wave(wave).is_ok_and(|wave| !wave.jobs.is_empty());
    let view = recovery
        .until(&format!("launches {wave}"), launches)
        .await?;
    ensure!(view.wave(busy)?.jobs.is_empty(), "{}", view.summary());
    Ok(())
}

async fn nothing_is_violated(stack: &Stack, servers: &[String]) -> Result<()> {
    let violations = stack.simulator().violations(servers).await?;
    ensure!(violations.is_empty(), "{violations:?}");
    Ok(())
}

#[tokio::test]
async fn a_drill_at_a_gate_gives_way_to_a_recovery_of_its_plan() -> Result<()> {
    let stack = Stack::of_environment()?;
    let operator = stack.api(Role::DrillOperator).await?;
    let manager = stack.api(Role::RecoveryManager).await?;
    let fleet = Fleet::take(&stack, 4).await?;
    let waves = [
        Wave::new("db", &fleet.part(0, 2)),
        Wave::new("app", &fleet.part(2, 4)).with("pauseBefore", json!(true)),
    ];
    let scene = Scene::make(&operator, &waves).await?;
    let drill = operator.start_drill(&scene.plan).await?;
    drill.reaches("PAUSED").await?;
    manager
        .start(&scene.recovery())
        .await?
        .problem(409, "PLAN_HAS_ACTIVE_EXECUTION")?;

    let recovery = manager.started(&preempting(&scene, &drill)).await?;
    let given_up = drill.ends_as("CANCELLED").await?;
    ensure!(
        given_up
            .status_reason
            .as_deref()
            .is_some_and(|reason| !reason.is_empty()),
        "{}",
        given_up.summary()
    );
    recovery.reaches("PAUSED").await?;
    recovery.accept("resume", &json!({})).await?;
    recovery.ends_as("COMPLETED").await?;
    ensure!(recovery_launches(&stack, &scene.servers).await?.len() == 2);
    nothing_is_violated(&stack, &scene.servers).await
}

#[tokio::test]
async fn a_launching_drill_keeps_only_the_servers_that_are_in_its_job() -> Result<()> {
    let stack = Stack::of_environment()?;
    let operator = stack.api(Role::DrillOperator).await?;
    let manager = stack.api(Role::RecoveryManager).await?;
    let fleet = Fleet::take(&stack, 4).await?;
    let (busy, free) = (fleet.part(0, 2), fleet.part(2, 4));
    let waves = [Wave::new("busy", &busy), Wave::new("free", &free)];
    let drilled = Scene::make(&operator, &waves).await?;
    let beside = [
        Wave::new("busy", &busy).with("dependsOn", json!([])),
        Wave::new("free", &free).with("dependsOn", json!([])),
    ];
    let scene = Scene::with_groups(&operator, &beside, drilled.groups.clone()).await?;
    let simulator = stack.simulator();
    simulator.hold_up(&busy[0]).await?;
    let drill = operator.start_drill(&drilled.plan).await?;
    drill
        .until("launches its first wave", |view| !view.jobs().is_empty())
        .await?;

    let recovery = manager.started(&preempting(&scene, &drill)).await?;
    recovery
        .until("waits for the drill's job", |view| {
            view.waiting_for
                .iter()
                .any(|waiting| waiting.kind == "SERVER_IN_JOB")
        })
        .await?;
    launches_what_is_free(&recovery, "free", "busy").await?;
    simulator.let_go(&busy[0]).await?;
    recovery.ends_as("COMPLETED").await?;
    drill.ends_as("CANCELLED").await?;
    ensure!(recovery_launches(&stack, &busy).await?.len() == 1);
    nothing_is_violated(&stack, &scene.servers).await
}

#[tokio::test]
async fn a_clean_up_gives_way_to_a_recovery() -> Result<()> {
    let stack = Stack::of_environment()?;
    let operator = stack.api(Role::DrillOperator).await?;
    let manager = stack.api(Role::RecoveryManager).await?;
    let fleet = Fleet::take(&stack, 3).await?;
    let scene = Scene::make(&operator, &[Wave::new("db", &fleet.servers)]).await?;
    let drill = operator.start_drill(&scene.plan).await?;
    drill.ends_as("COMPLETED").await?;
    drill
        .accept("terminate-instances", &json!({ "confirm": scene.name }))
        .await?;

    let recovery = manager.started(&preempting(&scene, &drill)).await?;
    recovery.ends_as("COMPLETED").await?;
    let live = stack
        .simulator()
        .state()
        .await?
        .live_instances(&scene.servers);
    ensure!(
        live.len() == 3 && live.iter().all(|instance| !instance.is_drill),
        "{live:?}"
    );
    nothing_is_violated(&stack, &scene.servers).await
}

#[tokio::test]
async fn a_recovery_gives_way_to_nobody_and_a_drill_goes_before_nobody() -> Result<()> {
    let stack = Stack::of_environment()?;
    let operator = stack.api(Role::DrillOperator).await?;
    let manager = stack.api(Role::RecoveryManager).await?;
    let fleet = Fleet::take(&stack, 1).await?;
    let gated = [Wave::new("db", &fleet.servers).with("pauseBefore", json!(true))];
    let scene = Scene::make(&operator, &gated).await?;
    let first = manager.started(&scene.recovery()).await?;
    manager
        .start(&preempting(&scene, &first))
        .await?
        .problem(409, "NOT_A_DRILL")?;
    let mut drill = scene.drill();
    drill["preempt"] = json!([{ "executionId": first.id, "reason": "because" }]);
    let problem = operator
        .start(&drill)
        .await?
        .problem(400, "INVALID_REQUEST")?;
    ensure!(problem["faults"][0]["path"] == "preempt", "{problem}");
    let mut nobody = scene.recovery();
    let unknown = "00000000-0000-4000-8000-00000000ffff";
    nobody["preempt"] = json!([{ "executionId": unknown, "reason": "because" }]);
    let problem = manager
        .start(&nobody)
        .await?
        .problem(400, "INVALID_REQUEST")?;
    let fault = &problem["faults"][0];
    ensure!(fault["path"] == "preempt[0].executionId", "{problem}");
    ensure!(fault["code"] == "UNKNOWN_EXECUTION", "{problem}");
    first.accept("cancel", &json!({})).await?;
    first.ends_as("CANCELLED").await?;
    Ok(())
}
