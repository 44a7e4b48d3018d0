//! More servers than DRS launches at once: never beyond a limit, and all come up.

use std::time::Duration;

use anyhow::{Result, ensure};
use end_to_end::execution::View;
use end_to_end::{Api, GroupDraft, Role, Scene, Stack, Wave};
use futures::future::try_join;
use serde_json::json;

const REGION: &str = "us-west-1";
const JOBS_MAX: usize = 20;
const SERVERS_PER_JOB_MAX: usize = 100;
const SERVERS_IN_JOBS_MAX: usize = 500;
/// Somebody else's jobs, of one server each.
const STRANGERS: usize = 15;
const PATIENCE: Duration = Duration::from_mins(6);

fn server(number: usize) -> String {
    format!("s-e4000000000{number:06x}")
}

fn servers(from: usize, to: usize) -> Vec<String> {
    (from..=to).map(server).collect()
}

/// A protection group has at most some hundred servers; these two have all but the strangers'.
async fn groups(api: &Api) -> Result<Vec<String>> {
    let mut ids = Vec::new();
    for members in [
        servers(1, 300),
        servers(301, 365),
        servers(366, 665),
        servers(666, 730),
    ] {
        let mut draft = GroupDraft::isolated(&members);
        draft.body["region"] = json!(REGION);
        ids.push(draft.create(api).await?);
    }
    Ok(ids)
}

async fn plan_of(api: &Api, groups: &[String], members: Vec<String>) -> Result<Scene> {
    let mut scene =
        Scene::with_groups(api, &[Wave::new("all", &members)], groups[..1].to_vec()).await?;
    let path = format!("/recovery-plans/{}", scene.plan);
    let body = json!({ "name": scene.name, "waves": [
        { "key": "all", "name": "All", "protectionGroupIds": groups } ] });
    api.put(&path, "\"1\"", &body).await?.expect(200)?;
    scene.servers = members;
    Ok(scene)
}

async fn comes_up(api: &Api, scene: &Scene) -> Result<View> {
    let execution = api.start_drill(&scene.plan).await?;
    let view = execution
        .until_within(PATIENCE, "ends", View::has_ended)
        .await?;
    ensure!(view.status == "COMPLETED", "{}", view.summary());
    Ok(view)
}

/// At no moment more jobs, or servers in jobs, than DRS allows; and none was refused for it.
async fn never_beyond_a_limit(stack: &Stack, all: &[String]) -> Result<()> {
    let jobs = stack.simulator().state().await?.jobs(all)?;
    for job in &jobs {
        ensure!(job.servers.len() <= SERVERS_PER_JOB_MAX, "{job:?}");
        let beside = jobs.iter().filter(|other| {
            other.created_at <= job.created_at
                && other.ended_at.is_none_or(|end| end > job.created_at)
        });
        let (count, servers) = beside.fold((0, 0), |(count, servers), other| {
            (count + 1, servers + other.servers.len())
        });
        ensure!(count <= JOBS_MAX, "{count} jobs at {}", job.created_at);
        ensure!(
            servers <= SERVERS_IN_JOBS_MAX,
            "{servers} servers in jobs at {}",
            job.created_at
        );
    }
    let journal = stack.simulator().journal().await?;
    let refused = journal.iter().filter(|request| {
        request.operation == "StartRecovery"
            && request.region == REGION
            && request.status == Some(402)
    });
    let refused = refused.count();
    ensure!(
        refused == 0,
        "DRS refused {refused} launches for its quotas"
    );
    let violations = stack.simulator().violations(all).await?;
    ensure!(violations.is_empty(), "{violations:?}");
    Ok(())
}

#[tokio::test]
async fn seven_hundred_and_thirty_servers_come_up_within_the_quotas() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let groups = groups(&api).await?;
    let crowd = servers(1, 730);
    let whole = plan_of(&api, &groups, crowd.clone()).await?;
    let view = comes_up(&api, &whole).await?;
    ensure!(view.wave("all")?.jobs.len() == 8, "{:?}", view.jobs());

    // Again, as two plans at once, beside jobs of somebody else.
    let first = plan_of(&api, &groups[..2], servers(1, 365)).await?;
    let second = plan_of(&api, &groups[2..], servers(366, 730)).await?;
    let account = &stack.places.account_id;
    for number in 1..=STRANGERS {
        let theirs = server(730 + number);
        stack
            .simulator()
            .add_fault(&json!({
                "when": { "server": { "id": theirs }, "phase": "conversion" },
                "do": { "take": "PT40M" },
                "times": 1,
            }))
            .await?;
        stack
            .simulator()
            .launch_as_stranger(account, REGION, &[theirs])
            .await?;
    }
    try_join(comes_up(&api, &first), comes_up(&api, &second)).await?;
    never_beyond_a_limit(&stack, &servers(1, 745)).await
}
