//! What is kept of executions that have ended, and lists of what has not.

use domain::Kind;
use domain::execution::Status;
use domain::execution::outcome::Outcome;
use engine::ports::execution_store::{Activity, ExecutionFilter, Stage, StoredExecution};
use engine::ports::statistics_store::{EndedExecution, LastRun};
use engine::ports::{PageRequest, Store};
use jiff::{SignedDuration, Timestamp};

use super::executions::create_live;
use super::listing::listed;
use crate::samples::{acquiring_of, at, end, next, page, uuid};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Execution `number` of a plan, accepted that many hours after the first and ended at `ended`.
async fn ended(
    store: &dyn Store,
    (number, plan): (u32, u32),
    kind: Kind,
    outcome: Outcome,
    ended: Timestamp,
) -> StoredExecution {
    let accepted = at(0) + SignedDuration::from_hours(i64::from(number));
    let live = create_live(store, &acquiring_of(number, plan, kind, accepted, &[2])).await;
    let mut over = next(&live, Stage::Over);
    end(&mut over, outcome);
    over.execution.head.ending.as_mut().unwrap().at = ended;
    store.save_execution(&live, &over, &[]).await.unwrap();
    over
}

fn numbers(found: &[EndedExecution]) -> Vec<u32> {
    let number = |one: &EndedExecution| one.id.as_str()[24..].parse().unwrap();
    found.iter().map(number).collect()
}

pub(crate) async fn what_has_ended_is_known_by_its_end(store: &dyn Store) {
    for number in 1..=8 {
        let when = at(0) + DAY * i32::try_from(number).unwrap() * 11;
        let kind = if number == 8 {
            Kind::Recovery
        } else {
            Kind::Drill
        };
        ended(store, (number, 50), kind, Outcome::Failed, when).await;
    }
    let live = acquiring_of(9, 51, Kind::Drill, at(0), &[2]);
    create_live(store, &live).await;
    let first = at(0) + DAY * 33;
    let last = at(0) + DAY * 88;
    let found = store.ended_between(first, last, 100).await.unwrap();
    assert_eq!(numbers(&found), [7, 6, 5, 4, 3]);
    let after = last + SignedDuration::from_nanos(1);
    let found = store.ended_between(first, after, 100).await.unwrap();
    assert_eq!(
        found[0],
        EndedExecution {
            id: uuid(8).parse().unwrap(),
            plan: uuid(50).parse().unwrap(),
            kind: Kind::Recovery,
            status: Status::Failed,
            ended_at: last,
        }
    );
    let found = store.ended_between(first, after, 2).await.unwrap();
    assert_eq!(numbers(&found), [8, 7]);
}

pub(crate) async fn an_end_is_noted_once_whatever_comes_after_it(store: &dyn Store) {
    let over = ended(store, (1, 50), Kind::Drill, Outcome::Completed, at(60)).await;
    let cleaning = next(&over, Stage::Live);
    store.save_execution(&over, &cleaning, &[]).await.unwrap();
    let cleaned = next(&cleaning, Stage::Over);
    store
        .save_execution(&cleaning, &cleaned, &[])
        .await
        .unwrap();
    let found = store.ended_between(at(0), at(1_000), 10).await.unwrap();
    assert_eq!(numbers(&found), [1]);
}

pub(crate) async fn of_a_plan_the_last_run_of_each_kind_is_known(store: &dyn Store) {
    let drill = (Kind::Drill, Outcome::Completed);
    let failed = (Kind::Drill, Outcome::Failed);
    let recovery = (Kind::Recovery, Outcome::Cancelled);
    for (number, plan, (kind, outcome)) in [
        (1, 50, drill),
        (2, 50, failed),
        (3, 50, recovery),
        (4, 51, failed),
    ] {
        let when = at(0) + DAY * i32::try_from(number).unwrap();
        ended(store, (number, plan), kind, outcome, when).await;
    }
    let run = |number: u32, status| {
        Some(LastRun {
            execution: uuid(number).parse().unwrap(),
            status,
            ended_at: at(0) + DAY * i32::try_from(number).unwrap(),
        })
    };
    let first = store.last_runs(&page(1)).await.unwrap();
    assert_eq!(first.items.len(), 1);
    let rest = PageRequest {
        after: first.next,
        ..page(2)
    };
    let second = store.last_runs(&rest).await.unwrap();
    assert_eq!(second.next, None);
    let runs = [first.items, second.items].concat();
    assert_eq!(runs.len(), 2);
    assert_eq!(runs[0].plan.as_str(), uuid(50));
    assert_eq!(runs[0].completed_drill, run(1, Status::Completed));
    assert_eq!(runs[0].drill, run(2, Status::Failed));
    assert_eq!(runs[0].recovery, run(3, Status::Cancelled));
    assert_eq!(runs[1].plan.as_str(), uuid(51));
    assert_eq!(runs[1].completed_drill, None);
    assert_eq!(runs[1].drill, run(4, Status::Failed));
    assert_eq!(runs[1].recovery, None);
}

pub(crate) async fn summaries_come_in_the_order_in_which_they_are_asked_for(store: &dyn Store) {
    for number in 1..=3 {
        ended(store, (number, 50), Kind::Drill, Outcome::Failed, at(60)).await;
    }
    let ids = [3, 9, 1].map(|number| uuid(number).parse().unwrap());
    let found = store.summaries(&ids).await.unwrap();
    let shown: Vec<&str> = found.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(shown, [uuid(3), uuid(1)]);
    assert_eq!(found[0].status, Status::Failed);
    assert_eq!(store.summaries(&[]).await.unwrap(), vec![]);
}

pub(crate) async fn what_is_active_is_listed_by_itself_newest_first(store: &dyn Store) {
    for number in 1..=9 {
        let accepted = at(0) + DAY * i32::try_from(number).unwrap() * 11;
        let kind = if number % 2 == 0 {
            Kind::Recovery
        } else {
            Kind::Drill
        };
        let live = create_live(store, &acquiring_of(number, 50, kind, accepted, &[2])).await;
        if number % 3 == 0 {
            // Ended, and still live: its clean-up goes on.
            let mut over = next(&live, Stage::Live);
            end(&mut over, Outcome::Failed);
            store.save_execution(&live, &over, &[]).await.unwrap();
        }
    }
    let not_accepted = acquiring_of(10, 51, Kind::Drill, at(0), &[2]);
    store.create_execution(&not_accepted).await.unwrap();
    let active = ExecutionFilter {
        activity: Some(Activity::Active),
        ..ExecutionFilter::default()
    };
    for limit in [1, 2, 6, 100] {
        assert_eq!(listed(store, &active, limit).await, [8, 7, 5, 4, 2, 1]);
    }
    let recoveries = ExecutionFilter {
        kind: Some(Kind::Recovery),
        ..active.clone()
    };
    assert_eq!(listed(store, &recoveries, 2).await, [8, 4, 2]);
    let over = ExecutionFilter {
        activity: Some(Activity::Ended),
        ..ExecutionFilter::default()
    };
    assert_eq!(listed(store, &over, 2).await, [9, 6, 3]);
    let none = ExecutionFilter {
        status: Some(Status::Failed),
        ..active
    };
    assert_eq!(listed(store, &none, 2).await, Vec::<u32>::new());
}
