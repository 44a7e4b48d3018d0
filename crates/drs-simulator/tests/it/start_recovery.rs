//! `StartRecovery`: what is accepted, and what is refused as a whole (S3, S5, S7).

use crate::support::{
    ACCOUNT, REGION, drill, job, jobs, launch, recovery, scenario, server, source_server, start,
    world,
};
use drs_simulator::scenario::Scenario;
use drs_simulator::wire::job::{
    DescribeJobsRequest, InitiatedBy, JobStatus, JobType, LaunchStatus,
};
use drs_simulator::wire::source_server::{
    DescribeSourceServersRequest, InitializeServiceRequest, LastLaunchResult, LastLaunchType,
};
use drs_simulator::{ErrorName, ValidationReason, World};

#[test]
fn an_accepted_start_is_one_pending_job_with_all_its_servers() {
    let mut world = world("");
    let id = start(&mut world, &drill([1, 2])).unwrap();
    let job = job(&mut world, &id).unwrap();
    assert_eq!(job.status, Some(JobStatus::Pending));
    assert_eq!(job.job_type, Some(JobType::Launch));
    assert_eq!(job.participating_servers.unwrap().len(), 2);
    assert_eq!(job.end_date_time, None);
    assert!(id.starts_with("drsjob-") && id.len() == 24, "{id}");
}

#[test]
fn a_start_without_is_drill_is_a_real_recovery() {
    let mut world = world("");
    let mut request = drill([1]);
    request.is_drill = None;
    let launched = launch(&mut world, &request);
    assert_eq!(launched.initiated_by, Some(InitiatedBy::StartRecovery));
    let launch = source_server(&mut world, 1)
        .life_cycle
        .unwrap()
        .last_launch
        .unwrap();
    assert_eq!(
        launch.initiated.unwrap().launch_type,
        Some(LastLaunchType::Recovery)
    );
}

#[test]
pub(crate) fn drills_and_recoveries_differ_in_who_initiated_them() {
    let mut world = world("");
    assert_eq!(
        launch(&mut world, &drill([1])).initiated_by,
        Some(InitiatedBy::StartDrill)
    );
    let recovered = launch(&mut world, &recovery([2]));
    assert_eq!(recovered.initiated_by, Some(InitiatedBy::StartRecovery));
}

#[test]
fn a_server_shows_the_job_of_its_last_launch_from_the_call_on() {
    let mut world = world("");
    assert_eq!(
        source_server(&mut world, 1).last_launch_result,
        Some(LastLaunchResult::NotStarted)
    );
    let id = start(&mut world, &drill([1])).unwrap();
    let shown = source_server(&mut world, 1);
    assert_eq!(shown.last_launch_result, Some(LastLaunchResult::Pending));
    let launch = shown.life_cycle.unwrap().last_launch.unwrap();
    assert_eq!(launch.initiated.unwrap().job_id, Some(id));
    assert_eq!(launch.status, Some(LaunchStatus::Pending));
}

#[test]
fn a_start_without_servers_or_with_bad_ids_names_each_invalid_member() {
    let mut world = world("");
    let mut request = drill([1]);
    request.source_servers[0].source_server_id = "s-short".to_owned();
    request.source_servers[0].recovery_snapshot_id = Some("snap-0123456789abcdef0".to_owned());
    let error = start(&mut world, &request).unwrap_err();
    assert_eq!(error.name, ErrorName::Validation);
    let (reason, fields) = error.details.validation.unwrap();
    assert_eq!(reason, ValidationReason::FieldValidationFailed);
    let names: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
    let wanted = [
        "sourceServers.0.sourceServerID",
        "sourceServers.0.recoverySnapshotID",
    ];
    assert_eq!(names, wanted);
    assert_eq!(
        start(&mut world, &drill([])).unwrap_err().name,
        ErrorName::Validation
    );
}

#[test]
pub(crate) fn an_unknown_server_refuses_the_whole_request() {
    let mut world = world("");
    let error = start(&mut world, &drill([1, 999])).unwrap_err();
    assert_eq!(error.name, ErrorName::ResourceNotFound);
    assert_eq!(
        error.details.resource,
        Some(("SourceServer".to_owned(), server(999)))
    );
    assert!(jobs(&mut world).is_empty());
    start(&mut world, &drill([1])).expect("the good server was not locked");
}

#[test]
fn a_server_that_appears_twice_refuses_the_whole_request() {
    let mut world = world("");
    let error = start(&mut world, &drill([1, 2, 1])).unwrap_err();
    assert_eq!(error.name, ErrorName::Validation);
    assert!(jobs(&mut world).is_empty());
}

#[test]
fn a_strict_model_answers_only_the_errors_that_the_operation_models() {
    let mut world = world("profile: strict-model\n");
    for request in [drill([1, 999]), drill([1, 1])] {
        assert_eq!(
            start(&mut world, &request).unwrap_err().name,
            ErrorName::Conflict
        );
    }
}

