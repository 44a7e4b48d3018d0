//! One deployment of an environment at a time.

use deployment::cloud::ObjectStore;
use deployment::lock::{LIFETIME_SECONDS, Life, Owner, give_back, renew, take};

use crate::world::World;

const BUCKET: &str = "deployment-bucket";

fn owner(run: &str, now: i64) -> Owner {
    Owner {
        run: run.to_owned(),
        machine: "desk".to_owned(),
        process: 7,
        operation: "a deployment".to_owned(),
        since: "2026-01-02T03:04:05Z".to_owned(),
        expires: now + LIFETIME_SECONDS,
    }
}

async fn world() -> World {
    let world = World::default();
    world.create_bucket(BUCKET).await.unwrap();
    world
}

fn working(_: &Owner) -> Life {
    Life::Possible
}

#[tokio::test]
async fn the_second_is_told_who_is_at_work_and_until_when() {
    let world = world().await;
    take(&world, BUCKET, &owner("one", 0), 0, working)
        .await
        .unwrap();
    let refusal = take(&world, BUCKET, &owner("two", 20), 20, working)
        .await
        .unwrap_err();
    insta::assert_snapshot!(refusal, @"a deployment runs since 2026-01-02T03:04:05Z on desk (process 7): wait until it has ended; if it was killed, its lock ends by itself in 100 s");
}

#[tokio::test]
async fn a_lock_that_was_given_back_is_free() {
    let world = world().await;
    let held = take(&world, BUCKET, &owner("one", 0), 0, working)
        .await
        .unwrap();
    give_back(&world, BUCKET, &held).await.unwrap();
    take(&world, BUCKET, &owner("two", 1), 1, working)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_lock_that_nobody_renews_ends_by_itself() {
    let world = world().await;
    take(&world, BUCKET, &owner("one", 0), 0, working)
        .await
        .unwrap();
    let late = LIFETIME_SECONDS + 1;
    take(&world, BUCKET, &owner("two", late), late, working)
        .await
        .unwrap();
}

#[tokio::test]
async fn the_lock_of_a_process_that_has_ended_is_free_at_once() {
    let world = world().await;
    take(&world, BUCKET, &owner("one", 0), 0, working)
        .await
        .unwrap();
    take(&world, BUCKET, &owner("two", 1), 1, |_| Life::Ended)
        .await
        .unwrap();
}

#[tokio::test]
async fn who_has_lost_the_lock_learns_it_and_takes_nobody_elses() {
    let world = world().await;
    let mut first = take(&world, BUCKET, &owner("one", 0), 0, working)
        .await
        .unwrap();
    take(&world, BUCKET, &owner("two", 1), 1, |_| Life::Ended)
        .await
        .unwrap();
    assert!(renew(&world, BUCKET, &mut first, 2).await.is_err());
    give_back(&world, BUCKET, &first).await.unwrap();
    assert!(
        take(&world, BUCKET, &owner("three", 2), 2, working)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_lock_that_is_renewed_stays() {
    let world = world().await;
    let mut first = take(&world, BUCKET, &owner("one", 0), 0, working)
        .await
        .unwrap();
    renew(&world, BUCKET, &mut first, 100).await.unwrap();
    let late = LIFETIME_SECONDS + 1;
    assert!(
        take(&world, BUCKET, &owner("two", late), late, working)
            .await
            .is_err()
    );
}
