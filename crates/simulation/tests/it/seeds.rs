//! Many short stories.

use std::collections::BTreeMap;

use simulation::{Story, run};

/// How many seeds one run of the suite plays.
const SEEDS: u64 = 250;

#[test]
fn no_seed_breaks_a_law() {
    let mut outcomes: BTreeMap<String, u32> = BTreeMap::new();
    let mut deaths = 0;
    for seed in 0..SEEDS {
        let report = run(&Story::of(seed));
        assert!(
            report.broken.is_empty(),
            "seed {seed} broke: {:#?}\n{}",
            report.broken,
            Story::of(seed).scenario
        );
        deaths += report.deaths;
        for outcome in report.outcomes {
            *outcomes.entry(format!("{outcome:?}")).or_default() += 1;
        }
    }
    assert!(deaths > 500, "too few processes died: {deaths}");
    for outcome in ["Completed", "Partial", "Failed", "Cancelled", "TimedOut"] {
        assert!(
            outcomes.contains_key(outcome),
            "no story ended {outcome}: {outcomes:?}"
        );
    }
}

#[test]
fn the_same_seed_is_the_same_history() {
    for seed in [3, 17, 58] {
        let first = run(&Story::of(seed));
        let second = run(&Story::of(seed));
        assert_eq!(format!("{first:?}"), format!("{second:?}"));
    }
}
