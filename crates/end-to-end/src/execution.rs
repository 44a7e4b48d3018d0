//! One execution as the API shows it, its commands, and waiting for what it does by itself.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::{Answer, Api};
use crate::wait::{Look, until};

/// A wave takes seconds; this is for a whole plan on a busy machine.
pub const PATIENCE: Duration = Duration::from_mins(4);

/// Statuses of executions that have ended.
pub const ENDED: [&str; 5] = ["COMPLETED", "PARTIAL", "FAILED", "CANCELLED", "TIMED_OUT"];

/// One execution.
#[derive(Clone, Debug)]
pub struct Execution {
    api: Api,
    /// Its id.
    pub id: String,
}

/// What the API says of it. A member that is missing fails the reading.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the members are those of the API")]
pub struct View {
    pub execution_id: String,
    pub recovery_plan_id: String,
    pub recovery_plan_name: String,
    pub plan_version: u64,
    pub kind: String,
    pub status: String,
    pub status_reason: Option<String>,
    pub initiated_by: String,
    pub created_at: Timestamp,
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub version: u64,
    pub observation: String,
    pub waiting_for: Vec<Waiting>,
    pub holds: Vec<Hold>,
    pub warnings: Vec<Value>,
    pub waves: Vec<Wave>,
    pub clean_up: CleanUp,
    pub instances_terminated: bool,
    pub allowed_actions: BTreeMap<String, Allowed>,
}

/// Something that it waits for.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the members are those of the API")]
pub struct Waiting {
    #[serde(rename = "type")]
    pub kind: String,
    pub detail: String,
    pub since: Timestamp,
}

/// Something open that waits for a person.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the members are those of the API")]
pub struct Hold {
    pub hold_id: String,
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub wave_key: Option<String>,
    pub since: Timestamp,
}

/// A wave.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the members are those of the API")]
pub struct Wave {
    pub key: String,
    pub name: String,
    pub status: String,
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub jobs: Vec<Job>,
    pub servers: Vec<Server>,
}

/// A DRS job of a wave.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the members are those of the API")]
pub struct Job {
    pub job_id: String,
    pub status: String,
    pub attempt: u32,
}

/// A server of a wave.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the members are those of the API")]
pub struct Server {
    pub source_server_id: String,
    pub hostname: Option<String>,
    pub status: String,
    pub job_id: Option<String>,
    pub recovery_instance_id: Option<String>,
    pub error: Option<String>,
    pub warnings: Vec<Value>,
    pub late: bool,
    pub attempts: u32,
}

/// The clean-up.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the members are those of the API")]
pub struct CleanUp {
    pub status: String,
    pub reason: Option<String>,
    pub jobs: Vec<Value>,
    pub instances: Vec<Value>,
    pub ended_at: Option<Timestamp>,
}

/// Whether a command can be given now.
#[derive(Clone, Debug, Deserialize)]
#[expect(missing_docs, reason = "the members are those of the API")]
pub struct Allowed {
    pub allowed: bool,
    #[serde(default)]
    pub reason: Option<String>,
}

impl Execution {
    /// An execution that this caller reads and commands.
    pub fn new(api: Api, id: &str) -> Self {
        Self {
            api,
            id: id.to_owned(),
        }
    }

    /// The same execution, commanded by somebody else.
    #[must_use]
    pub fn by(&self, api: &Api) -> Self {
        Self::new(api.clone(), &self.id)
    }

    /// Its address.
    pub fn path(&self) -> String {
        format!("/executions/{}", self.id)
    }

    /// What the API says of it now.
    pub async fn view(&self) -> Result<View> {
        let body = self.api.get(&self.path()).await?.expect(200)?;
        let view: View = serde_json::from_value(body.clone())
            .with_context(|| format!("an execution has another form: {body}"))?;
        ensure!(
            view.has_ended() || !view.waiting_for.is_empty(),
            "{} lives and waits for nothing: {body}",
            self.id
        );
        Ok(view)
    }

    /// Waits until a view of it satisfies the condition.
    pub async fn until(&self, what: &str, holds: impl Fn(&View) -> bool) -> Result<View> {
        self.until_within(PATIENCE, what, holds).await
    }

    /// The same with a limit of one's own.
    pub async fn until_within(
        &self,
        limit: Duration,
        what: &str,
        holds: impl Fn(&View) -> bool,
    ) -> Result<View> {
        let holds = &holds;
        until(&format!("{} {what}", self.id), limit, || async move {
            let view = self.view().await?;
            if holds(&view) {
                return Ok(Look::Holds(view));
            }
            Ok(Look::NotYet(view.summary()))
        })
        .await
    }

    /// Waits until it has ended.
    pub async fn end(&self) -> Result<View> {
        let view = self.until("ends", View::has_ended).await?;
        ensure!(
            view.ended_at.is_some(),
            "ended without a time: {}",
            view.summary()
        );
        ensure!(
            view.status_reason
                .as_deref()
                .is_some_and(|reason| !reason.is_empty()),
            "ended without a reason: {}",
            view.summary()
        );
        Ok(view)
    }

    /// Waits until it has ended in this status.
    pub async fn ends_as(&self, status: &str) -> Result<View> {
        let view = self.end().await?;
        ensure!(
            view.status == status,
            "{} instead of {status}: {}",
            view.status,
            view.summary()
        );
        Ok(view)
    }

