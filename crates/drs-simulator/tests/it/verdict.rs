//! The invariants (S25): what `verify` reports, and what it does not.

use crate::support::{drill, instance_ids, instances, launch, recovery, start, terminate, world};
use drs_simulator::{ViolationKind, World};

fn kinds(world: &World) -> Vec<ViolationKind> {
    let verdict = world.verify();
    assert_eq!(verdict.ok, verdict.violations.is_empty());
    verdict
        .violations
        .into_iter()
        .map(|violation| violation.kind)
        .collect()
}

#[test]
fn an_ordinary_drill_with_its_clean_up_violates_nothing() {
    let mut world = world(
        "expect: [ no_server_in_two_jobs, { start_recovery_commits: { max_per_server: 1 } }, { never_terminated: { non_drill: true } } ]\n",
    );
    let ids = instance_ids(&launch(&mut world, &drill([1, 2])));
    terminate(&mut world, &ids).unwrap();
    world.advance_until(&"job:*:COMPLETED".parse().unwrap());
    assert_eq!(kinds(&world), []);
}

#[test]
fn a_drill_that_destroys_the_instance_of_a_recovery_is_reported_with_it() {
    let mut world = world("");
    let id = instance_ids(&launch(&mut world, &recovery([1]))).remove(0);
    launch(&mut world, &drill([1]));
    let violation = world.verify().violations.remove(0);
    assert_eq!(
        violation.kind,
        ViolationKind::RecoveryInstanceDestroyedByDrill
    );
    assert_eq!(violation.recovery_instance_id, Some(id));
    assert_eq!(violation.region, "us-west-2");
}

#[test]
fn a_recovery_that_destroys_the_instance_of_a_recovery_is_told_apart() {
    let mut world = world("");
    launch(&mut world, &recovery([1]));
    launch(&mut world, &recovery([1]));
    assert_eq!(
        kinds(&world),
        [ViolationKind::RecoveryInstanceDestroyedByRecovery]
    );
}

#[test]
fn a_relaunch_over_a_drill_is_no_violation() {
    let mut world = world("");
    launch(&mut world, &drill([1]));
    launch(&mut world, &drill([1]));
    launch(&mut world, &recovery([1]));
    assert_eq!(kinds(&world), []);
}

#[test]
fn an_instance_that_was_dead_already_is_not_destroyed() {
    let mut world = world(
        "existing: { recovery_instances: [ { server: web-01, is_drill: false, state: TERMINATED } ] }\n",
    );
    launch(&mut world, &drill([1]));
    assert_eq!(kinds(&world), []);
}

#[test]
fn terminating_the_instance_of_a_recovery_is_reported() {
    let mut world = world("");
    let ids = instance_ids(&launch(&mut world, &recovery([1])));
    terminate(&mut world, &ids).unwrap();
    assert_eq!(kinds(&world), [ViolationKind::RecoveryInstanceTerminated]);
}

#[test]
fn a_refused_terminate_is_no_violation() {
    let mut world = world("");
    let mut ids = instance_ids(&launch(&mut world, &recovery([1])));
    ids.push("i-00000000000000000".to_owned());
    assert!(terminate(&mut world, &ids).is_err());
    assert_eq!(kinds(&world), []);
}

fn tagged(number: usize, tags: &[(&str, &str)]) -> drs_simulator::wire::job::StartRecoveryRequest {
    let mut request = drill([number]);
    request.tags = Some(
        tags.iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect(),
    );
    request
}

#[test]
fn two_commits_for_one_attempt_tag_are_reported() {
    let mut world = world("attempt_tag: attempt-id\n");
    launch(
        &mut world,
        &tagged(1, &[("attempt-id", "a-1"), ("try", "1")]),
    );
    launch(&mut world, &tagged(2, &[("attempt-id", "a-2")]));
    assert_eq!(kinds(&world), []);
    launch(
        &mut world,
        &tagged(1, &[("attempt-id", "a-1"), ("try", "2")]),
    );
    assert_eq!(kinds(&world), [ViolationKind::AttemptCommittedTwice]);
}

#[test]
fn without_a_named_tag_equal_tags_that_name_an_attempt_are_one_attempt() {
    let mut world = world("");
    launch(&mut world, &tagged(1, &[("wave", "1"), ("attempt", "1")]));
    launch(&mut world, &tagged(2, &[("wave", "2"), ("attempt", "1")]));
    launch(&mut world, &tagged(3, &[("owner", "me")]));
    launch(&mut world, &tagged(4, &[("owner", "me")]));
    assert_eq!(kinds(&world), []);
    launch(&mut world, &tagged(5, &[("wave", "1"), ("attempt", "1")]));
    assert_eq!(kinds(&world), [ViolationKind::AttemptCommittedTwice]);
}

#[test]
fn launching_a_server_more_often_than_allowed_is_reported() {
    let mut world = world("expect: [ { start_recovery_commits: { max_per_server: 1 } } ]\n");
    launch(&mut world, &drill([1]));
    assert_eq!(kinds(&world), []);
    launch(&mut world, &drill([1, 2]));
    assert_eq!(kinds(&world), [ViolationKind::LaunchedTooOften]);
}

#[test]
fn what_others_destroy_is_not_our_violation() {
    let mut world = world(
        "existing: { recovery_instances: [ { server: web-01, is_drill: false } ] }\n\
         timeline: [ { at: PT1M, foreign_job: { servers: [web-01] } } ]\n",
    );
    let before = instances(&mut world).remove(0).recovery_instance_id;
    crate::support::advance(&mut world, 10_000);
    assert_ne!(instances(&mut world).remove(0).recovery_instance_id, before);
    assert_eq!(kinds(&world), []);
    start(&mut world, &drill([2])).unwrap();
}
