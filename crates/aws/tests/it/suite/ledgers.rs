//! Who launches next: kept under a version of its own, and saved with an execution or not at all.

use domain::execution::batch::BatchReference;
use domain::execution::decision::LedgerChange;
use domain::execution::ledger::{Claimant, Ledger, Reservation};
use engine::ports::execution_store::{SideWrites, Stage};
use engine::ports::{Store, StoreError};
use futures::future::join_all;

use super::executions::create_live;
use crate::samples::{acquiring, at, next, place, server, uuid};

fn ledger(number: usize) -> Ledger {
    let reservation = Reservation {
        claimant: Claimant {
            execution: uuid(1).parse().unwrap(),
            batch: BatchReference { wave: 0, batch: 1 },
        },
        tag: format!("tag-{number}"),
        servers: vec![server(number), server(number + 1)],
        since: at(5),
    };
    Ledger {
        reservations: vec![reservation],
        waiting: Vec::new(),
    }
}

fn change(read: u64, number: usize) -> LedgerChange {
    LedgerChange {
        place: place(),
        read,
        ledger: ledger(number),
    }
}

pub(crate) async fn a_ledger_begins_empty_and_keeps_what_was_saved(store: &dyn Store) {
    let empty = store.ledger(&place()).await.unwrap();
    assert_eq!((empty.version, empty.ledger), (0, Ledger::default()));
    store.save_ledger(&change(0, 1)).await.unwrap();
    store.save_ledger(&change(1, 2)).await.unwrap();
    let page = store.ledger(&place()).await.unwrap();
    assert_eq!((page.version, page.ledger), (2, ledger(2)));
    for old in [0, 1, 3] {
        let answer = store.save_ledger(&change(old, 3)).await;
        assert_eq!(answer, Err(StoreError::StaleLedger), "read {old}");
    }
}

pub(crate) async fn one_of_ten_writers_of_a_ledger_wins(store: &dyn Store) {
    let changes: Vec<LedgerChange> = (1..=10).map(|number| change(0, number)).collect();
    let answers = join_all(changes.iter().map(|change| store.save_ledger(change))).await;
    let winners: Vec<usize> = (0..10).filter(|&index| answers[index].is_ok()).collect();
    assert_eq!(winners.len(), 1, "{answers:?}");
    let page = store.ledger(&place()).await.unwrap();
    assert_eq!(page.ledger, changes[winners[0]].ledger);
}

pub(crate) async fn a_save_and_its_ledger_stand_or_fall_together(store: &dyn Store) {
    let live = create_live(store, &acquiring(1, &[2])).await;
    let after = next(&live, Stage::Live);
    let id = &live.execution.head.id;
    let version = || async { store.execution(id).await.unwrap().unwrap().version };
    let side_writes = |read| SideWrites {
        ledger: Some(change(read, 1)),
        outbox: Vec::new(),
    };
    let refused = store
        .save_with_side_writes(&live, &after, &[], &side_writes(7))
        .await;
    assert_eq!(refused, Err(StoreError::StaleLedger));
    assert_eq!(version().await, live.version);
    store
        .save_with_side_writes(&live, &after, &[], &side_writes(0))
        .await
        .unwrap();
    let refused = store
        .save_with_side_writes(&live, &after, &[], &side_writes(1))
        .await;
    assert_eq!(refused, Err(StoreError::Stale));
    let page = store.ledger(&place()).await.unwrap();
    assert_eq!((page.version, page.ledger), (1, ledger(1)));
    assert_eq!(version().await, after.version);
}
