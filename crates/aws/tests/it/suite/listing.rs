//! Lists of executions.

use domain::Kind;
use domain::execution::Status;
use domain::execution::outcome::Outcome;
use engine::ports::execution_store::{ExecutionFilter, Stage};
use engine::ports::{PageRequest, Store};
use jiff::{SignedDuration, Timestamp};

use super::executions::create_live;
use crate::samples::{acquiring_of, at, end, next, page, uuid};

/// Execution `number`, accepted that many days after the first.
fn accepted(number: u32) -> Timestamp {
    at(0) + SignedDuration::from_hours(i64::from(number) * 24 * 11)
}

async fn make(store: &dyn Store, number: u32, plan: u32, kind: Kind) {
    let stored = acquiring_of(number, plan, kind, accepted(number), &[2]);
    create_live(store, &stored).await;
}

/// All numbers that a list shows, in its order, page by page.
pub(super) async fn listed(store: &dyn Store, filter: &ExecutionFilter, limit: usize) -> Vec<u32> {
    let mut shown = Vec::new();
    let mut request = page(limit);
    loop {
        let listing = store.list_executions(filter, &request).await.unwrap();
        assert!(listing.items.len() <= limit);
        for item in &listing.items {
            shown.push(item.id.as_str()[24..].parse().unwrap());
        }
        let Some(next) = listing.next else {
            return shown;
        };
        request = PageRequest {
            limit,
            after: Some(next),
        };
    }
}

pub(crate) async fn executions_are_listed_newest_first_over_months(store: &dyn Store) {
    for number in [3, 1, 12, 7, 5, 9, 2, 11, 4, 8, 6, 10] {
        make(store, number, 50, Kind::Drill).await;
    }
    let expected: Vec<u32> = (1..=12).rev().collect();
    for limit in [1, 2, 5, 12, 100] {
        let shown = listed(store, &ExecutionFilter::default(), limit).await;
        assert_eq!(shown, expected, "{limit} a page");
    }
    let newest = store
        .list_executions(&ExecutionFilter::default(), &page(1))
        .await
        .unwrap();
    let item = &newest.items[0];
    assert_eq!(item.id.as_str(), uuid(12));
    assert_eq!((item.status, item.kind), (Status::Pending, Kind::Drill));
    assert_eq!((item.servers, item.servers_launched, item.waves), (2, 0, 1));
    assert_eq!((item.plan_name.as_str(), item.version), ("Shop", 2));
    assert_eq!(item.created_at, accepted(12));
}

pub(crate) async fn executions_are_filtered(store: &dyn Store) {
    for number in 1..=9 {
        let kind = if number % 3 == 0 {
            Kind::Recovery
        } else {
            Kind::Drill
        };
        let stored = acquiring_of(number, 50, kind, accepted(number), &[2]);
        let live = create_live(store, &stored).await;
        if number % 2 == 0 {
            let mut over = next(&live, Stage::Over);
            end(&mut over, Outcome::Failed);
            store.save_execution(&live, &over, &[]).await.unwrap();
        }
    }
    let filter = ExecutionFilter {
        kind: Some(Kind::Recovery),
        ..ExecutionFilter::default()
    };
    assert_eq!(listed(store, &filter, 2).await, [9, 6, 3]);
    let filter = ExecutionFilter {
        status: Some(Status::Failed),
        ..ExecutionFilter::default()
    };
    assert_eq!(listed(store, &filter, 3).await, [8, 6, 4, 2]);
    let filter = ExecutionFilter {
        status: Some(Status::Failed),
        kind: Some(Kind::Recovery),
        ..ExecutionFilter::default()
    };
    assert_eq!(listed(store, &filter, 1).await, [6]);
    let filter = ExecutionFilter {
        status: Some(Status::Cancelled),
        ..ExecutionFilter::default()
    };
    assert_eq!(listed(store, &filter, 1).await, Vec::<u32>::new());
}

pub(crate) async fn executions_of_a_plan_are_listed_by_themselves(store: &dyn Store) {
    for number in 1..=8 {
        make(store, number, 50 + number % 2, Kind::Drill).await;
    }
    let filter = ExecutionFilter {
        plan: Some(uuid(50).parse().unwrap()),
        ..ExecutionFilter::default()
    };
    assert_eq!(listed(store, &filter, 3).await, [8, 6, 4, 2]);
    let filter = ExecutionFilter {
        kind: Some(Kind::Recovery),
        ..filter
    };
    assert_eq!(listed(store, &filter, 3).await, Vec::<u32>::new());
}

pub(crate) async fn times_bound_a_list(store: &dyn Store) {
    for number in 1..=8 {
        make(store, number, 50, Kind::Drill).await;
    }
    for plan in [None, Some(uuid(50).parse().unwrap())] {
        let filter = ExecutionFilter {
            plan,
            started_after: Some(accepted(3)),
            started_before: Some(accepted(6)),
            ..ExecutionFilter::default()
        };
        assert_eq!(listed(store, &filter, 2).await, [5, 4, 3]);
        let filter = ExecutionFilter {
            started_before: None,
            ..filter
        };
        assert_eq!(listed(store, &filter, 2).await, [8, 7, 6, 5, 4, 3]);
        let filter = ExecutionFilter {
            started_after: None,
            started_before: Some(accepted(3) + SignedDuration::from_nanos(1)),
            ..filter
        };
        assert_eq!(listed(store, &filter, 2).await, [3, 2, 1]);
    }
}
