//! The simulator's control interface: what DRS was asked for, what it has, and what goes wrong.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use hyper::Method;
use hyper::body::Bytes;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::emulator::{members, text};
use crate::http::Http;

/// The simulator of DRS.
#[derive(Clone, Debug)]
pub struct Simulator {
    http: Http,
    address: String,
}

/// One request that DRS got.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the members are those of the journal")]
pub struct Request {
    pub sequence: u64,
    pub at: Timestamp,
    pub operation: String,
    pub account_id: String,
    pub region: String,
    pub request: Value,
    pub status: Option<u16>,
    pub response: Option<Value>,
    pub committed: bool,
    pub delivered: bool,
}

/// Everything that DRS has.
#[derive(Clone, Debug)]
pub struct State(pub Value);

/// A DRS job.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its id.
    pub id: String,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// LAUNCH, TERMINATE.
    pub kind: String,
    /// Its servers; a terminate job loses them at its end.
    pub servers: Vec<String>,
    /// Its tags.
    pub tags: Value,
}

/// A recovery instance.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Its id.
    pub id: String,
    /// Its source server.
    pub server: String,
    /// Whether a drill launched it.
    pub is_drill: bool,
    /// How its EC2 instance stands.
    pub state: String,
}

impl Simulator {
    /// The simulator at an address.
    pub fn new(http: Http, address: &str) -> Self {
        Self {
            http,
            address: address.to_owned(),
        }
    }

    /// Every request that it keeps, oldest first.
    pub async fn journal(&self) -> Result<Vec<Request>> {
        let journal = self.get("/_sim/journal").await?;
        serde_json::from_value(journal["requests"].clone()).context("the journal")
    }

    /// The `StartRecovery` requests that took effect and named one of these servers.
    pub async fn launches(&self, servers: &[String]) -> Result<Vec<Request>> {
        let mut found = self.journal().await?;
        found.retain(|request| {
            request.operation == "StartRecovery"
                && request.committed
                && request
                    .servers()
                    .iter()
                    .any(|server| servers.contains(server))
        });
        Ok(found)
    }

    /// Everything that it has.
    pub async fn state(&self) -> Result<State> {
        Ok(State(self.get("/_sim/state").await?))
    }

    /// What should never have happened, of these servers.
    pub async fn violations(&self, servers: &[String]) -> Result<Vec<Value>> {
        let verdict = self.get("/_sim/verify").await?;
        let found = members(&verdict, "violations").iter().filter(|violation| {
            let server = text(violation, "sourceServerId");
            servers.contains(&server)
                || servers
                    .iter()
                    .any(|server| text(violation, "detail").contains(server.as_str()))
        });
        Ok(found.cloned().collect())
    }

    /// Adds a rule by which something goes wrong.
    pub async fn add_fault(&self, rule: &Value) -> Result<String> {
        let made = self.send(Method::POST, "/_sim/faults", rule).await?;
        Ok(text(&made, "id"))
    }

    /// Takes a rule away.
    pub async fn remove_fault(&self, id: &str) -> Result<()> {
        self.send(Method::DELETE, &format!("/_sim/faults/{id}"), &Value::Null)
            .await
            .map(|_| ())
    }

    /// The launch of a server fails, once.
    pub async fn fail_once(&self, server: &str) -> Result<String> {
        self.add_fault(&json!({
            "when": { "server": { "id": server }, "phase": "launch" },
            "do": { "fail": "LAUNCH_FAILED", "raw_error": "InsufficientInstanceCapacity" },
            "times": 1,
        }))
        .await
    }

    /// The conversion of a server takes until [`Self::let_go`], once: what a test does meanwhile takes
    /// as long as the machine needs.
    pub async fn hold_up(&self, server: &str) -> Result<String> {
        self.add_fault(&json!({
            "when": { "server": { "id": server }, "phase": "conversion" },
            "do": { "stall": "forever" },
            "times": 1,
        }))
        .await
    }

