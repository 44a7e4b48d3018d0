//! Lists (S1, S6, S13, S14): pages, tokens, filters, order, and what servers show.

use crate::support::{
    ACCOUNT, REGION, advance, drill, jobs, launch, server, source_server, start, world, world_of,
};
use drs_simulator::wire::job::{
    DescribeJobLogItemsRequest, DescribeJobsFilters, DescribeJobsRequest,
};
use drs_simulator::wire::recovery_instance::{
    DescribeRecoveryInstancesFilters, DescribeRecoveryInstancesRequest,
};
use drs_simulator::wire::source_server::{
    DescribeSourceServersFilters, DescribeSourceServersRequest,
};
use drs_simulator::{ErrorName, World};

fn page(
    world: &mut World,
    max_results: Option<i64>,
    token: Option<String>,
) -> (Vec<String>, Option<String>) {
    let request = DescribeSourceServersRequest {
        max_results,
        next_token: token,
        ..DescribeSourceServersRequest::default()
    };
    let answer = world
        .describe_source_servers(ACCOUNT, REGION, &request)
        .unwrap();
    (
        answer
            .items
            .into_iter()
            .filter_map(|item| item.source_server_id)
            .collect(),
        answer.next_token,
    )
}

#[test]
fn pages_together_hold_every_server_once() {
    let mut world = world("");
    let mut seen = Vec::new();
    let mut token = None;
    loop {
        let (items, next) = page(&mut world, Some(3), token);
        assert!(items.len() <= 3);
        seen.extend(items);
        token = next;
        if token.is_none() {
            break;
        }
    }
    assert_eq!(seen, (1..=10).map(server).collect::<Vec<_>>());
}

#[test]
pub(crate) fn a_page_is_never_longer_than_the_scenario_allows() {
    let text = crate::support::FLEET.replace("page_size: 50", "page_size: 2");
    let mut world = world_of(&drs_simulator::Scenario::parse(&text).unwrap());
    let (items, next) = page(&mut world, Some(1000), None);
    assert_eq!(items.len(), 2);
    assert!(next.is_some());
}

#[test]
fn a_last_full_page_has_no_token() {
    let mut world = world("");
    assert_eq!(page(&mut world, Some(10), None).1, None);
}

#[test]
fn a_token_is_good_for_its_own_list_only() {
    let mut world = world("");
    let (_, token) = page(&mut world, Some(2), None);
    let other = DescribeSourceServersRequest {
        filters: Some(DescribeSourceServersFilters {
            source_server_ids: Some(vec![server(1)]),
            ..DescribeSourceServersFilters::default()
        }),
        next_token: token.clone(),
        max_results: None,
    };
    let error = world
        .describe_source_servers(ACCOUNT, REGION, &other)
        .unwrap_err();
    assert_eq!(error.name, ErrorName::Validation);
    let jobs = DescribeJobsRequest {
        next_token: token,
        ..DescribeJobsRequest::default()
    };
    assert_eq!(
        world
            .describe_jobs(ACCOUNT, REGION, &jobs)
            .unwrap_err()
            .name,
        ErrorName::Validation
    );
    let invented = DescribeJobsRequest {
        next_token: Some("abc".to_owned()),
        ..DescribeJobsRequest::default()
    };
    assert_eq!(
        world
            .describe_jobs(ACCOUNT, REGION, &invented)
            .unwrap_err()
            .name,
        ErrorName::Validation
    );
}

#[test]
fn max_results_is_at_least_one() {
    let mut world = world("");
    let request = DescribeJobsRequest {
        max_results: Some(0),
        ..DescribeJobsRequest::default()
    };
    assert_eq!(
        world
            .describe_jobs(ACCOUNT, REGION, &request)
            .unwrap_err()
            .name,
        ErrorName::Validation
    );
}

