//! How long is waited for what.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// Waits, in seconds. Template parameters, so that a test can shorten them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waits {
    /// How long DRS may take to show a job that it has accepted.
    pub visibility_window: u32,
    /// Time limit of one `StartRecovery` call.
    pub call_timeout: u32,
    /// Time limit of one invocation of the orchestration function.
    pub function_timeout: u32,
    /// How long a launch may be in doubt before a person is asked.
    pub doubt_limit: u32,
    /// How long a drill may wait for a person before it is cancelled.
    #[serde(default = "drill_park_limit")]
    pub drill_park_limit: u32,
}

fn drill_park_limit() -> u32 {
    Waits::DEFAULT.drill_park_limit
}

impl Waits {
    /// The values for AWS.
    pub const DEFAULT: Self = Self {
        visibility_window: 180,
        call_timeout: 30,
        function_timeout: 120,
        doubt_limit: 600,
        drill_park_limit: 4 * 3_600,
    };
}

impl Waits {
    /// How long after its intent a launch may stay unseen and still have been accepted: its
    /// caller may live that long, call that long, and DRS hide the job that long.
    pub fn hidden_for_at_most(&self) -> SignedDuration {
        let seconds = [
            self.function_timeout,
            self.call_timeout,
            self.visibility_window,
        ];
        SignedDuration::from_secs(seconds.into_iter().map(i64::from).sum())
    }
}