    /// Waits until it has this status.
    pub async fn reaches(&self, status: &str) -> Result<View> {
        self.until(&format!("is {status}"), |view| view.status == status)
            .await
    }

    /// Gives a command.
    pub async fn command(&self, name: &str, body: &Value) -> Result<Answer> {
        self.api
            .post(&format!("{}/{name}", self.path()), body)
            .await
    }

    /// Gives a command and expects that it is accepted.
    pub async fn accept(&self, name: &str, body: &Value) -> Result<Value> {
        self.command(name, body).await?.success()
    }

    /// Gives a command, expects a refusal, and that nothing has changed by it.
    pub async fn refuse(&self, name: &str, body: &Value, code: &str) -> Result<Value> {
        let before = self.view().await?;
        let problem = self.command(name, body).await?.problem(409, code)?;
        let after = self.view().await?;
        ensure!(
            before.version == after.version || before.status == after.status,
            "a refused {name} has changed {}",
            after.summary()
        );
        Ok(problem)
    }

    /// Terminates its instances and waits until none is left.
    pub async fn clean_up(&self) -> Result<View> {
        let view = self.clean_up_ends_as("DONE").await?;
        ensure!(
            view.instances_terminated,
            "the clean-up is done and instances are not terminated: {:?}",
            view.clean_up
        );
        Ok(view)
    }

    /// Asks for the clean-up and waits until it has ended in this status.
    pub async fn clean_up_ends_as(&self, status: &str) -> Result<View> {
        let view = self.view().await?;
        let confirm = json!({ "confirm": view.recovery_plan_name });
        self.accept("terminate-instances", &confirm).await?;
        let view = self
            .until("ends its clean-up", |view| {
                !["NOT_STARTED", "RUNNING"].contains(&view.clean_up.status.as_str())
            })
            .await?;
        ensure!(
            view.clean_up.status == status && view.instances_terminated == (status == "DONE"),
            "the clean-up has ended otherwise: {:?}",
            view.clean_up
        );
        Ok(view)
    }

    /// Its events.
    pub async fn events(&self) -> Result<Vec<Value>> {
        self.api.all(&format!("{}/events", self.path())).await
    }

    /// The log of its jobs.
    pub async fn job_logs(&self) -> Result<Vec<Value>> {
        self.api.all(&format!("{}/job-logs", self.path())).await
    }
}

impl View {
    /// Whether its status is a last one.
    pub fn has_ended(&self) -> bool {
        ENDED.contains(&self.status.as_str())
    }

    /// The wave of this key.
    pub fn wave(&self, key: &str) -> Result<&Wave> {
        self.waves
            .iter()
            .find(|wave| wave.key == key)
            .with_context(|| format!("no wave {key}"))
    }

    /// All servers.
    pub fn servers(&self) -> impl Iterator<Item = &Server> {
        self.waves.iter().flat_map(|wave| &wave.servers)
    }

    /// The server of this id.
    pub fn server(&self, id: &str) -> Result<&Server> {
        self.servers()
            .find(|server| server.source_server_id == id)
            .with_context(|| format!("no server {id}"))
    }

    /// The status of an instance in the clean-up, and its reason.
    pub fn cleaned(&self, instance: &str) -> Result<(String, String)> {
        let instances = &self.clean_up.instances;
        let found = instances
            .iter()
            .find(|one| one["recoveryInstanceId"] == instance)
            .with_context(|| format!("{instance} is not among {instances:?}"))?;
        let text = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
        Ok((text("status"), text("reason")))
    }

    /// The ids of all jobs.
    pub fn jobs(&self) -> Vec<String> {
        let jobs = self.waves.iter().flat_map(|wave| &wave.jobs);
        jobs.map(|job| job.job_id.clone()).collect()
    }

    /// The instance of each server that has one.
    pub fn instances(&self) -> BTreeMap<String, String> {
        self.servers()
            .filter_map(|server| {
                let instance = server.recovery_instance_id.clone()?;
                Some((server.source_server_id.clone(), instance))
            })
            .collect()
    }

    /// The open holds of a kind.
    pub fn holds_of(&self, kind: &str) -> Vec<&Hold> {
        self.holds.iter().filter(|hold| hold.kind == kind).collect()
    }

    /// Whether a command is allowed now.
    pub fn allows(&self, command: &str) -> Result<bool> {
        let action = self
            .allowed_actions
            .get(command)
            .with_context(|| format!("allowedActions does not list {command}"))?;
        ensure!(
            action.allowed || action.reason.is_some(),
            "{command} is not allowed, without a reason"
        );
        Ok(action.allowed)
    }

    /// One line for messages.
    pub fn summary(&self) -> String {
        let waves: Vec<String> = self
            .waves
            .iter()
            .map(|wave| {
                let servers: Vec<String> = wave
                    .servers
                    .iter()
                    .map(|server| {
                        let error = server.error.as_deref().unwrap_or_default();
                        format!("{} {error}", server.status).trim_end().to_owned()
                    })
                    .collect();
                format!("{} {} [{}]", wave.key, wave.status, servers.join(", "))
            })
            .collect();
        let waiting: Vec<String> = self
            .waiting_for
            .iter()
            .map(|waiting| format!("{}: {}", waiting.kind, waiting.detail))
            .collect();
        format!(
            "{} {} ({}); waits for [{}]; {}",
            self.kind,
            self.status,
            self.status_reason.as_deref().unwrap_or_default(),
            waiting.join("; "),
            waves.join("; ")
        )
    }
}
