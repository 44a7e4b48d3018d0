//! A small fleet, short ways to ask the world, and a client for the server.

pub(crate) mod client;

use drs_simulator::scenario::Scenario;
use drs_simulator::wire::job::{
    DescribeJobLogItemsRequest, DescribeJobsFilters, DescribeJobsRequest, Job, JobLog, JobLogEvent,
    LaunchStatus, StartRecoveryRequest, StartRecoverySourceServer,
    TerminateRecoveryInstancesRequest,
};
use drs_simulator::wire::recovery_instance::{DescribeRecoveryInstancesRequest, RecoveryInstance};
use drs_simulator::wire::source_server::{
    DescribeSourceServersFilters, DescribeSourceServersRequest, SourceServer,
};
use drs_simulator::{ApiError, Until, World};

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const REGION: &str = "us-west-2";

/// Ten Linux servers `web-01`.. with exact durations: a launch takes 10 + 90 + 240 + 150 + 10
/// seconds, and ends in a job that begins ten seconds after the call.
pub(crate) const FLEET: &str = r#"
version: 1
seed: 7
page_size: 50
durations: { jitter: 0, start_delay: PT10S, end_delay: PT10S, record_removal: PT10S }
accounts:
  - id: "111122223333"
    access_key: AKIATARGET
    regions: { us-west-2: {}, us-east-1: {}, eu-west-1: { initialized: false } }
  - id: "444455556666"
    regions: { us-west-2: {} }
servers:
  - template: { os: linux, disk_gib: 50, tags: { tier: web } }
    region: us-west-2
    expand: { count: 10, hostname: "web-{n:02}", id: "s-{n:017x}" }
"#;

/// The fleet with more members of the scenario.
pub(crate) fn scenario(more: &str) -> Scenario {
    Scenario::parse(&format!("{FLEET}{more}")).expect("the scenario is valid")
}

pub(crate) fn world(more: &str) -> World {
    world_of(&scenario(more))
}

/// A world of this scenario; with the bug that the running test has planted, if any.
pub(crate) fn world_of(scenario: &Scenario) -> World {
    #[cfg_attr(
        not(feature = "planted-defects"),
        expect(unused_mut, reason = "for planting")
    )]
    let mut world = World::new(scenario);
    #[cfg(feature = "planted-defects")]
    if let Some(defect) = crate::planted::planted() {
        world.plant(defect);
    }
    world
}

/// The id of `web-{number}`.
pub(crate) fn server(number: usize) -> String {
    format!("s-{number:017x}")
}

pub(crate) fn drill(numbers: impl IntoIterator<Item = usize>) -> StartRecoveryRequest {
    StartRecoveryRequest {
        source_servers: numbers
            .into_iter()
            .map(|number| StartRecoverySourceServer {
                source_server_id: server(number),
                recovery_snapshot_id: None,
            })
            .collect(),
        is_drill: Some(true),
        tags: None,
    }
}

pub(crate) fn recovery(numbers: impl IntoIterator<Item = usize>) -> StartRecoveryRequest {
    StartRecoveryRequest {
        is_drill: Some(false),
        ..drill(numbers)
    }
}

pub(crate) fn start(world: &mut World, request: &StartRecoveryRequest) -> Result<String, ApiError> {
    let answer = world.start_recovery(ACCOUNT, REGION, request)?;
    Ok(answer.job.expect("an accepted start has a job").job_id)
}

pub(crate) fn launch(world: &mut World, request: &StartRecoveryRequest) -> Job {
    let id = start(world, request).expect("the start is accepted");
    assert!(world.advance_until(&until_completed(&id)), "the job ends");
    job(world, &id).expect("the job is visible")
}

pub(crate) fn until_completed(job: &str) -> Until {
    format!("job:{job}:COMPLETED")
        .parse()
        .expect("the condition is valid")
}

pub(crate) fn job(world: &mut World, id: &str) -> Option<Job> {
    let request = DescribeJobsRequest {
        filters: Some(DescribeJobsFilters {
            job_ids: Some(vec![id.to_owned()]),
            ..DescribeJobsFilters::default()
        }),
        ..DescribeJobsRequest::default()
    };
    let answer = world
        .describe_jobs(ACCOUNT, REGION, &request)
        .expect("jobs can be listed");
    answer.items.into_iter().next()
}

pub(crate) fn jobs(world: &mut World) -> Vec<Job> {
    let request = DescribeJobsRequest::default();
    world
        .describe_jobs(ACCOUNT, REGION, &request)
        .expect("jobs can be listed")
        .items
}

pub(crate) fn statuses(job: &Job) -> Vec<LaunchStatus> {
    let participants = job.participating_servers.iter().flatten();
    participants
        .filter_map(|participant| participant.launch_status)
        .collect()
}

pub(crate) fn log(world: &mut World, job: &str) -> Vec<JobLog> {
    let request = DescribeJobLogItemsRequest {
        job_id: job.to_owned(),
        ..DescribeJobLogItemsRequest::default()
    };
    world
        .describe_job_log_items(ACCOUNT, REGION, &request)
        .expect("the log can be listed")
        .items
}

/// The names of the log's events, of one server and of the job as a whole.
pub(crate) fn events_of(world: &mut World, job: &str, number: usize) -> Vec<&'static str> {
    let of_server = |item: &JobLog| {
        let data = item
            .event_data
            .as_ref()
            .and_then(|data| data.source_server_id.as_ref());
        data.is_none_or(|id| *id == server(number))
    };
    let items = log(world, job).into_iter().filter(of_server);
    items
        .filter_map(|item| item.event.map(JobLogEvent::as_str))
        .collect()
}

pub(crate) fn source_server(world: &mut World, number: usize) -> SourceServer {
    let request = DescribeSourceServersRequest {
        filters: Some(DescribeSourceServersFilters {
            source_server_ids: Some(vec![server(number)]),
            ..DescribeSourceServersFilters::default()
        }),
        ..DescribeSourceServersRequest::default()
    };
    let answer = world
        .describe_source_servers(ACCOUNT, REGION, &request)
        .expect("servers can be listed");
    answer.items.into_iter().next().expect("the server exists")
}

pub(crate) fn instances(world: &mut World) -> Vec<RecoveryInstance> {
    let request = DescribeRecoveryInstancesRequest::default();
    let answer = world.describe_recovery_instances(ACCOUNT, REGION, &request);
    answer.expect("instances can be listed").items
}

pub(crate) fn instance_ids(job: &Job) -> Vec<String> {
    let participants = job.participating_servers.iter().flatten();
    participants
        .filter_map(|participant| participant.recovery_instance_id.clone())
        .collect()
}

pub(crate) fn terminate(world: &mut World, ids: &[String]) -> Result<String, ApiError> {
    let request = TerminateRecoveryInstancesRequest {
        recovery_instance_ids: ids.to_vec(),
    };
    let answer = world.terminate_recovery_instances(ACCOUNT, REGION, &request)?;
    Ok(answer.job.expect("an accepted request has a job").job_id)
}

pub(crate) fn advance(world: &mut World, seconds: u64) {
    world.advance(std::time::Duration::from_secs(seconds));
}
