//! Services of the emulator that speak JSON under one address: `DynamoDB`, Cognito, logs, events.

use anyhow::{Context, Result, bail, ensure};
use hyper::Method;
use serde_json::{Value, json};

use crate::http::Http;

/// The emulator, for one account and Region.
#[derive(Clone, Debug)]
pub struct Emulator {
    http: Http,
    address: String,
    account: String,
    region: String,
}

impl Emulator {
    /// The emulator at an address.
    pub fn new(http: Http, address: &str, account: &str, region: &str) -> Self {
        Self {
            http,
            address: address.to_owned(),
            account: account.to_owned(),
            region: region.to_owned(),
        }
    }

    /// Calls an operation such as `DynamoDB_20120810.GetItem`; the inner error is what the
    /// service says when it refuses.
    pub async fn try_call(
        &self,
        service: &str,
        target: &str,
        request: &Value,
    ) -> Result<Result<Value, String>> {
        let authorization = self.authorization(service);
        let headers = [
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amz-target", target),
            ("authorization", authorization.as_str()),
        ];
        let body = request.to_string().into();
        let answer = self
            .http
            .send(Method::POST, &self.address, &headers, body)
            .await?;
        if !answer.status.is_success() {
            return Ok(Err(String::from_utf8_lossy(&answer.body).into_owned()));
        }
        if answer.body.is_empty() {
            return Ok(Ok(Value::Null));
        }
        let value = serde_json::from_slice(&answer.body);
        Ok(Ok(value.with_context(|| {
            format!("the answer to {target} is no JSON")
        })?))
    }

    /// The same, where a refusal is an error.
    pub async fn call(&self, service: &str, target: &str, request: &Value) -> Result<Value> {
        match self.try_call(service, target, request).await? {
            Ok(answer) => Ok(answer),
            Err(refusal) => bail!("{target} is refused: {refusal}"),
        }
    }

    /// How a function is configured.
    pub async fn function_configuration(&self, name: &str) -> Result<Value> {
        self.configuration(Method::GET, name, Vec::new()).await
    }

    /// Gives a function other environment variables.
    pub async fn set_function_variables(&self, name: &str, variables: &Value) -> Result<()> {
        let body = json!({ "Environment": { "Variables": variables } }).to_string();
        let changed = self.configuration(Method::PUT, name, body.into());
        changed.await.map(drop)
    }

    async fn configuration(&self, method: Method, name: &str, body: Vec<u8>) -> Result<Value> {
        let address = format!(
            "{}/2015-03-31/functions/{name}/configuration",
            self.address.trim_end_matches('/')
        );
        let authorization = self.authorization("lambda");
        let headers = [
            ("content-type", "application/json"),
            ("authorization", authorization.as_str()),
        ];
        let answer = self
            .http
            .send(method, &address, &headers, body.into())
            .await?;
        ensure!(
            answer.status.is_success(),
            "{name}: {}",
            String::from_utf8_lossy(&answer.body)
        );
        serde_json::from_slice(&answer.body).context("the configuration is no JSON")
    }

    /// The emulator reads account and Region from the scope and checks no signature.
    fn authorization(&self, service: &str) -> String {
        format!(
            "AWS4-HMAC-SHA256 Credential={}/20260101/{}/{service}/aws4_request, \
             SignedHeaders=host, Signature={:064}",
            self.account, self.region, 0
        )
    }

    /// An operation of `DynamoDB`.
    pub async fn dynamodb(&self, operation: &str, request: &Value) -> Result<Value> {
        self.call(
            "dynamodb",
            &format!("DynamoDB_20120810.{operation}"),
            request,
        )
        .await
    }

    /// Every line of every log group whose name begins so.
    pub async fn log_lines(&self, beginning: &str) -> Result<Vec<String>> {
        let groups = self
            .logs(
                "DescribeLogGroups",
                &json!({ "logGroupNamePrefix": beginning }),
            )
            .await?;
        let mut lines = Vec::new();
        for group in members(&groups, "logGroups") {
            let name = text(group, "logGroupName");
            let mut token = None::<String>;
            loop {
                let mut request = json!({ "logGroupName": name, "limit": 10_000 });
                if let Some(token) = &token {
                    request["nextToken"] = json!(token);
                }
                let page = self.logs("FilterLogEvents", &request).await?;
                lines.extend(
                    members(&page, "events")
                        .iter()
                        .map(|event| text(event, "message")),
                );
                let next = page
                    .get("nextToken")
                    .and_then(Value::as_str)
                    .map(str::to_owned);
                if next.is_none() || next == token {
                    break;
                }
                token = next;
            }
        }
        Ok(lines)
    }

    /// Switches the rules that bring events of this source on or off; answers their names.
    pub async fn switch_rules(&self, source: &str, state: RuleState) -> Result<Vec<String>> {
        let rules = self
            .call("events", "AWSEvents.ListRules", &json!({}))
            .await?;
        let mut switched = Vec::new();
        for rule in members(&rules, "Rules") {
            if text(rule, "EventPattern").contains(source) {
                let name = text(rule, "Name");
                let target = match state {
                    RuleState::Enabled => "AWSEvents.EnableRule",
                    RuleState::Disabled => "AWSEvents.DisableRule",
                };
                self.call("events", target, &json!({ "Name": name }))
                    .await?;
                switched.push(name);
            }
        }
        Ok(switched)
    }

    async fn logs(&self, operation: &str, request: &Value) -> Result<Value> {
        self.call("logs", &format!("Logs_20140328.{operation}"), request)
            .await
    }
}

/// Whether a rule brings its events.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RuleState {
    /// It does.
    Enabled,
    /// It drops them.
    Disabled,
}

/// A member that is a list; empty when it is none.
pub fn members<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value
        .get(name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// A member that is a text; empty when it is none.
pub fn text(value: &Value, name: &str) -> String {
    value
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}
