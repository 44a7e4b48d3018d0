//! Callers that come at the same time, and calls that come more than once.

use anyhow::{Context, Result, ensure};
use end_to_end::fleet::{client_token, unique};
use end_to_end::{Answer, Fleet, GroupDraft, Role, Scene, Stack, Wave};
use futures::future::{join_all, try_join_all};
use serde_json::json;

use crate::claims::{launched_once, never_launched};

#[tokio::test]
async fn of_two_simultaneous_starts_of_one_plan_one_wins() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 2).await?;
    let scene = Scene::make(&api, &[Wave::new("only", &fleet.servers)]).await?;
    let wish = scene.drill();
    let answers = try_join_all([api.start(&wish), api.start(&wish)]).await?;
    let id = one_wins(answers, "PLAN_HAS_ACTIVE_EXECUTION")?;
    let view = api.execution(&id).ends_as("COMPLETED").await?;
    launched_once(&stack, &view, &scene.servers).await?;
    Ok(())
}

#[tokio::test]
async fn of_two_simultaneous_starts_of_plans_that_share_a_server_one_wins() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 1).await?;
    let waves = [Wave::new("only", &fleet.servers)];
    let one = Scene::make(&api, &waves).await?;
    let other = Scene::with_groups(&api, &waves, one.groups.clone()).await?;
    let (first, second) = (one.drill(), other.drill());
    let answers = try_join_all([api.start(&first), api.start(&second)]).await?;
    let id = one_wins(answers, "SERVER_IN_ACTIVE_EXECUTION")?;
    let view = api.execution(&id).ends_as("COMPLETED").await?;
    launched_once(&stack, &view, &fleet.servers).await?;
    Ok(())
}

fn one_wins(answers: Vec<Answer>, code: &str) -> Result<String> {
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|one| one.status == 202);
    ensure!(
        won.len() == 1,
        "{} starts won; the others: {lost:?}",
        won.len()
    );
    for answer in lost {
        answer.problem(409, code)?;
    }
    let id = won[0].body["executionId"].as_str().context("executionId")?;
    Ok(id.to_owned())
}

#[tokio::test]
async fn of_twenty_simultaneous_creations_of_one_group_name_one_wins() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 20).await?;
    let name = unique("Contended");
    let bodies: Vec<_> = fleet
        .servers
        .iter()
        .enumerate()
        .map(|(number, server)| {
            let mut body = GroupDraft::open(std::slice::from_ref(server)).body;
            // A name is the same name in capitals.
            let capitals = number % 2 == 0;
            body["name"] = json!(if capitals {
                name.to_uppercase()
            } else {
                name.clone()
            });
            body
        })
        .collect();
    let calls = bodies
        .iter()
        .map(|body| api.post("/protection-groups", body));
    let answers = try_join_all(calls).await?;
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|one| one.status == 201);
    ensure!(won.len() == 1, "{} creations won", won.len());
    for answer in lost {
        answer.problem(409, "NAME_TAKEN")?;
    }
    // The losers hold nothing: their servers are free for others.
    let kept = won[0].body["sourceServerIds"][0]
        .as_str()
        .context("its server")?;
    let free: Vec<String> = fleet
        .servers
        .iter()
        .filter(|id| *id != kept)
        .cloned()
        .collect();
    GroupDraft::open(&free).create(&api).await?;
    Ok(())
}

#[tokio::test]
async fn ten_starts_with_one_client_token_are_one_execution() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 1).await?;
    let scene = Scene::make(&api, &[Wave::new("only", &fleet.servers)]).await?;
    let mut wish = scene.drill();
    wish["clientToken"] = client_token();
    let answers = try_join_all((0..10).map(|_| api.start(&wish))).await?;
    let mut ids = Vec::new();
    for answer in answers {
        let body = answer.expect(202)?;
        ids.push(body["executionId"].as_str().unwrap_or_default().to_owned());
    }
    ids.dedup();
    ensure!(ids.len() == 1, "{ids:?}");
    let view = api.execution(&ids[0]).ends_as("COMPLETED").await?;
    launched_once(&stack, &view, &scene.servers).await?;

    let again = api.start(&wish).await?.expect(202)?;
    ensure!(again["executionId"] == json!(ids[0]), "{again}");
    wish["acknowledge"] = json!({ "lag": "Another body." });
    api.start(&wish)
        .await?
        .problem(409, "CLIENT_TOKEN_REUSED")?;
    Ok(())
}

