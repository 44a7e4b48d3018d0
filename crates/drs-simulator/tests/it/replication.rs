//! Replication that is stopped, started and ended for good, in the order that DRS asks for.

use crate::support::{
    ACCOUNT, REGION, advance, drill, instance_ids, launch, server, source_server, start, terminate,
    until_completed, world,
};
use drs_simulator::wire::snapshot::DescribeRecoverySnapshotsRequest;
use drs_simulator::wire::source_server::{
    DataReplicationState, DeleteSourceServerRequest, DescribeSourceServersRequest,
    DisconnectSourceServerRequest, StartReplicationRequest, StopReplicationRequest,
};
use drs_simulator::{ApiError, ErrorName, World};

fn disconnect(world: &mut World, number: usize) -> Result<(), ApiError> {
    let request = DisconnectSourceServerRequest {
        source_server_id: server(number),
    };
    let answer = world.disconnect_source_server(ACCOUNT, REGION, &request);
    answer.map(|_| ())
}

fn delete(world: &mut World, number: usize) -> Result<(), ApiError> {
    let request = DeleteSourceServerRequest {
        source_server_id: server(number),
    };
    let answer = world.delete_source_server(ACCOUNT, REGION, &request);
    answer.map(|_| ())
}

fn stop(world: &mut World, number: usize) -> Result<(), ApiError> {
    let request = StopReplicationRequest {
        source_server_id: server(number),
    };
    let answer = world.stop_replication_of(ACCOUNT, REGION, &request);
    answer.map(|_| ())
}

fn restart(world: &mut World, number: usize) -> Result<(), ApiError> {
    let request = StartReplicationRequest {
        source_server_id: server(number),
    };
    let answer = world.start_replication_of(ACCOUNT, REGION, &request);
    answer.map(|_| ())
}

fn points(world: &mut World, number: usize) -> usize {
    let request = DescribeRecoverySnapshotsRequest {
        source_server_id: server(number),
        ..DescribeRecoverySnapshotsRequest::default()
    };
    let answer = world.describe_recovery_snapshots(ACCOUNT, REGION, &request);
    answer.unwrap().items.len()
}

fn state(world: &mut World, number: usize) -> DataReplicationState {
    let replication = source_server(world, number).data_replication_info;
    replication.unwrap().data_replication_state.unwrap()
}

#[test]
fn a_server_is_deleted_only_after_it_was_disconnected() {
    let mut world = world("");
    assert_eq!(delete(&mut world, 1).unwrap_err().name, ErrorName::Conflict);
    disconnect(&mut world, 1).unwrap();
    assert_eq!(state(&mut world, 1), DataReplicationState::Disconnected);
    delete(&mut world, 1).unwrap();
    let listed = world
        .describe_source_servers(ACCOUNT, REGION, &DescribeSourceServersRequest::default())
        .unwrap();
    assert_eq!(listed.items.len(), 9);
    assert_eq!(
        delete(&mut world, 1).unwrap_err().name,
        ErrorName::ResourceNotFound
    );
}

#[test]
fn a_server_with_a_recovery_instance_is_not_disconnected() {
    let mut world = world("");
    let launched = launch(&mut world, &drill([1]));
    assert_eq!(
        disconnect(&mut world, 1).unwrap_err().name,
        ErrorName::Conflict
    );
    let id = terminate(&mut world, &instance_ids(&launched)).unwrap();
    world.advance_until(&until_completed(&id));
    disconnect(&mut world, 1).unwrap();
}

#[test]
fn a_server_in_a_running_job_keeps_its_replication() {
    let mut world = world("");
    start(&mut world, &drill([1])).unwrap();
    for refused in [
        disconnect(&mut world, 1),
        delete(&mut world, 1),
        stop(&mut world, 1),
    ] {
        assert_eq!(refused.unwrap_err().name, ErrorName::Conflict);
    }
    assert_eq!(state(&mut world, 1), DataReplicationState::Continuous);
}

#[test]
fn stopping_replication_deletes_the_points_in_time() {
    let mut world = world("");
    assert!(points(&mut world, 1) > 20);
    stop(&mut world, 1).unwrap();
    assert_eq!(points(&mut world, 1), 0);
    assert_eq!(
        start(&mut world, &drill([1])).unwrap_err().name,
        ErrorName::Conflict
    );
}

#[test]
fn replication_that_is_started_again_synchronises_first() {
    let mut world = world("");
    assert_eq!(
        restart(&mut world, 1).unwrap_err().name,
        ErrorName::Conflict
    );
    stop(&mut world, 1).unwrap();
    restart(&mut world, 1).unwrap();
    let mut seen = Vec::new();
    for seconds in [0, 301, 1001] {
        advance(&mut world, seconds);
        seen.push(state(&mut world, 1));
    }
    assert_eq!(
        seen,
        [
            DataReplicationState::Initiating,
            DataReplicationState::InitialSync,
            DataReplicationState::Continuous
        ]
    );
    start(&mut world, &drill([1])).unwrap();
}

#[test]
fn replication_that_is_stopped_while_it_comes_up_stays_stopped() {
    let mut world = world("");
    stop(&mut world, 1).unwrap();
    restart(&mut world, 1).unwrap();
    stop(&mut world, 1).unwrap();
    advance(&mut world, 86_400);
    assert_eq!(state(&mut world, 1), DataReplicationState::Stopped);
}
