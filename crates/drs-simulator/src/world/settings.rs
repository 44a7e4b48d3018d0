//! The settings of a world, with the profile's switches resolved and durations divided.

use crate::scenario::{Consistency, Durations, Limits, Profile, Scenario, Switches};
use jiff::SignedDuration;

/// A duration between nothing and a thousand years, so that no sum of a time and a few of them
/// leaves the calendar.
pub(super) fn bounded(duration: SignedDuration) -> SignedDuration {
    duration.clamp(
        SignedDuration::ZERO,
        SignedDuration::from_hours(1_000 * 366 * 24),
    )
}

#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) divisor: u32,
    pub(super) page_size: usize,
    pub(super) switches: ResolvedSwitches,
    pub(super) consistency: Consistency,
    pub(super) limits: Limits,
    pub(super) durations: Durations,
    pub(super) attempt_tag: Option<String>,
}

/// What is not known about DRS, decided.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one independent switch of a scenario"
)]
pub(super) struct ResolvedSwitches {
    pub(super) launch_end_event: bool,
    pub(super) empty_terminate_jobs: bool,
    pub(super) relaunch_destroys_recoveries: bool,
    pub(super) old_entries_read_terminated: bool,
    pub(super) unmodelled_errors: bool,
    pub(super) misleading_code: bool,
    pub(super) completed_waits_for_actions: bool,
    pub(super) orphan_after_denied_registration: bool,
    pub(super) drills_say_start_drill: bool,
    pub(super) terminate_jobs_count: bool,
    pub(super) newest_log_first: bool,
    pub(super) cleanup_events: bool,
}

impl Settings {
    pub(super) fn new(scenario: &Scenario) -> Self {
        Self {
            divisor: scenario.clock.divisor().max(1),
            page_size: scenario.page_size.max(1),
            switches: resolve(scenario.profile, scenario.switches),
            consistency: scenario.consistency,
            limits: scenario.limits.clone(),
            durations: scenario.durations,
            attempt_tag: scenario.attempt_tag.clone(),
        }
    }

    /// A duration as it passes on this world's clock, in whole milliseconds.
    pub(super) fn scaled(&self, duration: SignedDuration) -> SignedDuration {
        self.scaled_seconds(duration.as_secs_f64())
    }

    pub(super) fn scaled_seconds(&self, seconds: f64) -> SignedDuration {
        let milliseconds = (seconds * 1_000.0 / f64::from(self.divisor)).round();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a cast of a float saturates"
        )]
        let milliseconds = milliseconds as i64;
        bounded(SignedDuration::from_millis(milliseconds))
    }
}

fn resolve(profile: Profile, switches: Switches) -> ResolvedSwitches {
    let observed = match profile {
        Profile::Observed => true,
        Profile::StrictModel => false,
    };
    ResolvedSwitches {
        launch_end_event: switches.launch_end_event.unwrap_or(observed),
        empty_terminate_jobs: switches.empty_terminate_jobs.unwrap_or(observed),
        relaunch_destroys_recoveries: switches.relaunch_destroys_recoveries.unwrap_or(true),
        old_entries_read_terminated: switches.old_entries_read_terminated.unwrap_or(observed),
        unmodelled_errors: switches.unmodelled_errors.unwrap_or(observed),
        misleading_code: switches.misleading_code.unwrap_or(false),
        completed_waits_for_actions: switches.completed_waits_for_actions.unwrap_or(!observed),
        orphan_after_denied_registration: switches
            .orphan_after_denied_registration
            .unwrap_or(observed),
        drills_say_start_drill: switches.drills_say_start_drill.unwrap_or(true),
        terminate_jobs_count: switches.terminate_jobs_count.unwrap_or(true),
        newest_log_first: switches.newest_log_first.unwrap_or(false),
        cleanup_events: switches.cleanup_events.unwrap_or(true),
    }
}