    /// The launch of a server that was held up succeeds, now.
    pub async fn let_go(&self, server: &str) -> Result<()> {
        let jobs = self.state().await?.jobs(&[server.to_owned()])?;
        let held_up = jobs
            .iter()
            .find(|job| job.kind == "LAUNCH" && job.ended_at.is_none());
        let job = held_up.with_context(|| format!("no job launches {server}: {jobs:?}"))?;
        self.force(&job.id, server, "LAUNCHED").await
    }

    /// Changes how a server replicates.
    pub async fn change_server(&self, server: &str, change: &Value) -> Result<()> {
        self.send(Method::PATCH, &format!("/_sim/servers/{server}"), change)
            .await
            .map(|_| ())
    }

    /// Gives a server a live recovery instance that nothing here launched; answers its id.
    pub async fn create_instance(&self, server: &str, is_drill: &Value) -> Result<String> {
        let new = json!({ "serverId": server, "isDrill": is_drill });
        let made = self.send(Method::POST, "/_sim/instances", &new).await?;
        Ok(text(&made, "recoveryInstanceID"))
    }

    /// Ends an instance as somebody does by hand.
    pub async fn end_instance(&self, instance: &str) -> Result<()> {
        let path = format!("/_sim/instances/{instance}");
        self.send(Method::PATCH, &path, &json!({ "state": "TERMINATED" }))
            .await
            .map(|_| ())
    }

    /// Ends an EC2 instance by hand, as somebody with rights in EC2 does; DRS need not know of it.
    pub async fn terminate_machine(
        &self,
        account: &str,
        region: &str,
        instance: &str,
    ) -> Result<()> {
        let authorization = signed(account, region, "ec2");
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("authorization", authorization.as_str()),
        ];
        let form = format!("Action=TerminateInstances&Version=2016-11-15&InstanceId.1={instance}");
        let address = format!("{}/", self.address);
        let answer = self
            .http
            .send(Method::POST, &address, &headers, form.into())
            .await?;
        if answer.status.is_success() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&answer.body);
        bail!("EC2 does not end {instance}: {} {text}", answer.status)
    }

    /// Makes a server end in a job in a given way, now.
    pub async fn force(&self, job: &str, server: &str, outcome: &str) -> Result<()> {
        let path = format!("/_sim/jobs/{job}/servers/{server}");
        self.send(Method::POST, &path, &json!({ "outcome": outcome }))
            .await
            .map(|_| ())
    }

    /// The log of a job, as DRS tells it to a caller in a Region.
    pub async fn job_log(&self, account: &str, region: &str, job: &str) -> Result<Vec<Value>> {
        let mut items = Vec::new();
        let mut request = json!({ "jobID": job });
        let authorization = authorization(account, region);
        loop {
            let address = format!("{}/DescribeJobLogItems", self.address);
            let headers = [
                ("content-type", "application/json"),
                ("authorization", authorization.as_str()),
            ];
            let body = request.to_string().into();
            let answer = self
                .http
                .send(Method::POST, &address, &headers, body)
                .await?;
            let page: Value = serde_json::from_slice(&answer.body).context("a page of the log")?;
            items.extend(members(&page, "items").iter().cloned());
            match page["nextToken"].as_str() {
                Some(next) => request["nextToken"] = json!(next),
                None => return Ok(items),
            }
        }
    }

    /// Launches servers as somebody else who uses DRS: without any tag of the product.
    pub async fn launch_as_stranger(
        &self,
        account: &str,
        region: &str,
        servers: &[String],
    ) -> Result<()> {
        self.start_as_stranger(account, region, servers, &json!(true))
            .await
    }

    /// The same for a recovery.
    pub async fn recover_as_stranger(
        &self,
        account: &str,
        region: &str,
        servers: &[String],
    ) -> Result<()> {
        self.start_as_stranger(account, region, servers, &json!(false))
            .await
    }

    async fn start_as_stranger(
        &self,
        account: &str,
        region: &str,
        servers: &[String],
        is_drill: &Value,
    ) -> Result<()> {
        let servers: Vec<Value> = servers
            .iter()
            .map(|server| json!({ "sourceServerID": server }))
            .collect();
        let request = json!({ "isDrill": is_drill, "sourceServers": servers });
        let address = format!("{}/StartRecovery", self.address);
        let authorization = authorization(account, region);
        let headers = [
            ("content-type", "application/json"),
            ("authorization", authorization.as_str()),
        ];
        let answer = self
            .http
            .send(Method::POST, &address, &headers, request.to_string().into())
            .await?;
        if answer.status.is_success() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&answer.body);
        bail!("DRS refuses the stranger: {} {text}", answer.status)
    }

    async fn get(&self, path: &str) -> Result<Value> {
        self.send(Method::GET, path, &Value::Null).await
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> Result<Value> {
        let address = format!("{}{path}", self.address);
        let bytes = if body.is_null() {
            Bytes::new()
        } else {
            body.to_string().into()
        };
        let answer = self.http.send(method, &address, &[], bytes).await?;
        if !answer.status.is_success() {
            let text = String::from_utf8_lossy(&answer.body);
            bail!("the simulator refuses {path}: {} {text}", answer.status);
        }
        if answer.body.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&answer.body).context("an answer of the simulator")
    }
}

