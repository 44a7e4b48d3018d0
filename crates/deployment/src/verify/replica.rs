//! The row of the replica in another Region.

use super::{Comparison, Row};
use crate::replica::{Elsewhere, look};

/// Whether the replica holds what the manifest names, and the manifest. One that cannot be looked at
/// is not known to agree.
pub async fn replica(comparison: &Comparison<'_>, there: Elsewhere<'_>) -> Row {
    let Comparison {
        manifest,
        settings,
        cloud,
        ..
    } = comparison;
    let objects = manifest.all();
    let drift = match look(*cloud, settings, there, objects.iter()).await {
        Ok(None) => None,
        Ok(Some(lacks)) => Some(lacks.to_string()),
        Err(failure) => Some(format!("it cannot be compared: {failure}")),
    };
    Row::whole(format!("replica {}", there.bucket), drift)
}
