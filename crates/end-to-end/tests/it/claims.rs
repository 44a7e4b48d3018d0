//! Claims that several stories make.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use end_to_end::execution::View;
use end_to_end::simulator::Request;
use end_to_end::wait::{Look, until};
use end_to_end::{Fleet, Stack, Wave};
use serde_json::json;

/// db, app, web: each depends on the one before.
pub(crate) fn three_tiers(fleet: &Fleet) -> Vec<Wave> {
    let size = fleet.servers.len() / 3;
    ["db", "app", "web"]
        .iter()
        .enumerate()
        .map(|(tier, key)| Wave::new(key, &fleet.part(tier * size, (tier + 1) * size)))
        .collect()
}

/// Two waves, of which the second depends on the first.
pub(crate) fn two_tiers(fleet: &Fleet, first: usize) -> Vec<Wave> {
    vec![
        Wave::new("a", &fleet.part(0, first)),
        Wave::new("b", &fleet.part(first, fleet.servers.len())),
    ]
}

/// Every server is LAUNCHED, with the job that did it and the instance that came of it.
pub(crate) fn all_launched(view: &View) -> Result<()> {
    for wave in &view.waves {
        ensure!(
            wave.status == "COMPLETED",
            "{}: {}",
            wave.key,
            view.summary()
        );
        ensure!(
            wave.started_at.is_some() && wave.ended_at.is_some(),
            "wave {} has no times",
            wave.key
        );
        for server in &wave.servers {
            let job = server.job_id.as_deref().unwrap_or_default();
            ensure!(server.status == "LAUNCHED", "{}", view.summary());
            ensure!(job.starts_with("drsjob-"), "{server:?} names no job");
            ensure!(
                wave.jobs
                    .iter()
                    .any(|known| known.job_id == job && known.status == "COMPLETED"),
                "{server:?} names a job that its wave does not have"
            );
            ensure!(
                server
                    .recovery_instance_id
                    .as_deref()
                    .is_some_and(|id| id.starts_with("i-")),
                "{server:?} names no instance"
            );
        }
    }
    Ok(())
}

/// Each of these servers was launched by exactly one committed `StartRecovery`, and the job of
/// that request is one that the execution names. Answers the requests, oldest first.
pub(crate) async fn launched_once(
    stack: &Stack,
    view: &View,
    servers: &[String],
) -> Result<Vec<Request>> {
    let launches = stack.simulator().launches(servers).await?;
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for server in launches.iter().flat_map(Request::servers) {
        *count.entry(server).or_default() += 1;
    }
    for server in servers {
        ensure!(
            count.get(server) == Some(&1),
            "{server} was launched {:?} times: {}",
            count.get(server),
            view.summary()
        );
    }
    let known = view.jobs();
    let jobs = stack.simulator().state().await?.jobs(servers)?;
    for launch in &launches {
        // An answer that was lost or was an error does not say which job there is all the same.
        let job = jobs
            .iter()
            .find(|job| job.tags == launch.request["tags"])
            .with_context(|| format!("no job of {launch:?}"))?;
        ensure!(
            known.contains(&job.id),
            "job {} belongs to no wave of {}",
            job.id,
            view.summary()
        );
    }
    let violations = stack.simulator().violations(servers).await?;
    ensure!(violations.is_empty(), "violations: {violations:?}");
    Ok(launches)
}

/// No `StartRecovery` that named one of these servers took effect.
pub(crate) async fn never_launched(stack: &Stack, servers: &[String]) -> Result<()> {
    let launches = stack.simulator().launches(servers).await?;
    ensure!(launches.is_empty(), "launched: {launches:?}");
    Ok(())
}

/// The second wave was asked for only after every job of the first had ended.
pub(crate) async fn starts_after(
    stack: &Stack,
    view: &View,
    second: &str,
    first: &str,
) -> Result<()> {
    let state = stack.simulator().state().await?;
    let mut last = None;
    for job in &view.wave(first)?.jobs {
        let ended = state.job(&job.job_id)?.ended_at;
        last = last.max(Some(ended.with_context(|| format!("{} runs", job.job_id))?));
    }
    for job in &view.wave(second)?.jobs {
        let asked = state.job(&job.job_id)?.created_at;
        ensure!(
            Some(asked) >= last,
            "{second} was asked for at {asked}, {first} ended at {last:?}"
        );
    }
    Ok(())
}

/// No instance of these servers is left anywhere. Records of ended instances go a little later.
pub(crate) async fn nothing_left(stack: &Stack, servers: &[String]) -> Result<()> {
    until("no instance is left", Duration::from_secs(20), || async {
        let live = stack.simulator().state().await?.live_instances(servers);
        Ok(Look::of(live.is_empty().then_some(()), format!("{live:?}")))
    })
    .await
}

/// Every command with a body that would be right, by its name in `allowedActions` and in the path.
pub(crate) fn commands(
    wave: &str,
    plan: &str,
) -> Vec<(&'static str, &'static str, serde_json::Value)> {
    vec![
        ("pause", "pause", json!({})),
        ("resume", "resume", json!({ "comment": "Go on." })),
        ("cancel", "cancel", json!({ "reason": "Enough." })),
        (
            "retry",
            "retry",
            json!({ "waveKey": wave, "reason": "Again." }),
        ),
        (
            "skip",
            "skip",
            json!({ "waveKey": wave, "reason": "Not needed." }),
        ),
        (
            "resolve",
            "resolve",
            json!({ "holdId": "undecided-1", "noJob": true, "reason": "None is shown." }),
        ),
        (
            "terminateInstances",
            "terminate-instances",
            json!({ "confirm": plan }),
        ),
    ]
}

/// What `allowedActions` does not allow, the API refuses, and nothing changes by it.
pub(crate) async fn refusals_agree(
    execution: &end_to_end::Execution,
    allowed: &[&str],
) -> Result<()> {
    let view = execution.view().await?;
    let names: Vec<&str> = view.allowed_actions.keys().map(String::as_str).collect();
    let wave = view
        .waves
        .first()
        .map(|wave| wave.key.clone())
        .unwrap_or_default();
    let commands = commands(&wave, &view.recovery_plan_name);
    ensure!(
        names.len() == commands.len(),
        "allowedActions lists {names:?}"
    );
    for (name, path, body) in commands {
        let is_allowed = view.allows(name)?;
        ensure!(
            is_allowed == allowed.contains(&name),
            "{name}: allowed {is_allowed} where {allowed:?} should be: {}",
            view.summary()
        );
        if is_allowed {
            continue;
        }
        let answer = execution.command(path, &body).await?;
        ensure!(answer.status == 409, "{name} was not refused: {answer:?}");
        answer.check_problem()?;
        let after = execution.view().await?;
        ensure!(
            after.status == view.status || after.has_ended(),
            "a refused {name} changed {} into {}",
            view.status,
            after.summary()
        );
    }
    Ok(())
}
