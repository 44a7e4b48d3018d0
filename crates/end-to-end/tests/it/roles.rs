//! Roles times endpoints times kinds. The server decides, and what no role allows is 403.

use anyhow::{Context, Result, ensure};
use end_to_end::cognito::PASSWORD;
use end_to_end::fleet::unique;
use end_to_end::{Api, Execution, Fleet, Role, Scene, Stack, Wave};
use hyper::Method;
use hyper::body::Bytes;
use serde_json::{Value, json};

/// Who asks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Caller {
    Nobody,
    Viewer,
    DrillOperator,
    RecoveryManager,
    OnlyAdministrator,
}

const CALLERS: [Caller; 5] = [
    Caller::Nobody,
    Caller::Viewer,
    Caller::DrillOperator,
    Caller::RecoveryManager,
    Caller::OnlyAdministrator,
];

/// Who may.
const READERS: &[Caller] = &[
    Caller::Viewer,
    Caller::DrillOperator,
    Caller::RecoveryManager,
    Caller::OnlyAdministrator,
];
const EDITORS: &[Caller] = &[Caller::DrillOperator, Caller::RecoveryManager];
const DRILL: &[Caller] = &[Caller::DrillOperator];
const RECOVER: &[Caller] = &[Caller::RecoveryManager];

/// One row: a request, and who may make it.
struct Row {
    method: Method,
    path: String,
    body: Option<Value>,
    may: &'static [Caller],
}

