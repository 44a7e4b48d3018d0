//! Executions: saved under their version, loaded whole.

use domain::execution::outcome::Outcome;
use domain::execution::{Course, ServerState};
use domain::{JobId, Kind};
use engine::ports::execution_store::{LockKey, LocksTaken, Stage, StoredExecution, Taken};
use engine::ports::{Store, StoreError};
use futures::future::join_all;
use jiff::SignedDuration;

use crate::samples::{
    acquiring, acquiring_of, at, clean_up, end, events, fill, job, next, owner, page, place,
    server, uuid,
};

pub(crate) async fn create_live(store: &dyn Store, stored: &StoredExecution) -> StoredExecution {
    store.create_execution(stored).await.unwrap();
    let live = next(stored, Stage::Live);
    store.save_execution(stored, &live, &[]).await.unwrap();
    live
}

async fn load(store: &dyn Store, stored: &StoredExecution) -> StoredExecution {
    let id = &stored.execution.head.id;
    store.execution(id).await.unwrap().unwrap()
}

pub(crate) async fn an_execution_that_takes_its_locks_is_live_and_not_listed(store: &dyn Store) {
    let stored = acquiring(1, &[2, 3]);
    store.create_execution(&stored).await.unwrap();
    let again = store.create_execution(&stored).await;
    assert_eq!(again, Err(StoreError::Stale));
    let live = store.live(None).await.unwrap();
    assert_eq!(live.len(), 1);
    assert_eq!(live[0].id, stored.execution.head.id);
    assert_eq!(live[0].stage, Stage::Acquiring);
    assert_eq!(live[0].driven_until, stored.driven_until);
    let filter = engine::ports::execution_store::ExecutionFilter::default();
    let listing = store.list_executions(&filter, &page(10)).await.unwrap();
    assert_eq!((listing.items, listing.next), (vec![], None));
    assert_eq!(load(store, &stored).await, stored);
    let unknown = uuid(99).parse().unwrap();
    assert_eq!(store.execution(&unknown).await, Ok(None));
}

pub(crate) async fn what_was_saved_is_loaded(store: &dyn Store) {
    let live = create_live(store, &acquiring(1, &[150, 30])).await;
    assert_eq!(load(store, &live).await, live);
    let mut full = next(&live, Stage::Live);
    fill(&mut full);
    clean_up(&mut full);
    full.events = 2;
    full.last_hash = "ab".repeat(32);
    store
        .save_execution(&live, &full, &events(1..=2))
        .await
        .unwrap();
    assert_eq!(load(store, &full).await, full);

    let mut emptied = next(&full, Stage::Live);
    emptied.execution.head.clean_up.instances.truncate(3);
    emptied.execution.waves[1].batches[0].servers[0].state = ServerState::Failed;
    store.save_execution(&full, &emptied, &[]).await.unwrap();
    assert_eq!(load(store, &full).await, emptied);
}

pub(crate) async fn one_of_ten_savers_wins(store: &dyn Store) {
    let live = create_live(store, &acquiring(1, &[2])).await;
    let afters: Vec<StoredExecution> = (0..10)
        .map(|index| {
            let mut after = next(&live, Stage::Live);
            after.execution.head.warnings = vec![format!("writer {index}").into()];
            after.events = 1;
            after
        })
        .collect();
    let events = events(1..=1);
    let answers = join_all(
        afters
            .iter()
            .map(|after| store.save_execution(&live, after, &events)),
    )
    .await;
    let winners: Vec<usize> = (0..10).filter(|&index| answers[index] == Ok(())).collect();
    assert_eq!(winners.len(), 1, "{answers:?}");
    let stale = answers
        .iter()
        .filter(|answer| **answer == Err(StoreError::Stale));
    assert_eq!(stale.count(), 9);
    assert_eq!(load(store, &live).await, afters[winners[0]]);
    let id = &live.execution.head.id;
    assert_eq!(store.events(id, &page(10)).await.unwrap().items.len(), 1);
}

