//! Launches that DRS refuses, and no job explains: for one server for good, for their size, or
//! because of the caller. The others launch, and nobody is blamed for what is not theirs.

use anyhow::{Result, ensure};
use end_to_end::fleet::Pool;
use end_to_end::{Fleet, Role, Scene, Stack, Wave};
use serde_json::json;

use crate::claims::never_launched;

const EXTENDED: Pool = Pool {
    region: "eu-west-3",
    beginning: "e8000000000",
    size: 20,
};
/// Sound servers in the same Region.
const SOUND: Pool = Pool {
    region: "eu-west-3",
    beginning: "ea000000000",
    size: 40,
};
const ALONE: Pool = Pool {
    region: "eu-west-2",
    beginning: "e9000000000",
    size: 40,
};

#[tokio::test]
async fn a_server_that_drs_refuses_for_good_fails_alone_and_a_drill_names_it() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::Administrator).await?;
    let sound = Fleet::take_of(&stack, &SOUND, 3).await?.servers;
    let refused = Fleet::take_of(&stack, &EXTENDED, 1).await?.servers;
    let servers: Vec<String> = sound.iter().chain(&refused).cloned().collect();
    let wave = Wave::new("only", &servers).with("onFailure", json!("CONTINUE"));
    let scene = Scene::make_in(&api, EXTENDED.region, &[wave]).await?;

    let problem = api
        .start(&scene.drill())
        .await?
        .problem(409, "SERVERS_NOT_RECOVERABLE")?;
    let detail = problem["detail"].as_str().unwrap_or_default();
    ensure!(detail.contains(&refused[0]), "{detail}");
    ensure!(detail.contains("444455556666"), "{detail}");

    let execution = api.started(&scene.recovery()).await?;
    let view = execution.ends_as("PARTIAL").await?;
    for server in &sound {
        ensure!(
            view.server(server)?.status == "LAUNCHED",
            "{}",
            view.summary()
        );
    }
    let one = view.server(&refused[0])?;
    let error = one.error.clone().unwrap_or_default();
    ensure!(one.status == "FAILED", "{}", view.summary());
    ensure!(error.contains("staging area"), "{error}");
    never_launched(&stack, &refused).await
}

#[tokio::test]
async fn a_quota_smaller_than_known_divides_the_launch_until_all_are_up() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take_of(&stack, &ALONE, 4).await?;
    let rule = json!({
        "when": { "op": "StartRecovery", "server": { "id": fleet.servers[0] } },
        "do": { "error": "ServiceQuotaExceededException" },
        "times": 2,
    });
    stack.simulator().add_fault(&rule).await?;
    let scene = Scene::make_in(&api, ALONE.region, &[Wave::new("only", &fleet.servers)]).await?;
    let execution = api.start_drill(&scene.plan).await?;
    let view = execution.ends_as("COMPLETED").await?;
    // Four are halved, and the half with the refused one is halved again.
    ensure!(view.jobs().len() == 3, "{:?}", view.jobs());
    Ok(())
}

#[tokio::test]
async fn a_signature_that_is_spoilt_on_the_way_blames_no_server() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 2).await?;
    let rule = json!({
        "when": { "op": "StartRecovery", "server": { "id": fleet.servers[0] } },
        "do": {
            "error": "IncompleteSignature",
            "message": "The Authorization header is not a valid key=value pair.",
        },
        "times": 3,
    });
    stack.simulator().add_fault(&rule).await?;
    let scene = Scene::make(&api, &[Wave::new("only", &fleet.servers)]).await?;
    let execution = api.start_drill(&scene.plan).await?;
    let view = execution.ends_as("COMPLETED").await?;
    ensure!(view.jobs().len() == 1, "{:?}", view.jobs());
    Ok(())
}
