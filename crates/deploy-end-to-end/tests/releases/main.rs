//! One release after another: what one writes the other reads, in both directions, while an execution
//! is under way.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use deploy_end_to_end::releases::{Release, stack_code};
use end_to_end::execution::View;
use end_to_end::{Execution, Fleet, Role, Scene, Stack, Wave};
use serde_json::{Map, Value, json};

/// On the earlier release until the first wave launches; updated in mid-wave; rolled back at a gate;
/// updated at the next gate; rolled back in mid-wave.
#[tokio::test]
async fn a_drill_is_updated_and_rolled_back_in_mid_wave_and_at_gates_with_one_job_a_wave()
-> Result<()> {
    let stack = Stack::of_environment()?;
    let (earlier, this) = (Release::earlier()?, Release::this()?);
    let code_before = stack_code(&this, &stack)?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 6).await?;
    let scene = Scene::make(&api, &gated(&fleet)).await?;
    let simulator = stack.simulator();
    simulator.hold_up(&fleet.servers[0]).await?;
    simulator.hold_up(&fleet.servers[4]).await?;
    let execution = api.start_drill(&scene.plan).await?;
    launches(&execution, "a").await?;

    let refused = this.run(&stack, &["deploy"])?;
    ensure!(refused.code == Some(1), "{}", refused.text);
    ensure!(refused.text.contains(&execution.id), "{}", refused.text);
    let code_of_this = this.deploy_during_an_execution(&stack)?;
    differ(&code_before, &code_of_this)?;
    still_launches(&execution, "a").await?;
    simulator.let_go(&fleet.servers[0]).await?;

    waits_before(&execution, "b").await?;
    let code_of_earlier = earlier.deploy_during_an_execution(&stack)?;
    differ(&code_of_this, &code_of_earlier)?;
    waits_before(&execution, "b").await?;
    execution.accept("resume", &json!({})).await?;

    waits_before(&execution, "c").await?;
    let code = this.deploy_during_an_execution(&stack)?;
    ensure!(code == code_of_this, "{code:?}");
    execution.accept("resume", &json!({})).await?;
    launches(&execution, "c").await?;
    let code = earlier.deploy_during_an_execution(&stack)?;
    ensure!(code == code_of_earlier, "{code:?}");
    still_launches(&execution, "c").await?;
    simulator.let_go(&fleet.servers[4]).await?;

    let view = execution.ends_as("COMPLETED").await?;
    one_job_a_wave(&stack, &view, &scene.servers).await?;

    // What has ended is read, and cleaned up, by the release that did not end it.
    this.deploy_during_an_execution(&stack)?;
    let after = execution.view().await?;
    ensure!(after.status == "COMPLETED", "{}", after.summary());
    ensure!(after.instances() == view.instances(), "{}", after.summary());
    would_leave(&this, &stack, &after, &execution.id)?;
    execution.clean_up().await?;
    let left = left_by_a_destruction(&this, &stack)?;
    ensure!(left.is_empty(), "{left:?}");
    one_job_a_wave(&stack, &after, &scene.servers).await?;
    what_people_made_can_be_changed(&stack, &scene).await
}

/// Three waves in a row of two servers each; the second and the third wait at a gate.
fn gated(fleet: &Fleet) -> Vec<Wave> {
    let before = json!(true);
    vec![
        Wave::new("a", &fleet.part(0, 2)),
        Wave::new("b", &fleet.part(2, 4))
            .with("dependsOn", json!(["a"]))
            .with("pauseBefore", before.clone()),
        Wave::new("c", &fleet.part(4, 6))
            .with("dependsOn", json!(["b"]))
            .with("pauseBefore", before),
    ]
}

async fn launches(execution: &Execution, wave: &str) -> Result<View> {
    let has_a_job = |view: &View| view.wave(wave).is_ok_and(|wave| !wave.jobs.is_empty());
    execution
        .until(&format!("launches {wave}"), has_a_job)
        .await
}

/// The deployment that has just ended fell into the wave as a whole.
async fn still_launches(execution: &Execution, wave: &str) -> Result<()> {
    let view = execution.view().await?;
    let status = &view.wave(wave)?.status;
    ensure!(
        status == "LAUNCHING",
        "the wave {wave} had ended before the deployment had: {}",
        view.summary()
    );
    Ok(())
}

async fn waits_before(execution: &Execution, wave: &str) -> Result<()> {
    let waits = |view: &View| {
        view.status == "PAUSED" && view.wave(wave).is_ok_and(|wave| wave.status == "PAUSED")
    };
    let view = execution
        .until(&format!("waits before {wave}"), waits)
        .await?;
    ensure!(view.holds_of("GATE").len() == 1, "{}", view.summary());
    Ok(())
}

