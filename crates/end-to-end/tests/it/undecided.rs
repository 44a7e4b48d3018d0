//! DRS does not answer a launch, and then shows no job for many minutes: nothing is launched
//! twice, and a person says what became of it.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use end_to_end::execution::View;
use end_to_end::fleet::Pool;
use end_to_end::{Execution, Fleet, Role, Scene, Stack, Wave};
use serde_json::{Value, json};

/// Servers of a Region in which nobody but this test is at work.
const POOL: Pool = Pool {
    region: "eu-central-1",
    beginning: "e6000000000",
    size: 30,
};
/// The product asks a person after four minutes of doubt.
const PATIENCE: Duration = Duration::from_mins(8);

/// Three waves that do not wait for one another. Of each, DRS does not answer the launch: it has
/// accepted the first, has never got the second, and has never got the third, whose server
/// somebody else launches meanwhile.
#[tokio::test]
async fn launches_in_doubt_wait_for_a_person_and_are_resolved_both_ways() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::RecoveryManager).await?;
    let fleet = Fleet::take_of(&stack, &POOL, 3).await?;
    let scene = Scene::make_in(&api, POOL.region, &waves(&fleet)).await?;
    lose_answers(&stack, &fleet).await?;
    let unseen = stack
        .simulator()
        .add_fault(&json!({
            "when": { "op": "DescribeJobs", "region": POOL.region },
            "do": { "error": "InternalServerException" },
        }))
        .await?;

    let mut wish = scene.recovery();
    wish["acknowledge"] = json!({ "unverified": "The Region answers in part." });
    let execution = api.started(&wish).await?;
    let view = execution
        .until_within(PATIENCE, "asks about three launches", |view| {
            view.holds_of("UNDECIDED").len() == 3
        })
        .await?;
    let account = &stack.places.account_id;
    let theirs = fleet.part(2, 3);
    stack
        .simulator()
        .recover_as_stranger(account, POOL.region, &theirs)
        .await?;
    let requests = stack.simulator().launches(&scene.servers).await?;
    ensure!(
        requests.len() == 2,
        "one of ours and one of theirs: {requests:?}"
    );
    stack.simulator().remove_fault(&unseen).await?;

    // What DRS shows to be ours needs nobody.
    let adopted = execution
        .until("follows the first launch by itself", |view| {
            view.holds_of("UNDECIDED").len() == 2
        })
        .await?;
    ensure!(
        hold_of(&adopted, "accepted").is_none(),
        "{}",
        view.summary()
    );
    resolve_both_ways(&stack, &execution, &adopted, &theirs).await?;

    let ended = execution.ends_as("COMPLETED").await?;
    let requests = stack.simulator().launches(&scene.servers).await?;
    let ours = requests
        .iter()
        .filter(|request| request.request["tags"].is_object());
    ensure!(ours.count() == 2, "one more than before: {requests:?}");
    let of = |key: &str| Ok::<_, anyhow::Error>(ended.wave(key)?.servers[0].clone());
    ensure!(
        of("accepted")?.attempts == 1 && of("lost")?.attempts == 2,
        "{}",
        ended.summary()
    );
    let jobs = stack.simulator().state().await?.jobs(&theirs)?;
    ensure!(
        jobs.len() == 1 && of("taken")?.job_id == Some(jobs[0].id.clone()),
        "{jobs:?}"
    );
    let violations = stack.simulator().violations(&scene.servers).await?;
    ensure!(violations.is_empty(), "{violations:?}");
    Ok(())
}

fn waves(fleet: &Fleet) -> Vec<Wave> {
    let servers = fleet.servers.chunks(1);
    let waves = ["accepted", "lost", "taken"].into_iter().zip(servers);
    waves
        .map(|(key, servers)| Wave::new(key, servers).with("dependsOn", json!([])))
        .collect()
}

async fn lose_answers(stack: &Stack, fleet: &Fleet) -> Result<()> {
    for (server, when) in
        fleet
            .servers
            .iter()
            .zip(["after_commit", "before_commit", "before_commit"])
    {
        stack
            .simulator()
            .add_fault(&json!({
                "when": { "op": "StartRecovery", "server": { "id": server } },
                "do": { "lose_response": when },
                "times": 1,
            }))
            .await?;
    }
    Ok(())
}

/// Says of the second launch that it never was, and of the third which job it is; a job that it
/// cannot be is refused.
async fn resolve_both_ways(
    stack: &Stack,
    execution: &Execution,
    view: &View,
    theirs: &[String],
) -> Result<()> {
    let jobs = stack.simulator().state().await?.jobs(theirs)?;
    let job = jobs.first().context("nobody else has launched")?;
    let lost = hold_of(view, "lost").context("no hold of the second wave")?;
    let taken = hold_of(view, "taken").context("no hold of the third wave")?;
    let wrong = json!({ "holdId": lost, "jobId": job.id });
    execution
        .refuse("resolve", &wrong, "NOT_ALLOWED_NOW")
        .await?;
    execution
        .accept("resolve", &json!({ "holdId": taken, "jobId": job.id }))
        .await?;
    let never =
        json!({ "holdId": lost, "noJob": true, "reason": "The console of DRS shows none." });
    execution.accept("resolve", &never).await?;
    Ok(())
}

fn hold_of(view: &View, wave: &str) -> Option<Value> {
    let holds = view.holds_of("UNDECIDED");
    let hold = holds
        .iter()
        .find(|hold| hold.wave_key.as_deref() == Some(wave))?;
    Some(json!(hold.hold_id))
}
