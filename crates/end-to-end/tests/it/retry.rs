//! Retrying a wave launches what has failed and touches nothing else.

use anyhow::{Result, ensure};
use end_to_end::{Fleet, Role, Scene, Stack, Wave};
use serde_json::json;

use crate::claims::{all_launched, refusals_agree};

#[tokio::test]
async fn a_retry_brings_the_failed_server_back_and_the_others_keep_their_instances() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 4).await?;
    let waves = [
        Wave::new("a", &fleet.part(0, 3)).with("onFailure", json!("PAUSE")),
        Wave::new("b", &fleet.part(3, 4)),
    ];
    let scene = Scene::make(&api, &waves).await?;
    let failing = fleet.servers[1].clone();
    stack.simulator().fail_once(&failing).await?;
    let execution = api.start_drill(&scene.plan).await?;
    let before = execution.reaches("PAUSED").await?;
    ensure!(
        before.server(&failing)?.status == "FAILED",
        "{}",
        before.summary()
    );
    refusals_agree(&execution, &["pause", "resume", "cancel", "retry", "skip"]).await?;
    let named = json!({ "waveKey": "a", "sourceServerIds": [fleet.servers[0]] });
    execution.refuse("retry", &named, "NOT_ALLOWED_NOW").await?;
    execution
        .accept(
            "retry",
            &json!({ "waveKey": "a", "reason": "Capacity is back." }),
        )
        .await?;

    let after = execution.ends_as("COMPLETED").await?;
    all_launched(&after)?;
    ensure!(
        after.server(&failing)?.attempts == 2,
        "{:?}",
        after.server(&failing)?
    );
    for (server, instance) in before.instances() {
        let now = after.instances().get(&server).cloned();
        ensure!(
            now.as_ref() == Some(&instance),
            "{server}: {instance} became {now:?}"
        );
    }
    let launches = stack.simulator().launches(&[failing]).await?;
    ensure!(launches.len() == 2, "{launches:?}");
    ensure!(
        launches[1].servers().len() == 1,
        "the second attempt launched others too: {launches:?}"
    );
    Ok(())
}