pub(crate) async fn a_save_that_does_not_raise_the_version_is_refused(store: &dyn Store) {
    let live = create_live(store, &acquiring(1, &[2])).await;
    let refused = store.save_execution(&live, &live, &[]).await;
    assert!(
        matches!(refused, Err(StoreError::Corrupt(_))),
        "{refused:?}"
    );
}

pub(crate) async fn one_of_ten_starters_counts_its_start(store: &dyn Store) {
    let live = create_live(store, &acquiring(1, &[2])).await;
    let id = &live.execution.head.id;
    let answers = join_all((0..10).map(|_| store.count_start(id, 0))).await;
    assert_eq!(
        answers.iter().filter(|answer| **answer == Ok(())).count(),
        1
    );
    assert_eq!(store.count_start(id, 0).await, Err(StoreError::Stale));
    assert_eq!(store.count_start(id, 1).await, Ok(()));
    assert_eq!(load(store, &live).await.starts, 2);
    let unknown = uuid(99).parse().unwrap();
    assert_eq!(store.count_start(&unknown, 0).await, Err(StoreError::Stale));
}

pub(crate) async fn a_save_leaves_what_is_no_part_of_its_version(store: &dyn Store) {
    let live = create_live(store, &acquiring(1, &[2])).await;
    let id = &live.execution.head.id;
    store.count_start(id, 0).await.unwrap();
    store.set_driven_until(id, at(777)).await.unwrap();
    let after = next(&live, Stage::Live);
    store.save_execution(&live, &after, &[]).await.unwrap();
    let loaded = load(store, &live).await;
    assert_eq!((loaded.starts, loaded.driven_until), (1, at(777)));
    assert_eq!(store.live(None).await.unwrap()[0].driven_until, at(777));

    let mut moved = next(&loaded, Stage::Live);
    moved.driven_until = at(999);
    store.save_execution(&loaded, &moved, &[]).await.unwrap();
    assert_eq!(load(store, &live).await.driven_until, at(999));
    let unknown = uuid(99).parse().unwrap();
    let refused = store.set_driven_until(&unknown, at(1)).await;
    assert_eq!(refused, Err(StoreError::Stale));
    assert_eq!(store.execution(&unknown).await, Ok(None));
}

pub(crate) async fn nobody_puts_to_sleep_what_somebody_has_woken(store: &dyn Store) {
    let live = create_live(store, &acquiring(1, &[2])).await;
    let id = &live.execution.head.id;
    assert_eq!(store.sleep_until(id, live.version, at(777)).await, Ok(()));
    assert_eq!(load(store, &live).await.driven_until, at(777));
    let loaded = load(store, &live).await;
    let woken = next(&loaded, Stage::Live);
    store.save_execution(&loaded, &woken, &[]).await.unwrap();
    let refused = store.sleep_until(id, live.version, at(999)).await;
    assert_eq!(refused, Err(StoreError::Stale));
    assert_eq!(load(store, &live).await.driven_until, at(777));
    let unknown = uuid(99).parse().unwrap();
    let refused = store.sleep_until(&unknown, 1, at(1)).await;
    assert_eq!(refused, Err(StoreError::Stale));
}

pub(crate) async fn what_is_over_leaves_the_live_index_and_comes_back_for_clean_up(
    store: &dyn Store,
) {
    let live = create_live(store, &acquiring(1, &[2])).await;
    let mut over = next(&live, Stage::Over);
    end(&mut over, Outcome::Failed);
    store.save_execution(&live, &over, &[]).await.unwrap();
    assert_eq!(store.live(None).await, Ok(vec![]));
    store
        .set_driven_until(&over.execution.head.id, at(5))
        .await
        .unwrap();
    assert_eq!(store.live(None).await, Ok(vec![]));
    let back = next(&over, Stage::Live);
    store.save_execution(&over, &back, &[]).await.unwrap();
    assert_eq!(store.live(None).await.unwrap().len(), 1);
}

