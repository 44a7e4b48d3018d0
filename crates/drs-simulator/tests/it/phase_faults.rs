//! Faults inside a job (F6 to F12): what the log says, what the status says, when the job ends.

use crate::support::{
    advance, drill, events_of, instances, job, launch, log, source_server, start, statuses,
    until_completed, world,
};
use drs_simulator::wire::job::{JobStatus, LaunchStatus};
use drs_simulator::wire::source_server::DataReplicationState;
use drs_simulator::{ControlError, ForcedOutcome, World};

fn rule(phase: &str, effect: &str) -> World {
    world(&format!(
        "rules: [ {{ when: {{ phase: {phase}, server: {{ hostname: web-01 }} }}, do: {{ {effect} }} }} ]\n"
    ))
}

#[test]
fn a_failed_snapshot_can_fall_back_to_the_previous_one() {
    let mut world = rule("snapshot", "fall_back_to_previous: true");
    let launched = launch(&mut world, &drill([1]));
    assert_eq!(statuses(&launched), [LaunchStatus::Launched]);
    let events = events_of(&mut world, &launched.job_id, 1);
    assert_eq!(
        &events[1..5],
        [
            "SNAPSHOT_START",
            "SNAPSHOT_FAIL",
            "USING_PREVIOUS_SNAPSHOT",
            "CONVERSION_START"
        ]
    );
}

#[test]
fn a_snapshot_without_a_previous_one_fails_the_server() {
    let mut world = rule("snapshot", "fail: USING_PREVIOUS_SNAPSHOT_FAILED");
    let launched = launch(&mut world, &drill([1, 2]));
    assert_eq!(
        statuses(&launched),
        [LaunchStatus::Failed, LaunchStatus::Launched]
    );
    let events = events_of(&mut world, &launched.job_id, 1);
    assert_eq!(
        &events[1..],
        [
            "SNAPSHOT_START",
            "SNAPSHOT_FAIL",
            "USING_PREVIOUS_SNAPSHOT_FAILED",
            "JOB_END"
        ]
    );
}

