//! Calls as API Gateway hands them to the function, sent through the whole router in process.

use std::sync::Arc;

use api_handler::{Api, gateway, router};
use axum::Router;
use axum::body::to_bytes;
use axum::http::HeaderMap;
use domain::ExecutionId;
use engine::drive::MachineTurn;
use engine::ports::Clock;
use jiff::SignedDuration;
use serde_json::{Map, Value, json};
use test_support::fakes::{Bench, REGION, place, server_id};
use tower::ServiceExt;

pub(crate) const POOL: &str = "us-west-2_pool";
pub(crate) const CLIENT: &str = "client-of-the-console";
/// Everybody that a drill and a recovery need.
pub(crate) const ALL: &str = "viewer,drill-operator,recovery-manager,administrator";

/// The API over a bench.
pub(crate) struct Service {
    pub(crate) bench: Bench,
    router: Router,
}

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
    /// The size of the body.
    pub(crate) bytes: usize,
}

/// A call that is being put together.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    method: String,
    target: String,
    headers: Map<String, Value>,
    body: Option<String>,
    claims: Option<Value>,
    stage_variables: Value,
}

pub(crate) fn call(method: &str, target: &str) -> Call {
    Call {
        method: method.to_owned(),
        target: target.to_owned(),
        headers: Map::new(),
        body: None,
        claims: Some(claims(ALL)),
        stage_variables: json!({ "userPoolId": POOL, "userPoolClientId": CLIENT }),
    }
}

pub(crate) fn get(target: &str) -> Call {
    call("GET", target)
}

pub(crate) fn post(target: &str, body: &Value) -> Call {
    call("POST", target).json(body)
}

pub(crate) fn claims(groups: &str) -> Value {
    json!({
        "sub": "3f1c2b7e-0000-4000-8000-000000000001",
        "email": "operator@example.com",
        "cognito:username": "operator",
        "cognito:groups": groups,
        "token_use": "id",
        "iss": format!("https://cognito-idp.us-west-2.amazonaws.com/{POOL}"),
        "aud": CLIENT,
        "exp": "Tue Nov 23 10:00:00 UTC 2027",
    })
}

impl Call {
    pub(crate) fn json(self, body: &Value) -> Self {
        self.text(&body.to_string())
    }

    pub(crate) fn text(mut self, body: &str) -> Self {
        self.body = Some(body.to_owned());
        self
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), value.into());
        self
    }

    pub(crate) fn groups(self, groups: &str) -> Self {
        self.claims(Some(claims(groups)))
    }

    pub(crate) fn claims(mut self, claims: Option<Value>) -> Self {
        self.claims = claims;
        self
    }

    pub(crate) fn stage_variables(mut self, variables: Value) -> Self {
        self.stage_variables = variables;
        self
    }

    /// The event of a REST API's proxy integration.
    pub(crate) fn event(&self) -> Value {
        let (path, query) = self.target.split_once('?').unwrap_or((&self.target, ""));
        let mut parameters: Map<String, Value> = Map::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let list = parameters.entry(name).or_insert_with(|| json!([]));
            list.as_array_mut().expect("a list").push(value.into());
        }
        let authorizer = self
            .claims
            .as_ref()
            .map(|claims| json!({ "claims": claims }));
        json!({
            "resource": "/{proxy+}",
            "path": path,
            "httpMethod": self.method,
            "headers": self.headers,
            "multiValueHeaders": {},
            "queryStringParameters": null,
            "multiValueQueryStringParameters": parameters,
            "pathParameters": null,
            "stageVariables": self.stage_variables,
            "requestContext": {
                "stage": "api",
                "requestId": "request-1",
                "httpMethod": self.method,
                "path": format!("/api{path}"),
                "authorizer": authorizer,
                "identity": { "sourceIp": "127.0.0.1" },
            },
            "body": self.body,
            "isBase64Encoded": false,
        })
    }
}

impl Service {
    pub(crate) fn new() -> Self {
        let bench = Bench::new();
        let clock: Arc<dyn Clock> = bench.clock.clone();
        Self::with_clock(bench, clock)
    }

    pub(crate) fn with_clock(bench: Bench, clock: Arc<dyn Clock>) -> Self {
        let api = Api::new(bench.engine.clone(), clock);
        let router = router(api);
        Self { bench, router }
    }

    pub(crate) async fn send(&self, call: &Call) -> Reply {
        let event = call.event().to_string();
        let event = lambda_http::request::from_str(&event).expect("an event of a REST API");
        let request = gateway::into_request(event);
        let answer = self.router.clone().oneshot(request).await;
        let (parts, body) = answer.expect("the router always answers").into_parts();
        let bytes = to_bytes(body, usize::MAX)
            .await
            .expect("the body is in memory");
        Reply {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            bytes: bytes.len(),
        }
    }

