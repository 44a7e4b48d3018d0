//! A limit stops the waiting, never the watching. The shortest limit is a minute of real time.

use anyhow::{Context, Result, ensure};
use end_to_end::{Execution, Fleet, Role, Scene, Stack, Wave};
use serde_json::json;

use crate::claims::nothing_left;

#[tokio::test]
async fn a_wave_past_its_limit_is_left_behind_and_its_late_server_is_recorded_and_cleaned_up()
-> Result<()> {
    let stack = Stack::of_environment()?;
    let fleet = Fleet::take(&stack, 3).await?;
    let execution = one_server_is_stuck(&stack, &fleet, "CONTINUE").await?;
    let view = execution.ends_as("PARTIAL").await?;
    ensure!(view.wave("a")?.status == "TIMED_OUT", "{}", view.summary());
    ensure!(view.wave("b")?.status == "COMPLETED", "{}", view.summary());

    let hanging = &fleet.servers[0];
    let job = view
        .wave("a")?
        .jobs
        .first()
        .context("no job")?
        .job_id
        .clone();
    let again = json!({ "recoveryPlanId": view.recovery_plan_id, "kind": "DRILL" });
    let api = stack.api(Role::DrillOperator).await?;
    let refused = api.start(&again).await?;
    ensure!(
        refused.status == 409,
        "a server whose job still runs was given to another execution: {refused:?}"
    );
    stack.simulator().force(&job, hanging, "LAUNCHED").await?;
    let view = execution
        .until("records the late launch", |view| {
            view.server(hanging)
                .is_ok_and(|server| server.late && server.recovery_instance_id.is_some())
        })
        .await?;
    ensure!(
        view.status == "PARTIAL",
        "an ended execution changed: {}",
        view.summary()
    );
    let launches = stack
        .simulator()
        .launches(std::slice::from_ref(hanging))
        .await?;
    ensure!(launches.len() == 1, "a second job: {launches:?}");
    execution.clean_up().await?;
    nothing_left(&stack, &fleet.servers).await
}

#[tokio::test]
async fn a_wave_past_its_limit_that_stops_ends_the_execution_as_timed_out() -> Result<()> {
    let stack = Stack::of_environment()?;
    let fleet = Fleet::take(&stack, 3).await?;
    let execution = one_server_is_stuck(&stack, &fleet, "STOP").await?;
    let view = execution.ends_as("TIMED_OUT").await?;
    ensure!(view.wave("a")?.status == "TIMED_OUT", "{}", view.summary());
    ensure!(view.wave("b")?.status == "CANCELLED", "{}", view.summary());
    crate::claims::never_launched(&stack, &fleet.part(2, 3)).await?;

    // The clean-up waits for what the stuck job may still bring up.
    let job = view
        .wave("a")?
        .jobs
        .first()
        .context("no job")?
        .job_id
        .clone();
    stack
        .simulator()
        .force(&job, &fleet.servers[0], "FAILED")
        .await?;
    execution.clean_up().await?;
    nothing_left(&stack, &fleet.servers).await
}

async fn one_server_is_stuck(stack: &Stack, fleet: &Fleet, policy: &str) -> Result<Execution> {
    let api = stack.api(Role::DrillOperator).await?;
    let waves = [
        Wave::new("a", &fleet.part(0, 2))
            .with("timeLimitMinutes", json!(1))
            .with("onFailure", json!(policy)),
        Wave::new("b", &fleet.part(2, 3)),
    ];
    let scene = Scene::make(&api, &waves).await?;
    stack
        .simulator()
        .add_fault(&json!({
            "when": { "server": { "id": fleet.servers[0] }, "phase": "conversion" },
            "do": { "stall": "forever" },
            "times": 1,
        }))
        .await?;
    api.start_drill(&scene.plan).await
}
