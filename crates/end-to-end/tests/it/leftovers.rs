//! Locks and promised room that outlive those who took them: nobody waits for the dead.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use end_to_end::history::{before_now, lock_partitions, partition};
use end_to_end::wait::{Look, until_at_pace};
use end_to_end::{Api, Execution, Fleet, History, Machines, Pool, Role, Scene, Stack, Wave};
use futures::future::try_join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::claims::{all_launched, launched_once};

const PATIENCE: Duration = Duration::from_secs(150);
const PACE: Duration = Duration::from_secs(2);
/// Ids of executions that never were.
const NOBODY: &str = "00000000-0000-4000-8000-00000000dead";
/// A Region whose promised room no other test counts on.
const PROMISED: Pool = Pool {
    region: "ca-central-1",
    beginning: "e5000000000",
    size: 40,
};
/// A promise lapses after what a call, its function and DRS may take, 150 seconds on this stack.
const NEARLY_LAPSED: SignedDuration = SignedDuration::from_secs(90);

struct Site {
    stack: Stack,
    api: Api,
    history: History,
}

/// A drill that holds its locks and does nothing more.
struct Holder {
    scene: Scene,
    execution: Execution,
    locks: Vec<String>,
}

impl Site {
    async fn new() -> Result<Self> {
        let stack = Stack::of_environment()?;
        Ok(Self {
            api: stack.api(Role::DrillOperator).await?,
            history: History::of(&stack).await?,
            stack,
        })
    }

    /// Of so many servers, each in a group and a wave of its own, one after the other.
    async fn holder(&self, servers: u64) -> Result<Holder> {
        let fleet = Fleet::take(&self.stack, servers).await?;
        let waves: Vec<Wave> = (fleet.servers.chunks(1).enumerate())
            .map(|(number, servers)| {
                let wave = Wave::new(&format!("wave-{number}"), servers);
                match number.checked_sub(1) {
                    None => wave.with("pauseBefore", json!(true)),
                    Some(before) => wave.with("dependsOn", json!([format!("wave-{before}")])),
                }
            })
            .collect();
        let scene = Scene::make(&self.api, &waves).await?;
        let execution = self.api.start_drill(&scene.plan).await?;
        execution.reaches("PAUSED").await?;
        let account = &self.stack.places.account_id;
        let locks = lock_partitions(account, fleet.region, &scene.plan, &fleet.servers);
        let held = self.history.locks(&locks).await?;
        ensure!(
            held.len() == fleet.servers.len() + 1,
            "a plan and its servers: {held:?}"
        );
        Ok(Holder {
            scene,
            execution,
            locks,
        })
    }

    /// Makes of it what an owner leaves that dies while it takes locks: not yet accepted, with
    /// locks. It may still be alive until `expiry`.
    async fn dies_while_it_locks(&self, holder: &Holder, expiry: &str) -> Result<()> {
        let id = &holder.execution.id;
        let machines = Machines::of(&self.stack).await?;
        machines.stop(id, 1).await?;
        self.history.remove(&partition(id), "PARK").await?;
        let change = "SET stage = :taking, drivenUntil = :expiry REMOVE startedKey, startedMonth";
        let values = json!({ ":taking": { "S": "ACQUIRING" }, ":expiry": { "S": expiry } });
        self.history.change_head(id, change, &values).await
    }

    /// Ends it, and writes the locks back that it has freed.
    async fn leave_locks(&self, holder: &Holder, by: impl Fn(&Value) -> Value) -> Result<()> {
        let locks = self.history.locks(&holder.locks).await?;
        holder.execution.accept("cancel", &json!({})).await?;
        holder.execution.ends_as("CANCELLED").await?;
        until_at_pace("it frees its locks", PATIENCE, PACE, || async {
            let left = self.history.locks(&holder.locks).await?;
            Ok(Look::of(left.is_empty().then_some(()), format!("{left:?}")))
        })
        .await?;
        for lock in &locks {
            self.history.put(&by(lock)).await?;
        }
        Ok(())
    }

    async fn is_rolled_back(&self, holder: &Holder) -> Result<()> {
        let id = &holder.execution.id;
        ensure!(
            self.history.head(id).await?.is_none(),
            "the dead owner is still there"
        );
        for lock in self.history.locks(&holder.locks).await? {
            ensure!(lock["executionId"]["S"] != id.as_str(), "{lock}");
        }
        Ok(())
    }

    async fn runs_to_its_end(&self, scene: &Scene) -> Result<()> {
        let execution = self.api.start_drill(&scene.plan).await?;
        execution.reaches("PAUSED").await?;
        execution.accept("resume", &json!({})).await?;
        let view = execution.ends_as("COMPLETED").await?;
        all_launched(&view)?;
        launched_once(&self.stack, &view, &scene.servers).await?;
        Ok(())
    }
}

#[tokio::test]
async fn an_owner_that_died_while_it_took_locks_is_found_and_rolled_back() -> Result<()> {
    let site = Site::new().await?;
    let holder = site.holder(2).await?;
    let over = before_now(SignedDuration::from_mins(1));
    site.dies_while_it_locks(&holder, &over).await?;
    until_at_pace("the finder rolls it back", PATIENCE, PACE, || async {
        let left = site.history.locks(&holder.locks).await?;
        Ok(Look::of(left.is_empty().then_some(()), format!("{left:?}")))
    })
    .await?;
    site.is_rolled_back(&holder).await?;
    site.runs_to_its_end(&holder.scene).await
}

