//! Protection groups.

use std::collections::BTreeMap;

use domain::protection_group::ProtectionGroup;
use engine::ports::group_store::{Claimed, GroupState, Prepared, StoredGroup};
use engine::ports::{PageRequest, Store, StoreError};
use futures::future::join_all;

use crate::samples::{at, group, group_id, page, place, server, servers};

async fn active(store: &dyn Store, group: &ProtectionGroup) {
    let prepared = store.prepare_group(group, at(120)).await;
    assert_eq!(prepared, Ok(Prepared::Done));
    let committed = store.commit_group(group, group).await;
    assert_eq!(committed, Ok(Prepared::Done));
}

async fn listed(store: &dyn Store) -> Vec<String> {
    let listing = store.list_groups(&page(100)).await.unwrap();
    listing
        .items
        .iter()
        .map(|group| group.name.to_string())
        .collect()
}

pub(crate) async fn a_group_is_listed_once_it_is_committed(store: &dyn Store) {
    let group = group(1, "Databases", servers(0..3));
    store.prepare_group(&group, at(120)).await.unwrap();
    let preparing = StoredGroup {
        group: group.clone(),
        state: GroupState::Preparing {
            expires_at: at(120),
        },
    };
    assert_eq!(store.group(&group.id).await, Ok(Some(preparing.clone())));
    assert_eq!(store.unfinished_groups().await, Ok(vec![preparing]));
    assert_eq!(listed(store).await, Vec::<String>::new());
    assert_eq!(
        store.groups(std::slice::from_ref(&group.id)).await,
        Ok(vec![])
    );

    let committed = store.commit_group(&group, &group).await;
    assert_eq!(committed, Ok(Prepared::Done));
    assert_eq!(listed(store).await, ["Databases"]);
    assert_eq!(store.unfinished_groups().await, Ok(vec![]));
    let ids = [group_id(7), group.id.clone()];
    assert_eq!(store.groups(&ids).await, Ok(vec![group.clone()]));
    let state = store.group(&group.id).await.unwrap().unwrap().state;
    assert_eq!(state, GroupState::Active);
}

pub(crate) async fn a_name_is_unique_without_case_and_moves_with_its_group(store: &dyn Store) {
    let first = group(1, "Databases", servers(0..1));
    active(store, &first).await;
    let second = group(2, "DATABASES", servers(1..2));
    let taken = store.prepare_group(&second, at(120)).await;
    assert_eq!(taken, Ok(Prepared::NameTaken(first.id.to_string())));
    assert_eq!(store.group(&second.id).await, Ok(None));

    let mut renamed = group(1, "dataBASES", servers(0..1));
    renamed.version = 2;
    assert_eq!(
        store.commit_group(&first, &renamed).await,
        Ok(Prepared::Done)
    );
    let mut moved = group(1, "Stores", servers(0..1));
    moved.version = 3;
    assert_eq!(
        store.commit_group(&renamed, &moved).await,
        Ok(Prepared::Done)
    );
    active(store, &second).await;
    let mut back = group(1, "Databases", servers(0..1));
    back.version = 4;
    let taken = store.commit_group(&moved, &back).await;
    assert_eq!(taken, Ok(Prepared::NameTaken(second.id.to_string())));
    assert_eq!(listed(store).await, ["DATABASES", "Stores"]);
}

pub(crate) async fn one_of_twenty_writers_of_a_name_wins(store: &dyn Store) {
    let groups: Vec<ProtectionGroup> = (1..=20)
        .map(|number| group(number, "Databases", servers(0..1)))
        .collect();
    let prepared = join_all(
        groups
            .iter()
            .map(|group| store.prepare_group(group, at(120))),
    )
    .await;
    let winners: Vec<usize> = (0..20)
        .filter(|&index| prepared[index] == Ok(Prepared::Done))
        .collect();
    assert_eq!(winners.len(), 1, "{prepared:?}");
    let winner = groups[winners[0]].id.to_string();
    let losers = prepared
        .iter()
        .filter(|answer| **answer != Ok(Prepared::Done));
    for loser in losers {
        assert_eq!(*loser, Ok(Prepared::NameTaken(winner.clone())));
    }
}

pub(crate) async fn one_of_two_groups_gets_a_shared_server_and_the_other_nothing(
    store: &dyn Store,
) {
    let place = place();
    let (one, other) = (group_id(1), group_id(2));
    let (ones, others) = (servers(0..6), servers(5..11));
    let (first, second) = futures::join!(
        store.claim_servers(&one, &place, &ones, &[]),
        store.claim_servers(&other, &place, &others, &[]),
    );
    let all = store.claims(&place, &servers(0..11)).await.unwrap();
    let (winner, loser, mine) = match (first.unwrap(), second.unwrap()) {
        (Claimed::Done, Claimed::Taken(taken)) => (one, taken, ones),
        (Claimed::Taken(taken), Claimed::Done) => (other, taken, others),
        both => panic!("one of two must win: {both:?}"),
    };
    assert_eq!(loser, BTreeMap::from([(server(5), winner.clone())]));
    let expected: BTreeMap<_, _> = mine.into_iter().map(|id| (id, winner.clone())).collect();
    assert_eq!(all, expected);
}

