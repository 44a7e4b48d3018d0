//! What only the real table can show: sizes, reads, and items that others have spoilt.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use aws::DynamoStore;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextMut;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use domain::Kind;
use engine::ports::execution_store::{ExecutionFilter, ExecutionSummary, Stage};
use engine::ports::{ExecutionStore, GroupStore, Listing, Store, StoreError};
use jiff::SignedDuration;

use crate::canned::Canned;
use crate::samples::{
    acquiring, acquiring_of, at, clean_up, events, fill, group, next, page, servers,
};
use crate::suite::executions::create_live;
use crate::table::{Table, client, names};

type Item = HashMap<String, AttributeValue>;

const HISTORY: &str = "test-execution-history";

#[tokio::test]
async fn no_item_of_a_wave_of_300_servers_is_over_100_kilobytes() {
    let table = Table::start().await;
    let store = table.store();
    let live = create_live(&store, &acquiring(1, &[300])).await;
    let mut full = next(&live, Stage::Live);
    fill(&mut full);
    clean_up(&mut full);
    store
        .save_execution(&live, &full, &events(1..=20))
        .await
        .unwrap();
    let items = items(&table).await;
    assert!(items.len() > 20, "{}", items.len());
    let largest = items.iter().map(size).max().unwrap();
    assert!((40_000..100_000).contains(&largest), "{largest} bytes");
}

/// The most that one transaction of DynamoDB holds.
const TRANSACTION_BYTES_MAX: usize = 4_000_000;

#[tokio::test]
async fn a_save_of_4000_servers_fits_one_transaction() {
    let table = Table::start().await;
    let store = table.store();
    let mut waves = vec![200; 15];
    waves.extend(vec![100; 10]);
    let live = create_live(&store, &acquiring(1, &waves)).await;
    let mut full = next(&live, Stage::Live);
    fill(&mut full);
    store
        .save_execution(&live, &full, &events(1..=20))
        .await
        .unwrap();
    let bytes: usize = items(&table).await.iter().map(size).sum();
    assert!(
        (2_000_000..TRANSACTION_BYTES_MAX).contains(&bytes),
        "{bytes} bytes"
    );
}

#[tokio::test]
async fn the_newest_page_reads_no_more_with_10000_executions_than_with_100() {
    let table = Table::start().await;
    let store = table.store();
    let live = create_live(&store, &acquiring_of(1, 50, Kind::Drill, at(0), &[2])).await;
    let sample = table
        .client
        .get_item()
        .table_name(HISTORY)
        .key("pk", text(&format!("EXECUTION#{}", live.execution.head.id)))
        .key("sk", text("META"))
        .send()
        .await
        .unwrap()
        .item
        .unwrap();
    copy(&table, &sample, 2..101).await;
    let (with_100, _) = newest(&table, &store).await;
    copy(&table, &sample, 101..10_001).await;
    let (with_10_000, listing) = newest(&table, &store).await;
    assert_eq!(listing.items.len(), 50);
    assert_eq!(with_100, with_10_000);
    // The page itself, and the item that names the months.
    assert_eq!(with_10_000, 51);
}

#[tokio::test]
async fn a_filter_that_finds_nothing_reads_a_bounded_page() {
    let table = Table::start().await;
    let store = table.store();
    let live = create_live(&store, &acquiring_of(1, 50, Kind::Drill, at(0), &[2])).await;
    let key = format!("EXECUTION#{}", live.execution.head.id);
    let sample = get(&table, &key, "META").await;
    copy(&table, &sample, 2..1_001).await;
    let before = table.reads.items.load(Ordering::SeqCst);
    let filter = ExecutionFilter {
        kind: Some(Kind::Recovery),
        ..ExecutionFilter::default()
    };
    let first = store.list_executions(&filter, &page(10)).await.unwrap();
    assert_eq!(first.items, vec![]);
    assert!(first.next.is_some(), "there is more to look through");
    let read = table.reads.items.load(Ordering::SeqCst) - before;
    assert!(read <= 401, "{read}");
}

