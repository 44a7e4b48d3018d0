//! Actions after a launch, as a rule wants them: they run while the server is LAUNCHED already.

use super::World;
use super::due::Due;
use super::identifier::fingerprint;
use super::job::Spot;
use crate::scenario::LaunchActionEffect;
use crate::wire::job::{LaunchAction, LaunchActionRun, LaunchActionRunStatus, LaunchActionsStatus};
use jiff::{SignedDuration, Timestamp};

/// How long an action takes that says nothing.
const USUAL: SignedDuration = SignedDuration::from_mins(1);

/// One action of one participant.
#[derive(Debug, Clone)]
pub(super) struct ActionRun {
    action: LaunchActionEffect,
    id: String,
    order: u32,
    begun_at: Timestamp,
    /// When it ends; one that never does has no such time.
    pub(super) ends_at: Option<Timestamp>,
}

impl World {
    /// The actions of a participant begin, as its launch was told.
    pub(super) fn begin_actions(&mut self, spot: Spot) {
        let Some(participant) = self.participant(spot) else {
            return;
        };
        if participant.effect.actions.is_empty() {
            return;
        }
        let now = self.now;
        let mut runs = Vec::new();
        for (action, order) in participant.effect.actions.iter().zip(2..) {
            let ends = match action.status {
                LaunchActionRunStatus::InProgress => None,
                LaunchActionRunStatus::Succeeded | LaunchActionRunStatus::Failed => {
                    Some(now + self.settings.scaled(action.after.unwrap_or(USUAL)))
                }
            };
            runs.push(ActionRun {
                action: action.clone(),
                id: unique(&format!("{}/{}/{order}", spot.job, spot.participant)),
                order,
                begun_at: now,
                ends_at: ends,
            });
        }
        for ends_at in runs.iter().filter_map(|run| run.ends_at) {
            self.queue.push(ends_at, Due::SomethingShows);
        }
        if let Some(participant) = self.participant_mut(spot) {
            participant.actions = runs;
        }
    }

    /// When the last action of a job has ended; none when one of them never does.
    pub(super) fn actions_end(&self, spot: Spot) -> Option<Timestamp> {
        let participants = self.job(spot).map(|job| job.participants.iter());
        let runs = participants
            .into_iter()
            .flatten()
            .flat_map(|one| &one.actions);
        runs.map(|run| run.ends_at)
            .try_fold(self.now, |latest, ends_at| Some(latest.max(ends_at?)))
    }
}

/// The actions as the wire shows them; nothing where there are none.
pub(super) fn shown(runs: &[ActionRun], now: Timestamp) -> Option<LaunchActionsStatus> {
    let first = runs.first()?;
    Some(LaunchActionsStatus {
        ssm_agent_discovery_date_time: Some(first.begun_at),
        runs: Some(runs.iter().map(|run| run.shown(now)).collect()),
    })
}

impl ActionRun {
    fn shown(&self, now: Timestamp) -> LaunchActionRun {
        let ended = self.ends_at.is_some_and(|ends_at| now >= ends_at);
        let status = if ended {
            self.action.status
        } else {
            LaunchActionRunStatus::InProgress
        };
        let failed = status == LaunchActionRunStatus::Failed;
        LaunchActionRun {
            action: Some(LaunchAction {
                action_id: Some(unique(&self.action.name)),
                action_code: Some("AWS-RunShellScript".to_owned()),
                action_type: Some("SSM_COMMAND".to_owned()),
                name: Some(self.action.name.clone()),
                active: Some(true),
                order: Some(self.order),
                action_version: Some("1".to_owned()),
                optional: Some(self.action.optional),
                category: Some("VALIDATION".to_owned()),
            }),
            run_id: Some(self.id.clone()),
            status: Some(status),
            failure_reason: failed.then(|| "The command ended with exit code 1.".to_owned()),
        }
    }
}

/// A text in the shape of a UUID that always belongs to this text.
fn unique(text: &str) -> String {
    let (high, low) = (fingerprint(text), fingerprint(&format!("{text}/again")));
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}