#[test]
pub(crate) fn a_server_in_a_running_job_refuses_the_whole_request_without_being_named() {
    let mut world = world("");
    start(&mut world, &drill([1])).unwrap();
    let error = start(&mut world, &drill([1, 2])).unwrap_err();
    assert_eq!(error.name, ErrorName::Conflict);
    assert_eq!(
        error.message,
        "One or more of the Source Servers included in API call are currently being processed by a Job"
    );
    assert_eq!(error.details.resource, None);
    assert_eq!(jobs(&mut world).len(), 1);
}

#[test]
fn a_server_is_free_again_when_its_job_has_ended() {
    let mut world = world("");
    launch(&mut world, &drill([1]));
    start(&mut world, &drill([1])).expect("the job has ended");
}

#[test]
fn servers_that_cannot_be_recovered_are_conflicts_and_stalled_ones_are_not() {
    for (change, refused) in [
        ("state: DISCONNECTED", true),
        ("state: STOPPED", true),
        ("state: INITIAL_SYNC", true),
        ("state: INITIATING", true),
        ("volume_status: PENDING", true),
        ("volume_status: MISSING_VOLUME_ATTRIBUTES", true),
        (
            "staging: { status: EXTENSION_ERROR, account: \"444455556666\" }",
            true,
        ),
        ("state: STALLED", false),
        ("state: BACKLOG", false),
        ("state: RESCAN", false),
        ("state: PAUSED", false),
        ("state: CREATING_SNAPSHOT", false),
    ] {
        let line = format!("  - {{ id: {}, {change} }}\n", server(77));
        let text = format!("{}{line}", crate::support::FLEET);
        let mut world = World::new(&Scenario::parse(&text).unwrap());
        let outcome = world.start_recovery(ACCOUNT, REGION, &drill([77]));
        assert_eq!(outcome.is_err(), refused, "{change}");
        if let Err(error) = outcome {
            assert_eq!(error.name, ErrorName::Conflict, "{change}");
            assert_eq!(
                error.details.resource,
                Some(("SourceServer".to_owned(), server(77)))
            );
        }
    }
}

#[test]
fn where_drs_is_not_initialised_everything_but_initialising_is_refused() {
    let mut world = World::new(&scenario(""));
    for region in ["eu-west-1", "ap-south-1"] {
        let error = world
            .start_recovery(ACCOUNT, region, &drill([1]))
            .unwrap_err();
        assert_eq!(error.name, ErrorName::UninitializedAccount);
        assert!(
            error.message.contains("not initialized"),
            "{}",
            error.message
        );
        let listing = world.describe_source_servers(
            ACCOUNT,
            region,
            &DescribeSourceServersRequest::default(),
        );
        assert_eq!(listing.unwrap_err().name, ErrorName::UninitializedAccount);
        world
            .initialize_service(ACCOUNT, region, &InitializeServiceRequest {})
            .unwrap();
        let listing = world
            .describe_source_servers(ACCOUNT, region, &DescribeSourceServersRequest::default())
            .unwrap();
        assert!(listing.items.is_empty());
    }
}

#[test]
fn a_region_of_another_partition_does_not_know_the_account() {
    let mut world = World::new(&scenario(""));
    for region in ["us-gov-west-1", "cn-north-1", "us-iso-east-1"] {
        let request = DescribeSourceServersRequest::default();
        let listing = world.describe_source_servers(ACCOUNT, region, &request);
        let error = listing.unwrap_err();
        assert_eq!(error.name, ErrorName::UnrecognizedClient, "{region}");
    }
    let text = r#"
        accounts: [ { id: "111122223333", regions: { us-gov-west-1: {}, us-gov-east-1: {} } } ]
    "#;
    let mut world = World::new(&Scenario::parse(text).unwrap());
    let mut listed = |region: &str| {
        let request = DescribeSourceServersRequest::default();
        world.describe_source_servers(ACCOUNT, region, &request)
    };
    assert!(listed("us-gov-east-1").is_ok());
    let error = listed("us-west-2").unwrap_err();
    assert_eq!(error.name, ErrorName::UnrecognizedClient);
}

#[test]
fn accounts_and_regions_do_not_see_each_other() {
    let mut world = world("");
    start(&mut world, &drill([1])).unwrap();
    for (account, region) in [("444455556666", REGION), (ACCOUNT, "us-east-1")] {
        assert!(
            world
                .describe_jobs(account, region, &DescribeJobsRequest::default())
                .unwrap()
                .items
                .is_empty()
        );
        let error = world
            .start_recovery(account, region, &drill([2]))
            .unwrap_err();
        assert_eq!(error.name, ErrorName::ResourceNotFound);
    }
}
