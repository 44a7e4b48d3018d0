//! Leases on looking at a place.

use domain::Place;
use engine::ports::execution_store::{Lease, LeaseMark};
use engine::ports::{Store, StoreError};
use futures::future::join_all;

use crate::samples::{at, place};

pub(crate) async fn a_lease_is_held_by_one_and_marked_by_the_rest(store: &dyn Store) {
    let place = place();
    let holders: Vec<String> = (0..8).map(|index| format!("poller-{index}")).collect();
    let asked = holders
        .iter()
        .map(|holder| store.take_lease(&place, holder, at(0), at(60)));
    let answers = join_all(asked).await;
    let winners: Vec<usize> = (0..8)
        .filter(|&index| answers[index] == Ok(Lease::Taken))
        .collect();
    assert_eq!(winners.len(), 1, "{answers:?}");
    let winner = &holders[winners[0]];
    let mark = store.touch_lease(&place, winner, Some(at(60))).await;
    assert_eq!(mark, Ok(LeaseMark::Dirty));
    let elsewhere = Place {
        region: "us-east-1".parse().unwrap(),
        ..place
    };
    let other = store
        .take_lease(&elsewhere, "poller-9", at(0), at(60))
        .await;
    assert_eq!(other, Ok(Lease::Taken));
}

pub(crate) async fn an_expired_lease_is_taken_over(store: &dyn Store) {
    let place = place();
    store
        .take_lease(&place, "first", at(0), at(60))
        .await
        .unwrap();
    let early = store.take_lease(&place, "second", at(59), at(119)).await;
    assert_eq!(early, Ok(Lease::Busy));
    let late = store.take_lease(&place, "second", at(60), at(120)).await;
    assert_eq!(late, Ok(Lease::Taken));
    let touched = store.touch_lease(&place, "first", Some(at(120))).await;
    assert_eq!(touched, Err(StoreError::Stale));
    let ended = store.touch_lease(&place, "first", None).await;
    assert_eq!(ended, Err(StoreError::Stale));
    let again = store.take_lease(&place, "second", at(61), at(121)).await;
    assert_eq!(again, Ok(Lease::Taken), "its own lease is no obstacle");
}

pub(crate) async fn a_mark_is_seen_once(store: &dyn Store) {
    let place = place();
    store
        .take_lease(&place, "first", at(0), at(60))
        .await
        .unwrap();
    store
        .take_lease(&place, "second", at(1), at(61))
        .await
        .unwrap();
    for mark in [LeaseMark::Dirty, LeaseMark::Clean] {
        let touched = store.touch_lease(&place, "first", Some(at(90))).await;
        assert_eq!(touched, Ok(mark));
    }
    let busy = store.take_lease(&place, "second", at(80), at(140)).await;
    assert_eq!(busy, Ok(Lease::Busy), "a touch keeps the lease");
}

pub(crate) async fn a_lease_that_is_given_up_says_whether_something_was_new(store: &dyn Store) {
    let place = place();
    for (mark, others) in [(LeaseMark::Clean, 0), (LeaseMark::Dirty, 1)] {
        let taken = store.take_lease(&place, "first", at(0), at(60)).await;
        assert_eq!(taken, Ok(Lease::Taken));
        for _ in 0..others {
            let busy = store.take_lease(&place, "second", at(1), at(61)).await;
            assert_eq!(busy, Ok(Lease::Busy));
        }
        assert_eq!(store.touch_lease(&place, "first", None).await, Ok(mark));
    }
    let next = store.take_lease(&place, "second", at(2), at(62)).await;
    assert_eq!(next, Ok(Lease::Taken));
}
