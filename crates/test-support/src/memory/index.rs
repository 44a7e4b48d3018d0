//! An index that lags behind its table, as every index of DynamoDB may.

use std::collections::{BTreeMap, VecDeque};

/// Entries by key; the latest writes may not show yet.
#[derive(Debug)]
pub(super) struct Lagging<K, V> {
    shown: BTreeMap<K, V>,
    pending: VecDeque<(K, Option<V>)>,
}

impl<K, V> Default for Lagging<K, V> {
    fn default() -> Self {
        Self {
            shown: BTreeMap::new(),
            pending: VecDeque::new(),
        }
    }
}

impl<K: Ord, V> Lagging<K, V> {
    pub(super) fn put(&mut self, key: K, value: V) {
        self.pending.push_back((key, Some(value)));
    }

    pub(super) fn remove(&mut self, key: K) {
        self.pending.push_back((key, None));
    }

    /// What shows of it when the latest `missed` writes do not. It never goes back.
    pub(super) fn seen(&mut self, missed: usize) -> &BTreeMap<K, V> {
        let settled = self.pending.len().saturating_sub(missed);
        for (key, value) in self.pending.drain(..settled) {
            match value {
                Some(value) => self.shown.insert(key, value),
                None => self.shown.remove(&key),
            };
        }
        &self.shown
    }
}
