//! Points in time as requests write them.

use std::str::FromStr;

use jiff::Timestamp;

/// What a point in time looks like, as a regular expression (ECMA-262): as RFC 3339 writes it, in
/// the years from 1000 to 2999, all of which can be reckoned with in every time zone.
pub(crate) const PATTERN: &str = concat!(
    r"^[12][0-9]{3}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}",
    r"(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})$"
);

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
        if !has_the_pattern(text) {
            return Err(NoPointInTime);
        }
        text.parse().map(Self).map_err(|_| NoPointInTime)
    }
}

/// Whether a text has the [`PATTERN`]. The parser takes many more, such as a space for the `T`.
fn has_the_pattern(text: &str) -> bool {
    let is = |text: &str, form: &str| {
        text.len() == form.len()
            && text
                .bytes()
                .zip(form.bytes())
                .all(|(byte, wanted)| match wanted {
                    b'0' => byte.is_ascii_digit(),
                    b'T' => matches!(byte, b'T' | b't'),
                    wanted => byte == wanted,
                })
    };
    let Some((second, rest)) = text.split_at_checked("0000-00-00T00:00:00".len()) else {
        return false;
    };
    let digits = rest.strip_prefix('.').map(|rest| {
        let end = rest.bytes().take_while(u8::is_ascii_digit).count();
        rest.split_at(end)
    });
    let (digits, zone) = digits.unwrap_or(("0", rest));
    let zone_is_right = matches!(zone, "Z" | "z") || is(zone, "+00:00") || is(zone, "-00:00");
    is(second, "0000-00-00T00:00:00")
        && second.starts_with(['1', '2'])
        && (1..=9).contains(&digits.len())
        && zone_is_right
}