pub(crate) async fn live_executions_are_found_by_when_they_are_due(store: &dyn Store) {
    for (number, seconds) in [(1, 300), (2, 100), (3, 200)] {
        let live = create_live(store, &acquiring(number, &[2])).await;
        let until = at(seconds) + SignedDuration::from_millis(i64::from(number) * 100);
        store
            .set_driven_until(&live.execution.head.id, until)
            .await
            .unwrap();
        let mut busy = next(&live, Stage::Live);
        fill(&mut busy);
        if number == 2 {
            store.save_execution(&live, &busy, &[]).await.unwrap();
        }
    }
    let ids = |entries: Vec<engine::ports::execution_store::LiveEntry>| -> Vec<String> {
        entries.iter().map(|entry| entry.id.to_string()).collect()
    };
    let all = store.live(None).await.unwrap();
    assert_eq!(all[0].places, [place()]);
    assert_eq!(all[1].places, []);
    assert_eq!(ids(all), [uuid(2), uuid(3), uuid(1)]);
    // Due is what has passed, to the fraction of a second.
    let due = Some(at(200) + SignedDuration::from_millis(300));
    assert_eq!(ids(store.live(due).await.unwrap()), [uuid(2)]);
    let due = due.map(|due| due + SignedDuration::from_millis(1));
    assert_eq!(ids(store.live(due).await.unwrap()), [uuid(2), uuid(3)]);
}

pub(crate) async fn an_accepted_execution_is_not_removed(store: &dyn Store) {
    let stored = acquiring(1, &[2]);
    let live = create_live(store, &stored).await;
    assert_eq!(
        store.remove_execution(&stored).await,
        Err(StoreError::Stale)
    );
    assert_eq!(store.remove_execution(&live).await, Err(StoreError::Stale));
    assert_eq!(load(store, &live).await, live);
}

pub(crate) async fn a_dead_owner_is_undone_and_its_locks_are_free(store: &dyn Store) {
    let dead = acquiring(1, &[100, 100]);
    store.create_execution(&dead).await.unwrap();
    let locks: Vec<LockKey> = dead
        .execution
        .servers()
        .map(|server| LockKey::Server(place(), server.id.clone()))
        .collect();
    // It died after the second of three chunks.
    for chunk in locks.chunks(90).take(2) {
        let taken = store.take_locks(chunk, &owner(&dead)).await;
        assert_eq!(taken, Ok(LocksTaken::Done));
    }
    let now = dead.driven_until + SignedDuration::from_secs(1);
    let due = store.live(Some(now)).await.unwrap();
    assert_eq!(due[0].id, dead.execution.head.id);
    store.remove_execution(&dead).await.unwrap();
    let late = store
        .save_execution(&dead, &next(&dead, Stage::Live), &[])
        .await;
    assert_eq!(
        late,
        Err(StoreError::Stale),
        "what was removed cannot come alive"
    );
    store
        .free_locks(&locks, &dead.execution.head.id, Taken::Ever)
        .await
        .unwrap();
    assert_eq!(store.live(None).await, Ok(vec![]));
    assert_eq!(store.execution(&dead.execution.head.id).await, Ok(None));
    let heir = acquiring(2, &[100, 100]);
    for chunk in locks.chunks(90) {
        let taken = store.take_locks(chunk, &owner(&heir)).await;
        assert_eq!(taken, Ok(LocksTaken::Done));
    }
    // The same id can be taken again whole.
    store.create_execution(&dead).await.unwrap();
    assert_eq!(load(store, &dead).await, dead);
}

pub(crate) async fn forty_batches_and_twenty_five_waves_are_saved_at_once(store: &dyn Store) {
    let mut waves = vec![200; 15];
    waves.extend(vec![100; 10]);
    let live = create_live(store, &acquiring(1, &waves)).await;
    assert_eq!(live.execution.batches().count(), 40);
    let mut full = next(&live, Stage::Live);
    fill(&mut full);
    for wave in &mut full.execution.waves {
        wave.head.started_at = Some(at(10));
    }
    full.events = 20;
    store
        .save_execution(&live, &full, &events(1..=20))
        .await
        .unwrap();
    assert_eq!(load(store, &full).await, full);
    let id = &full.execution.head.id;
    let log = store.events(id, &page(50)).await.unwrap();
    assert_eq!(log.items, events(1..=20));
}

