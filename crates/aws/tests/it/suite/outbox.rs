//! Notices: saved with the execution that has something to tell, due until they are sent.

use domain::Kind;
use domain::execution::notice::{Notice, NoticeKind};
use engine::ports::execution_store::{OutboxEntry, SideWrites, Stage, StoredExecution};
use engine::ports::{Store, StoreError};

use super::executions::create_live;
use crate::samples::{acquiring, at, next};

fn entry(stored: &StoredExecution, number: u64, due: i64) -> OutboxEntry {
    let head = &stored.execution.head;
    OutboxEntry {
        execution: head.id.clone(),
        number,
        plan: head.plan.id.clone(),
        plan_name: head.plan.name.clone(),
        kind: Kind::Drill,
        wave_key: None,
        notice: Notice {
            kind: NoticeKind::HoldOpened,
            wave: None,
            text: format!("notice {number}").into(),
        },
        at: at(0),
        due_at: at(due),
        attempts: 0,
        error: None,
        sent_at: None,
    }
}

pub(crate) async fn a_notice_is_saved_with_its_execution_and_due_until_it_is_sent(
    store: &dyn Store,
) {
    let live = create_live(store, &acquiring(1, &[2])).await;
    let after = next(&live, Stage::Live);
    let (first, second) = (entry(&live, 100, 10), entry(&live, 101, 20));
    let side_writes = SideWrites {
        outbox: vec![first.clone(), second.clone()],
        ..SideWrites::default()
    };
    store
        .save_with_side_writes(&live, &after, &[], &side_writes)
        .await
        .unwrap();
    let id = &live.execution.head.id;
    let all = store.outbox_of(id).await.unwrap();
    assert_eq!(all, [first.clone(), second.clone()]);
    assert_eq!(store.outbox_due(at(9)).await.unwrap(), []);
    assert_eq!(
        store.outbox_due(at(10)).await.unwrap(),
        std::slice::from_ref(&first)
    );
    let sent = OutboxEntry {
        sent_at: Some(at(11)),
        attempts: 1,
        ..first
    };
    store.put_outbox(&sent).await.unwrap();
    assert_eq!(
        store.outbox_due(at(30)).await.unwrap(),
        std::slice::from_ref(&second)
    );
    assert_eq!(store.outbox_of(id).await.unwrap(), [sent, second]);
    let live = store.live(None).await.unwrap();
    assert_eq!(live.len(), 1, "a notice is no execution");
}

pub(crate) async fn a_notice_of_a_save_that_was_refused_is_not_there(store: &dyn Store) {
    let live = create_live(store, &acquiring(1, &[2])).await;
    let after = next(&live, Stage::Live);
    store.save_execution(&live, &after, &[]).await.unwrap();
    let side_writes = SideWrites {
        outbox: vec![entry(&live, 100, 10)],
        ..SideWrites::default()
    };
    let refused = store
        .save_with_side_writes(&live, &after, &[], &side_writes)
        .await;
    assert_eq!(refused, Err(StoreError::Stale));
    let all = store.outbox_of(&live.execution.head.id).await.unwrap();
    assert_eq!(all, []);
}
