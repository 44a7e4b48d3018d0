//! What a sweep has not met, and should have.

use std::collections::BTreeMap;

use super::Sweep;
use crate::checker::{ALL_COMMANDS, ALL_EVENTS, BATCH_STATES, STATUSES, why_never};
use crate::moment::LAUNCHED;
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
            ("F26", self.odd_listings),
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

    /// What it has not covered, a sentence each: a fault that met nobody so often, a pair that
    /// can be and was not met, a pair that cannot be and was met.
    pub fn uncovered(&self, times: u64) -> Vec<String> {
        let mut found = Vec::new();
        for (number, met) in self.faults_by_number() {
            if met < times {
                found.push(format!("{number} met somebody {met} times, not {times}"));
            }
        }
        for (state, event) in pairs() {
            let met = self.pairs.batches.contains_key(&(state, event));
            match why_never(state, event) {
                None if !met => found.push(format!("{event} never met a batch in {state}")),
                Some(reason) if met => {
                    found.push(format!("{event} met a batch in {state}, though {reason}"));
                }
                None | Some(_) => {}
            }
        }
        for (status, command) in STATUSES.into_iter().flat_map(|status| {
            ALL_COMMANDS
                .into_iter()
                .map(move |command| (status, command))
        }) {
            if !self.pairs.commands.contains_key(&(status, command)) {
                found.push(format!("nobody said {command} to an execution in {status}"));
            }
        }
        found
    }
}