/// Otherwise one release would be compared with itself.
fn differ(before: &Map<String, Value>, after: &Map<String, Value>) -> Result<()> {
    for function in ["api-handler", "orchestration", "execution-finder"] {
        let name = format!("drs-orchestration-dev-{function}");
        let of = |code: &Map<String, Value>| code.get(&name).cloned().context(name.clone());
        ensure!(of(before)? != of(after)?, "{name} runs what it ran before");
    }
    Ok(())
}

/// In the execution and in the record of DRS, which knows of every request.
async fn one_job_a_wave(stack: &Stack, view: &View, servers: &[String]) -> Result<()> {
    for wave in &view.waves {
        ensure!(wave.status == "COMPLETED", "{}", view.summary());
        ensure!(wave.jobs.len() == 1, "{}", view.summary());
        let launched = |server: &end_to_end::execution::Server| server.status == "LAUNCHED";
        ensure!(wave.servers.iter().all(launched), "{}", view.summary());
    }
    let simulator = stack.simulator();
    let launches = simulator.launches(servers).await?;
    ensure!(launches.len() == view.waves.len(), "{launches:?}");
    let named: Vec<String> = launches
        .iter()
        .flat_map(end_to_end::simulator::Request::servers)
        .collect();
    let distinct: BTreeSet<&String> = named.iter().collect();
    ensure!(
        named.len() == servers.len() && distinct.len() == servers.len(),
        "a server was launched twice, or never: {named:?}"
    );
    let jobs = simulator.state().await?.jobs(servers)?;
    ensure!(
        jobs.iter().filter(|job| job.kind == "LAUNCH").count() == view.waves.len(),
        "{jobs:?}"
    );
    let violations = simulator.violations(servers).await?;
    ensure!(violations.is_empty(), "{violations:?}");
    Ok(())
}

/// A destruction names each instance with its server, its execution and its Region, and does not
/// happen as long as nobody says that they may be left.
fn would_leave(release: &Release, stack: &Stack, view: &View, id: &str) -> Result<()> {
    let left = left_by_a_destruction(release, stack)?;
    let mut instances = view.instances();
    for one in &left {
        let text = |member: &str| one[member].as_str().unwrap_or_default().to_owned();
        let known = instances.remove(&text("server"));
        ensure!(known == Some(text("instance")), "{one}");
        ensure!(text("execution") == id, "{one}");
        ensure!(text("region") == stack.places.region, "{one}");
    }
    ensure!(instances.is_empty(), "not listed: {instances:?}");
    let refused = release.run(stack, &["destroy", "--confirm", "dev"])?;
    ensure!(refused.code == Some(1), "{}", refused.text);
    for (server, instance) in view.instances() {
        let named = format!("{instance} of {server}");
        ensure!(
            refused
                .text
                .contains(&format!("leave the instance {named}")),
            "{named}: {}",
            refused.text
        );
    }
    Ok(())
}

fn left_by_a_destruction(release: &Release, stack: &Stack) -> Result<Vec<Value>> {
    let ended = release.run(stack, &["destroy", "--dry-run", "--json"])?;
    let line = ended.text.lines().find(|line| line.starts_with('{'));
    let line = line.with_context(|| ended.text.clone())?;
    let value: Value = serde_json::from_str(line).context("what would be destroyed")?;
    let left = value["leftInstances"].as_array().cloned();
    left.context("nothing is said of instances")
}

/// Groups and plans that the earlier release wrote are not only read: they are written anew.
async fn what_people_made_can_be_changed(stack: &Stack, scene: &Scene) -> Result<()> {
    let api = stack.api(Role::RecoveryManager).await?;
    for path in [
        format!("/recovery-plans/{}", scene.plan),
        format!("/protection-groups/{}", scene.groups[0]),
    ] {
        let found = api.get(&path).await?.expect(200)?;
        let version = found["version"].to_string();
        let name = format!("{} once more", found["name"].as_str().unwrap_or_default());
        let mut wanted = json!({ "name": name });
        for member in ["region", "sourceServerIds", "waves"] {
            if !found[member].is_null() {
                wanted[member] = found[member].clone();
            }
        }
        let changed = api.put(&path, &format!("\"{version}\""), &wanted).await?;
        let changed = changed.success()?;
        ensure!(changed["name"] == json!(name), "{changed}");
    }
    Ok(())
}
