//! How time passes in a world.

use jiff::Timestamp;
use serde::Deserialize;

/// Where every clock stops, the first second of the year 4000. Behind it is room for every sum of
/// a time and a few durations.
pub(crate) const LAST_MOMENT: Timestamp = Timestamp::constant(64_060_588_800, 0);

/// The clock of a scenario.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Clock {
    /// Who moves the clock.
    pub mode: ClockMode,
    /// Where a manual clock begins.
    pub start: Timestamp,
    /// By what a scaled clock divides every duration.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub scale: u32,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            mode: ClockMode::Manual,
            start: jiff::civil::date(2026, 1, 1)
                .to_zoned(jiff::tz::TimeZone::UTC)
                .map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp()),
            scale: 1,
        }
    }
}

impl Clock {
    /// What durations are divided by: 1 for a manual clock.
    pub(crate) const fn divisor(&self) -> u32 {
        match self.mode {
            ClockMode::Manual => 1,
            ClockMode::Scaled => self.scale,
        }
    }
}

/// Who moves the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ClockMode {
    /// A virtual clock that stands still until somebody moves it.
    Manual,
    /// The wall clock, with all durations divided by the scale.
    Scaled,
}