#[test]
fn ids_that_do_not_exist_give_empty_lists() {
    let mut world = world("");
    let filters = DescribeJobsFilters {
        job_ids: Some(vec!["drsjob-00000000000000000".to_owned()]),
        ..DescribeJobsFilters::default()
    };
    let request = DescribeJobsRequest {
        filters: Some(filters),
        ..DescribeJobsRequest::default()
    };
    assert!(
        world
            .describe_jobs(ACCOUNT, REGION, &request)
            .unwrap()
            .items
            .is_empty()
    );
    let filters = DescribeSourceServersFilters {
        source_server_ids: Some(vec![server(999)]),
        ..DescribeSourceServersFilters::default()
    };
    let request = DescribeSourceServersRequest {
        filters: Some(filters),
        ..DescribeSourceServersRequest::default()
    };
    assert!(
        world
            .describe_source_servers(ACCOUNT, REGION, &request)
            .unwrap()
            .items
            .is_empty()
    );
    let request = DescribeJobLogItemsRequest {
        job_id: "drsjob-00000000000000000".to_owned(),
        ..DescribeJobLogItemsRequest::default()
    };
    assert!(
        world
            .describe_job_log_items(ACCOUNT, REGION, &request)
            .unwrap()
            .items
            .is_empty()
    );
}

#[test]
fn an_empty_filter_means_all() {
    let mut world = world("");
    start(&mut world, &drill([1])).unwrap();
    let filters = DescribeJobsFilters {
        job_ids: Some(Vec::new()),
        ..DescribeJobsFilters::default()
    };
    let request = DescribeJobsRequest {
        filters: Some(filters),
        ..DescribeJobsRequest::default()
    };
    assert_eq!(
        world
            .describe_jobs(ACCOUNT, REGION, &request)
            .unwrap()
            .items
            .len(),
        1
    );
}

#[test]
fn jobs_come_newest_first_also_across_pages() {
    let mut world = world("");
    let mut started = Vec::new();
    for number in 1..=5 {
        started.push(start(&mut world, &drill([number])).unwrap());
        advance(&mut world, 1);
    }
    started.reverse();
    let mut seen = Vec::new();
    let mut token = None;
    loop {
        let request = DescribeJobsRequest {
            max_results: Some(2),
            next_token: token,
            ..DescribeJobsRequest::default()
        };
        let answer = world.describe_jobs(ACCOUNT, REGION, &request).unwrap();
        seen.extend(answer.items.into_iter().map(|job| job.job_id));
        token = answer.next_token;
        if token.is_none() {
            break;
        }
    }
    assert_eq!(seen, started);
}

