//! Reading texts of DRS: times, durations and ids that may be absent.

use std::str::FromStr;

use engine::ports::DrsError;
use jiff::{Span, SpanRelativeTo, Timestamp, Unit};

use super::error::unintelligible;

/// A time; nothing where DRS gives none, or something else.
pub(super) fn time(text: Option<&str>) -> Option<Timestamp> {
    text?.parse().ok()
}

/// An ISO 8601 duration in whole seconds.
pub(super) fn seconds(text: Option<&str>) -> Option<u64> {
    let span: Span = text?.parse().ok()?;
    let seconds = span
        .total((Unit::Second, SpanRelativeTo::days_are_24_hours()))
        .ok()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to what is left of an u64 that a float holds exactly"
    )]
    let whole = seconds.clamp(0.0, 9_007_199_254_740_992.0) as u64;
    Some(whole)
}

/// An id that must be there: without it the answer cannot be relied upon.
pub(super) fn id<T: FromStr>(text: Option<&str>, what: &str) -> Result<T, DrsError> {
    text.and_then(|text| text.parse().ok())
        .ok_or_else(|| unintelligible(format!("DRS answered with {what} without a proper id")))
}

/// An id that may be absent.
pub(super) fn optional_id<T: FromStr>(text: Option<&str>) -> Option<T> {
    text?.parse().ok()
}
