//! Points in time as requests write them.

use std::str::FromStr;

use jiff::Timestamp;

/// A point in time that a request names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PointInTime(pub(crate) Timestamp);

/// Why a text names no point in time. The parser's own words are about its insides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a point in time is written as RFC 3339 says, such as `2026-11-23T09:00:00Z`")]
pub(crate) struct NoPointInTime;

impl FromStr for PointInTime {
    type Err = NoPointInTime;

    fn from_str(text: &str) -> Result<Self, NoPointInTime> {
        text.parse().map(Self).map_err(|_| NoPointInTime)
    }
}
