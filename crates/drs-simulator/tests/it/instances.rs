//! Recovery instances (S10, S11, S23): made, stopped on purpose, replaced, disconnected, deleted.

use crate::support::{
    ACCOUNT, REGION, drill, instance_ids, instances, launch, recovery, server, source_server,
    start, statuses, world,
};
use drs_simulator::ErrorName;
use drs_simulator::wire::job::LaunchStatus;
use drs_simulator::wire::recovery_instance::{
    DeleteRecoveryInstanceRequest, DisconnectRecoveryInstanceRequest, Ec2InstanceState,
    RecoveryInstanceReplicationState,
};

#[test]
fn an_instance_appears_at_the_end_of_the_launch_and_belongs_to_its_job() {
    let mut world = world("");
    start(&mut world, &drill([1])).unwrap();
    assert!(instances(&mut world).is_empty());
    world.advance_until(&"job:*:COMPLETED".parse().unwrap());
    let instance = instances(&mut world).remove(0);
    let job = crate::support::jobs(&mut world).remove(0);
    assert_eq!(instance.job_id, Some(job.job_id.clone()));
    assert_eq!(instance.source_server_id, Some(server(1)));
    assert_eq!(instance.is_drill, Some(true));
    assert_eq!(instance.ec2_instance_state, Some(Ec2InstanceState::Running));
    assert_eq!(instance.ec2_instance_id, instance.recovery_instance_id);
    assert_eq!(
        source_server(&mut world, 1).recovery_instance_id,
        instance.recovery_instance_id
    );
    assert_eq!(instance_ids(&job), [instance.recovery_instance_id.unwrap()]);
}

#[test]
fn a_launch_with_disposition_stopped_is_launched_but_stopped() {
    let mut world = world("  - { id: s-000000000000000a1, launch: { disposition: STOPPED } }\n");
    let launched = launch(&mut world, &recovery([0xa1]));
    assert_eq!(statuses(&launched), [LaunchStatus::Launched]);
    let instance = instances(&mut world).remove(0);
    assert_eq!(instance.ec2_instance_state, Some(Ec2InstanceState::Stopped));
    assert_eq!(instance.is_drill, Some(false));
}

#[test]
pub(crate) fn a_relaunch_destroys_the_earlier_instance() {
    let mut world = world("");
    let first = instance_ids(&launch(&mut world, &drill([1])));
    let second = instance_ids(&launch(&mut world, &drill([1])));
    assert_ne!(first, second);
    let left: Vec<_> = instances(&mut world)
        .into_iter()
        .filter_map(|one| one.recovery_instance_id)
        .collect();
    assert_eq!(left, second);
}

#[test]
fn an_old_job_says_that_its_instance_is_gone() {
    let mut world = world("");
    let first = launch(&mut world, &drill([1]));
    launch(&mut world, &drill([1]));
    let first = crate::support::job(&mut world, &first.job_id).unwrap();
    assert_eq!(statuses(&first), [LaunchStatus::Terminated]);
}

#[test]
fn a_relaunch_destroys_the_instance_of_a_real_recovery_too() {
    let mut world =
        world("existing: { recovery_instances: [ { server: web-01, is_drill: false } ] }\n");
    let before = instances(&mut world).remove(0);
    launch(&mut world, &drill([1]));
    let after = instances(&mut world);
    assert_eq!(after.len(), 1);
    assert_ne!(after[0].recovery_instance_id, before.recovery_instance_id);
}

#[test]
fn a_relaunch_spares_a_real_recovery_where_the_scenario_says_so() {
    let mut world = world(
        "switches: { relaunch_destroys_recoveries: false }\n\
         existing: { recovery_instances: [ { server: web-01, is_drill: false } ] }\n",
    );
    let before = instances(&mut world).remove(0).recovery_instance_id;
    launch(&mut world, &drill([1]));
    assert!(
        instances(&mut world)
            .iter()
            .any(|one| one.recovery_instance_id == before)
    );
    assert!(world.verify().ok);
}

#[test]
fn a_server_in_failback_is_not_launched_again() {
    let mut world = world(
        "existing: { recovery_instances: [ { server: web-01, is_drill: false, failback: FAILBACK_IN_PROGRESS } ] }\n",
    );
    assert_eq!(
        start(&mut world, &recovery([1])).unwrap_err().name,
        ErrorName::Conflict
    );
}

#[test]
fn a_record_is_deleted_only_after_it_was_disconnected() {
    let mut world = world("");
    let id = instance_ids(&launch(&mut world, &drill([1]))).remove(0);
    let delete = DeleteRecoveryInstanceRequest {
        recovery_instance_id: id.clone(),
    };
    let error = world
        .delete_recovery_instance(ACCOUNT, REGION, &delete)
        .unwrap_err();
    assert_eq!(error.name, ErrorName::Conflict);
    let disconnect = DisconnectRecoveryInstanceRequest {
        recovery_instance_id: id,
    };
    world
        .disconnect_recovery_instance(ACCOUNT, REGION, &disconnect)
        .unwrap();
    let state = instances(&mut world)
        .remove(0)
        .data_replication_info
        .unwrap()
        .data_replication_state;
    assert_eq!(state, Some(RecoveryInstanceReplicationState::Disconnected));
    world
        .delete_recovery_instance(ACCOUNT, REGION, &delete)
        .unwrap();
    assert!(instances(&mut world).is_empty());
    assert_eq!(source_server(&mut world, 1).recovery_instance_id, None);
}

#[test]
fn an_instance_that_does_not_exist_cannot_be_disconnected() {
    let mut world = world("");
    let request = DisconnectRecoveryInstanceRequest {
        recovery_instance_id: "i-0123456789abcdef0".to_owned(),
    };
    let error = world
        .disconnect_recovery_instance(ACCOUNT, REGION, &request)
        .unwrap_err();
    assert_eq!(error.name, ErrorName::ResourceNotFound);
}
