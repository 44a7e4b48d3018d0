//! Call rates: token buckets by account and group of operations.

use super::World;
use crate::scenario::RateLimit;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The buckets that have been used, by account and group.
#[derive(Debug, Clone, Default)]
pub(super) struct Buckets(BTreeMap<(String, String), Bucket>);

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    filled_at: Timestamp,
}

impl World {
    /// Takes a token for one call. False when the caller is too fast.
    pub(crate) fn takes_token(&mut self, account: &str, operation: &str) -> bool {
        let Some((group, limit)) = self.rate_limit(operation) else {
            return true;
        };
        let now = self.now;
        let bucket = self
            .buckets
            .0
            .entry((account.to_owned(), group))
            .or_insert(Bucket {
                tokens: limit.burst,
                filled_at: now,
            });
        let elapsed = now.duration_since(bucket.filled_at).as_secs_f64();
        bucket.tokens = elapsed.mul_add(limit.per_s, bucket.tokens).min(limit.burst);
        bucket.filled_at = now;
        if bucket.tokens < 1.0 {
            return false;
        }
        bucket.tokens -= 1.0;
        true
    }

    /// The limit of an operation: its own, else that of the longest beginning of its name.
    fn rate_limit(&self, operation: &str) -> Option<(String, RateLimit)> {
        let limits = &self.settings.limits;
        let (group, limit) = limits
            .rate
            .iter()
            .filter(|(group, _)| operation.starts_with(group.as_str()))
            .max_by_key(|(group, _)| group.len())?;
        let scale = if limits.scale_limits {
            f64::from(self.settings.divisor)
        } else {
            1.0
        };
        Some((
            group.clone(),
            RateLimit {
                per_s: limit.per_s * scale,
                burst: limit.burst,
            },
        ))
    }
}
