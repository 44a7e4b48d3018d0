//! Somebody has protected a drill's instance from termination.

use anyhow::{Context, Result, ensure};
use end_to_end::{Fleet, Role, Scene, Stack, Wave};
use serde_json::{Value, json};

const REASON: &str = "OperationNotPermitted: the instance may not be terminated; modify its \
                      disableApiTermination attribute.";

#[tokio::test]
async fn an_instance_that_may_not_be_terminated_is_refused_in_ec2s_words_with_the_log_shown()
-> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 2).await?;
    let scene = Scene::make(&api, &[Wave::new("only", &fleet.servers)]).await?;
    let execution = api.start_drill(&scene.plan).await?;
    let instances = execution.ends_as("COMPLETED").await?.instances();
    let protected = &instances[&fleet.servers[1]];
    let rule = stack
        .simulator()
        .add_fault(&json!({
            "when": { "server": { "id": fleet.servers[1] }, "phase": "terminate" },
            "do": { "fail": "CLEANUP_FAIL", "raw_error": REASON },
        }))
        .await?;

    let view = execution.clean_up_ends_as("INCOMPLETE").await?;
    let (status, reason) = view.cleaned(protected)?;
    ensure!(status == "REFUSED" && reason.contains(REASON), "{reason}");
    let (status, _) = view.cleaned(&instances[&fleet.servers[0]])?;
    ensure!(status == "TERMINATED", "{:?}", view.clean_up);
    let text = view.clean_up.reason.context("no reason")?;
    ensure!(text.contains(protected) && text.contains(REASON), "{text}");
    let logs = execution.job_logs().await?;
    let explains = |entry: &Value| entry.to_string().contains("CLEANUP_FAIL");
    ensure!(
        logs.iter().any(explains),
        "no log of a termination: {logs:?}"
    );

    stack.simulator().remove_fault(&rule).await?;
    execution.clean_up().await?;
    let state = stack.simulator().state().await?;
    ensure!(
        state.live_instances(&fleet.servers).is_empty(),
        "something is left"
    );
    Ok(())
}
