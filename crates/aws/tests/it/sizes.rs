//! The largest of everything: every text at its longest, in three scripts, fits the table, and a
//! save that needs many transactions is whole or not there, whatever dies in between.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws::DynamoStore;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use domain::execution::ServerState;
use engine::ports::ExecutionStore;
use engine::ports::drs::JobLogEntry;
use engine::ports::execution_store::{Stage, StoredExecution};

use crate::samples::{acquiring, at, clean_up, events, fill, job, next, page, server};
use crate::suite::executions::create_live;
use crate::table::{Table, client, names};

/// A quarter of what DynamoDB takes in an item.
const ITEM_BYTES_MAX: usize = 100_000;

/// A text without end, in Latin, Japanese and a script of four bytes a character, with characters
/// that JSON writes with two.
fn longest() -> String {
    "\"UnauthorizedOperation\\ ボリュームの変換に失敗しました 🚑𝕯𝖎𝖘 ".repeat(400)
}

/// Every server failed, with all that can be said of it.
fn fail_all(stored: &mut StoredExecution) {
    fill(stored);
    for batch in stored
        .execution
        .waves
        .iter_mut()
        .flat_map(|wave| &mut wave.batches)
    {
        for server in &mut batch.servers {
            server.state = ServerState::Failed;
            server.hostname = Some(longest().into());
            server.error = Some(longest().into());
            server.warnings = (0..5).map(|n| format!("{n}{}", longest()).into()).collect();
            if let Some(instance) = &mut server.instance {
                instance.private_ips = vec!["fe80:ffff:ffff:ffff:ffff:ffff:ffff:ffff".into(); 8];
            }
        }
    }
}

#[tokio::test]
async fn the_largest_execution_is_saved_in_items_of_at_most_100_kilobytes() {
    let table = Table::start().await;
    let store = table.store();
    let waves: Vec<usize> = std::iter::repeat_n(200, 15).chain([100; 10]).collect();
    let live = create_live(&store, &acquiring(1, &waves)).await;
    let mut full = next(&live, Stage::Live);
    fail_all(&mut full);
    clean_up(&mut full);
    for instance in &mut full.execution.head.clean_up.instances {
        instance.reason = Some(longest().into());
    }
    full.execution.head.warnings = vec![longest().into(); 20];
    store
        .save_execution(&live, &full, &events(1..=120))
        .await
        .unwrap();
    let id = &full.execution.head.id;
    assert_eq!(store.execution(id).await.unwrap().unwrap(), full);
    let items = items(&table).await;
    let largest = items.iter().map(size).max().unwrap();
    assert!(largest <= ITEM_BYTES_MAX, "{largest} bytes");
    let kept = store.events(id, &page(200)).await.unwrap();
    assert_eq!(kept.items.len(), 120);
    assert_eq!(staged(&items), 0, "what was put aside is taken away");
}

#[tokio::test]
async fn a_large_save_is_whole_or_not_there_after_whatever_request_it_dies() {
    let (mut not_there, mut left_to_the_reader) = (0, 0);
    for survived in 0..14 {
        let table = Table::start().await;
        let live = create_live(&table.store(), &acquiring(1, &[400, 400])).await;
        let mut full = next(&live, Stage::Live);
        fail_all(&mut full);
        let dying = DynamoStore::new(client(&table.url, Dying::after(survived)), names());
        let saved = dying.save_execution(&live, &full, &events(1..=120)).await;
        let waiting = staged(&items(&table).await);
        let id = &full.execution.head.id;
        let read = table.store().execution(id).await.unwrap().unwrap();
        if saved.is_ok() {
            assert_eq!(read, full, "after {survived} requests");
            left_to_the_reader += u32::from(waiting > 0);
        } else {
            assert!(read == full || read == live, "after {survived} requests");
            not_there += u32::from(read == live);
        }
        // The next save stands on what was read.
        let after = next(&read, Stage::Live);
        let saved_next = table.store().save_execution(&read, &after, &[]).await;
        assert_eq!(saved_next, Ok(()), "after {survived} requests");
    }
    assert!(
        not_there > 1,
        "it died before the save was true {not_there} times"
    );
    assert!(
        left_to_the_reader > 1,
        "and after it {left_to_the_reader} times"
    );
}

#[tokio::test]
async fn the_longest_job_log_is_kept_whole_and_read_page_by_page() {
    let table = Table::start().await;
    let store = table.store();
    let live = create_live(&store, &acquiring(1, &[100])).await;
    let id = &live.execution.head.id;
    let entries: Vec<JobLogEntry> = (0..300_u16)
        .map(|number| JobLogEntry {
            at: Some(at(i64::from(number))),
            event: "LAUNCH_FAILED".into(),
            server: Some(server(usize::from(number))),
            conversion_server: None,
            instance: None,
            error: Some(format!("{number}{}", longest()).into()),
            attempt: None,
        })
        .collect();
    store
        .put_job_log(id, &job(1), &entries[..120])
        .await
        .unwrap();
    store.put_job_log(id, &job(1), &entries).await.unwrap();
    let largest = items(&table).await.iter().map(size).max().unwrap();
    assert!(largest <= ITEM_BYTES_MAX, "{largest} bytes");
    let mut read = Vec::new();
    while read.len() < entries.len() {
        let some = store.job_log(id, &job(1), read.len(), 7).await.unwrap();
        assert!(!some.is_empty(), "nothing after {}", read.len());
        read.extend(some);
    }
    assert_eq!(read, entries);
    let some = store.job_log(id, &job(1), 250, 10).await.unwrap();
    assert_eq!(some, entries[250..260]);
}

fn staged(items: &[HashMap<String, AttributeValue>]) -> usize {
    let is_staged =
        |item: &&HashMap<String, AttributeValue>| item["sk"].as_s().unwrap().starts_with("STAGED#");
    items.iter().filter(is_staged).count()
}

async fn items(table: &Table) -> Vec<HashMap<String, AttributeValue>> {
    let mut pages = table
        .client
        .scan()
        .table_name("test-execution-history")
        .into_paginator()
        .items()
        .send();
    let mut items = Vec::new();
    while let Some(item) = pages.next().await {
        items.push(item.unwrap());
    }
    items
}

/// Bytes of an item as DynamoDB counts them.
fn size(item: &HashMap<String, AttributeValue>) -> usize {
    let sizes = item.iter().map(|(name, value)| {
        name.len()
            + match value {
                AttributeValue::S(text) | AttributeValue::N(text) => text.len(),
                AttributeValue::M(item) => size(item),
                AttributeValue::L(list) => format!("{list:?}").len(),
                AttributeValue::B(_)
                | AttributeValue::Bool(_)
                | AttributeValue::Bs(_)
                | AttributeValue::Ns(_)
                | AttributeValue::Null(_)
                | AttributeValue::Ss(_)
                | _ => 64,
            }
    });
    sizes.sum()
}

/// Lets some requests through, and none after them.
#[derive(Debug)]
struct Dying {
    left: Arc<AtomicUsize>,
}

impl Dying {
    fn after(requests: usize) -> Self {
        Self {
            left: Arc::new(AtomicUsize::new(requests)),
        }
    }
}

#[dyn_dispatch_hint]
impl Intercept for Dying {
    fn name(&self) -> &'static str {
        "dying"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let left = self
            .left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                left.checked_sub(1)
            });
        match left {
            Ok(_) => Ok(()),
            Err(_) => Err("the process is gone".into()),
        }
    }
}
