//! Where a clean-up stands, and what it waits for.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::absence::may_still_come_up;
use super::end::launch_in_progress;
use super::instance::CleanUpInstance;
use crate::execution::Execution;

/// Where a clean-up stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CleanUpStatus {
    /// Nobody asked for it.
    #[default]
    NotStarted,
    /// Under way.
    Running,
    /// Fresh looks at DRS and EC2 find nothing of this execution.
    Done,
    /// Something is left: DRS refuses to terminate it, or does not list it.
    Incomplete,
    /// What is left could not be seen.
    CouldNotVerify,
}

impl CleanUpStatus {
    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotStarted => "NOT_STARTED",
            Self::Running => "RUNNING",
            Self::Done => "DONE",
            Self::Incomplete => "INCOMPLETE",
            Self::CouldNotVerify => "COULD_NOT_VERIFY",
        }
    }
}

/// What a clean-up that is under way waits for, in words.
pub(in crate::execution) fn waits_for(execution: &Execution, now: Timestamp) -> String {
    if let Some((_, text)) = &execution.head.clean_up.blind {
        return format!("the drill's instances cannot be looked at: {text}");
    }
    if let Some((job, until)) = may_still_come_up(execution, now) {
        return format!(
            "DRS no longer shows job {job}, whose servers may still come up until {until}"
        );
    }
    if let Some(what) = launch_in_progress(execution) {
        return format!("{what} may still bring something up");
    }
    let clean_up = &execution.head.clean_up;
    let put_off = |known: &&CleanUpInstance| known.put_off_since.is_some() && known.is_open();
    if let Some(known) = clean_up.instances.iter().find(put_off) {
        let reason = known.reason.as_deref().unwrap_or_default();
        return format!("DRS does not take {} yet: {reason}", known.id);
    }
    if let Some(blind) = &clean_up.ec2_blind {
        return format!("EC2 cannot be asked what is left: {}", blind.text);
    }
    "the drill's instances are being terminated".to_owned()
}
