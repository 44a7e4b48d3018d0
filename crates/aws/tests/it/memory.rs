//! How the tables in memory fail on request.

use engine::ports::execution_store::{ExecutionFilter, Stage};
use engine::ports::{ExecutionStore, StoreError};
use test_support::memory::{Faults, MemoryStore, Rate};

use crate::samples::{acquiring, at, events, next, page};
use crate::suite::executions::create_live;

const ALWAYS: Rate = Rate(1_000);

#[tokio::test]
async fn an_unavailable_table_does_nothing() {
    for faults in [
        Faults {
            unavailable: ALWAYS,
            ..Faults::default()
        },
        Faults {
            conflict: ALWAYS,
            ..Faults::default()
        },
    ] {
        let store = MemoryStore::new();
        let stored = acquiring(1, &[2]);
        store.inject(faults, 7);
        let answer = store.create_execution(&stored).await;
        assert!(
            matches!(answer, Err(StoreError::Unavailable(_))),
            "{answer:?}"
        );
        store.inject(Faults::default(), 7);
        assert_eq!(store.execution(&stored.execution.head.id).await, Ok(None));
    }
}

#[tokio::test]
async fn a_conflict_is_met_by_writes_alone() {
    let store = MemoryStore::new();
    let live = create_live(&store, &acquiring(1, &[2])).await;
    let conflict = Faults {
        conflict: ALWAYS,
        ..Faults::default()
    };
    store.inject(conflict, 7);
    let id = &live.execution.head.id;
    assert_eq!(store.execution(id).await, Ok(Some(live.clone())));
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_is_done() {
    let store = MemoryStore::new();
    let live = create_live(&store, &acquiring(1, &[2])).await;
    let lost = Faults {
        lost_answer: ALWAYS,
        ..Faults::default()
    };
    store.inject(lost, 7);
    let mut after = next(&live, Stage::Live);
    after.events = 1;
    let answer = store.save_execution(&live, &after, &events(1..=1)).await;
    assert!(
        matches!(answer, Err(StoreError::Unavailable(_))),
        "{answer:?}"
    );
    store.inject(Faults::default(), 7);
    assert_eq!(
        store.execution(&after.execution.head.id).await,
        Ok(Some(after))
    );
}

#[tokio::test]
async fn an_index_lags_and_never_goes_back() {
    let store = MemoryStore::new();
    let lag = Faults {
        index_lag: 6,
        ..Faults::default()
    };
    store.inject(lag, 42);
    let mut shown = Vec::new();
    for number in 1..=40 {
        create_live(&store, &acquiring(number, &[1])).await;
        shown.push(store.live(None).await.unwrap().len());
    }
    assert!(shown.is_sorted(), "{shown:?}");
    assert!(
        (1..=40).zip(&shown).any(|(made, &shown)| shown < made),
        "{shown:?}"
    );
    // Without further writes it is whole after some reads.
    for _ in 0..40 {
        store.live(None).await.unwrap();
    }
    assert_eq!(store.live(None).await.unwrap().len(), 40);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_faults() {
    let mut histories = Vec::new();
    for seed in [1, 1, 2] {
        let store = MemoryStore::new();
        let faults = Faults {
            unavailable: Rate(200),
            conflict: Rate(100),
            lost_answer: Rate(100),
            index_lag: 3,
            ..Faults::default()
        };
        store.inject(faults, seed);
        let mut history = Vec::new();
        for number in 1..=60 {
            let stored = acquiring(number, &[1]);
            history.push(store.create_execution(&stored).await.is_ok());
            let id = &stored.execution.head.id;
            history.push(store.set_driven_until(id, at(5)).await.is_ok());
            let filter = ExecutionFilter::default();
            history.push(store.list_executions(&filter, &page(5)).await.is_ok());
        }
        histories.push(history);
    }
    assert_eq!(histories[0], histories[1]);
    assert_ne!(histories[0], histories[2]);
}
