//! The life of a launch job (S8, S9): statuses, log, durations.

use crate::support::{
    advance, drill, events_of, job, launch, log, source_server, start, statuses, world,
};
use drs_simulator::wire::job::{JobStatus, LaunchStatus};
use drs_simulator::wire::source_server::LastLaunchResult;

#[test]
fn a_launch_goes_through_snapshot_conversion_and_launch() {
    let mut world = world("");
    let launched = launch(&mut world, &drill([1]));
    assert_eq!(statuses(&launched), [LaunchStatus::Launched]);
    assert_eq!(
        events_of(&mut world, &launched.job_id, 1),
        [
            "JOB_START",
            "SNAPSHOT_START",
            "SNAPSHOT_END",
            "CONVERSION_START",
            "CONVERSION_END",
            "LAUNCH_START",
            "LAUNCH_END",
            "JOB_END",
        ]
    );
}

#[test]
fn statuses_change_when_their_phases_do() {
    let mut world = world("");
    let id = start(&mut world, &drill([1])).unwrap();
    let look = |world: &mut drs_simulator::World| {
        let job = job(world, &id).unwrap();
        (job.status.unwrap(), statuses(&job)[0])
    };
    assert_eq!(
        look(&mut world),
        (JobStatus::Pending, LaunchStatus::Pending)
    );
    advance(&mut world, 10);
    assert_eq!(
        look(&mut world),
        (JobStatus::Started, LaunchStatus::InProgress)
    );
    advance(&mut world, 90 + 240 + 149);
    assert_eq!(
        look(&mut world),
        (JobStatus::Started, LaunchStatus::InProgress)
    );
    advance(&mut world, 1);
    assert_eq!(
        look(&mut world),
        (JobStatus::Started, LaunchStatus::Launched)
    );
    advance(&mut world, 10);
    assert_eq!(
        look(&mut world),
        (JobStatus::Completed, LaunchStatus::Launched)
    );
    let job = job(&mut world, &id).unwrap();
    let took = job
        .end_date_time
        .unwrap()
        .duration_since(job.creation_date_time.unwrap());
    assert_eq!(took.as_secs(), 10 + 90 + 240 + 150 + 10);
}

#[test]
fn windows_and_large_disks_take_longer() {
    let mut world = world(
        "  - { id: s-000000000000000a1, os: windows, disk_gib: 100 }\n  \
         - { id: s-000000000000000a2, os: windows, disk_gib: 2048 }\n",
    );
    let took = |world: &mut drs_simulator::World, number| {
        let job = launch(world, &drill([number]));
        job.end_date_time
            .unwrap()
            .duration_since(job.creation_date_time.unwrap())
            .as_secs()
    };
    let (linux, small, large) = (
        took(&mut world, 1),
        took(&mut world, 0xa1),
        took(&mut world, 0xa2),
    );
    assert_eq!((linux, small), (500, 1400));
    assert!((2350..2450).contains(&large), "{large}");
}

#[test]
fn a_scaled_clock_divides_every_duration() {
    let mut world = world("clock: { mode: scaled, scale: 60 }\n");
    let job = launch(&mut world, &drill([1]));
    let took = job
        .end_date_time
        .unwrap()
        .duration_since(job.creation_date_time.unwrap());
    assert_eq!(took.as_millis(), (167 + 1_500 + 4_000 + 2_500 + 167));
}

#[test]
fn a_relaunch_cleans_up_the_earlier_instance_first() {
    let mut world = world("");
    launch(&mut world, &drill([1]));
    let again = launch(&mut world, &drill([1]));
    let events = events_of(&mut world, &again.job_id, 1);
    assert_eq!(
        &events[..4],
        [
            "JOB_START",
            "CLEANUP_START",
            "CLEANUP_END",
            "SNAPSHOT_START"
        ]
    );
}

#[test]
fn fast_recovery_has_no_conversion() {
    let mut world = world("  - { id: s-000000000000000a1, launch: { recovery_mode: FAST } }\n");
    let launched = launch(&mut world, &drill([0xa1]));
    let events = events_of(&mut world, &launched.job_id, 0xa1);
    assert!(!events.contains(&"CONVERSION_START"), "{events:?}");
    assert!(events.contains(&"LAUNCH_START"));
}

#[test]
fn the_strict_model_knows_no_launch_end() {
    let mut world = world("profile: strict-model\n");
    let launched = launch(&mut world, &drill([1]));
    assert!(!events_of(&mut world, &launched.job_id, 1).contains(&"LAUNCH_END"));
}

#[test]
fn a_server_that_stalls_launches_from_its_previous_snapshot() {
    let mut world = world("  - { id: s-000000000000000a1, state: STALLED, lag: PT14M }\n");
    let launched = launch(&mut world, &drill([0xa1]));
    assert_eq!(statuses(&launched), [LaunchStatus::Launched]);
    let events = events_of(&mut world, &launched.job_id, 0xa1);
    assert_eq!(
        &events[1..4],
        ["SNAPSHOT_START", "SNAPSHOT_FAIL", "USING_PREVIOUS_SNAPSHOT"]
    );
    let data_at = crate::support::instances(&mut world)[0]
        .point_in_time_snapshot_date_time
        .unwrap();
    assert!(
        launched
            .creation_date_time
            .unwrap()
            .duration_since(data_at)
            .as_mins()
            >= 14
    );
}

#[test]
pub(crate) fn a_job_completes_even_when_its_servers_fail() {
    let mut world = world(
        "rules: [ { when: { phase: launch, server: { hostname: web-02 } }, do: { fail: LAUNCH_FAILED } } ]\n",
    );
    let launched = launch(&mut world, &drill([1, 2]));
    assert_eq!(launched.status, Some(JobStatus::Completed));
    assert_eq!(
        statuses(&launched),
        [LaunchStatus::Launched, LaunchStatus::Failed]
    );
    let result = |world: &mut drs_simulator::World, number| {
        source_server(world, number).last_launch_result.unwrap()
    };
    assert_eq!(result(&mut world, 1), LastLaunchResult::Succeeded);
    assert_eq!(result(&mut world, 2), LastLaunchResult::Failed);
}

#[test]
fn the_conversion_names_the_time_of_its_data() {
    let mut world = world("");
    let launched = launch(&mut world, &drill([1]));
    let items = log(&mut world, &launched.job_id);
    let properties = items
        .iter()
        .find_map(|item| item.event_data.as_ref()?.conversion_properties.as_ref())
        .unwrap();
    assert!(properties.data_timestamp.as_ref().unwrap().ends_with('Z'));
}
