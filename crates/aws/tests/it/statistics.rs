//! What looking back costs, over a real table: five thousand executions of ninety days.

use std::sync::atomic::Ordering;

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use domain::Kind;
use domain::execution::outcome::Outcome;
use engine::ports::execution_store::{Activity, ExecutionFilter, Stage};
use engine::ports::{ExecutionStore, StatisticsStore};
use jiff::{SignedDuration, Timestamp};

use crate::samples::{acquiring_of, at, end, next, page, uuid};
use crate::suite::executions::create_live;
use crate::table::Table;

const HISTORY: &str = "test-execution-history";
const ENDED: u32 = 5_000;
const DAYS: i64 = 90;

/// When an execution ended: they are spread over the days before the first.
fn ended_at(number: u32) -> Timestamp {
    let seconds = DAYS * 24 * 3_600 * i64::from(number) / i64::from(ENDED);
    at(0) - SignedDuration::from_secs(seconds)
}

/// A store in which one execution has ended, and its small item many times.
async fn filled() -> Table {
    let table = Table::start().await;
    let store = table.store();
    let live = create_live(&store, &acquiring_of(1, 50, Kind::Drill, at(-60), &[2])).await;
    let mut over = next(&live, Stage::Over);
    end(&mut over, Outcome::Completed);
    over.execution.head.ending.as_mut().unwrap().at = ended_at(1);
    store.save_execution(&live, &over, &[]).await.unwrap();
    let sort = format!("{:.9}#{}", ended_at(1), uuid(1));
    let month = format!("ENDED#{}", &sort[..7]);
    let answer = table.client.get_item().table_name(HISTORY);
    let answer = answer.key("pk", text(&month)).key("sk", text(&sort));
    let sample = answer.send().await.unwrap().item.unwrap();
    let size: usize = sample
        .iter()
        .map(|(name, value)| name.len() + value.as_s().unwrap().len())
        .sum();
    // Five thousand of them are one megabyte: one page of DynamoDB, 125 units of reading.
    assert!(size <= 220, "{size} bytes");
    let numbers: Vec<u32> = (2..=ENDED).collect();
    for chunk in numbers.chunks(25) {
        let requests = chunk.iter().map(|number| {
            let sort = format!("{:.9}#{}", ended_at(*number), uuid(*number));
            let mut item = sample.clone();
            item.insert("pk".to_owned(), text(&format!("ENDED#{}", &sort[..7])));
            item.insert("sk".to_owned(), text(&sort));
            let put = PutRequest::builder().set_item(Some(item)).build().unwrap();
            WriteRequest::builder().put_request(put).build()
        });
        let write = table.client.batch_write_item();
        let write = write.request_items(HISTORY, requests.collect());
        write.send().await.unwrap();
    }
    table
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

#[tokio::test]
async fn looking_back_over_5000_executions_reads_a_small_item_of_each_and_nothing_else() {
    let table = filled().await;
    let before = table.reads.items.load(Ordering::SeqCst);
    let from = at(0) - SignedDuration::from_hours(24 * DAYS);
    let found = table.store().ended_between(from, at(1), 20_000).await;
    assert_eq!(found.unwrap().len(), 5_000);
    let read = table.reads.items.load(Ordering::SeqCst) - before;
    assert_eq!(read, 5_000);
}

#[tokio::test]
async fn no_more_is_read_than_is_wanted() {
    let table = filled().await;
    let before = table.reads.items.load(Ordering::SeqCst);
    let from = at(0) - SignedDuration::from_hours(24 * DAYS);
    let found = table.store().ended_between(from, at(1), 120).await;
    assert_eq!(found.unwrap().len(), 120);
    let read = table.reads.items.load(Ordering::SeqCst) - before;
    assert_eq!(read, 120);
}

#[tokio::test]
async fn what_is_active_is_read_without_what_has_ended() {
    let table = filled().await;
    let store = table.store();
    for number in 6_001..=6_003 {
        create_live(
            &store,
            &acquiring_of(number, number, Kind::Drill, at(0), &[2]),
        )
        .await;
    }
    let before = table.reads.items.load(Ordering::SeqCst);
    let filter = ExecutionFilter {
        activity: Some(Activity::Active),
        ..ExecutionFilter::default()
    };
    let found = store.list_executions(&filter, &page(100)).await.unwrap();
    assert_eq!(found.items.len(), 3);
    let read = table.reads.items.load(Ordering::SeqCst) - before;
    assert_eq!(read, 3);
    let before = table.reads.items.load(Ordering::SeqCst);
    let runs = store.last_runs(&page(100)).await.unwrap();
    assert_eq!(runs.items.len(), 1);
    let read = table.reads.items.load(Ordering::SeqCst) - before;
    assert_eq!(read, 1);
}
