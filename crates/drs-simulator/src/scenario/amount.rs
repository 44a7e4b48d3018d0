//! Amounts that cannot be less than nothing: durations and numbers, read alike in scenario files
//! and in what is posted to `/_sim`.

use super::rule::Stall;
use jiff::SignedDuration;
use serde::de::{Deserialize, Deserializer, Error};

/// A duration that is not negative.
struct Lapse(SignedDuration);

impl<'de> Deserialize<'de> for Lapse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        not_negative(SignedDuration::deserialize(deserializer)?)
            .map(Self)
            .map_err(Error::custom)
    }
}

/// A number that is not negative, and that is a number.
struct Quantity(f64);

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = f64::deserialize(deserializer)?;
        if number.is_finite() && number >= 0.0 {
            Ok(Self(number))
        } else {
            let message = format!("{number} cannot be used here; give a number from 0 on");
            Err(Error::custom(message))
        }
    }
}

impl<'de> Deserialize<'de> for Stall {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == "forever" {
            return Ok(Self::Forever);
        }
        let duration = text.parse().map_err(|_| {
            let message = format!("`stall` is `forever` or like PT5M, not `{text}`");
            Error::custom(message)
        })?;
        not_negative(duration).map(Self::For).map_err(Error::custom)
    }
}

fn not_negative(duration: SignedDuration) -> Result<SignedDuration, String> {
    if duration.is_negative() {
        Err(format!(
            "the duration {duration} is negative; give one like PT5M, or PT0S for none"
        ))
    } else {
        Ok(duration)
    }
}

pub(super) fn duration<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<SignedDuration, D::Error> {
    Lapse::deserialize(deserializer).map(|lapse| lapse.0)
}

pub(super) fn optional_duration<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SignedDuration>, D::Error> {
    let lapse = Option::<Lapse>::deserialize(deserializer)?;
    Ok(lapse.map(|lapse| lapse.0))
}

pub(super) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Quantity::deserialize(deserializer).map(|quantity| quantity.0)
}

pub(crate) fn optional_number<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<f64>, D::Error> {
    let quantity = Option::<Quantity>::deserialize(deserializer)?;
    Ok(quantity.map(|quantity| quantity.0))
}
