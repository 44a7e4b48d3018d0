//! Points in time (S17, F18).

use crate::support::{
    ACCOUNT, REGION, advance, drill, events_of, instances, server, source_server, world,
};
use drs_simulator::wire::snapshot::{
    DescribeRecoverySnapshotsRequest, DescribeRecoverySnapshotsResponse, RecoverySnapshot,
    RecoverySnapshotsOrder,
};
use drs_simulator::{ErrorName, World};

fn list(
    world: &mut World,
    number: usize,
    order: Option<RecoverySnapshotsOrder>,
) -> Vec<RecoverySnapshot> {
    let mut points = Vec::new();
    let mut next_token = None;
    loop {
        let request = DescribeRecoverySnapshotsRequest {
            source_server_id: server(number),
            order,
            next_token,
            max_results: Some(7),
            ..DescribeRecoverySnapshotsRequest::default()
        };
        let answer: DescribeRecoverySnapshotsResponse = world
            .describe_recovery_snapshots(ACCOUNT, REGION, &request)
            .unwrap();
        points.extend(answer.items);
        next_token = answer.next_token;
        if next_token.is_none() {
            return points;
        }
    }
}

#[test]
fn the_usual_policy_keeps_ten_minutes_hours_and_days() {
    let mut world = world("clock: { start: \"2026-03-01T12:05:00Z\" }\n");
    let points = list(&mut world, 1, None);
    assert!((30..=37).contains(&points.len()), "{}", points.len());
    assert_eq!(
        points.last().unwrap().expected_timestamp.to_string(),
        "2026-03-01T12:00:00Z"
    );
    assert!(points[0].snapshot_id.starts_with("pit-") && points[0].snapshot_id.len() == 21);
    assert_eq!(points[0].ebs_snapshots.as_ref().unwrap().len(), 1);
}

#[test]
fn points_come_in_the_order_that_was_asked_for() {
    let mut world = world("");
    let ascending = list(&mut world, 1, Some(RecoverySnapshotsOrder::Ascending));
    let mut descending = list(&mut world, 1, Some(RecoverySnapshotsOrder::Descending));
    assert!(ascending.is_sorted_by_key(|point| point.expected_timestamp));
    descending.reverse();
    assert_eq!(ascending, descending);
}

#[test]
fn points_expire_as_time_passes() {
    let mut world = world("  - { id: s-000000000000000a1, pit: { count: 3, every: PT10M } }\n");
    let before = list(&mut world, 0xa1, None);
    assert_eq!(before.len(), 3);
    advance(&mut world, 600);
    let after = list(&mut world, 0xa1, None);
    assert_eq!(after.len(), 3);
    assert_eq!(after[0], before[1]);
}

#[test]
fn no_point_is_newer_than_the_consistent_data() {
    let mut world = world("  - { id: s-000000000000000a1, state: STALLED, lag: PT3H }\n");
    advance(&mut world, 7200);
    let newest = list(&mut world, 0xa1, None).pop().unwrap();
    assert!(
        world
            .now()
            .duration_since(newest.expected_timestamp)
            .as_hours()
            >= 5
    );
}

#[test]
fn a_pinned_point_is_used_without_a_snapshot() {
    let mut world = world("");
    let point = list(&mut world, 1, None).remove(4);
    let mut request = drill([1]);
    request.source_servers[0].recovery_snapshot_id = Some(point.snapshot_id);
    let launched = crate::support::launch(&mut world, &request);
    let events = events_of(&mut world, &launched.job_id, 1);
    assert_eq!(
        &events[1..3],
        ["USING_PREVIOUS_SNAPSHOT", "CONVERSION_START"]
    );
    let instance = instances(&mut world).remove(0);
    assert_eq!(
        instance.point_in_time_snapshot_date_time,
        Some(point.expected_timestamp)
    );
}

#[test]
fn a_pinned_point_that_has_expired_refuses_the_whole_request() {
    let mut world = world("  - { id: s-000000000000000a1, pit: { count: 3, every: PT10M } }\n");
    let point = list(&mut world, 0xa1, None).remove(0);
    advance(&mut world, 1200);
    let mut request = drill([1, 0xa1]);
    request.source_servers[1].recovery_snapshot_id = Some(point.snapshot_id);
    let error = crate::support::start(&mut world, &request).unwrap_err();
    assert_eq!(error.name, ErrorName::Validation);
    assert_eq!(
        source_server(&mut world, 1).life_cycle.unwrap().last_launch,
        None
    );
}

#[test]
fn a_server_in_its_first_sync_has_no_points() {
    let mut world = world("  - { id: s-000000000000000a1, state: INITIAL_SYNC }\n");
    assert!(list(&mut world, 0xa1, None).is_empty());
}
