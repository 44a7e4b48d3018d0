//! How long the phases of a job take: a base by operating system, more by the size of the disks.

use super::OperatingSystemFamily;
use super::rule::ServerPhase;
use jiff::SignedDuration;
use serde::Deserialize;

/// Durations of phases; those left out follow the operating system and the disks.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Durations {
    /// The spread of a log-normal factor on every phase; 0 makes them exact.
    #[serde(deserialize_with = "crate::scenario::amount::number")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0)))]
    pub jitter: f64,
    /// From the call to `JOB_START`.
    #[serde(deserialize_with = "crate::scenario::amount::duration")]
    pub start_delay: SignedDuration,
    /// From the last server's end to `JOB_END`.
    #[serde(deserialize_with = "crate::scenario::amount::duration")]
    pub end_delay: SignedDuration,
    /// From the end of a terminate job until the instances' records are gone.
    #[serde(deserialize_with = "crate::scenario::amount::duration")]
    pub record_removal: SignedDuration,
    /// Removal of an earlier instance before a launch.
    #[serde(deserialize_with = "crate::scenario::amount::optional_duration")]
    pub cleanup: Option<SignedDuration>,
    /// The snapshot of the staging volumes.
    #[serde(deserialize_with = "crate::scenario::amount::optional_duration")]
    pub snapshot: Option<SignedDuration>,
    /// The conversion of the volumes.
    #[serde(deserialize_with = "crate::scenario::amount::optional_duration")]
    pub conversion: Option<SignedDuration>,
    /// The launch until the instance is registered.
    #[serde(deserialize_with = "crate::scenario::amount::optional_duration")]
    pub launch: Option<SignedDuration>,
    /// The end of an instance in a terminate job.
    #[serde(deserialize_with = "crate::scenario::amount::optional_duration")]
    pub terminate: Option<SignedDuration>,
}

impl Default for Durations {
    fn default() -> Self {
        Self {
            jitter: 0.1,
            start_delay: SignedDuration::from_secs(10),
            end_delay: SignedDuration::from_secs(10),
            record_removal: SignedDuration::from_secs(10),
            cleanup: None,
            snapshot: None,
            conversion: None,
            launch: None,
            terminate: None,
        }
    }
}

impl Durations {
    /// The duration of a phase before jitter, in seconds.
    pub(crate) fn seconds(
        &self,
        phase: ServerPhase,
        family: OperatingSystemFamily,
        disk_gib: u64,
    ) -> f64 {
        let fixed = match phase {
            ServerPhase::Cleanup => self.cleanup,
            ServerPhase::Snapshot => self.snapshot,
            ServerPhase::Conversion => self.conversion,
            ServerPhase::Launch => self.launch,
            ServerPhase::Terminate => self.terminate,
        };
        fixed.map_or_else(
            || fitted_seconds(phase, family, disk_gib),
            |fixed| fixed.as_secs_f64(),
        )
    }
}

/// Seconds fitted to runs that people have reported; for disks of terabytes they are guesses.
fn fitted_seconds(phase: ServerPhase, family: OperatingSystemFamily, disk_gib: u64) -> f64 {
    let (smallest_gib, base, per_gib) = match (family, phase) {
        (OperatingSystemFamily::Linux, ServerPhase::Cleanup | ServerPhase::Terminate) => {
            (50, 90.0, 0.030)
        }
        (OperatingSystemFamily::Linux, ServerPhase::Snapshot) => (50, 90.0, 0.165),
        (OperatingSystemFamily::Linux, ServerPhase::Conversion) => (50, 240.0, 0.090),
        (OperatingSystemFamily::Linux, ServerPhase::Launch) => (50, 150.0, 0.045),
        (OperatingSystemFamily::Windows, ServerPhase::Snapshot) => (100, 120.0, 0.185),
        (OperatingSystemFamily::Windows, ServerPhase::Conversion) => (100, 660.0, 0.154),
        (OperatingSystemFamily::Windows, ServerPhase::Launch) => (100, 600.0, 0.154),
        (OperatingSystemFamily::Windows, ServerPhase::Cleanup | ServerPhase::Terminate) => {
            (100, 120.0, 0.031)
        }
    };
    let beyond = u32::try_from(disk_gib.saturating_sub(smallest_gib)).unwrap_or(u32::MAX);
    f64::mul_add(per_gib, f64::from(beyond), base)
}