#[tokio::test]
async fn an_owner_that_may_still_take_locks_is_respected_and_one_past_its_expiry_is_not()
-> Result<()> {
    let site = Site::new().await?;
    let holder = site.holder(2).await?;
    let later = before_now(SignedDuration::from_mins(-10));
    site.dies_while_it_locks(&holder, &later).await?;
    site.api
        .start(&holder.scene.drill())
        .await?
        .problem(409, "PLAN_HAS_ACTIVE_EXECUTION")?;
    let change = "SET drivenUntil = :over";
    let values = json!({ ":over": { "S": before_now(SignedDuration::from_secs(1)) } });
    site.history
        .change_head(&holder.execution.id, change, &values)
        .await?;
    site.runs_to_its_end(&holder.scene).await?;
    site.is_rolled_back(&holder).await
}

#[tokio::test]
async fn locks_of_an_execution_that_never_was_free_themselves_when_met() -> Result<()> {
    locks_are_left_behind(|_, lock| {
        let owner = lock["executionId"]["S"].as_str().unwrap_or_default();
        let text = lock.to_string().replace(owner, NOBODY);
        serde_json::from_str(&text).unwrap_or_default()
    })
    .await
}

#[tokio::test]
async fn locks_of_an_execution_that_has_ended_free_themselves_when_met() -> Result<()> {
    locks_are_left_behind(|_, lock| lock.clone()).await
}

#[tokio::test]
async fn locks_of_an_ended_execution_stand_in_nobodys_way_when_several_meet_them_at_once()
-> Result<()> {
    let site = Site::new().await?;
    let holder = site.holder(6).await?;
    let mut scenes = Vec::new();
    for (server, group) in holder.scene.servers.chunks(1).zip(&holder.scene.groups) {
        let wave = [Wave::new("only", server)];
        scenes.push(Scene::with_groups(&site.api, &wave, vec![group.clone()]).await?);
    }
    site.leave_locks(&holder, Value::clone).await?;
    let starts = scenes.iter().map(|scene| site.api.start_drill(&scene.plan));
    for execution in try_join_all(starts).await? {
        execution.ends_as("COMPLETED").await?;
    }
    Ok(())
}

/// Writes the locks of an ended execution back, perhaps in another's name.
async fn locks_are_left_behind(by: impl Fn(&Holder, &Value) -> Value) -> Result<()> {
    let site = Site::new().await?;
    let holder = site.holder(2).await?;
    site.leave_locks(&holder, |lock| by(&holder, lock)).await?;
    site.runs_to_its_end(&holder.scene).await
}

#[tokio::test]
async fn room_that_was_promised_to_an_execution_that_is_gone_lapses() -> Result<()> {
    let site = Site::new().await?;
    let fleet = Fleet::take_of(&site.stack, &PROMISED, 2).await?;
    let waves = [Wave::new("only", &fleet.servers)];
    let scene = Scene::make_in(&site.api, fleet.region, &waves).await?;
    site.promise_everything_to_nobody(fleet.region).await?;
    let execution = site.api.start_drill(&scene.plan).await?;
    execution
        .until("waits for room", |view| {
            let mut waiting = view.waiting_for.iter();
            waiting.any(|waiting| waiting.kind == "QUOTA")
        })
        .await?;
    crate::claims::never_launched(&site.stack, &fleet.servers).await?;
    let view = execution.ends_as("COMPLETED").await?;
    all_launched(&view)?;
    launched_once(&site.stack, &view, &scene.servers).await?;
    let ledger = site.ledger(fleet.region).await?;
    let ledger = ledger.context("the ledger is gone")?.to_string();
    ensure!(!ledger.contains(NOBODY), "{ledger}");
    Ok(())
}

impl Site {
    async fn ledger(&self, region: &str) -> Result<Option<Value>> {
        let account = &self.stack.places.account_id;
        let partition = format!("QUOTA#{account}#{region}");
        self.history.item(&partition, "LEDGER").await
    }

    /// All twenty jobs that DRS allows are promised to an execution that does not exist.
    async fn promise_everything_to_nobody(&self, region: &str) -> Result<()> {
        let account = &self.stack.places.account_id;
        let before = self.ledger(region).await?;
        let version = before
            .as_ref()
            .and_then(|ledger| ledger["version"]["N"].as_str()?.parse::<u64>().ok())
            .unwrap_or_default();
        let since = before_now(NEARLY_LAPSED);
        let promises: Vec<Value> = (0..20)
            .map(|number| {
                json!({
                    "claimant": { "execution": NOBODY, "batch": { "wave": number, "batch": 0 } },
                    "tag": format!("{NOBODY}/{number}"),
                    "servers": [format!("s-e50000000ff{number:06x}")],
                    "since": since,
                })
            })
            .collect();
        let value = json!({ "reservations": promises, "waiting": [] });
        let document = json!({ "schema": 1, "value": value }).to_string();
        self.history
            .put(&json!({
                "pk": { "S": format!("QUOTA#{account}#{region}") },
                "sk": { "S": "LEDGER" },
                "version": { "N": (version + 1).to_string() },
                "document": { "S": document },
            }))
            .await
    }
}
