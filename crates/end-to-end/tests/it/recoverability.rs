//! Servers that cannot be recovered, or only to an old point: a drill refuses, a recovery goes on.

use anyhow::{Result, ensure};
use end_to_end::execution::View;
use end_to_end::{Execution, Fleet, Role, Scene, Stack, Wave};
use serde_json::{Value, json};

use crate::claims::{all_launched, never_launched};

#[tokio::test]
async fn a_server_disconnected_before_its_wave_is_taken_out_and_need_judges_the_rest() -> Result<()>
{
    let stack = Stack::of_environment()?;
    let fleet = Fleet::take(&stack, 11).await?;
    let need = json!({ "type": "PERCENT", "percent": 90 });
    let (execution, lost) = loses_one_of_ten(&stack, &fleet, need).await?;
    let view = execution.ends_as("PARTIAL").await?;
    check_nine(&view, &lost, "PARTIAL")?;
    never_launched(&stack, &[lost]).await
}

#[tokio::test]
async fn a_recovery_that_needs_all_servers_waits_for_a_person_when_one_is_disconnected()
-> Result<()> {
    let stack = Stack::of_environment()?;
    let fleet = Fleet::take(&stack, 11).await?;
    let (execution, lost) = loses_one_of_ten(&stack, &fleet, json!({ "type": "ALL" })).await?;
    let view = execution
        .until("holds a failure", |view| {
            !view.holds_of("FAILURE").is_empty()
        })
        .await?;
    check_nine(&view, &lost, "FAILED")?;
    never_launched(&stack, &[lost]).await?;
    execution
        .accept("resume", &json!({ "comment": "Nine will do." }))
        .await?;
    execution.ends_as("PARTIAL").await?;
    Ok(())
}

/// One server, a gate, and ten servers, of which one goes silent while the gate is closed.
async fn loses_one_of_ten(
    stack: &Stack,
    fleet: &Fleet,
    need: Value,
) -> Result<(Execution, String)> {
    let api = stack.api(Role::RecoveryManager).await?;
    let waves = [
        Wave::new("first", &fleet.part(0, 1)),
        Wave::new("ten", &fleet.part(1, 11))
            .with("pauseBefore", json!(true))
            .with("need", need),
    ];
    let scene = Scene::make(&api, &waves).await?;
    let execution = api.started(&scene.recovery()).await?;
    execution.reaches("PAUSED").await?;
    let lost = fleet.servers[5].clone();
    stack
        .simulator()
        .change_server(&lost, &json!({ "state": "DISCONNECTED" }))
        .await?;
    execution.accept("resume", &json!({})).await?;
    Ok((execution, lost))
}

fn check_nine(view: &View, lost: &str, wave: &str) -> Result<()> {
    let ten = view.wave("ten")?;
    ensure!(ten.status == wave, "{}", view.summary());
    for server in &ten.servers {
        if server.source_server_id == lost {
            ensure!(
                server.status == "FAILED" && server.job_id.is_none() && server.error.is_some(),
                "{server:?}"
            );
        } else {
            ensure!(server.status == "LAUNCHED", "{server:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn ten_stalled_servers_refuse_a_drill_by_name_and_are_all_launched_by_a_recovery()
-> Result<()> {
    let stack = Stack::of_environment()?;
    let operator = stack.api(Role::DrillOperator).await?;
    let manager = stack.api(Role::RecoveryManager).await?;
    let fleet = Fleet::take(&stack, 10).await?;
    let scene = Scene::make(&operator, &[Wave::new("ten", &fleet.servers)]).await?;
    for server in &fleet.servers {
        stack
            .simulator()
            .change_server(server, &json!({ "state": "STALLED", "lag": "PT20M" }))
            .await?;
    }
    let problem = operator
        .start(&scene.drill())
        .await?
        .problem(409, "SERVERS_NOT_RECOVERABLE")?;
    for server in &fleet.servers {
        ensure!(
            problem.to_string().contains(server.as_str()),
            "{server} is not named"
        );
    }
    never_launched(&stack, &scene.servers).await?;

    let execution = manager.started(&scene.recovery()).await?;
    let view = execution.ends_as("COMPLETED").await?;
    all_launched(&view)
}

#[tokio::test]
async fn a_drill_of_stalled_servers_is_accepted_when_the_lag_is_acknowledged() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 1).await?;
    let scene = Scene::make(&api, &[Wave::new("only", &fleet.servers)]).await?;
    stack
        .simulator()
        .change_server(
            &fleet.servers[0],
            &json!({ "state": "STALLED", "lag": "PT20M" }),
        )
        .await?;
    api.start(&scene.drill())
        .await?
        .problem(409, "SERVERS_NOT_RECOVERABLE")?;
    let mut wish = scene.drill();
    wish["acknowledge"] = json!({ "lag": "The point of yesterday is good enough." });
    api.started(&wish).await?.ends_as("COMPLETED").await?;
    Ok(())
}
