//! EC2 launched a server, and DRS could not register it: a machine that DRS does not list runs on.

use anyhow::{Context, Result, ensure};
use end_to_end::execution::View;
use end_to_end::{Fleet, Role, Scene, Stack, Wave};
use serde_json::json;

const REASON: &str =
    "AccessDeniedException when calling the CreateRecoveryInstanceForDrs operation";

/// The first server's launch leaves an instance that DRS does not list.
async fn leave_an_orphan(stack: &Stack, server: &str) -> Result<()> {
    let rule = json!({
        "when": { "server": { "id": server }, "phase": "launch" },
        "do": { "fail": "LAUNCH_FAILED", "orphan": true, "raw_error": REASON },
        "times": 1,
    });
    stack.simulator().add_fault(&rule).await.map(|_| ())
}

/// The instance that the error of a server names.
fn named(view: &View, server: &str) -> Result<String> {
    let error = view.server(server)?.error.clone().context("no error")?;
    ensure!(error.contains(REASON), "{error}");
    let mut words = error.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
    let found = words.find(|word| word.starts_with("i-") && word.len() == 19);
    let found = found.with_context(|| format!("no instance is named: {error}"))?;
    Ok(found.to_owned())
}

#[tokio::test]
async fn a_clean_up_says_what_ec2_runs_and_drs_does_not_list_until_somebody_has_ended_it()
-> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 2).await?;
    let scene = Scene::make(&api, &[Wave::new("only", &fleet.servers)]).await?;
    leave_an_orphan(&stack, &fleet.servers[0]).await?;
    let execution = api.start_drill(&scene.plan).await?;
    let view = execution.ends_as("FAILED").await?;
    let orphan = named(&view, &fleet.servers[0])?;
    let launched = view.instances();

    let view = execution.clean_up_ends_as("INCOMPLETE").await?;
    let (status, reason) = view.cleaned(&orphan)?;
    ensure!(status == "REFUSED", "{:?}", view.clean_up);
    let expected = format!("EC2 runs {orphan}, which DRS does not list; end it by hand");
    ensure!(reason == expected, "{reason}");
    ensure!(
        view.clean_up.reason.as_deref() == Some(expected.as_str()),
        "{:?}",
        view.clean_up
    );
    let (status, _) = view.cleaned(&launched[&fleet.servers[1]])?;
    ensure!(status == "TERMINATED", "{:?}", view.clean_up);

    let account = &stack.places.account_id;
    stack
        .simulator()
        .terminate_machine(account, fleet.region, &orphan)
        .await?;
    let view = execution.clean_up().await?;
    let (status, _) = view.cleaned(&orphan)?;
    ensure!(status == "ALREADY_GONE", "{:?}", view.clean_up);
    Ok(())
}

#[tokio::test]
async fn the_error_of_a_recovery_names_the_instance_that_drs_could_not_register() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::RecoveryManager).await?;
    let fleet = Fleet::take(&stack, 2).await?;
    let scene = Scene::make(&api, &[Wave::new("only", &fleet.servers)]).await?;
    leave_an_orphan(&stack, &fleet.servers[0]).await?;
    let execution = api.started(&scene.recovery()).await?;
    let failed = |view: &View| {
        let server = view.server(&fleet.servers[0]);
        server.is_ok_and(|server| server.status == "FAILED")
    };
    let view = execution.until("has a failed server", failed).await?;
    named(&view, &fleet.servers[0])?;
    execution.accept("cancel", &json!({})).await?;
    execution.end().await.map(|_| ())
}
