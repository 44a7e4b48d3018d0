//! Protection groups: unique names, one group a server, versions.

use anyhow::{Context, Result, ensure};
use end_to_end::emulator::{members, text};
use end_to_end::{Fleet, GroupDraft, Role, Scene, Stack, Wave};
use hyper::Method;
use hyper::body::Bytes;
use serde_json::json;

#[tokio::test]
async fn a_server_is_in_one_group_at_most_and_the_other_group_is_named() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 2).await?;
    let first = GroupDraft::open(&fleet.part(0, 1));
    let id = first.create(&api).await?;
    let both = GroupDraft::open(&fleet.servers);
    let problem = api
        .post("/protection-groups", &both.body)
        .await?
        .problem(409, "SERVER_IN_ANOTHER_GROUP")?;
    let told = problem.to_string();
    ensure!(
        told.contains(&id) && told.contains(&fleet.servers[0]),
        "{problem}"
    );
    // The refused group has taken nothing.
    GroupDraft::open(&fleet.part(1, 2)).create(&api).await?;
    Ok(())
}

#[tokio::test]
async fn servers_that_drs_does_not_know_are_faults_with_their_paths() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 1).await?;
    let mut servers = fleet.servers.clone();
    servers.push("s-0000000000000dead".to_owned());
    let draft = GroupDraft::open(&servers);
    let problem = api
        .post("/protection-groups", &draft.body)
        .await?
        .problem(400, "INVALID_GROUP")?;
    let fault = members(&problem, "faults")
        .first()
        .context("no fault")?
        .clone();
    ensure!(text(&fault, "code") == "UNKNOWN_SOURCE_SERVER", "{problem}");
    ensure!(text(&fault, "path") == "sourceServerIds[1]", "{problem}");
    Ok(())
}

#[tokio::test]
async fn a_group_is_read_changed_by_version_and_deleted_once_no_plan_uses_it() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 1).await?;
    let draft = GroupDraft::isolated(&fleet.servers);
    let id = draft.create(&api).await?;
    let path = format!("/protection-groups/{id}");
    let read = api.get(&path).await?;
    let tag = read
        .headers
        .get("etag")
        .context("no ETag")?
        .to_str()?
        .to_owned();
    ensure!(read.body["version"] == json!(1), "{read:?}");
    ensure!(
        read.body["accountId"] == json!(stack.places.account_id),
        "{read:?}"
    );
    let unchanged = [("if-none-match", tag.as_str())];
    let answer = api
        .send(Method::GET, &path, &unchanged, Bytes::new())
        .await?;
    ensure!(answer.status == 304, "{answer:?}");

    let mut body = draft.body.clone();
    body["description"] = json!("Changed.");
    let changed = api.put(&path, &tag, &body).await?.expect(200)?;
    ensure!(changed["version"] == json!(2), "{changed}");
    api.put(&path, &tag, &body)
        .await?
        .problem(412, "STALE_VERSION")?;

    let waves = [Wave::new("only", &fleet.servers)];
    let scene = Scene::with_groups(&api, &waves, vec![id.clone()]).await?;
    let problem = api.delete(&path).await?.problem(409, "GROUP_IN_USE")?;
    ensure!(problem.to_string().contains(&scene.name), "{problem}");
    api.delete(&format!("/recovery-plans/{}", scene.plan))
        .await?
        .success()?;
    api.delete(&path).await?.success()?;
    ensure!(api.get(&path).await?.status == 404, "it is still there");
    // Name and server are free again.
    draft.create(&api).await?;
    Ok(())
}

#[tokio::test]
async fn a_group_in_an_active_execution_keeps_its_members() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 2).await?;
    let waves = [Wave::new("only", &fleet.part(0, 1)).with("pauseBefore", json!(true))];
    let scene = Scene::make(&api, &waves).await?;
    let execution = api.start_drill(&scene.plan).await?;
    execution.reaches("PAUSED").await?;
    let path = format!("/protection-groups/{}", scene.groups[0]);
    let body = GroupDraft::isolated(&fleet.servers).body;
    api.put(&path, "\"1\"", &body)
        .await?
        .problem(409, "GROUP_IN_ACTIVE_EXECUTION")?;
    execution.accept("cancel", &json!({})).await?;
    execution.ends_as("CANCELLED").await?;
    Ok(())
}
