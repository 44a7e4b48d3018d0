//! A fixed budget of seeds, in parts, so that all cores play.

use std::collections::BTreeMap;

use simulation::sweep::{Plan, Sweep};
use simulation::{Story, run};

/// How many seeds each part plays.
const SEEDS: u64 = 150;

fn check(part: u64) {
    let sweep = Sweep::of(Plan {
        from: part * SEEDS,
        seeds: SEEDS,
        threads: 1,
        budget: None,
        tell: |_, _| (),
    });
    assert_eq!(sweep.failures, BTreeMap::new());
    let deaths: u64 = sweep.crashes.values().sum();
    assert!(deaths > SEEDS / 2, "too few processes died: {deaths}");
    assert!(sweep.crowds > SEEDS * 10, "too few met: {}", sweep.crowds);
    for outcome in ["Completed", "Partial", "Failed", "Cancelled"] {
        let outcomes = &sweep.outcomes;
        assert!(outcomes.contains_key(outcome), "no {outcome}: {outcomes:?}");
    }
}

#[test]
fn no_seed_breaks_a_law() {
    check(0);
}

#[test]
fn no_seed_of_the_second_part_breaks_a_law() {
    check(1);
}

#[test]
fn no_seed_of_the_third_part_breaks_a_law() {
    check(2);
}

#[test]
fn no_seed_of_the_fourth_part_breaks_a_law() {
    check(3);
}

#[test]
fn the_same_seed_is_the_same_history() {
    for seed in [3, 17, 58] {
        let first = run(&Story::of(seed));
        let second = run(&Story::of(seed));
        assert_eq!(format!("{first:?}"), format!("{second:?}"));
    }
}
