//! A recovery that ended too early is continued by another: what is up stays up.

use anyhow::{Context, Result, ensure};
use end_to_end::execution::View;
use end_to_end::{Execution, Fleet, Role, Scene, Stack, Wave};
use serde_json::{Value, json};

use crate::claims::three_tiers;

fn continuing(scene: &Scene, before: &Execution) -> Value {
    let mut wish = scene.recovery();
    wish["continueFrom"] = json!(before.id);
    wish
}

/// Continues it to its end: what was up is the same, and was launched once.
async fn continued(
    stack: &Stack,
    scene: &Scene,
    before: &Execution,
    up: &[String],
) -> Result<View> {
    let api = stack.api(Role::RecoveryManager).await?;
    let instances = before.view().await?.instances();
    let recovery = api.started(&continuing(scene, before)).await?;
    let earlier = api.get(&before.path()).await?.expect(200)?;
    ensure!(earlier["continuedBy"] == json!(recovery.id), "{earlier}");
    ensure!(
        earlier["continuation"]["allowed"] == json!(false),
        "{earlier}"
    );
    let view = recovery.ends_as("COMPLETED").await?;
    for server in up {
        let kept = instances.get(server).context("it was not up before")?;
        let now = view.server(server)?;
        ensure!(
            now.recovery_instance_id.as_ref() == Some(kept) && now.job_id.is_none(),
            "{now:?} was {kept}"
        );
        let launches = stack
            .simulator()
            .launches(std::slice::from_ref(server))
            .await?;
        ensure!(launches.len() == 1, "{server}: {launches:?}");
    }
    let violations = stack.simulator().violations(&scene.servers).await?;
    ensure!(violations.is_empty(), "{violations:?}");
    Ok(view)
}

#[tokio::test]
async fn a_failed_recovery_is_continued_to_its_end() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::RecoveryManager).await?;
    let fleet = Fleet::take(&stack, 6).await?;
    let mut waves = three_tiers(&fleet);
    waves[1] = Wave::new("app", &fleet.part(2, 4)).with("onFailure", json!("STOP"));
    let scene = Scene::make(&api, &waves).await?;
    stack.simulator().fail_once(&fleet.servers[2]).await?;
    let first = api.started(&scene.recovery()).await?;
    first.ends_as("FAILED").await?;
    let up = [&fleet.part(0, 2)[..], &fleet.part(3, 4)[..]].concat();
    continued(&stack, &scene, &first, &up).await?;
    Ok(())
}

#[tokio::test]
async fn a_cancelled_recovery_is_continued_to_its_end() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::RecoveryManager).await?;
    let fleet = Fleet::take(&stack, 6).await?;
    let scene = Scene::make(&api, &three_tiers(&fleet)).await?;
    let first = api.started(&scene.recovery()).await?;
    first
        .until("launches its second wave", |view| view.jobs().len() == 2)
        .await?;
    let early = api.start(&continuing(&scene, &first)).await?;
    early.problem(409, "NOT_ALLOWED_NOW")?;
    first.accept("cancel", &json!({})).await?;
    first.ends_as("CANCELLED").await?;
    continued(&stack, &scene, &first, &fleet.part(0, 4)).await?;
    Ok(())
}

#[tokio::test]
async fn a_recovery_that_timed_out_is_continued_while_its_job_still_runs() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::RecoveryManager).await?;
    let fleet = Fleet::take(&stack, 6).await?;
    let mut waves = three_tiers(&fleet);
    waves[1] = Wave::new("app", &fleet.part(2, 4))
        .with("timeLimitMinutes", json!(1))
        .with("onFailure", json!("STOP"));
    let scene = Scene::make(&api, &waves).await?;
    let hanging = &fleet.servers[2];
    stack
        .simulator()
        .add_fault(&json!({
            "when": { "server": { "id": hanging }, "phase": "conversion" },
            "do": { "stall": "forever" },
            "times": 1,
        }))
        .await?;
    let first = api.started(&scene.recovery()).await?;
    let view = first.ends_as("TIMED_OUT").await?;
    let job = &view.wave("app")?.jobs.first().context("no job")?.job_id;

    let recovery = api.started(&continuing(&scene, &first)).await?;
    let kept = view.instances();
    recovery
        .until("waits for the stuck job", |view| {
            view.waiting_for
                .iter()
                .any(|waiting| waiting.kind == "SERVER_IN_JOB")
        })
        .await?;
    stack.simulator().force(job, hanging, "LAUNCHED").await?;
    let view = recovery.ends_as("COMPLETED").await?;
    for server in &fleet.part(0, 2) {
        let now = view.server(server)?.recovery_instance_id.as_ref();
        ensure!(
            now == kept.get(server),
            "{now:?} was {:?}",
            kept.get(server)
        );
    }
    let launches = stack
        .simulator()
        .launches(std::slice::from_ref(hanging))
        .await?;
    ensure!(launches.len() == 1, "{launches:?}");
    Ok(())
}

#[tokio::test]
async fn only_an_ended_recovery_of_the_same_plan_is_continued() -> Result<()> {
    let stack = Stack::of_environment()?;
    let operator = stack.api(Role::DrillOperator).await?;
    let manager = stack.api(Role::RecoveryManager).await?;
    let fleet = Fleet::take(&stack, 3).await?;
    let scene = Scene::make(&operator, &three_tiers(&fleet)).await?;
    let drill = operator.start_drill(&scene.plan).await?;
    drill.ends_as("COMPLETED").await?;
    let wish = continuing(&scene, &drill);
    manager
        .start(&wish)
        .await?
        .problem(409, "NOT_ALLOWED_NOW")?;
    let other = Fleet::take(&stack, 3).await?;
    let other = Scene::make(&operator, &three_tiers(&other)).await?;
    let first = manager.started(&other.recovery()).await?;
    first.ends_as("COMPLETED").await?;
    let wish = continuing(&scene, &first);
    manager
        .start(&wish)
        .await?
        .problem(409, "NOT_ALLOWED_NOW")?;
    Ok(())
}
