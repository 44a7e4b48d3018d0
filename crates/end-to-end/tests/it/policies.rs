//! What becomes of a plan when a server of its first wave fails: policies times needs.

use anyhow::{Context, Result, ensure};
use end_to_end::execution::View;
use end_to_end::{Api, Execution, Fleet, Role, Scene, Stack, Wave};
use futures::future::try_join_all;
use serde_json::{Value, json};

/// Of four servers one fails, so three are left.
const NEEDS_MET: [&str; 2] = [
    r#"{ "type": "COUNT", "count": 3 }"#,
    r#"{ "type": "PERCENT", "percent": 75 }"#,
];
const NEEDS_NOT_MET: [&str; 3] = [
    r#"{ "type": "ALL" }"#,
    r#"{ "type": "COUNT", "count": 4 }"#,
    r#"{ "type": "PERCENT", "percent": 76 }"#,
];

#[tokio::test]
async fn a_need_that_is_met_goes_on_whatever_the_policy() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let mut drills = Vec::new();
    for policy in ["STOP", "PAUSE", "CONTINUE"] {
        for need in NEEDS_MET {
            drills.push(one_of_four_fails(&stack, &api, policy, need).await?);
        }
    }
    let ended = try_join_all(drills.iter().map(|drill| drill.ends_as("PARTIAL"))).await?;
    for view in ended {
        check_waves(&view, "PARTIAL", "COMPLETED")?;
    }
    Ok(())
}

#[tokio::test]
async fn stop_ends_the_execution_as_failed_and_cancels_what_has_not_started() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let mut drills = Vec::new();
    for need in NEEDS_NOT_MET {
        drills.push(one_of_four_fails(&stack, &api, "STOP", need).await?);
    }
    let ended = try_join_all(drills.iter().map(|drill| drill.ends_as("FAILED"))).await?;
    for view in ended {
        check_waves(&view, "FAILED", "CANCELLED")?;
        crate::claims::never_launched(&stack, &second_wave(&view)?).await?;
    }
    Ok(())
}

#[tokio::test]
async fn continue_starts_the_next_wave_and_ends_as_partial() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let mut drills = Vec::new();
    for need in NEEDS_NOT_MET {
        drills.push(one_of_four_fails(&stack, &api, "CONTINUE", need).await?);
    }
    let ended = try_join_all(drills.iter().map(|drill| drill.ends_as("PARTIAL"))).await?;
    for view in ended {
        check_waves(&view, "FAILED", "COMPLETED")?;
    }
    Ok(())
}

#[tokio::test]
async fn pause_waits_for_a_person_who_goes_on_without_the_wave_only_with_a_comment() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let mut drills = Vec::new();
    for need in NEEDS_NOT_MET {
        drills.push(one_of_four_fails(&stack, &api, "PAUSE", need).await?);
    }
    let ended = try_join_all(drills.iter().map(go_on_with_a_comment)).await?;
    for view in ended {
        check_waves(&view, "FAILED", "COMPLETED")?;
    }
    Ok(())
}

#[tokio::test]
async fn a_recovery_pauses_where_a_drill_stops_when_no_policy_is_given() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::RecoveryManager).await?;
    let fleet = Fleet::take(&stack, 2).await?;
    let scene = Scene::make(&api, &crate::claims::two_tiers(&fleet, 1)).await?;
    stack.simulator().fail_once(&fleet.servers[0]).await?;
    let execution = api.started(&scene.recovery()).await?;
    let view = execution.reaches("PAUSED").await?;
    ensure!(view.holds_of("FAILURE").len() == 1, "{}", view.summary());
    ensure!(view.wave("b")?.status == "PENDING", "{}", view.summary());
    execution.accept("cancel", &json!({})).await?;
    execution.ends_as("CANCELLED").await?;
    Ok(())
}

async fn go_on_with_a_comment(execution: &Execution) -> Result<View> {
    let view = execution.reaches("PAUSED").await?;
    let holds = view.holds_of("FAILURE");
    let hold = holds.first().context("no FAILURE hold")?;
    ensure!(hold.wave_key.as_deref() == Some("a"), "{hold:?}");
    ensure!(view.wave("b")?.status == "PENDING", "{}", view.summary());
    let bare = json!({ "holdIds": [hold.hold_id] });
    let problem = execution
        .command("resume", &bare)
        .await?
        .problem(400, "INVALID_REQUEST")?;
    ensure!(problem["faults"][0]["path"] == "comment", "{problem}");
    let reasoned = json!({ "holdIds": [hold.hold_id], "comment": "Three are enough." });
    execution.accept("resume", &reasoned).await?;
    execution.ends_as("PARTIAL").await
}

async fn one_of_four_fails(
    stack: &Stack,
    api: &Api,
    policy: &str,
    need: &str,
) -> Result<Execution> {
    let fleet = Fleet::take(stack, 5).await?;
    let need: Value = serde_json::from_str(need)?;
    let waves = [
        Wave::new("a", &fleet.part(0, 4))
            .with("onFailure", json!(policy))
            .with("need", need),
        Wave::new("b", &fleet.part(4, 5)),
    ];
    let scene = Scene::make(api, &waves).await?;
    stack.simulator().fail_once(&fleet.servers[1]).await?;
    api.start_drill(&scene.plan).await
}

fn second_wave(view: &View) -> Result<Vec<String>> {
    let servers = &view.wave("b")?.servers;
    Ok(servers
        .iter()
        .map(|server| server.source_server_id.clone())
        .collect())
}

fn check_waves(view: &View, first: &str, second: &str) -> Result<()> {
    ensure!(view.wave("a")?.status == first, "{}", view.summary());
    ensure!(view.wave("b")?.status == second, "{}", view.summary());
    let count = |status: &str| {
        view.waves[0]
            .servers
            .iter()
            .filter(|server| server.status == status)
            .count()
    };
    ensure!(
        count("LAUNCHED") == 3 && count("FAILED") == 1,
        "{}",
        view.summary()
    );
    let failed = view.servers().find(|server| server.status == "FAILED");
    ensure!(
        failed.is_some_and(|server| server.error.is_some()),
        "a failure without its error: {}",
        view.summary()
    );
    Ok(())
}
