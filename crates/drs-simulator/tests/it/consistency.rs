//! Late and stale reads (S15, F13 to F16).

use crate::support::{advance, drill, job, jobs, log, start, statuses, world};
use drs_simulator::wire::job::{DescribeJobsRequest, JobStatus, LaunchStatus};
use drs_simulator::{Caller, Reply, World};

#[test]
pub(crate) fn a_new_job_is_invisible_for_its_time_while_its_servers_are_locked() {
    let mut world = world("consistency: { job_visible_after_ms: 1500 }\n");
    let id = start(&mut world, &drill([1])).unwrap();
    assert_eq!(job(&mut world, &id), None);
    assert!(start(&mut world, &drill([1])).is_err());
    world.advance(std::time::Duration::from_millis(1499));
    assert_eq!(job(&mut world, &id), None);
    world.advance(std::time::Duration::from_millis(1));
    assert!(job(&mut world, &id).is_some());
}

#[test]
fn a_launch_status_is_older_than_the_log() {
    let mut world = world("consistency: { status_lag_ms: 5000 }\n");
    let id = start(&mut world, &drill([1])).unwrap();
    advance(&mut world, 10 + 90 + 240 + 150);
    assert!(
        log(&mut world, &id)
            .iter()
            .any(|item| item.event.unwrap().as_str() == "LAUNCH_END")
    );
    assert_eq!(
        statuses(&job(&mut world, &id).unwrap()),
        [LaunchStatus::InProgress]
    );
    advance(&mut world, 5);
    assert_eq!(
        statuses(&job(&mut world, &id).unwrap()),
        [LaunchStatus::Launched]
    );
}

#[test]
fn what_shows_late_is_an_event_that_can_be_waited_for() {
    let mut world = world("consistency: { job_visible_after_ms: 1500 }\n");
    start(&mut world, &drill([1])).unwrap();
    let next = world.next_event_at().unwrap();
    assert_eq!(next.duration_since(world.now()).as_millis(), 1500);
    world.advance_to(next);
    assert_eq!(jobs(&mut world).len(), 1);
}

#[test]
fn random_lateness_stays_within_its_bound_and_varies() {
    let mut world = world("consistency: { job_visible_after_ms: 60000, random: true }\n");
    let mut delays = std::collections::BTreeSet::new();
    for number in 1..=5 {
        let before = world.now();
        let id = start(&mut world, &drill([number])).unwrap();
        while job(&mut world, &id).is_none() {
            let next = world.next_event_at().unwrap();
            world.advance_to(next);
        }
        let delay = world.now().duration_since(before).as_millis();
        assert!(delay <= 60_000);
        delays.insert(delay);
    }
    assert!(delays.len() > 1);
}

fn rule(effect: &str) -> World {
    world(&format!(
        "rules: [ {{ when: {{ op: StartRecovery }}, do: {{ {effect} }} }} ]\n"
    ))
}

fn request(world: &mut World) -> String {
    let reply = world.request(&Caller::new("111122223333", "us-west-2"), &drill([1]));
    let Reply::Answered(Ok(answer)) = reply else {
        panic!("{reply:?}")
    };
    answer.job.unwrap().job_id
}

#[test]
fn a_rule_can_hide_one_job() {
    let mut world = rule("hide_job: PT30S");
    let id = request(&mut world);
    advance(&mut world, 29);
    assert_eq!(job(&mut world, &id), None);
    advance(&mut world, 1);
    assert!(job(&mut world, &id).is_some());
}

#[test]
fn a_rule_can_hide_the_participants_of_one_job() {
    let mut world = rule("hide_participants: PT30S");
    let id = request(&mut world);
    advance(&mut world, 29);
    assert_eq!(
        job(&mut world, &id).unwrap().participating_servers,
        Some(Vec::new())
    );
    advance(&mut world, 1);
    assert_eq!(
        job(&mut world, &id)
            .unwrap()
            .participating_servers
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn a_job_can_vanish_while_its_launch_goes_on() {
    let mut world = rule("vanish_after: PT1M");
    let id = request(&mut world);
    advance(&mut world, 61);
    assert_eq!(job(&mut world, &id), None);
    assert!(log(&mut world, &id).is_empty());
    advance(&mut world, 600);
    assert_eq!(crate::support::instances(&mut world).len(), 1);
    let launch = crate::support::source_server(&mut world, 1)
        .life_cycle
        .unwrap()
        .last_launch
        .unwrap();
    assert_eq!(launch.status, Some(LaunchStatus::Launched));
    assert_eq!(launch.initiated.unwrap().job_id, Some(id));
}

#[test]
fn a_stale_read_shows_a_job_as_it_was_at_its_start() {
    let mut world = world(
        "rules: [ { when: { op: DescribeJobs, after: PT2M }, do: { stale: true }, times: 1 } ]\n",
    );
    start(&mut world, &drill([1])).unwrap();
    advance(&mut world, 120);
    let look = |world: &mut World| {
        let reply = world.request(
            &Caller::new("111122223333", "us-west-2"),
            &DescribeJobsRequest::default(),
        );
        let Reply::Answered(Ok(answer)) = reply else {
            panic!("{reply:?}")
        };
        (
            answer.items[0].status.unwrap(),
            statuses(&answer.items[0])[0],
        )
    };
    assert_eq!(
        look(&mut world),
        (JobStatus::Pending, LaunchStatus::Pending)
    );
    assert_eq!(
        look(&mut world),
        (JobStatus::Started, LaunchStatus::InProgress)
    );
}