#[tokio::test]
async fn the_same_resume_sent_ten_times_opens_only_its_own_gate() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 2).await?;
    let gated = |key: &str, servers: &[String]| {
        Wave::new(key, servers)
            .with("dependsOn", json!([]))
            .with("pauseBefore", json!(true))
    };
    let waves = [gated("a", &fleet.part(0, 1)), gated("b", &fleet.part(1, 2))];
    let scene = Scene::make(&api, &waves).await?;
    let execution = api.start_drill(&scene.plan).await?;
    let view = execution
        .until("holds two gates", |view| view.holds_of("GATE").len() == 2)
        .await?;
    execution
        .refuse("resume", &json!({}), "NOT_ALLOWED_NOW")
        .await?;
    let hold = view
        .holds_of("GATE")
        .into_iter()
        .find(|hold| hold.wave_key.as_deref() == Some("a"))
        .context("no gate of a")?
        .hold_id
        .clone();
    let body = json!({ "holdIds": [hold] });
    let answers = join_all((0..10).map(|_| execution.command("resume", &body))).await;
    let mut accepted = 0;
    for answer in answers {
        let answer = answer?;
        if answer.status < 300 {
            accepted += 1;
        } else {
            answer.problem(409, "HOLD_CLOSED")?;
        }
    }
    ensure!(accepted == 1, "{accepted} of ten opened the gate");
    let view = execution
        .until("has launched a", |view| {
            view.wave("a").is_ok_and(|wave| wave.status == "COMPLETED")
        })
        .await?;
    ensure!(view.holds_of("GATE").len() == 1, "{}", view.summary());
    ensure!(view.wave("b")?.status == "PAUSED", "{}", view.summary());
    never_launched(&stack, &fleet.part(1, 2)).await?;
    execution.accept("resume", &json!({})).await?;
    execution.ends_as("COMPLETED").await?;
    Ok(())
}

#[tokio::test]
async fn changes_of_one_group_at_once_leave_no_server_to_two_groups() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    for _ in 0..3 {
        let fleet = Fleet::take(&stack, 2).await?;
        let draft = GroupDraft::open(&fleet.part(0, 1));
        let id = draft.create(&api).await?;
        let mut body = draft.body.clone();
        body["sourceServerIds"] = json!(fleet.servers);
        let path = format!("/protection-groups/{id}");
        let first = format!("\"{}\"", 1);
        let changes = (0..8).map(|_| api.put(&path, &first, &body));
        let answers = try_join_all(changes).await?;
        let won = answers.iter().filter(|answer| answer.status == 200).count();
        ensure!(won == 1, "{won} changes won: {answers:?}");
        let group = api.get(&path).await?.expect(200)?;
        ensure!(group["sourceServerIds"] == json!(fleet.servers), "{group}");
        api.post(
            "/protection-groups",
            &GroupDraft::open(&fleet.part(1, 2)).body,
        )
        .await?
        .problem(409, "SERVER_IN_ANOTHER_GROUP")?;
    }
    Ok(())
}

#[tokio::test]
async fn a_start_beside_refused_deletions_of_a_group_runs_the_whole_plan() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 4).await?;
    let groups = [
        GroupDraft::isolated(&fleet.part(0, 2)).create(&api).await?,
        GroupDraft::isolated(&fleet.part(2, 4)).create(&api).await?,
    ];
    let body = json!({ "name": unique("Plan"), "waves": [
        { "key": "both", "name": "Both", "protectionGroupIds": groups } ] });
    let plan = api.post("/recovery-plans", &body).await?.expect(201)?;
    let wish = json!({ "recoveryPlanId": plan["recoveryPlanId"], "kind": "DRILL" });
    let path = format!("/protection-groups/{}", groups[0]);
    let deletions = join_all((0..20).map(|_| api.delete(&path)));
    let (deleted, started) = futures::join!(deletions, api.start(&wish));
    for answer in deleted {
        ensure!(answer?.status == 409, "a group of a plan was deleted");
    }
    let started = started?.expect(202)?;
    let id = started["executionId"].as_str().context("executionId")?;
    let view = api.execution(id).ends_as("COMPLETED").await?;
    ensure!(view.servers().count() == 4, "{}", view.summary());
    Ok(())
}
