//! Names that are equal to the eye, and names that cannot be seen.

use anyhow::{Result, ensure};
use end_to_end::fleet::unique;
use end_to_end::{Fleet, GroupDraft, Role, Scene, Stack, Wave};
use serde_json::json;

#[tokio::test]
async fn a_name_is_the_same_in_either_form_and_one_that_cannot_be_seen_is_none() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 3).await?;
    let name = unique("Caf");
    let named = |name: String, server: usize| {
        let mut draft = GroupDraft::open(&fleet.part(server, server + 1));
        draft.body["name"] = json!(name);
        draft
    };
    named(format!("{name} \u{e9}"), 0).create(&api).await?;
    let same = named(format!("{name} e\u{301}"), 1);
    let refused = api.post("/protection-groups", &same.body).await?;
    refused.problem(409, "NAME_TAKEN")?;
    let unseen = named("\u{200b}\u{3164}\u{202e}".to_owned(), 2);
    let refused = api.post("/protection-groups", &unseen.body).await?;
    let problem = refused.problem(400, "INVALID_GROUP")?;
    ensure!(problem["faults"][0]["path"] == "name", "{problem}");
    Ok(())
}

#[tokio::test]
async fn a_recovery_is_confirmed_by_its_name_in_either_form() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::Administrator).await?;
    let fleet = Fleet::take(&stack, 1).await?;
    let scene = Scene::make(&api, &[Wave::new("only", &fleet.servers)]).await?;
    let path = format!("/recovery-plans/{}", scene.plan);
    let body = json!({ "name": format!("{} \u{e9}", scene.name), "waves": [
        { "key": "only", "protectionGroupIds": scene.groups } ] });
    api.put(&path, "\"1\"", &body).await?.expect(200)?;
    let mut wish = scene.recovery();
    wish["confirm"]["recoveryPlanName"] = json!(format!("{} e\u{301}", scene.name));
    api.started(&wish).await?;
    Ok(())
}
