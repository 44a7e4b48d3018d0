//! The drill of one server, and its clean-up.

use anyhow::{Context, Result, bail, ensure};
use deployment::cloud::Cloud;
use serde_json::{Value, json};

use super::Files;
use super::api::{success, text};
use super::product::{name, plan_id};
use super::prover::{Prover, chosen, remember};

/// Statuses of executions that have ended.
const ENDED: [&str; 5] = ["COMPLETED", "PARTIAL", "FAILED", "CANCELLED", "TIMED_OUT"];
/// How the clean-up of an execution is called that can be asked for.
const CAN_BE_CLEANED_UP: [&str; 3] = ["NOT_STARTED", "INCOMPLETE", "COULD_NOT_VERIFY"];

impl Prover<'_> {
    /// An execution that is in the record, or that the plan has, is followed; there is never a second.
    pub(super) async fn drill(&mut self, files: &mut Files) -> Result<Vec<String>> {
        let chosen = chosen(files)?;
        let id = self.execution(files).await?;
        let ended = self.follow(files, &id).await?;
        let job = text(&ended["waves"][0]["jobs"][0], "jobId").unwrap_or_default();
        self.look_at_the_launch(files, &chosen, job).await?;
        let status = text(&ended, "status")?;
        let server = &ended["waves"][0]["servers"][0];
        ensure!(
            status == "COMPLETED" && server["status"] == "LAUNCHED",
            "the drill {id} ended {status} ({}); the server is {} ({})",
            ended["statusReason"],
            server["status"],
            server["error"]
        );
        let instance = text(server, "recoveryInstanceId")?;
        Ok(vec![
            format!("the drill {id} ended COMPLETED by the job {job}"),
            format!("{} is LAUNCHED as {instance}", chosen.server),
            format!(
                "it was followed by the finder, the poller and the state machine; last observed at {}",
                ended["observedAt"].as_str().unwrap_or("no time")
            ),
        ])
    }

    async fn execution(&mut self, files: &mut Files) -> Result<String> {
        let plan = plan_id(files)?;
        let wished = files.record.made.execution.clone();
        if let Some(wish) = wished
            && wish.id.is_none()
        {
            // Asked before, and the answer was lost. The plan is this run's own.
            let path = format!("/executions?recoveryPlanId={plan}");
            let known = self.get(files, &path).await?;
            if let Some(id) = known["items"][0]["executionId"].as_str() {
                remember(files, |made| &mut made.execution, id)?;
            }
        }
        let body = json!({ "recoveryPlanId": plan, "kind": "DRILL" });
        let place = ("/executions", "executionId");
        self.fulfil(files, |made| &mut made.execution, place, body)
            .await
    }

    /// Until it has ended, or waits for a person.
    async fn follow(&mut self, files: &mut Files, id: &str) -> Result<Value> {
        let path = format!("/executions/{id}");
        let mut last = String::new();
        loop {
            let view = self.get(files, &path).await?;
            let status = text(&view, "status")?.to_owned();
            let phase = &view["waves"][0]["servers"][0]["phase"];
            let seen = format!("{status} {}", phase.as_str().unwrap_or_default());
            if seen != last {
                self.context.output.tell(&format!("  {}", seen.trim_end()));
                last = seen;
            }
            self.look_for_the_job(files, &view).await?;
            if ENDED.contains(&status.as_str()) {
                return Ok(view);
            }
            let holds = view["holds"].as_array().map_or(0, Vec::len);
            ensure!(
                holds == 0,
                "the drill {id} waits for a person: {}; decide in the console, then give the same \
                 command again",
                view["holds"]
            );
            self.cloud().pause().await;
        }
    }

    /// Only what this run's drill launched, and only through the product.
    pub(super) async fn clean_up(&mut self, files: &mut Files) -> Result<Vec<String>> {
        let wish = files.record.made.execution.clone();
        let wish = wish.context("no drill was started, so there is nothing to clean up")?;
        let id = self.execution(files).await?;
        let ended = self.follow(files, &id).await?;
        let path = format!("/executions/{id}");
        let status = text(&ended["cleanUp"], "status")?;
        if CAN_BE_CLEANED_UP.contains(&status) {
            let command = format!("{path}/terminate-instances");
            let mut body = json!({ "confirm": name(files) });
            if status == "NOT_STARTED" {
                body["clientToken"] = json!(format!("{}-clean-up", wish.token));
            }
            let answered = self.ask(files, ("POST", &command), Some(&body)).await?;
            success(&command, answered)?;
        }
        let view = loop {
            let view = self.get(files, &path).await?;
            match text(&view["cleanUp"], "status")? {
                "NOT_STARTED" | "RUNNING" => self.cloud().pause().await,
                "DONE" => break view,
                other => bail!(
                    "the clean-up of {id} is {other}: {}; look in the console at what is left",
                    view["cleanUp"]["reason"]
                ),
            }
        };
        ensure!(
            view["instancesTerminated"] == true,
            "the clean-up is done and instances are not terminated"
        );
        self.look_at_the_end(files, &view).await?;
        let instances = view["cleanUp"]["instances"].as_array().map_or(0, Vec::len);
        Ok(vec![
            format!("the clean-up of {id} is DONE; instances: {instances}"),
            "a fresh look of the product found none of them, neither in DRS nor in EC2".to_owned(),
        ])
    }
}
