//! Recoveries: confirmed, marked as such at DRS, and never terminated by the product.

use anyhow::{Result, ensure};
use end_to_end::{Fleet, Role, Scene, Stack};
use serde_json::json;

use crate::claims::{all_launched, launched_once, never_launched, starts_after, three_tiers};

#[tokio::test]
async fn a_recovery_of_three_waves_completes_and_its_instances_stay() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::RecoveryManager).await?;
    let fleet = Fleet::take(&stack, 12).await?;
    let scene = Scene::make(&api, &three_tiers(&fleet)).await?;
    let execution = api.started(&scene.recovery()).await?;

    let view = execution.ends_as("COMPLETED").await?;
    all_launched(&view)?;
    let launches = launched_once(&stack, &view, &scene.servers).await?;
    ensure!(
        launches
            .iter()
            .all(|launch| launch.request["isDrill"] == false),
        "a launch of a recovery is marked as a drill: {launches:?}"
    );
    starts_after(&stack, &view, "app", "db").await?;
    starts_after(&stack, &view, "web", "app").await?;

    let confirm = json!({ "confirm": scene.name });
    execution
        .refuse("terminate-instances", &confirm, "NOT_A_DRILL")
        .await?;
    let instances = view.instances();
    let journal = stack.simulator().journal().await?;
    ensure!(
        !journal.iter().any(|request| {
            request.operation == "TerminateRecoveryInstances"
                && instances
                    .values()
                    .any(|id| request.request.to_string().contains(id.as_str()))
        }),
        "an instance of a recovery was to be terminated"
    );
    let live = stack
        .simulator()
        .state()
        .await?
        .live_instances(&scene.servers);
    ensure!(live.len() == 12, "{} instances are left", live.len());
    ensure!(live.iter().all(|instance| !instance.is_drill), "{live:?}");
    Ok(())
}

#[tokio::test]
async fn a_recovery_is_refused_unless_it_is_confirmed_rightly() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::RecoveryManager).await?;
    let fleet = Fleet::take(&stack, 3).await?;
    let scene = Scene::make(&api, &three_tiers(&fleet)).await?;

    let bare = json!({ "recoveryPlanId": scene.plan, "kind": "RECOVERY" });
    let problem = api.start(&bare).await?.problem(400, "INVALID_REQUEST")?;
    ensure!(problem["faults"][0]["path"] == "confirm", "{problem}");

    let mut other_name = scene.recovery();
    other_name["confirm"]["recoveryPlanName"] = json!("Another plan");
    api.start(&other_name)
        .await?
        .problem(409, "CONFIRMATION_MISMATCH")?;
    let mut other_count = scene.recovery();
    other_count["confirm"]["serverCount"] = json!(4);
    api.start(&other_count)
        .await?
        .problem(409, "CONFIRMATION_MISMATCH")?;
    let without_kind = json!({ "recoveryPlanId": scene.plan });
    let problem = api
        .start(&without_kind)
        .await?
        .problem(400, "INVALID_REQUEST")?;
    ensure!(problem["faults"][0]["path"] == "kind", "{problem}");
    never_launched(&stack, &scene.servers).await
}