pub(crate) async fn a_group_of_300_servers_claims_and_releases_all_of_them(store: &dyn Store) {
    let (place, id) = (place(), group_id(1));
    let members = servers(0..300);
    for chunk in members.chunks(90) {
        let claimed = store.claim_servers(&id, &place, chunk, &[]).await;
        assert_eq!(claimed, Ok(Claimed::Done));
    }
    let mut asked = members.clone();
    asked.extend(servers(295..320));
    let claims = store.claims(&place, &asked).await.unwrap();
    assert_eq!(claims.len(), 300);
    assert!(claims.values().all(|owner| *owner == id));
    let group = group(1, "Everything", members.clone());
    active(store, &group).await;
    assert_eq!(
        store.list_groups(&page(1)).await.unwrap().items,
        vec![group]
    );

    store.release_servers(&id, &place, &asked).await.unwrap();
    assert_eq!(store.claims(&place, &asked).await, Ok(BTreeMap::new()));
}

pub(crate) async fn claims_of_the_dead_are_taken_over(store: &dyn Store) {
    let place = place();
    let (dead, living, heir) = (group_id(1), group_id(2), group_id(3));
    store
        .claim_servers(&dead, &place, &servers(0..2), &[])
        .await
        .unwrap();
    store
        .claim_servers(&living, &place, &servers(2..3), &[])
        .await
        .unwrap();
    let dead = [dead, group_id(8)];
    let taken = store
        .claim_servers(&heir, &place, &servers(0..3), &dead)
        .await;
    let others = BTreeMap::from([(server(2), living)]);
    assert_eq!(taken, Ok(Claimed::Taken(others)));
    let claimed = store
        .claim_servers(&heir, &place, &servers(0..2), &dead)
        .await;
    assert_eq!(claimed, Ok(Claimed::Done));
    let claims = store.claims(&place, &servers(0..2)).await.unwrap();
    assert!(claims.values().all(|owner| *owner == heir));
}

pub(crate) async fn a_release_leaves_the_claims_of_others(store: &dyn Store) {
    let place = place();
    let (one, other) = (group_id(1), group_id(2));
    store
        .claim_servers(&one, &place, &servers(0..2), &[])
        .await
        .unwrap();
    store
        .claim_servers(&other, &place, &servers(2..4), &[])
        .await
        .unwrap();
    store
        .release_servers(&one, &place, &servers(0..5))
        .await
        .unwrap();
    let left = store.claims(&place, &servers(0..5)).await.unwrap();
    let expected = BTreeMap::from([(server(2), other.clone()), (server(3), other)]);
    assert_eq!(left, expected);
}

pub(crate) async fn a_commit_of_an_old_version_is_stale(store: &dyn Store) {
    let first = group(1, "Databases", servers(0..1));
    active(store, &first).await;
    let changed = ProtectionGroup {
        version: 2,
        ..group(1, "Databases", servers(0..2))
    };
    assert_eq!(
        store.commit_group(&first, &changed).await,
        Ok(Prepared::Done)
    );
    let late = ProtectionGroup {
        version: 2,
        ..group(1, "Other", servers(0..3))
    };
    assert_eq!(
        store.commit_group(&first, &late).await,
        Err(StoreError::Stale)
    );
    let unknown = group(2, "Unknown", servers(3..4));
    let refused = store.commit_group(&unknown, &unknown).await;
    assert_eq!(refused, Err(StoreError::Stale));
    assert_eq!(store.groups(&[first.id]).await, Ok(vec![changed]));
}

pub(crate) async fn an_active_group_is_not_removed(store: &dyn Store) {
    let group = group(1, "Databases", servers(0..1));
    active(store, &group).await;
    assert_eq!(store.remove_group(&group).await, Err(StoreError::Stale));
    store.mark_group_deleting(&group, at(120)).await.unwrap();
    assert_eq!(store.remove_group(&group).await, Ok(()));
    assert_eq!(store.group(&group.id).await, Ok(None));
    assert_eq!(store.remove_group(&group).await, Err(StoreError::Stale));
    // Its name is free again.
    active(store, &group).await;
}

pub(crate) async fn a_group_that_is_being_deleted_can_be_taken_up_again(store: &dyn Store) {
    let group = group(1, "Databases", servers(0..1));
    active(store, &group).await;
    store.mark_group_deleting(&group, at(120)).await.unwrap();
    let marked = store.group(&group.id).await.unwrap().unwrap();
    let expires_at = at(120);
    assert_eq!(marked.state, GroupState::Deleting { expires_at });
    assert_eq!(listed(store).await, Vec::<String>::new());
    let again = store.mark_group_deleting(&group, at(240)).await;
    assert_eq!(again, Err(StoreError::Stale));
    assert_eq!(store.commit_group(&group, &group).await, Ok(Prepared::Done));
    assert_eq!(listed(store).await, ["Databases"]);
}

pub(crate) async fn groups_are_listed_by_name_page_by_page(store: &dyn Store) {
    for number in 0..23_u32 {
        // Made in another order than that of their names.
        let name = format!("Group {:02}", (number * 7) % 23);
        active(store, &group(number, &name, servers(0..1))).await;
    }
    let mut names = Vec::new();
    let mut request = page(5);
    loop {
        let listing = store.list_groups(&request).await.unwrap();
        assert!(listing.items.len() <= 5);
        names.extend(listing.items.iter().map(|group| group.name.to_string()));
        let Some(next) = listing.next else { break };
        request = PageRequest {
            limit: 5,
            after: Some(next),
        };
    }
    let expected: Vec<String> = (0..23).map(|number| format!("Group {number:02}")).collect();
    assert_eq!(names, expected);
}
