//! A Region that takes calls and never answers them: there is an answer in every case, before the
//! gateway gives its own.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use end_to_end::fleet::Pool;
use end_to_end::{Fleet, Role, Scene, Stack, Wave};
use serde_json::json;

const SILENT: Pool = Pool {
    region: "eu-north-1",
    beginning: "e7000000000",
    size: 20,
};
/// When the gateway answers by itself.
const GATEWAY: Duration = Duration::from_secs(29);

#[tokio::test]
async fn a_drill_is_refused_and_an_acknowledged_recovery_accepted_in_time() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::Administrator).await?;
    let fleet = Fleet::take_of(&stack, &SILENT, 2).await?;
    let waves = [Wave::new("only", &fleet.servers)];
    let scene = Scene::make_in(&api, SILENT.region, &waves).await?;
    for wish in [scene.drill(), scene.recovery()] {
        let begun = Instant::now();
        api.start(&wish).await?.problem(409, "COULD_NOT_VERIFY")?;
        ensure!(
            begun.elapsed() < GATEWAY,
            "refused after {:?}",
            begun.elapsed()
        );
    }
    let mut wish = scene.recovery();
    wish["acknowledge"] = json!({ "unverified": "The Region is silent and the shop is down." });
    let begun = Instant::now();
    let execution = api.started(&wish).await?;
    ensure!(
        begun.elapsed() < GATEWAY,
        "accepted after {:?}",
        begun.elapsed()
    );
    // Nobody would come to end it.
    let cancel = format!("{}/cancel", execution.path());
    api.post(&cancel, &json!({})).await?.expect(200)?;
    Ok(())
}

#[tokio::test]
async fn what_only_reads_a_silent_region_is_answered_in_time() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::Viewer).await?;
    let begun = Instant::now();
    let quotas = api.get("/drs/quotas?region=eu-north-1").await?;
    quotas.problem(503, "DRS_UNAVAILABLE")?;
    ensure!(
        begun.elapsed() < GATEWAY,
        "answered after {:?}",
        begun.elapsed()
    );
    api.get("/drs/source-servers?region=eu-north-1")
        .await?
        .expect(200)?;
    Ok(())
}
