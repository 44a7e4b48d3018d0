//! Locks.

use std::collections::BTreeMap;

use engine::ports::Store;
use engine::ports::StoreError;
use engine::ports::execution_store::{LockKey, LockOwner, LocksTaken, Taken};

use crate::samples::{acquiring, owner, place, servers, uuid};

fn locks(numbers: std::ops::Range<usize>) -> Vec<LockKey> {
    let servers = servers(numbers).into_iter();
    servers
        .map(|server| LockKey::Server(place(), server))
        .collect()
}

pub(crate) async fn locks_are_taken_all_or_none(store: &dyn Store) {
    let (one, other) = (owner(&acquiring(1, &[1])), owner(&acquiring(2, &[1])));
    let plan = LockKey::Plan(uuid(50).parse().unwrap());
    let mut wanted = locks(0..3);
    wanted.push(plan.clone());
    assert_eq!(store.take_locks(&wanted, &one).await, Ok(LocksTaken::Done));
    let mut others = locks(2..6);
    others.push(plan.clone());
    let held = BTreeMap::from([(locks(2..3)[0].clone(), one.clone()), (plan, one.clone())]);
    let refused = store.take_locks(&others, &other).await;
    assert_eq!(refused, Ok(LocksTaken::Held(held.clone())));
    assert_eq!(store.lock_owners(&others).await, Ok(held));
}

pub(crate) async fn an_own_lock_holds(store: &dyn Store) {
    let owner = owner(&acquiring(1, &[1]));
    for _ in 0..2 {
        let taken = store.take_locks(&locks(0..5), &owner).await;
        assert_eq!(taken, Ok(LocksTaken::Done));
    }
    assert_eq!(store.lock_owners(&locks(0..9)).await.unwrap().len(), 5);
}

pub(crate) async fn one_of_two_executions_gets_a_shared_server(store: &dyn Store) {
    let (one, other) = (owner(&acquiring(1, &[1])), owner(&acquiring(2, &[1])));
    let (ones, others) = (locks(0..90), locks(89..179));
    let (first, second) = futures::join!(
        store.take_locks(&ones, &one),
        store.take_locks(&others, &other),
    );
    let winner = match (first.unwrap(), second.unwrap()) {
        (LocksTaken::Done, LocksTaken::Held(held)) => {
            assert_eq!(held.values().collect::<Vec<_>>(), [&one]);
            one
        }
        (LocksTaken::Held(held), LocksTaken::Done) => {
            assert_eq!(held.values().collect::<Vec<_>>(), [&other]);
            other
        }
        both => panic!("one of two must win: {both:?}"),
    };
    let owners = store.lock_owners(&locks(0..179)).await.unwrap();
    assert_eq!(owners.len(), 90, "the loser has none");
    assert!(owners.values().all(|owner| *owner == winner));
}

pub(crate) async fn hundreds_of_locks_are_freed_but_not_those_of_others(store: &dyn Store) {
    let (one, other) = (owner(&acquiring(1, &[1])), owner(&acquiring(2, &[1])));
    for chunk in locks(0..300).chunks(90) {
        store.take_locks(chunk, &one).await.unwrap();
    }
    store.take_locks(&locks(300..310), &other).await.unwrap();
    store
        .free_locks(&locks(0..320), &one.execution, Taken::Ever)
        .await
        .unwrap();
    let left = store.lock_owners(&locks(0..320)).await.unwrap();
    assert_eq!(left.len(), 10);
    assert!(left.values().all(|owner| *owner == other));
    store
        .free_locks(&locks(0..320), &one.execution, Taken::Ever)
        .await
        .unwrap();
    store
        .free_locks(&[], &one.execution, Taken::Ever)
        .await
        .unwrap();
    assert_eq!(store.lock_owners(&[]).await, Ok(BTreeMap::new()));
}

pub(crate) async fn a_freeing_leaves_what_was_taken_after_it_was_decided(store: &dyn Store) {
    let knows_1 = owner(&acquiring(1, &[1]));
    let knows_7 = LockOwner {
        version: 7,
        ..knows_1.clone()
    };
    store.take_locks(&locks(0..4), &knows_1).await.unwrap();
    store.take_locks(&locks(2..4), &knows_7).await.unwrap();
    let decided_at_7 = Taken::Before(7);
    store
        .free_locks(&locks(0..4), &knows_1.execution, decided_at_7)
        .await
        .unwrap();
    let left = store.lock_owners(&locks(0..4)).await.unwrap();
    assert_eq!(left.keys().cloned().collect::<Vec<_>>(), locks(2..4));
    assert!(left.values().all(|owner| *owner == knows_7));
}

pub(crate) async fn who_knows_less_of_itself_does_not_take_its_locks_again(store: &dyn Store) {
    let knows_1 = owner(&acquiring(1, &[1]));
    let knows_7 = LockOwner {
        version: 7,
        ..knows_1.clone()
    };
    store.take_locks(&locks(2..4), &knows_7).await.unwrap();
    let refused = store.take_locks(&locks(0..4), &knows_1).await;
    assert_eq!(refused, Err(StoreError::Stale));
    let left = store.lock_owners(&locks(0..4)).await.unwrap();
    assert_eq!(left.len(), 2, "all or none");
}
