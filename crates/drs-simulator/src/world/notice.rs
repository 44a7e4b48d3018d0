//! Launch results, as DRS publishes them on the event bus of their account and Region.

use super::World;
use super::job::{LaunchKind, Spot};
use crate::wire::job::LaunchStatus;
use jiff::Timestamp;
use serde_json::json;

/// How a launch went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LaunchResult {
    /// The instance is registered.
    Succeeded,
    /// There is none.
    Failed,
}

/// The result of one server's launch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchNotice {
    /// The account on whose bus it belongs.
    pub account: String,
    /// The Region on whose bus it belongs.
    pub region: String,
    /// When it happened.
    pub at: Timestamp,
    /// How it went.
    pub result: LaunchResult,
    /// The job.
    pub job_id: String,
    /// The server.
    pub source_server_id: String,
    /// The server's ARN.
    pub source_server_arn: String,
    /// Whether the launch was a drill.
    pub is_drill: bool,
}

impl LaunchNotice {
    /// The detail-type of these events.
    pub const DETAIL_TYPE: &'static str = "DRS Source Server Launch Result";

    /// The detail of the event. `is-drill` is a text, as DRS has it.
    pub fn detail(&self) -> serde_json::Value {
        let state = match self.result {
            LaunchResult::Succeeded => "RECOVERY_LAUNCH_SUCCEEDED",
            LaunchResult::Failed => "RECOVERY_LAUNCH_FAILED",
        };
        json!({
            "state": state,
            "job-id": self.job_id,
            "source-server-id": self.source_server_id,
            "is-drill": if self.is_drill { "TRUE" } else { "FALSE" },
        })
    }
}

impl World {
    /// Notes how the launch of a participant went, when it went at all.
    pub(super) fn note_launch(&mut self, spot: Spot, kind: LaunchKind, status: LaunchStatus) {
        let result = match status {
            LaunchStatus::Launched => LaunchResult::Succeeded,
            LaunchStatus::Failed => LaunchResult::Failed,
            LaunchStatus::Pending | LaunchStatus::InProgress | LaunchStatus::Terminated => return,
        };
        let Some(site) = self.sites.get(spot.site) else {
            return;
        };
        let Some(job) = site.jobs.get(&spot.job) else {
            return;
        };
        let Some(participant) = job.participants.get(spot.participant) else {
            return;
        };
        self.notices.push(LaunchNotice {
            account: site.account.clone(),
            region: site.region.clone(),
            at: self.now,
            result,
            job_id: job.id.clone(),
            source_server_id: participant.server.clone(),
            source_server_arn: site.arn(&format!("source-server/{}", participant.server)),
            is_drill: kind == LaunchKind::Drill,
        });
    }
}