#[test]
fn jobs_are_filtered_by_the_time_of_their_making() {
    let mut world = world("clock: { start: \"2026-03-01T00:00:00Z\" }\n");
    let early = start(&mut world, &drill([1])).unwrap();
    advance(&mut world, 3600);
    let late = start(&mut world, &drill([2])).unwrap();
    let find = |world: &mut World, from: Option<&str>, to: Option<&str>| {
        let filters = DescribeJobsFilters {
            from_date: from.map(str::to_owned),
            to_date: to.map(str::to_owned),
            job_ids: None,
        };
        let request = DescribeJobsRequest {
            filters: Some(filters),
            ..DescribeJobsRequest::default()
        };
        let answer = world.describe_jobs(ACCOUNT, REGION, &request);
        answer.map(|answer| {
            answer
                .items
                .into_iter()
                .map(|job| job.job_id)
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(
        find(&mut world, Some("2026-03-01T00:30:00Z"), None).unwrap(),
        vec![late.clone()]
    );
    assert_eq!(
        find(&mut world, None, Some("2026-03-01T00:30:00Z")).unwrap(),
        vec![early.clone()]
    );
    assert_eq!(
        find(&mut world, Some("2026-03-01T00:00:00.000Z"), None).unwrap(),
        [late, early]
    );
    assert_eq!(
        find(&mut world, Some("yesterday"), None).unwrap_err().name,
        ErrorName::Validation
    );
}

#[test]
fn the_log_is_listed_oldest_first_in_pages() {
    let mut world = world("");
    let launched = launch(&mut world, &drill([1]));
    let mut events = Vec::new();
    let mut token = None;
    loop {
        let request = DescribeJobLogItemsRequest {
            job_id: launched.job_id.clone(),
            max_results: Some(3),
            next_token: token,
        };
        let answer = world
            .describe_job_log_items(ACCOUNT, REGION, &request)
            .unwrap();
        events.extend(answer.items.into_iter().filter_map(|item| item.event));
        token = answer.next_token;
        if token.is_none() {
            break;
        }
    }
    assert_eq!(events.len(), 8);
    assert_eq!(
        (events[0].as_str(), events[7].as_str()),
        ("JOB_START", "JOB_END")
    );
}

#[test]
fn instances_are_found_by_id_and_by_source_server() {
    let mut world = world("");
    launch(&mut world, &drill([1, 2, 3]));
    let find = |world: &mut World, ids: Option<Vec<String>>, servers: Option<Vec<String>>| {
        let filters = DescribeRecoveryInstancesFilters {
            recovery_instance_ids: ids,
            source_server_ids: servers,
        };
        let request = DescribeRecoveryInstancesRequest {
            filters: Some(filters),
            ..DescribeRecoveryInstancesRequest::default()
        };
        world
            .describe_recovery_instances(ACCOUNT, REGION, &request)
            .unwrap()
            .items
    };
    let second = find(&mut world, None, Some(vec![server(2)])).remove(0);
    let id = second.recovery_instance_id.clone().unwrap();
    assert_eq!(find(&mut world, Some(vec![id]), None), [second]);
    assert_eq!(
        find(&mut world, None, Some(vec![server(1), server(9)])).len(),
        1
    );
}

#[test]
fn a_lag_grows_while_replication_stands_still_and_is_absent_when_unknown() {
    let mut world = world(
        "  - { id: s-000000000000000a1, state: STALLED, lag: PT14M, error: AGENT_NOT_SEEN }\n  \
         - { id: s-000000000000000a2, state: DISCONNECTED }\n  \
         - { id: s-000000000000000a3, state: BACKLOG, lag: PT1M, lag_growth: 0.5 }\n  \
         - { id: s-000000000000000a4, state: INITIAL_SYNC, eta: PT2H }\n",
    );
    advance(&mut world, 60);
    let info =
        |world: &mut World, number| source_server(world, number).data_replication_info.unwrap();
    let stalled = info(&mut world, 0xa1);
    assert_eq!(stalled.lag_duration.as_deref(), Some("PT15M"));
    assert_eq!(
        stalled
            .data_replication_error
            .unwrap()
            .error
            .unwrap()
            .as_str(),
        "AGENT_NOT_SEEN"
    );
    assert_eq!(info(&mut world, 0xa2).lag_duration, None);
    assert_eq!(
        info(&mut world, 0xa3).lag_duration.as_deref(),
        Some("PT1M30S")
    );
    let syncing = info(&mut world, 0xa4);
    assert_eq!(syncing.lag_duration, None);
    assert!(syncing.eta_date_time.unwrap() > world.now());
    assert_eq!(info(&mut world, 1).lag_duration.as_deref(), Some("PT0S"));
}

#[test]
fn absent_members_are_left_out_and_never_null() {
    let mut world = world("");
    start(&mut world, &drill([1])).unwrap();
    let job = serde_json::to_value(&jobs(&mut world)[0]).unwrap();
    assert!(!job.to_string().contains("null"), "{job}");
    assert!(job.get("endDateTime").is_none());
    let server = serde_json::to_value(source_server(&mut world, 1)).unwrap();
    assert!(!server.to_string().contains("null"), "{server}");
    assert!(server.get("recoveryInstanceId").is_none());
}

#[test]
fn the_instance_of_a_server_is_spelled_with_a_small_d_and_elsewhere_with_a_capital_one() {
    let mut world = world("");
    launch(&mut world, &drill([1]));
    let server = serde_json::to_value(source_server(&mut world, 1)).unwrap();
    assert!(server["recoveryInstanceId"].is_string());
    let job = serde_json::to_value(&jobs(&mut world)[0]).unwrap();
    assert!(job["participatingServers"][0]["recoveryInstanceID"].is_string());
}
