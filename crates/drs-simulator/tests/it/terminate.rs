//! Terminate jobs (S12, F23, F24).

use crate::support::{
    advance, drill, events_of, instance_ids, instances, job, launch, recovery, start, statuses,
    terminate, until_completed, world,
};
use drs_simulator::scenario::InstanceChange;
use drs_simulator::wire::job::{InitiatedBy, JobStatus, JobType, LaunchStatus};
use drs_simulator::wire::recovery_instance::Ec2InstanceState;
use drs_simulator::{ErrorName, World};

fn launched(world: &mut World) -> Vec<String> {
    instance_ids(&launch(world, &drill([1, 2])))
}

#[test]
pub(crate) fn a_terminate_job_ends_the_instances_and_empties_its_list() {
    let mut world = world("");
    let ids = launched(&mut world);
    let id = terminate(&mut world, &ids).unwrap();
    let pending = job(&mut world, &id).unwrap();
    assert_eq!(pending.job_type, Some(JobType::Terminate));
    assert_eq!(
        pending.initiated_by,
        Some(InitiatedBy::TerminateRecoveryInstances)
    );
    assert_eq!(statuses(&pending), [LaunchStatus::Pending; 2]);
    advance(&mut world, 20);
    assert!(
        instances(&mut world)
            .iter()
            .all(|one| one.ec2_instance_state == Some(Ec2InstanceState::ShuttingDown))
    );
    advance(&mut world, 81);
    assert_eq!(
        statuses(&job(&mut world, &id).unwrap()),
        [LaunchStatus::Terminated; 2]
    );
    world.advance_until(&until_completed(&id));
    let ended = job(&mut world, &id).unwrap();
    assert_eq!(ended.status, Some(JobStatus::Completed));
    assert_eq!(ended.participating_servers, Some(Vec::new()));
    assert_eq!(
        events_of(&mut world, &id, 1),
        ["JOB_START", "CLEANUP_START", "CLEANUP_END", "JOB_END"]
    );
}

#[test]
fn records_go_some_time_after_the_job_and_the_servers_have_no_instance() {
    let mut world = world("");
    let ids = launched(&mut world);
    let id = terminate(&mut world, &ids).unwrap();
    world.advance_until(&until_completed(&id));
    assert_eq!(instances(&mut world).len(), 2);
    assert!(
        instances(&mut world)
            .iter()
            .all(|one| one.ec2_instance_state == Some(Ec2InstanceState::Terminated))
    );
    assert_eq!(
        crate::support::source_server(&mut world, 1).recovery_instance_id,
        None
    );
    advance(&mut world, 10);
    assert!(instances(&mut world).is_empty());
}

#[test]
fn the_strict_model_keeps_the_list() {
    let mut world = world("profile: strict-model\n");
    let ids = launched(&mut world);
    let id = terminate(&mut world, &ids).unwrap();
    world.advance_until(&until_completed(&id));
    assert_eq!(
        statuses(&job(&mut world, &id).unwrap()),
        [LaunchStatus::Terminated; 2]
    );
}

#[test]
fn a_second_terminate_is_a_conflict_during_the_first_and_after_it() {
    let mut world = world("");
    let ids = launched(&mut world);
    let id = terminate(&mut world, &ids).unwrap();
    assert_eq!(
        terminate(&mut world, &ids[..1]).unwrap_err().name,
        ErrorName::Conflict
    );
    world.advance_until(&until_completed(&id));
    assert_eq!(
        terminate(&mut world, &ids[..1]).unwrap_err().name,
        ErrorName::Conflict
    );
    advance(&mut world, 60);
    assert_eq!(
        terminate(&mut world, &ids[..1]).unwrap_err().name,
        ErrorName::Conflict
    );
}

#[test]
fn one_unknown_instance_refuses_the_whole_request() {
    let mut world = world("");
    let mut ids = launched(&mut world);
    ids.push("i-00000000000000000".to_owned());
    assert_eq!(
        terminate(&mut world, &ids).unwrap_err().name,
        ErrorName::Conflict
    );
    assert!(
        instances(&mut world)
            .iter()
            .all(|one| one.ec2_instance_state == Some(Ec2InstanceState::Running))
    );
}

#[test]
pub(crate) fn a_running_terminate_job_locks_its_servers() {
    let mut world = world("");
    let ids = launched(&mut world);
    let id = terminate(&mut world, &ids).unwrap();
    // Before the job begins, while its instance ends, and between its end and the job's.
    for seconds in [0, 15, 90] {
        advance(&mut world, seconds);
        let refused = start(&mut world, &drill([1])).unwrap_err();
        assert_eq!(refused.name, ErrorName::Conflict, "{seconds} s later");
    }
    world.advance_until(&until_completed(&id));
    start(&mut world, &drill([1])).unwrap();
}

#[test]
fn an_instance_that_somebody_terminated_by_hand_can_still_be_cleaned_up() {
    let mut world = world("");
    let ids = launched(&mut world);
    world
        .change_instance(
            &ids[0],
            InstanceChange {
                state: Some(Ec2InstanceState::NotFound),
                ..InstanceChange::default()
            },
        )
        .unwrap();
    let id = terminate(&mut world, &ids).unwrap();
    world.advance_until(&until_completed(&id));
    advance(&mut world, 10);
    assert!(instances(&mut world).is_empty());
}

#[test]
fn one_instance_that_cannot_be_ended_stays_and_the_others_go() {
    let mut world = world(
        "rules: [ { when: { phase: terminate, server: { hostname: web-01 } }, \
                    do: { fail: CLEANUP_FAIL, raw_error: \"termination protection\" } } ]\n",
    );
    let ids = launched(&mut world);
    let id = terminate(&mut world, &ids).unwrap();
    world.advance_until(&until_completed(&id));
    advance(&mut world, 10);
    let left = instances(&mut world);
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].recovery_instance_id, Some(ids[0].clone()));
    assert_eq!(left[0].ec2_instance_state, Some(Ec2InstanceState::Running));
    terminate(&mut world, &ids[..1]).expect("it can be tried again");
}

#[test]
fn an_instance_in_failback_is_protected() {
    let mut world = world(
        "existing: { recovery_instances: [ { server: web-01, is_drill: true, failback: FAILBACK_READY_FOR_LAUNCH } ] }\n",
    );
    let id = instances(&mut world)
        .remove(0)
        .recovery_instance_id
        .unwrap();
    assert_eq!(
        terminate(&mut world, &[id]).unwrap_err().name,
        ErrorName::Conflict
    );
}

#[test]
fn between_one_and_two_hundred_instances_are_asked_for() {
    let mut world = world("");
    assert_eq!(
        terminate(&mut world, &[]).unwrap_err().name,
        ErrorName::Validation
    );
    let many: Vec<_> = (0..201).map(|number| format!("i-{number:017x}")).collect();
    assert_eq!(
        terminate(&mut world, &many).unwrap_err().name,
        ErrorName::Validation
    );
    launch(&mut world, &recovery([3]));
}