    /// Every item of a list, page by page, with the sizes of the answers in bytes.
    pub(crate) async fn all(&self, target: &str) -> (Vec<Value>, Vec<usize>) {
        let separator = if target.contains('?') { '&' } else { '?' };
        let (mut items, mut sizes) = (Vec::new(), Vec::new());
        let mut page = self.send(&get(target)).await;
        loop {
            assert_eq!(page.status, 200, "{target}: {:?}", page.body);
            sizes.push(page.bytes);
            let found = page.body["items"].as_array().expect("items");
            items.extend(found.iter().cloned());
            let Some(token) = page.body["nextToken"].as_str() else {
                return (items, sizes);
            };
            let next = format!("{target}{separator}nextToken={token}");
            page = self.send(&get(&next)).await;
        }
    }

    /// Groups `db`, `app`, `web` of two servers each, numbered from 1, isolated in drills.
    pub(crate) async fn three_groups(&self) -> Vec<String> {
        let mut ids = Vec::new();
        for (index, name) in (0u32..).zip(["db", "app", "web"]) {
            let servers = [index * 2 + 1, index * 2 + 2].map(|number| {
                self.bench.drs.add_server(number);
                server_id(number).to_string()
            });
            let body = group(name, &servers);
            ids.push(
                self.send(&post("/protection-groups", &body))
                    .await
                    .id("protectionGroupId"),
            );
        }
        ids
    }

    /// The plan `Shop`: db, then app, then web behind a gate.
    pub(crate) async fn shop(&self) -> String {
        let groups = self.three_groups().await;
        let plan = json!({ "name": "Shop", "waves": [
            { "key": "db", "protectionGroupIds": [groups[0]] },
            { "key": "app", "protectionGroupIds": [groups[1]] },
            { "key": "web", "protectionGroupIds": [groups[2]], "pauseBefore": true },
        ] });
        self.send(&post("/recovery-plans", &plan))
            .await
            .id("recoveryPlanId")
    }

    /// A drill of a plan, accepted.
    pub(crate) async fn drill(&self, plan: &str) -> String {
        let body = json!({ "recoveryPlanId": plan, "kind": "DRILL" });
        self.send(&post("/executions", &body))
            .await
            .id("executionId")
    }

    /// A recovery of `Shop`, accepted.
    pub(crate) async fn recovery(&self, plan: &str) -> String {
        let confirm =
            json!({ "recoveryPlanName": "Shop", "serverCount": 6, "reason": "the site is down" });
        let body = json!({ "recoveryPlanId": plan, "kind": "RECOVERY", "confirm": confirm });
        self.send(&post("/executions", &body))
            .await
            .id("executionId")
    }

    /// What orchestration does in one turn.
    pub(crate) async fn drive(&self, execution: &str) {
        let id: ExecutionId = execution.parse().expect("an id");
        let machines = self.bench.machines.started();
        let own = machines.iter().filter(|(started, _)| *started == id);
        let start = own.map(|(_, start)| *start).max().unwrap_or_default();
        self.bench
            .engine
            .drive(&id, MachineTurn { start, earlier: 0 })
            .await
            .expect("the turn is taken");
    }

    /// Jobs end, the poller looks, orchestration takes its turn.
    pub(crate) async fn finish_jobs(&self, execution: &str) {
        self.bench.drs.finish_jobs();
        self.bench.clock.advance(SignedDuration::from_secs(20));
        let window = SignedDuration::from_secs(1);
        let polled = self.bench.engine.poll(&place(), "test", window).await;
        polled.expect("the poller looks");
        self.drive(execution).await;
    }

    pub(crate) async fn execution(&self, id: &str) -> Value {
        self.send(&get(&format!("/executions/{id}"))).await.body
    }
}

impl Reply {
    /// The id under this name, of what was made.
    pub(crate) fn id(&self, name: &str) -> String {
        let id = self.body[name].as_str();
        id.unwrap_or_else(|| panic!("{self:?} has no {name}"))
            .to_owned()
    }

    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// What a snapshot shows.
    pub(crate) fn shown(&self) -> Value {
        json!({ "status": self.status, "body": self.body })
    }

    /// Paths and codes of all faults.
    pub(crate) fn faults(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let faults = self.body["faults"].as_array().into_iter().flatten();
        faults
            .map(|fault| (text(&fault["path"]), text(&fault["code"])))
            .collect()
    }
}

pub(crate) fn group(name: &str, servers: &[String]) -> Value {
    json!({
        "name": name, "region": REGION, "sourceServerIds": servers,
        "drillIsolation": { "statement": "Launch templates use the drill VPC." },
    })
}