#[test]
fn a_server_that_stops_replicating_after_the_call_has_no_data() {
    let mut world = world("");
    let id = start(&mut world, &drill([1])).unwrap();
    let change = serde_json::from_str(r#"{"state":"STOPPED"}"#).unwrap();
    world.change_server("web-01", &change).unwrap();
    world.advance_until(&until_completed(&id));
    assert_eq!(
        statuses(&job(&mut world, &id).unwrap()),
        [LaunchStatus::Failed]
    );
    assert!(events_of(&mut world, &id, 1).contains(&"USING_PREVIOUS_SNAPSHOT_FAILED"));
}

#[test]
fn conversions_count_their_attempts_and_can_succeed_in_the_end() {
    let mut world = rule("conversion", "attempts: 2, raw_error: \"not reachable\"");
    let launched = launch(&mut world, &drill([1]));
    assert_eq!(statuses(&launched), [LaunchStatus::Launched]);
    let attempts: Vec<_> = log(&mut world, &launched.job_id)
        .into_iter()
        .filter(|item| item.event.unwrap().as_str() == "CONVERSION_FAIL")
        .map(|item| item.event_data.unwrap())
        .map(|data| {
            (
                data.attempt_count.unwrap(),
                data.max_attempts_count.unwrap(),
                data.raw_error.unwrap(),
            )
        })
        .collect();
    assert_eq!(
        attempts,
        [
            (1, 9, "not reachable".to_owned()),
            (2, 9, "not reachable".to_owned())
        ]
    );
}

#[test]
fn a_launch_failure_carries_its_raw_error_and_leaves_the_others_alone() {
    let mut world = rule(
        "launch",
        "fail: LAUNCH_FAILED, raw_error: \"InsufficientInstanceCapacity\"",
    );
    let launched = launch(&mut world, &drill([1, 2, 3]));
    assert_eq!(
        statuses(&launched),
        [
            LaunchStatus::Failed,
            LaunchStatus::Launched,
            LaunchStatus::Launched
        ]
    );
    let failure = log(&mut world, &launched.job_id)
        .into_iter()
        .find(|item| item.event.unwrap().as_str() == "LAUNCH_FAILED")
        .unwrap();
    assert_eq!(
        failure.event_data.unwrap().raw_error.unwrap(),
        "InsufficientInstanceCapacity"
    );
    assert_eq!(instances(&mut world).len(), 2);
}

#[test]
fn a_stuck_server_keeps_its_job_started_and_its_servers_locked() {
    let mut world = rule("conversion", "stall: forever");
    let id = start(&mut world, &drill([1, 2])).unwrap();
    advance(&mut world, 100_000);
    let stuck = job(&mut world, &id).unwrap();
    assert_eq!(stuck.status, Some(JobStatus::Started));
    assert_eq!(
        statuses(&stuck),
        [LaunchStatus::InProgress, LaunchStatus::Launched]
    );
    assert!(start(&mut world, &drill([2])).is_err());
    assert!(
        !world.advance_until(&until_completed(&id)),
        "nothing is due any more"
    );
}

#[test]
fn a_stall_of_some_time_only_delays() {
    let mut world = rule("launch", "stall: PT1H");
    let launched = launch(&mut world, &drill([1]));
    let took = launched
        .end_date_time
        .unwrap()
        .duration_since(launched.creation_date_time.unwrap());
    assert_eq!(took.as_secs(), 500 + 3600);
}

#[test]
fn a_phase_takes_as_long_as_a_rule_says() {
    let mut world = rule("snapshot", "take: PT30M");
    let launched = launch(&mut world, &drill([1]));
    let took = launched
        .end_date_time
        .unwrap()
        .duration_since(launched.creation_date_time.unwrap());
    assert_eq!(took.as_secs(), 500 - 90 + 1800);
}

#[test]
fn a_job_can_complete_with_a_server_left_in_progress() {
    let mut world = rule("launch", "leave_in_progress: true");
    let launched = launch(&mut world, &drill([1, 2]));
    assert_eq!(launched.status, Some(JobStatus::Completed));
    assert_eq!(
        statuses(&launched),
        [LaunchStatus::InProgress, LaunchStatus::Launched]
    );
}

#[test]
fn a_missing_permission_inside_the_job_fails_every_server_and_completes_the_job() {
    for (action, event, text) in [
        (
            "drs:CreateRecoveryInstanceForDrs",
            "LAUNCH_FAILED",
            "AccessDeniedException when calling CreateRecoveryInstanceForDrs operation",
        ),
        (
            "ec2:CreateLaunchTemplateVersion",
            "LAUNCH_FAILED",
            "UnauthorizedOperation when calling the CreateLaunchTemplateVersion operation",
        ),
        (
            "ec2:CreateVolume",
            "CONVERSION_FAIL",
            "UnauthorizedOperation when calling the CreateVolume operation",
        ),
    ] {
        let mut world = world(&format!(
            "rules: [ {{ when: {{ deny: [\"{action}\"] }} }} ]\n"
        ));
        let launched = launch(&mut world, &drill([1, 2]));
        assert_eq!(statuses(&launched), [LaunchStatus::Failed; 2]);
        let items = log(&mut world, &launched.job_id);
        let failure = items
            .iter()
            .find(|item| item.event.unwrap().as_str() == event)
            .unwrap();
        assert_eq!(
            failure.event_data.as_ref().unwrap().raw_error.as_deref(),
            Some(text)
        );
        assert!(instances(&mut world).is_empty());
    }
}

#[test]
fn a_server_can_fail_without_a_word_in_the_log() {
    let mut world = rule("conversion", "fail_silently: true");
    let launched = launch(&mut world, &drill([1]));
    assert_eq!(statuses(&launched), [LaunchStatus::Failed]);
    let events = events_of(&mut world, &launched.job_id, 1);
    assert_eq!(events.last(), Some(&"JOB_END"));
    assert!(
        !events.iter().any(|event| event.contains("FAIL")),
        "{events:?}"
    );
}

#[test]
fn an_outcome_can_be_forced_once() {
    let mut world = rule("conversion", "stall: forever");
    let id = start(&mut world, &drill([1, 2])).unwrap();
    advance(&mut world, 60);
    world
        .force_outcome(
            &id,
            "web-02",
            ForcedOutcome::Failed,
            Some("forced".to_owned()),
        )
        .unwrap();
    world
        .force_outcome(&id, "web-01", ForcedOutcome::Launched, None)
        .unwrap();
    assert!(world.advance_until(&until_completed(&id)));
    assert_eq!(
        statuses(&job(&mut world, &id).unwrap()),
        [LaunchStatus::Launched, LaunchStatus::Failed]
    );
    let again = world.force_outcome(&id, "web-01", ForcedOutcome::Failed, None);
    assert!(matches!(again, Err(ControlError::TooLate(_))));
    let unknown = world.force_outcome(&id, "web-09", ForcedOutcome::Failed, None);
    assert!(matches!(unknown, Err(ControlError::Unknown(_))));
}

#[test]
fn an_agent_that_disconnects_before_the_call_refuses_it() {
    let mut world =
        world("timeline: [ { at: PT3M, server: web-02, set: { state: DISCONNECTED } } ]\n");
    advance(&mut world, 180);
    let state = source_server(&mut world, 2)
        .data_replication_info
        .unwrap()
        .data_replication_state;
    assert_eq!(state, Some(DataReplicationState::Disconnected));
    assert!(start(&mut world, &drill([1, 2])).is_err());
    start(&mut world, &drill([1])).unwrap();
}

#[test]
fn without_any_right_in_ec2_the_first_phase_fails() {
    let mut world = world("rules: [ { when: { deny: [\"ec2:*\"] } } ]\n");
    let launched = launch(&mut world, &drill([1]));
    assert_eq!(statuses(&launched), [LaunchStatus::Failed]);
    let failure = log(&mut world, &launched.job_id)
        .into_iter()
        .find_map(|item| item.event_data.and_then(|data| data.raw_error));
    let said = failure.unwrap();
    assert!(said.contains("CreateSnapshot"), "{said}");
}