/// Who calls from where. The simulator reads account and Region, and checks no signature.
fn authorization(account: &str, region: &str) -> String {
    signed(account, region, "drs")
}

fn signed(account: &str, region: &str, service: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential={account}/20260101/{region}/{service}/aws4_request, \
         SignedHeaders=host, Signature={:064}",
        0
    )
}

impl Request {
    /// The servers of a `StartRecovery`.
    pub fn servers(&self) -> BTreeSet<String> {
        members(&self.request, "sourceServers")
            .iter()
            .map(|server| text(server, "sourceServerID"))
            .collect()
    }

    /// The job that was answered, or would have been.
    pub fn job(&self) -> String {
        self.response
            .as_ref()
            .map(|response| text(&response["job"], "jobID"))
            .unwrap_or_default()
    }
}

impl State {
    /// The instances of these servers that are not gone, in every account and Region.
    pub fn live_instances(&self, servers: &[String]) -> Vec<Instance> {
        let mut found = self.instances(servers);
        found.retain(|one| !["TERMINATED", "NOT_FOUND"].contains(&one.state.as_str()));
        found
    }

    /// The instances of these servers that DRS has a record of, in every account and Region.
    pub fn instances(&self, servers: &[String]) -> Vec<Instance> {
        self.everywhere("recoveryInstances")
            .map(|instance| Instance {
                id: text(instance, "recoveryInstanceID"),
                server: text(instance, "sourceServerID"),
                is_drill: instance["isDrill"].as_bool().unwrap_or_default(),
                state: text(instance, "ec2InstanceState"),
            })
            .filter(|instance| servers.contains(&instance.server))
            .collect()
    }

    /// The jobs that launched one of these servers.
    pub fn jobs(&self, servers: &[String]) -> Result<Vec<Job>> {
        self.everywhere("jobs")
            .map(job)
            .filter(|job| match job {
                Ok(job) => job.servers.iter().any(|server| servers.contains(server)),
                Err(_) => true,
            })
            .collect()
    }

    /// The job of this id.
    pub fn job(&self, id: &str) -> Result<Job> {
        self.everywhere("jobs")
            .find(|job| text(job, "jobID") == id)
            .map(job)
            .with_context(|| format!("DRS has no job {id}"))?
    }

    fn everywhere(&self, what: &str) -> impl Iterator<Item = &Value> {
        let accounts = self.0["accounts"].as_object();
        accounts
            .into_iter()
            .flat_map(serde_json::Map::values)
            .filter_map(Value::as_object)
            .flat_map(serde_json::Map::values)
            .flat_map(move |region| members(region, what))
    }
}

fn job(wire: &Value) -> Result<Job> {
    let time = |name: &str| {
        let text = text(wire, name);
        (!text.is_empty())
            .then(|| text.parse::<Timestamp>())
            .transpose()
            .with_context(|| format!("{name} of a job"))
    };
    Ok(Job {
        id: text(wire, "jobID"),
        created_at: time("creationDateTime")?.context("a job without creationDateTime")?,
        ended_at: time("endDateTime")?,
        kind: text(wire, "type"),
        servers: members(wire, "participatingServers")
            .iter()
            .map(|server| text(server, "sourceServerID"))
            .collect(),
        tags: wire["tags"].clone(),
    })
}
