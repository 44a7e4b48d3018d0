//! What a sweep has not met, and should have.

use std::collections::BTreeMap;

use super::Sweep;
use crate::checker::{ALL_COMMANDS, ALL_EVENTS, BATCH_STATES, STATUSES, why_never};
use crate::crash_points::LAUNCHED;
use crate::story::ALL_FAULTS;

/// How many pairs of a batch's state and an event can be.
pub(super) fn possible_pairs() -> usize {
    pairs()
        .filter(|(state, event)| why_never(state, event).is_none())
        .count()
}

fn pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    BATCH_STATES
        .into_iter()
        .flat_map(|state| ALL_EVENTS.into_iter().map(move |event| (state, event)))
}

impl Sweep {
    /// Invocations that died when DRS had answered their launch (F30).
    pub(super) fn deaths_after_launch(&self) -> u64 {
        self.crashes.get(&LAUNCHED).copied().unwrap_or_default()
    }

    /// How often each fault of the catalogue met somebody, by its number.
    pub fn faults_by_number(&self) -> BTreeMap<&'static str, u64> {
        let mut numbers = BTreeMap::new();
        let kinds = ALL_FAULTS.into_iter().map(|kind| {
            let times = self.faults.get(&kind).copied().unwrap_or_default();
            (kind.label(), times)
        });
        let others = self
            .happenings
            .iter()
            .map(|(label, times)| (*label, *times));
        let own = [
            ("F26", self.malformed_listings),
            ("F30", self.deaths_after_launch()),
        ];
        for (label, times) in kinds.chain(others).chain(own) {
            let number = label.split(' ').next().unwrap_or_default();
            if number.starts_with('F') {
                *numbers.entry(number).or_default() += times;
            }
        }
        numbers
    }

    /// Faults of the catalogue that met somebody fewer times than that, a sentence each.
    pub fn rare_faults(&self, times: u64) -> Vec<String> {
        let numbers = self.faults_by_number().into_iter();
        numbers
            .filter(|(_, met)| *met < times)
            .map(|(number, met)| format!("{number} met somebody {met} times, not {times}"))
            .collect()
    }

    /// Pairs that can be and were not met, a sentence each.
    pub fn pairs_not_met(&self) -> Vec<String> {
        let of_batches = pairs()
            .filter(|pair| why_never(pair.0, pair.1).is_none())
            .filter(|pair| !self.pairs.batches.contains_key(pair))
            .map(|(state, event)| format!("{event} never met a batch in {state}"));
        let of_commands = STATUSES
            .into_iter()
            .flat_map(|status| {
                ALL_COMMANDS
                    .into_iter()
                    .map(move |command| (status, command))
            })
            .filter(|pair| !self.pairs.commands.contains_key(pair))
            .map(|(status, command)| format!("nobody said {command} to an execution in {status}"));
        of_batches.chain(of_commands).collect()
    }

    /// Pairs that cannot be and were met, a sentence each: then the reason is wrong.
    pub fn impossible_pairs_met(&self) -> Vec<String> {
        pairs()
            .filter(|pair| self.pairs.batches.contains_key(pair))
            .filter_map(|(state, event)| {
                let reason = why_never(state, event)?;
                Some(format!("{event} met a batch in {state}, though {reason}"))
            })
            .collect()
    }
}
