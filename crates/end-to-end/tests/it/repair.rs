//! What nobody drives is found and driven on, and what the dead have left stands in nobody's way.
//! The finder looks every minute, so these tests take one or two.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use end_to_end::execution::View;
use end_to_end::history::{before_now, partition};
use end_to_end::wait::{Look, until_at_pace};
use end_to_end::{Api, Execution, Fleet, History, Machines, Role, Scene, Stack, Wave};
use jiff::SignedDuration;
use serde_json::json;

use crate::claims::{all_launched, launched_once, two_tiers};

/// Two rounds of the finder, and a busy machine.
const REPAIRED: Duration = Duration::from_secs(170);
const PACE: Duration = Duration::from_secs(2);
/// A time that is over for everybody.
const LONG_AGO: SignedDuration = SignedDuration::from_mins(10);

/// What every test here begins with.
struct Site {
    stack: Stack,
    api: Api,
    history: History,
    machines: Machines,
}

impl Site {
    async fn new() -> Result<Self> {
        let stack = Stack::of_environment()?;
        Ok(Self {
            api: stack.api(Role::DrillOperator).await?,
            history: History::of(&stack).await?,
            machines: Machines::of(&stack).await?,
            stack,
        })
    }

    /// A drill that waits at the gate of its first wave, with its machine parked.
    async fn at_the_gate(&self, fleet: &Fleet) -> Result<(Scene, Execution)> {
        let gated = [Wave::new("gated", &fleet.servers).with("pauseBefore", json!(true))];
        let scene = Scene::make(&self.api, &gated).await?;
        let execution = self.api.start_drill(&scene.plan).await?;
        execution.reaches("PAUSED").await?;
        self.parked(&execution.id).await?;
        Ok((scene, execution))
    }

    async fn parked(&self, execution: &str) -> Result<()> {
        let partition = partition(execution);
        let what = "its machine is parked";
        until_at_pace(what, REPAIRED, PACE, || async {
            let park = self.history.item(&partition, "PARK").await?;
            let token = park.and_then(|park| Some(park["token"]["S"].as_str()?.to_owned()));
            let token = token.filter(|token| !token.is_empty());
            Ok(Look::of(token.map(|_| ()), "no token"))
        })
        .await
    }

    /// Waits until a machine of a higher number runs.
    async fn driven_anew(&self, execution: &str, before: u32) -> Result<()> {
        until_at_pace("a further machine runs", REPAIRED, PACE, || async {
            let starts = self.history.starts(execution).await?;
            let status = self.machines.status(execution, starts).await?;
            let runs = starts > before && status.as_deref() == Some("RUNNING");
            Ok(Look::of(
                runs.then_some(()),
                format!("machine {starts} is {status:?}"),
            ))
        })
        .await
    }

    async fn ends_well(&self, scene: &Scene, execution: &Execution) -> Result<View> {
        let view = execution.ends_as("COMPLETED").await?;
        all_launched(&view)?;
        launched_once(&self.stack, &view, &scene.servers).await?;
        Ok(view)
    }
}

#[tokio::test]
async fn a_drill_whose_machine_dies_while_it_launches_goes_on_and_launches_once() -> Result<()> {
    let site = Site::new().await?;
    let fleet = Fleet::take(&site.stack, 3).await?;
    let scene = Scene::make(&site.api, &two_tiers(&fleet, 2)).await?;
    let execution = site.api.start_drill(&scene.plan).await?;
    execution
        .until("launches its first wave", |view| !view.jobs().is_empty())
        .await?;
    site.machines.stop(&execution.id, 1).await?;
    site.ends_well(&scene, &execution).await?;
    let starts = site.history.starts(&execution.id).await?;
    ensure!(starts >= 2, "nobody drove it anew: {starts} machines");
    Ok(())
}

#[tokio::test]
async fn a_command_reaches_a_drill_whose_machine_died_at_a_gate() -> Result<()> {
    let site = Site::new().await?;
    let fleet = Fleet::take(&site.stack, 1).await?;
    let (scene, execution) = site.at_the_gate(&fleet).await?;
    site.machines.stop(&execution.id, 1).await?;
    execution.accept("resume", &json!({})).await?;
    site.driven_anew(&execution.id, 1).await?;
    site.ends_well(&scene, &execution).await?;
    Ok(())
}

#[tokio::test]
async fn a_command_reaches_a_drill_whose_token_was_replaced_by_nonsense() -> Result<()> {
    let site = Site::new().await?;
    let fleet = Fleet::take(&site.stack, 1).await?;
    let (scene, execution) = site.at_the_gate(&fleet).await?;
    let partition = partition(&execution.id);
    let mut park = site.history.item(&partition, "PARK").await?;
    let park = park.as_mut().context("no token")?;
    park["token"] = json!({ "S": "00000000-0000-4000-8000-00000000ffff" });
    site.history.put(park).await?;
    execution.accept("resume", &json!({})).await?;
    site.driven_anew(&execution.id, 1).await?;
    site.ends_well(&scene, &execution).await?;
    Ok(())
}

#[tokio::test]
async fn a_command_reaches_a_drill_whose_token_is_gone() -> Result<()> {
    let site = Site::new().await?;
    let fleet = Fleet::take(&site.stack, 1).await?;
    let (scene, execution) = site.at_the_gate(&fleet).await?;
    let partition = partition(&execution.id);
    site.history.remove(&partition, "PARK").await?;
    execution.accept("resume", &json!({})).await?;
    site.driven_anew(&execution.id, 1).await?;
    site.ends_well(&scene, &execution).await?;
    Ok(())
}

#[tokio::test]
async fn a_drill_that_was_saved_and_never_started_is_started() -> Result<()> {
    let site = Site::new().await?;
    let fleet = Fleet::take(&site.stack, 1).await?;
    let (scene, execution) = site.at_the_gate(&fleet).await?;
    // As it is between the save that accepts it and `StartExecution`.
    site.machines.stop(&execution.id, 1).await?;
    let partition = partition(&execution.id);
    site.history.remove(&partition, "PARK").await?;
    let change = "SET starts = :none, drivenUntil = :over";
    let values = json!({ ":none": { "N": "0" }, ":over": { "S": before_now(LONG_AGO) } });
    site.history
        .change_head(&execution.id, change, &values)
        .await?;

    // The first machine's name is used up, which takes the finder a second round.
    site.driven_anew(&execution.id, 1).await?;
    execution.accept("resume", &json!({})).await?;
    site.ends_well(&scene, &execution).await?;
    Ok(())
}

#[tokio::test]
async fn a_drill_whose_machine_was_counted_and_never_started_is_started() -> Result<()> {
    let site = Site::new().await?;
    let fleet = Fleet::take(&site.stack, 1).await?;
    let (scene, execution) = site.at_the_gate(&fleet).await?;
    // As it is between the count and `StartExecution`, for whoever started the sixth machine.
    site.machines.stop(&execution.id, 1).await?;
    let change = "SET starts = :six, drivenUntil = :over";
    let values = json!({ ":six": { "N": "6" }, ":over": { "S": before_now(LONG_AGO) } });
    site.history
        .change_head(&execution.id, change, &values)
        .await?;
    site.driven_anew(&execution.id, 6).await?;
    execution.accept("resume", &json!({})).await?;
    site.ends_well(&scene, &execution).await?;
    Ok(())
}
