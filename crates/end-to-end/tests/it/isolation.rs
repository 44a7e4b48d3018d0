//! How a drill is isolated is written down, or acknowledged at its start.

use anyhow::{Result, ensure};
use end_to_end::{Fleet, GroupDraft, Role, Scene, Stack, Wave};
use serde_json::json;

use crate::claims::never_launched;

#[tokio::test]
async fn a_drill_of_a_group_without_a_word_on_isolation_needs_an_acknowledgement() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 1).await?;
    let group = GroupDraft::open(&fleet.servers).create(&api).await?;
    let waves = [Wave::new("only", &fleet.servers).with("pauseBefore", json!(true))];
    let scene = Scene::with_groups(&api, &waves, vec![group]).await?;
    api.start(&scene.drill())
        .await?
        .problem(409, "DRILL_ISOLATION_NOT_CONFIRMED")?;
    never_launched(&stack, &scene.servers).await?;
    let mut wish = scene.drill();
    wish["acknowledge"] = json!({ "notIsolated": "The servers have no network." });
    let execution = api.started(&wish).await?;
    execution.reaches("PAUSED").await?;
    execution.accept("cancel", &json!({})).await?;
    execution.ends_as("CANCELLED").await?;
    Ok(())
}

#[tokio::test]
async fn the_word_on_isolation_names_who_gave_it_and_goes_when_the_members_change() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 2).await?;
    let draft = GroupDraft::isolated(&fleet.part(0, 1));
    let id = draft.create(&api).await?;
    let path = format!("/protection-groups/{id}");
    let group = api.get(&path).await?.expect(200)?;
    let user = &stack.user(Role::DrillOperator)?.username;
    ensure!(
        group["drillIsolation"]["confirmedBy"] == json!(user),
        "{group}"
    );

    let mut changed = draft.body.clone();
    changed["sourceServerIds"] = json!(fleet.servers);
    changed
        .as_object_mut()
        .map(|members| members.remove("drillIsolation"));
    let group = api.put(&path, "\"1\"", &changed).await?.expect(200)?;
    ensure!(group["drillIsolation"].is_null(), "{group}");
    Ok(())
}