#[tokio::test]
async fn every_endpoint_is_open_to_exactly_the_roles_that_have_the_right() -> Result<()> {
    let stack = Stack::of_environment()?;
    let operator = stack.api(Role::DrillOperator).await?;
    let manager = stack.api(Role::RecoveryManager).await?;
    let drill = ended(&stack, &operator, Scene::drill).await?;
    let recovery = ended(&stack, &manager, Scene::recovery).await?;
    let rows = table(&stack, &drill, &recovery).await?;
    for caller in CALLERS {
        let api = api_of(&stack, caller).await?;
        for row in &rows {
            let bytes = row
                .body
                .as_ref()
                .map_or_else(Bytes::new, |body| body.to_string().into());
            let answer = api.send(row.method.clone(), &row.path, &[], bytes).await?;
            let may = row.may.contains(&caller);
            ensure!(
                (answer.status == 403) != may && answer.status != 401 && answer.status < 500,
                "{caller:?}: {}: {} {}",
                answer.request,
                answer.status,
                answer.text
            );
            if !may {
                answer.problem(403, "FORBIDDEN")?;
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_drill_operator_starts_no_recovery_and_a_recovery_manager_no_drill() -> Result<()> {
    let stack = Stack::of_environment()?;
    let operator = stack.api(Role::DrillOperator).await?;
    let manager = stack.api(Role::RecoveryManager).await?;
    let fleet = Fleet::take(&stack, 1).await?;
    let scene = Scene::make(&operator, &[Wave::new("only", &fleet.servers)]).await?;
    operator
        .start(&scene.recovery())
        .await?
        .problem(403, "FORBIDDEN")?;
    manager
        .start(&scene.drill())
        .await?
        .problem(403, "FORBIDDEN")?;
    crate::claims::never_launched(&stack, &scene.servers).await
}

#[tokio::test]
async fn everybody_is_told_their_own_permissions() -> Result<()> {
    let stack = Stack::of_environment()?;
    let told = stack
        .api(Role::DrillOperator)
        .await?
        .get("/user/permissions")
        .await?
        .expect(200)?;
    ensure!(told["roles"] == json!(["drill-operator"]), "{told}");
    ensure!(
        told["user"] == json!(stack.user(Role::DrillOperator)?.username),
        "{told}"
    );
    let all = stack
        .api(Role::Administrator)
        .await?
        .get("/user/permissions")
        .await?
        .expect(200)?;
    ensure!(
        all["roles"]
            .as_array()
            .is_some_and(|roles| roles.len() == 4),
        "{all}"
    );
    let none = api_of(&stack, Caller::Nobody).await?;
    let none = none.get("/user/permissions").await?.expect(200)?;
    ensure!(
        none["roles"] == json!([]) && none["permissions"] == json!([]),
        "{none}"
    );
    Ok(())
}

async fn api_of(stack: &Stack, caller: Caller) -> Result<Api> {
    let groups: &[&str] = match caller {
        Caller::Viewer => return stack.api(Role::Viewer).await,
        Caller::DrillOperator => return stack.api(Role::DrillOperator).await,
        Caller::RecoveryManager => return stack.api(Role::RecoveryManager).await,
        Caller::Nobody => &[],
        Caller::OnlyAdministrator => &["administrator"],
    };
    let cognito = stack.cognito();
    let name = format!("{}@example.com", unique("somebody").replace(' ', "-"));
    let places = &stack.places;
    cognito
        .make_user(&places.user_pool_id, &name, groups)
        .await?;
    let tokens = cognito
        .sign_in(&places.user_pool_client_id, &name, PASSWORD)
        .await?;
    Ok(stack.api_with(Some(&tokens.id)))
}

/// An execution that was cancelled at its first gate, so that no command has an effect on it.
async fn ended(stack: &Stack, api: &Api, wish: impl Fn(&Scene) -> Value) -> Result<Execution> {
    let fleet = Fleet::take(stack, 1).await?;
    let waves = [Wave::new("only", &fleet.servers).with("pauseBefore", json!(true))];
    let scene = Scene::make(api, &waves).await?;
    let execution = api.started(&wish(&scene)).await?;
    execution.reaches("PAUSED").await?;
    execution.accept("cancel", &json!({})).await?;
    execution.ends_as("CANCELLED").await?;
    Ok(execution)
}

async fn table(stack: &Stack, drill: &Execution, recovery: &Execution) -> Result<Vec<Row>> {
    let api = stack.api(Role::DrillOperator).await?;
    let view = drill.view().await?;
    let plan = format!("/recovery-plans/{}", view.recovery_plan_id);
    let body = api.get(&plan).await?.expect(200)?;
    let group = body["waves"][0]["protectionGroupIds"][0]
        .as_str()
        .context("its group")?;
    let group = format!("/protection-groups/{group}");
    let row = |method: Method, path: &str, body: Option<Value>, may: &'static [Caller]| Row {
        method,
        path: path.to_owned(),
        body,
        may,
    };
    let read = |path: &str| row(Method::GET, path, None, READERS);
    let empty = || Some(json!({}));
    let mut rows = vec![
        read("/executions"),
        read("/protection-groups"),
        read("/recovery-plans"),
        read(&plan),
        read(&group),
        read(&drill.path()),
        read(&format!("{}/events", drill.path())),
        read(&format!("{}/job-logs", drill.path())),
        read(&format!("{}/servers", drill.path())),
        read("/drs/source-servers?region=us-east-1"),
        read("/drs/quotas?region=us-east-1"),
        row(Method::POST, "/protection-groups", empty(), EDITORS),
        row(Method::POST, "/recovery-plans", empty(), EDITORS),
        row(Method::PUT, &plan, empty(), EDITORS),
        row(Method::PUT, &group, empty(), EDITORS),
        // In use, so that nobody's right deletes it.
        row(Method::DELETE, &group, None, EDITORS),
    ];
    for (kind, execution, may) in [("DRILL", drill, DRILL), ("RECOVERY", recovery, RECOVER)] {
        // Of a plan that is not there, so that nothing starts.
        let wish = json!({
            "recoveryPlanId": "00000000-0000-4000-8000-000000000000",
            "kind": kind,
            "confirm": { "recoveryPlanName": "None", "serverCount": 1, "reason": "A try." },
        });
        rows.push(row(Method::POST, "/executions", Some(wish), may));
        for (_, command, body) in crate::claims::commands("only", "Another plan") {
            let path = format!("{}/{command}", execution.path());
            rows.push(row(Method::POST, &path, Some(body), may));
        }
    }
    Ok(rows)
}
