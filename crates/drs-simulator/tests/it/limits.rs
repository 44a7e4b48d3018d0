//! Quotas (S7, F20) and call rates (S16).

use crate::support::{
    ACCOUNT, REGION, advance, drill, instance_ids, launch, start, terminate, world,
};
use drs_simulator::wire::job::DescribeJobsRequest;
use drs_simulator::wire::source_server::DescribeSourceServersRequest;
use drs_simulator::{Caller, ErrorName, Reply, World};

const MANY: &str = "  - template: { os: linux }\n    region: us-west-2\n    \
    expand: { count: 600, first: 4096, hostname: \"many-{n}\", id: \"s-{n:017x}\" }\n";

fn many(range: std::ops::Range<usize>) -> drs_simulator::wire::job::StartRecoveryRequest {
    drill(range.map(|number| number + 4096))
}

#[test]
fn a_job_has_at_most_one_hundred_servers() {
    let mut world = world(MANY);
    let error = start(&mut world, &many(0..101)).unwrap_err();
    assert_eq!(
        (error.name, error.name.status()),
        (ErrorName::ServiceQuotaExceeded, 402)
    );
    assert_eq!(error.details.quota_code.as_deref(), Some("L-B827C881"));
    start(&mut world, &many(0..100)).unwrap();
}

#[test]
fn more_than_two_hundred_servers_do_not_even_fit_the_model() {
    let mut world = world(MANY);
    assert_eq!(
        start(&mut world, &many(0..201)).unwrap_err().name,
        ErrorName::Validation
    );
}

#[test]
pub(crate) fn at_most_twenty_jobs_are_in_progress_and_ended_ones_do_not_count() {
    let mut world = world(MANY);
    for number in 0..20 {
        start(&mut world, &many(number..number + 1)).unwrap();
    }
    let error = start(&mut world, &many(20..21)).unwrap_err();
    assert_eq!(error.details.quota_code.as_deref(), Some("L-D88FAC3A"));
    world.advance_until(&"job:*:COMPLETED".parse().unwrap());
    start(&mut world, &many(20..21)).unwrap();
}

#[test]
fn at_most_five_hundred_servers_are_in_jobs() {
    let mut world = world(MANY);
    for batch in 0..5 {
        start(&mut world, &many(batch * 100..batch * 100 + 100)).unwrap();
    }
    let error = start(&mut world, &many(500..501)).unwrap_err();
    assert_eq!(error.details.quota_code.as_deref(), Some("L-05AFA8C6"));
}

#[test]
fn terminate_jobs_count_too() {
    let mut world = world("limits: { concurrent_jobs: 1 }\n");
    let ids = instance_ids(&launch(&mut world, &drill([1])));
    terminate(&mut world, &ids).unwrap();
    let error = start(&mut world, &drill([2])).unwrap_err();
    assert_eq!(error.name, ErrorName::ServiceQuotaExceeded);
}

#[test]
fn quotas_are_per_account_and_region() {
    let mut world = world(
        "  - { id: s-000000000000000e1, region: us-east-1 }\nlimits: { concurrent_jobs: 1 }\n",
    );
    start(&mut world, &drill([1])).unwrap();
    assert!(start(&mut world, &drill([2])).is_err());
    world
        .start_recovery(ACCOUNT, "us-east-1", &drill([0xe1]))
        .unwrap();
}

fn looks(world: &mut World, account: &str) -> bool {
    let reply = world.request(
        &Caller::new(account, REGION),
        &DescribeJobsRequest::default(),
    );
    matches!(reply, Reply::Answered(Ok(_)))
}

#[test]
fn a_token_bucket_refuses_a_burst_and_fills_again() {
    let mut world = world("limits: { rate: { Describe: { per_s: 1, burst: 3 } } }\n");
    let answers: Vec<_> = (0..5).map(|_| looks(&mut world, ACCOUNT)).collect();
    assert_eq!(answers, [true, true, true, false, false]);
    advance(&mut world, 2);
    let answers: Vec<_> = (0..3).map(|_| looks(&mut world, ACCOUNT)).collect();
    assert_eq!(answers, [true, true, false]);
}

#[test]
fn operations_of_a_group_share_a_bucket_and_accounts_do_not() {
    let mut world = world("limits: { rate: { Describe: { per_s: 1, burst: 1 } } }\n");
    assert!(looks(&mut world, ACCOUNT));
    let caller = Caller::new(ACCOUNT, REGION);
    let reply = world.request(&caller, &DescribeSourceServersRequest::default());
    let Reply::Answered(Err(error)) = reply else {
        panic!("{reply:?}")
    };
    assert_eq!(
        (error.name, error.retry_after_seconds),
        (ErrorName::Throttling, Some(1))
    );
    assert!(looks(&mut world, "444455556666"));
    assert!(matches!(
        world.request(&caller, &drill([1])),
        Reply::Answered(Ok(_))
    ));
}
