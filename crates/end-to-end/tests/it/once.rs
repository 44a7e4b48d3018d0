//! A server is launched once, whatever becomes of the answer or of the process that waits for it.

use std::time::Duration;

use anyhow::{Result, ensure};
use end_to_end::wait::{Look, until_at_pace};
use end_to_end::{Fleet, Role, Scene, Stack, processes};
use serde_json::{Value, json};

use crate::claims::{all_launched, launched_once, two_tiers};

#[tokio::test]
async fn a_lost_answer_of_start_recovery_leads_to_no_second_job() -> Result<()> {
    launches_once_although(&json!({ "lose_response": "after_commit" })).await
}

#[tokio::test]
async fn a_500_after_the_commit_of_start_recovery_leads_to_no_second_job() -> Result<()> {
    launches_once_although(&json!({ "error": "InternalServerException", "commit": true })).await
}

async fn launches_once_although(what_happens: &Value) -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 4).await?;
    let scene = Scene::make(&api, &two_tiers(&fleet, 2)).await?;
    for server in [&fleet.servers[0], &fleet.servers[2]] {
        stack
            .simulator()
            .add_fault(&json!({
                "when": { "op": "StartRecovery", "server": { "id": server } },
                "do": what_happens,
                "times": 1,
            }))
            .await?;
    }
    let view = api
        .start_drill(&scene.plan)
        .await?
        .ends_as("COMPLETED")
        .await?;
    all_launched(&view)?;
    let launches = launched_once(&stack, &view, &scene.servers).await?;
    ensure!(launches.len() == 2, "{launches:?}");
    ensure!(
        launches
            .iter()
            .all(|launch| !launch.delivered || launch.status == Some(500)),
        "the fault did not happen: {launches:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_function_killed_between_start_recovery_and_its_save_leads_to_no_second_job() -> Result<()>
{
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 4).await?;
    let scene = Scene::make(&api, &two_tiers(&fleet, 2)).await?;
    let simulator = stack.simulator();
    simulator
        .add_fault(&json!({
            "when": { "op": "StartRecovery", "server": { "id": fleet.servers[0] } },
            "do": { "hold": "PT9S", "when": "after_commit" },
            "times": 1,
        }))
        .await?;
    let execution = api.start_drill(&scene.plan).await?;
    let pace = Duration::from_millis(200);
    let what = "the launch has taken effect and its answer is held";
    until_at_pace(what, Duration::from_mins(1), pace, || async {
        let launches = simulator.launches(&fleet.part(0, 2)).await?;
        Ok(Look::of(launches.first().map(|_| ()), "no launch"))
    })
    .await?;
    let killed = kill_orchestration(&stack)?;
    ensure!(
        killed > 0,
        "no process of the orchestration function was found"
    );
    let early = execution.view().await?;
    ensure!(
        early.jobs().is_empty(),
        "the job was saved before the process was killed: {}",
        early.summary()
    );

    let view = execution.ends_as("COMPLETED").await?;
    all_launched(&view)?;
    let launches = launched_once(&stack, &view, &scene.servers).await?;
    ensure!(launches.len() == 2, "{launches:?}");
    Ok(())
}

/// Which of them waits for the held answer cannot be told, so all end: the others' executions
/// must survive it as well.
fn kill_orchestration(stack: &Stack) -> Result<usize> {
    let found = processes::of_function("-orchestration", &stack.places.aws_endpoint_url)?;
    for process in &found {
        processes::kill(*process)?;
    }
    Ok(found.len())
}
