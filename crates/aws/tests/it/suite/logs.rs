//! The event log and copies of job logs.

use domain::{ExecutionId, JobId};
use engine::ports::drs::JobLogEntry;
use engine::ports::execution_store::Stage;
use engine::ports::{PageRequest, Store};

use super::executions::create_live;
use crate::samples::{acquiring, at, clean_up, events, job, next, page, server};

async fn event_numbers(store: &dyn Store, id: &ExecutionId, limit: usize) -> Vec<u64> {
    let mut numbers = Vec::new();
    let mut request = page(limit);
    loop {
        let listing = store.events(id, &request).await.unwrap();
        assert!(listing.items.len() <= limit);
        numbers.extend(listing.items.iter().map(|event| event.number));
        let Some(next) = listing.next else {
            return numbers;
        };
        request = PageRequest {
            limit,
            after: Some(next),
        };
    }
}

pub(crate) async fn events_keep_their_numbers_over_pages(store: &dyn Store) {
    let mut stored = create_live(store, &acquiring(1, &[2])).await;
    let id = stored.execution.head.id.clone();
    for first in [1, 8, 15, 22] {
        let mut after = next(&stored, Stage::Live);
        after.events = first + 6;
        let events = events(first..=first + 6);
        store
            .save_execution(&stored, &after, &events)
            .await
            .unwrap();
        stored = after;
    }
    let expected: Vec<u64> = (1..=28).collect();
    for limit in [1, 5, 7, 28, 100] {
        assert_eq!(event_numbers(store, &id, limit).await, expected);
    }
    let first = store.events(&id, &page(3)).await.unwrap();
    assert_eq!(first.items, events(1..=3));
    assert_eq!(store.execution(&id).await.unwrap().unwrap().events, 28);
}

pub(crate) async fn events_that_share_an_item_are_paged_one_by_one(store: &dyn Store) {
    // So many parts change at once that the events cannot have an item each.
    let mut waves = vec![200; 15];
    waves.extend(vec![100; 10]);
    let live = create_live(store, &acquiring(1, &waves)).await;
    let id = live.execution.head.id.clone();
    let mut full = next(&live, Stage::Live);
    clean_up(&mut full);
    for wave in &mut full.execution.waves {
        wave.head.started_at = Some(at(10));
        for batch in &mut wave.batches {
            batch.attempt = 1;
        }
    }
    full.events = 40;
    store
        .save_execution(&live, &full, &events(1..=40))
        .await
        .unwrap();
    let mut more = next(&full, Stage::Live);
    more.events = 42;
    store
        .save_execution(&full, &more, &events(41..=42))
        .await
        .unwrap();
    let expected: Vec<u64> = (1..=42).collect();
    for limit in [1, 7, 20, 100] {
        assert_eq!(event_numbers(store, &id, limit).await, expected);
    }
}

fn entries(count: usize) -> Vec<JobLogEntry> {
    (0..count)
        .map(|index| JobLogEntry {
            at: Some(at(i64::try_from(index).unwrap())),
            event: format!("EVENT_{index}").into(),
            server: Some(server(index)),
            conversion_server: None,
            instance: Some("i-0123456789abcdef0".into()),
            error: (index % 10 == 0)
                .then(|| "an error of DRS".to_owned())
                .map(Into::into),
            attempt: Some((1, 3)),
        })
        .collect()
}

/// The whole log of a job, so many entries at a time.
async fn job_log(
    store: &dyn Store,
    id: &ExecutionId,
    job: &JobId,
    limit: usize,
) -> Vec<JobLogEntry> {
    let mut items = Vec::new();
    loop {
        let some = store.job_log(id, job, items.len(), limit).await.unwrap();
        assert!(some.len() <= limit);
        if some.is_empty() {
            return items;
        }
        items.extend(some);
    }
}

pub(crate) async fn a_longer_copy_of_a_job_log_replaces_a_shorter_one(store: &dyn Store) {
    let live = create_live(store, &acquiring(1, &[2])).await;
    let id = live.execution.head.id.clone();
    for count in [60, 130, 61] {
        store
            .put_job_log(&id, &job(1), &entries(count))
            .await
            .unwrap();
    }
    assert_eq!(job_log(store, &id, &job(1), 1_000).await, entries(130));
}

pub(crate) async fn job_logs_are_read_in_parts(store: &dyn Store) {
    let live = create_live(store, &acquiring(1, &[2])).await;
    let id = live.execution.head.id.clone();
    let counts = [(1, 7), (2, 120), (3, 50), (4, 1)];
    for (number, count) in counts {
        let log = entries(count);
        store.put_job_log(&id, &job(number), &log).await.unwrap();
    }
    for limit in [1, 50, 77, 500] {
        for (number, count) in counts {
            let read = job_log(store, &id, &job(number), limit).await;
            assert_eq!(read, entries(count), "job {number}, {limit} at a time");
        }
    }
    let none = create_live(store, &acquiring(2, &[2])).await;
    let nothing = job_log(store, &none.execution.head.id, &job(1), 5).await;
    assert_eq!(nothing, vec![]);
}

pub(crate) async fn the_log_of_one_job_is_read_from_an_entry_on(store: &dyn Store) {
    let live = create_live(store, &acquiring(1, &[2])).await;
    let id = live.execution.head.id.clone();
    for (number, count) in [(1, 7), (2, 130), (3, 50)] {
        let log = entries(count);
        store.put_job_log(&id, &job(number), &log).await.unwrap();
    }
    for (from, most) in [
        (0, 1),
        (0, 50),
        (0, 51),
        (49, 2),
        (50, 50),
        (99, 31),
        (100, 100),
        (130, 5),
    ] {
        let found = store.job_log(&id, &job(2), from, most).await.unwrap();
        let expected: Vec<_> = entries(130).into_iter().skip(from).take(most).collect();
        assert_eq!(found, expected, "{most} from {from}");
    }
    assert_eq!(store.job_log(&id, &job(9), 0, 10).await.unwrap(), vec![]);
}