#[tokio::test]
async fn an_item_that_cannot_be_read_is_corrupt_and_no_panic() {
    let table = Table::start().await;
    let store = table.store();
    let live = create_live(&store, &acquiring(1, &[2])).await;
    let id = live.execution.head.id.clone();
    let pk = format!("EXECUTION#{id}");
    for (sort, name, value) in [
        ("META", "document", text("{")),
        ("META", "document", text(r#"{"schema":2,"value":{}}"#)),
        ("META", "version", text("one")),
        ("META", "stage", text("SOMEWHERE")),
        ("META", "drivenUntil", text("tomorrow")),
        ("WAVE#000", "document", text(r#"{"schema":1,"value":{}}"#)),
        ("BATCH#000#00", "document", AttributeValue::Bool(true)),
    ] {
        let good = get(&table, &pk, sort).await;
        let mut bad = good.clone();
        bad.insert(name.to_owned(), value);
        put(&table, bad).await;
        let answer = store.execution(&id).await;
        assert!(
            matches!(answer, Err(StoreError::Corrupt(_))),
            "{sort} {name}: {answer:?}"
        );
        put(&table, good).await;
    }
    assert_eq!(store.execution(&id).await, Ok(Some(live)));
}

#[tokio::test]
async fn what_the_table_holds_of_an_ended_execution_says_how_it_ended() {
    let table = Table::start().await;
    let store = table.store();
    let live = create_live(&store, &acquiring(1, &[2])).await;
    let mut over = next(&live, Stage::Over);
    crate::samples::end(&mut over, domain::execution::Outcome::Failed);
    store.save_execution(&live, &over, &[]).await.unwrap();
    let key = format!("EXECUTION#{}", over.execution.head.id);
    let item = get(&table, &key, "META").await;
    let shown = |name: &str| item[name].as_s().unwrap().as_str();
    assert_eq!(shown("status"), "FAILED");
    assert_eq!(shown("statusReason"), "0 of 4 servers launched");
    assert_eq!(shown("endedAt"), at(600).to_string());
    assert!(!item.contains_key("live"));
}

#[tokio::test]
async fn every_version_of_a_plan_is_kept() {
    let table = Table::start().await;
    let store = table.store();
    let members = group(1, "Databases", servers(0..1));
    store.prepare_group(&members, at(9)).await.unwrap();
    store.commit_group(&members, &members).await.unwrap();
    let first = crate::samples::plan(11, "Shop", &[members.id]);
    let mut second = first.clone();
    second.version = 2;
    let plans: &dyn Store = &store;
    plans.create_plan(&first).await.unwrap();
    plans.update_plan(&first, &second).await.unwrap();
    plans.remove_plan(&second).await.unwrap();
    let scan = table.client.scan().table_name("test-recovery-plans");
    let items = scan.send().await.unwrap().items.unwrap();
    let mut sorts: Vec<&str> = items
        .iter()
        .map(|item| item["sk"].as_s().unwrap().as_str())
        .collect();
    sorts.sort_unstable();
    assert_eq!(sorts, ["V#0001", "V#0002"]);
}

#[tokio::test]
async fn a_transaction_that_meets_another_is_sent_again() {
    let table = Table::start().await;
    let obstacle = Canned::start(400, CONFLICT).await;
    let detour = Detour::new(&obstacle.url, 3);
    let left = Arc::clone(&detour.left);
    let store = DynamoStore::new(client(&table.url, detour), names());
    create_live(&store, &acquiring(1, &[2])).await;
    assert_eq!(left.load(Ordering::SeqCst), 0);
    assert_eq!(obstacle.requests().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_conflict_that_never_ends_is_unavailable_and_not_stale() {
    let obstacle = Canned::start(400, CONFLICT).await;
    let detour = Detour::new(&obstacle.url, u32::MAX);
    let store = DynamoStore::new(client(&obstacle.url, detour), names());
    let answer = store.create_execution(&acquiring(1, &[2])).await;
    assert!(
        matches!(answer, Err(StoreError::Unavailable(_))),
        "{answer:?}"
    );
    assert_eq!(obstacle.requests().len(), 10);
}

#[tokio::test]
async fn errors_of_the_table_are_told_apart() {
    for (status, code, expected) in [
        (400, "AccessDeniedException", "denied"),
        (400, "ExpiredTokenException", "denied"),
        (400, "ValidationException", "corrupt"),
        (400, "ResourceNotFoundException", "unavailable"),
        (400, "LimitExceededException", "unavailable"),
    ] {
        let body =
            format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{code}","message":"no"}}"#);
        let broken = Canned::start(status, &body).await;
        let store = DynamoStore::new(client(&broken.url, Detour::new("", 0)), names());
        let kind = match store.execution(&acquiring(1, &[1]).execution.head.id).await {
            Err(StoreError::Denied(_)) => "denied",
            Err(StoreError::Corrupt(_)) => "corrupt",
            Err(StoreError::Unavailable(_)) => "unavailable",
            other => panic!("{code}: {other:?}"),
        };
        assert_eq!(kind, expected, "{code}");
    }
}

const CONFLICT: &str = r#"{
    "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
    "Message": "Transaction cancelled",
    "CancellationReasons": [{ "Code": "None" }, { "Code": "TransactionConflict" }]
}"#;

/// Sends the first transactions somewhere else.
#[derive(Debug)]
struct Detour {
    url: String,
    left: Arc<AtomicU32>,
}

impl Detour {
    fn new(url: &str, times: u32) -> Self {
        Self {
            url: url.to_owned(),
            left: Arc::new(AtomicU32::new(times)),
        }
    }
}

#[dyn_dispatch_hint]
impl Intercept for Detour {
    fn name(&self) -> &'static str {
        "detour"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let left = self.left.load(Ordering::SeqCst);
        if target.ends_with("TransactWriteItems") && left > 0 {
            self.left.store(left - 1, Ordering::SeqCst);
            request.set_uri(self.url.clone())?;
        }
        Ok(())
    }
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

async fn get(table: &Table, partition: &str, sort: &str) -> Item {
    let request = table.client.get_item().table_name(HISTORY);
    let answer = request
        .key("pk", text(partition))
        .key("sk", text(sort))
        .send()
        .await;
    answer.unwrap().item.unwrap()
}

async fn put(table: &Table, item: Item) {
    let request = table.client.put_item().table_name(HISTORY);
    request.set_item(Some(item)).send().await.unwrap();
}

async fn items(table: &Table) -> Vec<Item> {
    let pages = table.client.scan().table_name(HISTORY).into_paginator();
    let mut items = pages.items().send();
    let mut found = Vec::new();
    while let Some(item) = items.next().await {
        found.push(item.unwrap());
    }
    found
}

/// The size as DynamoDB counts it: names and values, numbers about half their digits.
fn size(item: &Item) -> usize {
    let value = |value: &AttributeValue| {
        let text = value.as_s().map_or(0, String::len);
        let digits = value.as_n().map_or(0, |digits| digits.len() / 2 + 1);
        let list = value.as_l().map_or(0, |list| 3 + list.len() * 40);
        let set = value.as_ss().map_or(0, |set| 3 + set.len() * 10);
        let bytes = text + digits + list + set;
        assert!(bytes > 0 || value.as_s().is_ok(), "{value:?}");
        bytes
    };
    item.iter()
        .map(|(name, attribute)| name.len() + value(attribute))
        .sum()
}

/// What the newest page read, and the page.
async fn newest(table: &Table, store: &DynamoStore) -> (usize, Listing<ExecutionSummary>) {
    let before = table.reads.items.load(Ordering::SeqCst);
    let filter = ExecutionFilter::default();
    let listing = store.list_executions(&filter, &page(50)).await.unwrap();
    (table.reads.items.load(Ordering::SeqCst) - before, listing)
}

/// Copies of an execution, each accepted a minute before the one before.
async fn copy(table: &Table, sample: &Item, numbers: std::ops::Range<u32>) {
    let mut requests: Vec<WriteRequest> = Vec::new();
    for number in numbers {
        let id = crate::samples::uuid(number);
        let started = at(0) - SignedDuration::from_secs(i64::from(number));
        let mut item = sample.clone();
        // No list reads it, and copying it ten thousand times takes long.
        item.remove("document");
        item.insert("pk".to_owned(), text(&format!("EXECUTION#{id}")));
        item.insert("startedKey".to_owned(), text(&format!("{started:.9}#{id}")));
        let put = PutRequest::builder().set_item(Some(item)).build().unwrap();
        requests.push(WriteRequest::builder().put_request(put).build());
    }
    for chunk in requests.chunks(25) {
        let write = table.client.batch_write_item();
        write
            .request_items(HISTORY, chunk.to_vec())
            .send()
            .await
            .unwrap();
    }
}
