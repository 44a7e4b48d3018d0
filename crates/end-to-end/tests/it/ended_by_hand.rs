//! Somebody ends a drill's instance in EC2 before the clean-up: DRS keeps its record.

use anyhow::{Context, Result, ensure};
use end_to_end::{Fleet, Role, Scene, Stack, Wave};

#[tokio::test]
async fn a_clean_up_removes_the_record_of_an_instance_that_somebody_ended_by_hand() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 2).await?;
    let scene = Scene::make(&api, &[Wave::new("only", &fleet.servers)]).await?;
    let execution = api.start_drill(&scene.plan).await?;
    let instances = execution.ends_as("COMPLETED").await?.instances();
    let by_hand = instances.get(&fleet.servers[1]).context("no instance")?;
    let account = &stack.places.account_id;
    stack
        .simulator()
        .terminate_machine(account, fleet.region, by_hand)
        .await?;

    let view = execution.clean_up().await?;
    let (status, _) = view.cleaned(by_hand)?;
    ensure!(status == "ALREADY_GONE", "{:?}", view.clean_up);
    let state = stack.simulator().state().await?;
    let left = state.instances(&fleet.servers);
    ensure!(left.is_empty(), "DRS keeps records: {left:?}");
    Ok(())
}
