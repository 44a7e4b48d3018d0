//! Determinism (S27): a seed and the same calls give the same history.

use crate::support::{FLEET, drill, instance_ids, terminate};
use drs_simulator::{Scenario, World};

const UNEVEN: &str =
    "consistency: { job_visible_after_ms: 1500, status_lag_ms: 800, random: true }\n";

/// Launches three jobs, ends the instances of one, and tells all that can be seen.
fn history(seed: u64) -> String {
    let text = FLEET
        .replace("seed: 7", &format!("seed: {seed}"))
        .replace("jitter: 0", "jitter: 0.3");
    let mut world = World::new(&Scenario::parse(&format!("{text}{UNEVEN}")).unwrap());
    let mut history = Vec::new();
    for numbers in [vec![1, 2, 3], vec![4, 5], vec![6]] {
        history.push(crate::support::start(&mut world, &drill(numbers)).unwrap());
        crate::support::advance(&mut world, 30);
    }
    while let Some(next) = world.next_event_at() {
        world.advance_to(next);
        history.push(world.state().to_string());
    }
    let newest = crate::support::jobs(&mut world).remove(0);
    history.push(terminate(&mut world, &instance_ids(&newest)).unwrap());
    world.advance_until(&"job:*:COMPLETED".parse().unwrap());
    history.push(world.state().to_string());
    history.join("\n")
}

#[test]
fn the_same_seed_gives_the_same_history() {
    assert_eq!(history(42), history(42));
}

#[test]
fn another_seed_gives_another_history() {
    assert_ne!(history(42), history(43));
}

#[test]
fn a_copy_of_a_world_goes_on_like_the_world() {
    let mut world = crate::support::world("");
    crate::support::start(&mut world, &drill([1, 2])).unwrap();
    crate::support::advance(&mut world, 120);
    let mut copy = world.clone();
    for one in [&mut world, &mut copy] {
        one.advance_until(&"job:*:COMPLETED".parse().unwrap());
    }
    assert_eq!(world.state(), copy.state());
}

#[test]
fn one_long_step_and_many_short_ones_lead_to_the_same_state() {
    let mut stepping = crate::support::world("");
    let mut jumping = stepping.clone();
    for world in [&mut stepping, &mut jumping] {
        crate::support::start(world, &drill([1, 2])).unwrap();
    }
    for _ in 0..600 {
        crate::support::advance(&mut stepping, 1);
    }
    crate::support::advance(&mut jumping, 600);
    assert_eq!(stepping.state(), jumping.state());
}

#[test]
fn time_does_not_go_back() {
    let mut world = crate::support::world("");
    let now = world.now();
    world.advance_to(jiff::Timestamp::UNIX_EPOCH);
    assert_eq!(world.now(), now);
}

#[test]
fn durations_beyond_all_measure_end_at_the_edge_of_the_calendar_without_a_panic() {
    let mut world = crate::support::world(
        "  - { id: s-000000000000000a1, state: STALLED, lag: PT2500000000000H, eta: PT2500000000000H }\n\
         rules: [ { when: { phase: launch }, do: { take: PT2500000000000H } } ]\n",
    );
    crate::support::start(&mut world, &drill([1, 0xa1])).unwrap();
    for _ in 0..3 {
        world.advance(std::time::Duration::MAX);
        assert!(world.state()["accounts"].is_object());
    }
    assert!(
        world.now().to_string().starts_with("4000-"),
        "{}",
        world.now()
    );
    crate::support::start(&mut world, &drill([2])).unwrap();
}