pub(crate) async fn a_clean_up_of_4000_instances_is_saved_at_once(store: &dyn Store) {
    let mut waves = vec![200; 15];
    waves.extend(vec![100; 10]);
    let live = create_live(store, &acquiring(1, &waves)).await;
    let mut full = next(&live, Stage::Live);
    for wave in &mut full.execution.waves {
        wave.head.started_at = Some(at(10));
        for batch in &mut wave.batches {
            batch.attempt = 1;
        }
    }
    clean_up(&mut full);
    full.events = 20;
    store
        .save_execution(&live, &full, &events(1..=20))
        .await
        .unwrap();
    assert_eq!(load(store, &full).await, full);
    let id = &full.execution.head.id;
    let log = store.events(id, &page(50)).await.unwrap();
    assert_eq!(log.items, events(1..=20));
}

pub(crate) async fn a_split_batch_is_saved_as_a_new_one(store: &dyn Store) {
    let live = create_live(store, &acquiring(1, &[4])).await;
    let mut split = next(&live, Stage::Live);
    let batches = &mut split.execution.waves[0].batches;
    let mut half = batches[0].clone();
    half.servers = batches[0].servers.split_off(2);
    batches.push(half);
    store.save_execution(&live, &split, &[]).await.unwrap();
    assert_eq!(load(store, &split).await, split);
}

pub(crate) async fn a_reader_never_sees_half_a_save(store: &dyn Store) {
    let live = create_live(store, &acquiring(1, &[250, 250])).await;
    let writer = async {
        let mut before = live.clone();
        for round in 1..=30_u32 {
            let mut after = next(&before, Stage::Live);
            for wave in &mut after.execution.waves {
                for batch in &mut wave.batches {
                    batch.attempt = round;
                }
            }
            after.execution.head.holds_made = round;
            store.save_execution(&before, &after, &[]).await.unwrap();
            before = after;
        }
    };
    let reader = async {
        let mut seen = 0;
        while seen < 30 {
            let stored = load(store, &live).await;
            seen = stored.execution.head.holds_made;
            let batches = stored.execution.batches();
            let attempts: Vec<u32> = batches.map(|(_, batch)| batch.attempt).collect();
            assert!(
                attempts.iter().all(|&attempt| attempt == seen),
                "{attempts:?}"
            );
            tokio::task::yield_now().await;
        }
    };
    futures::join!(writer, reader);
}

pub(crate) async fn jobs_are_known_by_their_execution(store: &dyn Store) {
    let live = create_live(store, &acquiring(1, &[150])).await;
    let mut full = next(&live, Stage::Live);
    fill(&mut full);
    store.save_execution(&live, &full, &[]).await.unwrap();
    let asked: Vec<JobId> = (1..=120).map(job).collect();
    let owners = store.owners_of_jobs(&asked).await.unwrap();
    let id = &full.execution.head.id;
    assert_eq!(owners.keys().collect::<Vec<_>>(), [&job(1), &job(2)]);
    assert!(owners.values().all(|owner| owner == id));
    assert_eq!(store.owners_of_jobs(&[]).await.unwrap().len(), 0);
}

pub(crate) async fn the_token_of_a_parked_machine_is_the_last_one(store: &dyn Store) {
    let live = create_live(store, &acquiring_of(1, 2, Kind::Recovery, at(0), &[1])).await;
    let id = &live.execution.head.id;
    assert_eq!(store.park(id).await, Ok(None));
    store.put_park(id, "first").await.unwrap();
    store.put_park(id, "second").await.unwrap();
    assert_eq!(store.park(id).await, Ok(Some("second".to_owned())));
    store.put_park(id, "").await.unwrap();
    assert_eq!(store.park(id).await, Ok(Some(String::new())));
    let mut loaded = load(store, &live).await;
    assert_eq!(loaded, live, "a parked token is no part of an execution");
    loaded.execution.head.course = Course::Running;
    assert_eq!(
        server(0),
        loaded.execution.waves[0].batches[0].servers[0].id
    );
}
