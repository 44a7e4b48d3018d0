//! What others do (F5, F17, F23): foreign jobs, instances and changes on the timeline.

use crate::support::{advance, drill, instances, jobs, server, source_server, start, world};
use drs_simulator::ErrorName;
use drs_simulator::wire::job::{InitiatedBy, JobStatus};
use drs_simulator::wire::recovery_instance::Ec2InstanceState;
use drs_simulator::wire::source_server::DataReplicationState;

#[test]
fn a_foreign_job_holds_its_servers_for_its_time() {
    let mut world = world(
        "timeline: [ { at: PT1M, foreign_job: { servers: [web-01, web-02], duration: PT10M } } ]\n",
    );
    advance(&mut world, 60);
    let foreign = jobs(&mut world);
    assert_eq!(foreign[0].initiated_by, Some(InitiatedBy::StartDrill));
    assert_eq!(
        start(&mut world, &drill([2, 3])).unwrap_err().name,
        ErrorName::Conflict
    );
    advance(&mut world, 619);
    assert_eq!(jobs(&mut world)[0].status, Some(JobStatus::Started));
    advance(&mut world, 1);
    assert_eq!(jobs(&mut world)[0].status, Some(JobStatus::Completed));
    start(&mut world, &drill([2, 3])).unwrap();
}

#[test]
fn a_foreign_job_takes_only_servers_that_are_free() {
    let mut world =
        world("timeline: [ { at: PT1M, foreign_job: { servers: [web-01, web-02] } } ]\n");
    start(&mut world, &drill([1])).unwrap();
    advance(&mut world, 60);
    let foreign = jobs(&mut world).remove(0);
    let servers: Vec<_> = foreign
        .participating_servers
        .unwrap()
        .into_iter()
        .filter_map(|one| one.source_server_id)
        .collect();
    assert_eq!(servers, [server(2)]);
    assert!(world.verify().ok);
}

#[test]
fn foreign_jobs_count_against_the_quotas() {
    let mut world = world(
        "limits: { concurrent_jobs: 1 }\ntimeline: [ { at: PT1M, foreign_job: { servers: [web-01] } } ]\n",
    );
    advance(&mut world, 60);
    assert_eq!(
        start(&mut world, &drill([2])).unwrap_err().name,
        ErrorName::ServiceQuotaExceeded
    );
}

#[test]
fn replication_changes_when_the_timeline_says_so() {
    let mut world = world(
        "timeline: [ { at: PT3M, server: web-02, set: { state: STALLED, error: AGENT_NOT_SEEN } }, \
                     { at: PT6M, server: web-02, set: { state: CONTINUOUS, lag: PT0S } } ]\n",
    );
    let state = |world: &mut drs_simulator::World| {
        let info = source_server(world, 2).data_replication_info.unwrap();
        (
            info.data_replication_state.unwrap(),
            info.data_replication_error.is_some(),
        )
    };
    assert_eq!(state(&mut world), (DataReplicationState::Continuous, false));
    advance(&mut world, 180);
    assert_eq!(state(&mut world), (DataReplicationState::Stalled, true));
    advance(&mut world, 180);
    assert_eq!(state(&mut world), (DataReplicationState::Continuous, false));
}

#[test]
fn an_instance_of_a_real_recovery_can_appear_and_be_terminated_by_hand() {
    let mut world = world(
        "timeline: [ { at: PT1M, server: web-01, create_instance: { is_drill: false } }, \
                     { at: PT2M, server: web-01, instance: { state: TERMINATED } } ]\n",
    );
    advance(&mut world, 60);
    let instance = instances(&mut world).remove(0);
    assert_eq!(
        (instance.is_drill, instance.ec2_instance_state),
        (Some(false), Some(Ec2InstanceState::Running))
    );
    advance(&mut world, 60);
    assert_eq!(
        instances(&mut world)[0].ec2_instance_state,
        Some(Ec2InstanceState::Terminated)
    );
}

#[test]
fn scaled_timelines_happen_sooner() {
    let mut world = world(
        "clock: { mode: scaled, scale: 60 }\n\
         timeline: [ { at: PT1M, server: web-01, create_instance: { is_drill: true } } ]\n",
    );
    advance(&mut world, 1);
    assert_eq!(instances(&mut world).len(), 1);
}
