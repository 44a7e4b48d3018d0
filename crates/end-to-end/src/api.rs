//! The product's REST API as a client sees it.

use anyhow::{Context, Result, bail, ensure};
use hyper::Method;
use hyper::body::Bytes;
use hyper::header::HeaderMap;
use serde_json::{Value, json};

use crate::execution::Execution;
use crate::http::Http;

/// The API with one caller's token, or with none.
#[derive(Clone, Debug)]
pub struct Api {
    http: Http,
    base: String,
    token: Option<String>,
}

/// One answer of the API.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What was asked, for messages.
    pub request: String,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; null when there is none or it is no JSON.
    pub body: Value,
    /// The body as it came.
    pub text: String,
}

impl Api {
    /// The API at an address that ends in `/api`.
    pub fn new(http: Http, base: &str, token: Option<&str>) -> Self {
        Self {
            http,
            base: base.to_owned(),
            token: token.map(str::to_owned),
        }
    }

    /// The caller's token.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.send(Method::GET, path, &[], Bytes::new()).await
    }

    /// Makes something, or commands.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        self.send(Method::POST, path, &[], body.to_string().into())
            .await
    }

    /// Replaces.
    pub async fn put(&self, path: &str, if_match: &str, body: &Value) -> Result<Answer> {
        let headers = [("if-match", if_match)];
        self.send(Method::PUT, path, &headers, body.to_string().into())
            .await
    }

    /// Deletes, whatever the version.
    pub async fn delete(&self, path: &str) -> Result<Answer> {
        self.send(Method::DELETE, path, &[], Bytes::new()).await
    }

    /// Sends anything.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Answer> {
        let address = format!("{}{path}", self.base);
        let authorization = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let mut all = headers.to_vec();
        if !body.is_empty() {
            all.push(("content-type", "application/json"));
        }
        if let Some(authorization) = &authorization {
            all.push(("authorization", authorization));
        }
        let request = format!("{method} {path}");
        let answer = self.http.send(method, &address, &all, body).await?;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        Ok(Answer {
            request,
            status: answer.status.as_u16(),
            headers: answer.headers,
            body: serde_json::from_str(&text).unwrap_or(Value::Null),
            text,
        })
    }

    /// Every item of a list, page by page.
    pub async fn all(&self, path: &str) -> Result<Vec<Value>> {
        let mut items = Vec::new();
        let mut token = None::<String>;
        loop {
            let separator = if path.contains('?') { '&' } else { '?' };
            let address = token.as_ref().map_or_else(
                || path.to_owned(),
                |token| format!("{path}{separator}nextToken={}", escape(token)),
            );
            let page = self.get(&address).await?.success()?;
            let found = page["items"].as_array().context("a list has items")?;
            items.extend(found.iter().cloned());
            match page["nextToken"].as_str() {
                Some(next) => token = Some(next.to_owned()),
                None => return Ok(items),
            }
        }
    }

    /// Asks for an execution.
    pub async fn start(&self, wish: &Value) -> Result<Answer> {
        self.post("/executions", wish).await
    }

    /// Starts a drill.
    pub async fn start_drill(&self, plan: &str) -> Result<Execution> {
        let wish = json!({ "recoveryPlanId": plan, "kind": "DRILL" });
        self.started(&wish).await
    }

    /// Starts an execution and expects that it is accepted.
    pub async fn started(&self, wish: &Value) -> Result<Execution> {
        let answer = self.start(wish).await?.expect(202)?;
        let id = answer["executionId"].as_str().context("executionId")?;
        Ok(self.execution(id))
    }

    /// An execution that is known already.
    pub fn execution(&self, id: &str) -> Execution {
        Execution::new(self.clone(), id)
    }
}

impl Answer {
    /// The body, when the status is the expected one.
    pub fn expect(self, status: u16) -> Result<Value> {
        if self.status == status {
            return Ok(self.body);
        }
        bail!(
            "{}: {} instead of {status}: {}",
            self.request,
            self.status,
            self.text
        )
    }

    /// The body, when the status is 2xx.
    pub fn success(self) -> Result<Value> {
        if (200..300).contains(&self.status) {
            return Ok(self.body);
        }
        bail!("{}: {}: {}", self.request, self.status, self.text)
    }

    /// The problem, when status and code are the expected ones. Its form is checked too.
    pub fn problem(self, status: u16, code: &str) -> Result<Value> {
        let told = self.code();
        let request = self.request.clone();
        self.check_problem()?;
        let problem = self.expect(status)?;
        ensure!(
            told == code,
            "{request}: code {told} instead of {code}: {problem}"
        );
        Ok(problem)
    }

    /// The problem's code; empty when there is none.
    pub fn code(&self) -> String {
        self.body["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Every member that a problem has.
    pub fn check_problem(&self) -> Result<()> {
        let kind = self
            .headers
            .get("content-type")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        ensure!(
            kind.starts_with("application/problem+json"),
            "{}: {} with content type {kind:?}: {}",
            self.request,
            self.status,
            self.text
        );
        for member in ["type", "title", "code", "detail", "requestId"] {
            ensure!(
                self.body[member].is_string(),
                "{}: a problem without {member}: {}",
                self.request,
                self.text
            );
        }
        ensure!(
            self.body["status"] == json!(self.status),
            "{}: the problem's status differs: {}",
            self.request,
            self.text
        );
        Ok(())
    }
}

/// A value inside a query.
pub fn escape(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
        escaped
    })
}
