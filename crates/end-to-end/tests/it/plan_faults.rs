//! A plan with every kind of fault gets all of them in one answer, each with its path.

use anyhow::{Result, ensure};
use end_to_end::emulator::{members, text};
use end_to_end::{Fleet, GroupDraft, Role, Scene, Stack, Wave};
use serde_json::{Value, json};

/// No group has this id.
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

#[tokio::test]
async fn every_fault_of_a_plan_is_named_at_once_with_its_path() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 3).await?;
    let one = GroupDraft::isolated(&fleet.part(0, 2)).create(&api).await?;
    let other = GroupDraft::isolated(&fleet.part(2, 3)).create(&api).await?;
    let draft = json!({
        "name": "",
        "waves": [
            { "key": "a", "protectionGroupIds": [one], "dependsOn": ["nowhere"] },
            { "key": "a", "protectionGroupIds": [NOBODY], "dependsOn": [] },
            { "key": "c", "protectionGroupIds": [one], "dependsOn": ["d"] },
            { "key": "d", "protectionGroupIds": [], "dependsOn": ["c"] },
            { "key": "e", "protectionGroupIds": [other], "dependsOn": [],
              "sourceServerIds": [fleet.servers[0]] },
            { "key": "f", "protectionGroupIds": [other], "dependsOn": [],
              "need": { "type": "COUNT", "count": 99 } },
            { "key": "g", "protectionGroupIds": [other], "dependsOn": [], "timeLimitMinutes": 0 },
            { "key": "Not a key", "protectionGroupIds": [other], "dependsOn": [] },
        ],
    });
    let problem = api
        .post("/recovery-plans", &draft)
        .await?
        .problem(400, "INVALID_PLAN")?;
    let faults = members(&problem, "faults");
    let expected = [
        ("name", "REQUIRED"),
        ("waves[0].dependsOn[0]", "UNKNOWN_WAVE"),
        ("waves[1].key", "DUPLICATE_KEY"),
        ("waves[1].protectionGroupIds[0]", "UNKNOWN_GROUP"),
        ("waves[2].protectionGroupIds", "SERVER_IN_TWO_WAVES"),
        ("waves[3].protectionGroupIds", "REQUIRED"),
        ("waves[4].sourceServerIds[0]", "SERVER_NOT_IN_GROUP"),
        ("waves[4].protectionGroupIds", "NO_SERVERS"),
        ("waves[5].need", "NEED_TOO_HIGH"),
        ("waves[6].timeLimitMinutes", "OUT_OF_RANGE"),
        ("waves[7].key", "INVALID_FORMAT"),
    ];
    for (path, code) in expected {
        ensure!(
            faults
                .iter()
                .any(|fault| text(fault, "path") == path && text(fault, "code") == code),
            "no {code} at {path} in {problem:#}"
        );
    }
    ensure!(
        faults.iter().any(|fault| text(fault, "code") == "CYCLE"),
        "no CYCLE in {problem:#}"
    );
    ensure!(
        faults
            .iter()
            .all(|fault| !text(fault, "message").is_empty()),
        "{problem:#}"
    );
    Ok(())
}

#[tokio::test]
async fn a_plan_under_execution_or_with_a_taken_name_is_not_changed() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 1).await?;
    let waves = [Wave::new("only", &fleet.servers).with("pauseBefore", json!(true))];
    let scene = Scene::make(&api, &waves).await?;
    let path = format!("/recovery-plans/{}", scene.plan);
    let plan = api.get(&path).await?.expect(200)?;
    let same_name = json!({ "name": scene.name.to_uppercase(), "waves": body_of(&plan)["waves"] });
    api.post("/recovery-plans", &same_name)
        .await?
        .problem(409, "NAME_TAKEN")?;

    let execution = api.start_drill(&scene.plan).await?;
    execution.reaches("PAUSED").await?;
    api.put(&path, "\"1\"", &body_of(&plan))
        .await?
        .problem(409, "PLAN_HAS_ACTIVE_EXECUTION")?;
    api.delete(&path)
        .await?
        .problem(409, "PLAN_HAS_ACTIVE_EXECUTION")?;
    execution.accept("cancel", &json!({})).await?;
    execution.ends_as("CANCELLED").await?;
    let changed = api
        .put(&path, "\"1\"", &body_of(&plan))
        .await?
        .expect(200)?;
    ensure!(changed["version"] == json!(2), "{changed}");
    api.put(&path, "\"1\"", &body_of(&plan))
        .await?
        .problem(412, "STALE_VERSION")?;
    api.delete(&path).await?.success()?;
    let gone = api.get(&path).await?;
    ensure!(gone.status == 404, "{gone:?}");
    gone.check_problem()?;
    let kept = execution.view().await?;
    ensure!(kept.recovery_plan_name == scene.name, "{}", kept.summary());
    Ok(())
}

/// What a client sends back of a plan that it has read.
fn body_of(plan: &Value) -> Value {
    let mut body = plan.clone();
    if let Some(members) = body.as_object_mut() {
        for given in ["recoveryPlanId", "version", "createdAt", "updatedAt"] {
            members.remove(given);
        }
    }
    body
}
