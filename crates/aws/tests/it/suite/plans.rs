//! Recovery plans.

use domain::recovery_plan::RecoveryPlan;
use domain::{ProtectionGroupId, RecoveryPlanId};
use engine::ports::execution_store::{LockKey, Taken};
use engine::ports::plan_store::{PlanPut, PlanRemoved};
use engine::ports::{PageRequest, Store, StoreError};
use futures::future::join_all;

use crate::samples::{acquiring, at, group, group_id, owner, page, plan, servers};

async fn groups(store: &dyn Store, numbers: std::ops::Range<u32>) -> Vec<ProtectionGroupId> {
    let mut ids = Vec::new();
    for number in numbers {
        let group = group(number, &format!("Group {number}"), servers(0..1));
        store.prepare_group(&group, at(120)).await.unwrap();
        store.commit_group(&group, &group).await.unwrap();
        ids.push(group.id);
    }
    ids
}

fn changed(before: &RecoveryPlan, name: &str, groups: &[ProtectionGroupId]) -> RecoveryPlan {
    RecoveryPlan {
        id: before.id.clone(),
        version: before.version + 1,
        ..plan(0, name, groups)
    }
}

async fn users(store: &dyn Store, group: &ProtectionGroupId) -> Vec<(RecoveryPlanId, String)> {
    store.plans_of_group(group).await.unwrap()
}

pub(crate) async fn a_plan_is_made_changed_and_removed(store: &dyn Store) {
    let ids = groups(store, 1..3).await;
    let first = plan(11, "Shop", &ids[..1]);
    assert_eq!(store.create_plan(&first).await, Ok(PlanPut::Done));
    assert_eq!(store.plan(&first.id).await, Ok(Some(first.clone())));
    assert_eq!(store.create_plan(&first).await, Err(StoreError::Stale));

    let second = changed(&first, "The Shop", &ids);
    assert_eq!(store.update_plan(&first, &second).await, Ok(PlanPut::Done));
    assert_eq!(store.plan(&first.id).await, Ok(Some(second.clone())));
    let listing = store.list_plans(&page(10)).await.unwrap();
    assert_eq!((listing.items, listing.next), (vec![second.clone()], None));
    // The name that it had is free.
    let other = plan(12, "SHOP", &ids[..1]);
    assert_eq!(store.create_plan(&other).await, Ok(PlanPut::Done));

    assert_eq!(store.remove_plan(&first).await, Err(StoreError::Stale));
    assert_eq!(store.remove_plan(&second).await, Ok(PlanRemoved::Done));
    assert_eq!(store.plan(&first.id).await, Ok(None));
    let listing = store.list_plans(&page(10)).await.unwrap();
    assert_eq!(listing.items, vec![other]);
    let again = plan(13, "The Shop", &ids[..1]);
    assert_eq!(store.create_plan(&again).await, Ok(PlanPut::Done));
}

pub(crate) async fn one_of_twenty_writers_of_a_name_wins(store: &dyn Store) {
    let ids = groups(store, 1..2).await;
    let plans: Vec<RecoveryPlan> = (11..31).map(|number| plan(number, "Shop", &ids)).collect();
    let answers = join_all(plans.iter().map(|plan| store.create_plan(plan))).await;
    let winners: Vec<&RecoveryPlan> = (0..20)
        .filter(|&index| answers[index] == Ok(PlanPut::Done))
        .map(|index| &plans[index])
        .collect();
    assert_eq!(winners.len(), 1, "{answers:?}");
    let taken = PlanPut::NameTaken(winners[0].id.to_string());
    let losers = answers
        .iter()
        .filter(|answer| **answer == Ok(taken.clone()));
    assert_eq!(losers.count(), 19);
    assert_eq!(
        users(store, &ids[0]).await,
        [(winners[0].id.clone(), "Shop".to_owned())]
    );
}

pub(crate) async fn a_plan_needs_active_groups(store: &dyn Store) {
    let ids = groups(store, 1..3).await;
    let preparing = group(7, "Preparing", servers(5..6));
    store.prepare_group(&preparing, at(120)).await.unwrap();
    for gone in [preparing.id.clone(), group_id(99)] {
        let plan = plan(11, "Shop", &[ids[0].clone(), gone.clone()]);
        assert_eq!(store.create_plan(&plan).await, Ok(PlanPut::GroupGone(gone)));
        assert_eq!(store.plan(&plan.id).await, Ok(None));
    }
    let first = plan(11, "Shop", &ids[..1]);
    store.create_plan(&first).await.unwrap();
    // A group that it uses already is not asked about again.
    let used = store.groups(&ids[..1]).await.unwrap();
    store.mark_group_deleting(&used[0], at(120)).await.unwrap();
    let second = changed(&first, "Shop", &ids);
    assert_eq!(store.update_plan(&first, &second).await, Ok(PlanPut::Done));
    let third = changed(&second, "Shop", &[ids[0].clone(), preparing.id.clone()]);
    let refused = store.update_plan(&second, &third).await;
    assert_eq!(refused, Ok(PlanPut::GroupGone(preparing.id)));
}

pub(crate) async fn a_change_of_an_old_version_is_stale(store: &dyn Store) {
    let ids = groups(store, 1..2).await;
    let first = plan(11, "Shop", &ids);
    store.create_plan(&first).await.unwrap();
    let names = ["One", "Two", "Three", "Four", "Five"];
    let afters: Vec<RecoveryPlan> = names
        .iter()
        .map(|name| changed(&first, name, &ids))
        .collect();
    let answers = join_all(afters.iter().map(|after| store.update_plan(&first, after))).await;
    let done = answers
        .iter()
        .filter(|answer| **answer == Ok(PlanPut::Done));
    let stale = answers
        .iter()
        .filter(|answer| **answer == Err(StoreError::Stale));
    assert_eq!((done.count(), stale.count()), (1, 4), "{answers:?}");
}

pub(crate) async fn the_plans_of_a_group_are_those_that_use_it_now(store: &dyn Store) {
    let ids = groups(store, 1..3).await;
    let first = plan(11, "Shop", &ids);
    let other = plan(12, "Mail", &ids[..1]);
    store.create_plan(&first).await.unwrap();
    store.create_plan(&other).await.unwrap();
    let shop = (first.id.clone(), "Shop".to_owned());
    let mail = (other.id.clone(), "Mail".to_owned());
    assert_eq!(users(store, &ids[0]).await, [shop.clone(), mail.clone()]);
    assert_eq!(users(store, &ids[1]).await, [shop]);

    let narrowed = changed(&first, "Boutique", &ids[1..]);
    store.update_plan(&first, &narrowed).await.unwrap();
    assert_eq!(users(store, &ids[0]).await, [mail]);
    let boutique = (first.id.clone(), "Boutique".to_owned());
    assert_eq!(users(store, &ids[1]).await, [boutique]);
    store.remove_plan(&narrowed).await.unwrap();
    assert_eq!(users(store, &ids[1]).await, []);
}

pub(crate) async fn a_plan_that_could_not_be_made_uses_no_group(store: &dyn Store) {
    let ids = groups(store, 1..3).await;
    store
        .create_plan(&plan(11, "Shop", &ids[..1]))
        .await
        .unwrap();
    let refused = store.create_plan(&plan(12, "Shop", &ids)).await;
    assert!(matches!(refused, Ok(PlanPut::NameTaken(_))), "{refused:?}");
    assert_eq!(users(store, &ids[1]).await, []);
}

pub(crate) async fn a_plan_in_an_execution_is_not_removed(store: &dyn Store) {
    let ids = groups(store, 1..2).await;
    let plan = plan(11, "Shop", &ids);
    store.create_plan(&plan).await.unwrap();
    let execution = acquiring(21, &[1]);
    let lock = [LockKey::Plan(plan.id.clone())];
    store.take_locks(&lock, &owner(&execution)).await.unwrap();
    let id = execution.execution.head.id.clone();
    let refused = store.remove_plan(&plan).await;
    assert_eq!(refused, Ok(PlanRemoved::InUse(id.clone())));
    store.free_locks(&lock, &id, Taken::Ever).await.unwrap();
    assert_eq!(store.remove_plan(&plan).await, Ok(PlanRemoved::Done));
}

pub(crate) async fn a_plan_of_sixty_groups_is_made_and_removed(store: &dyn Store) {
    let ids = groups(store, 1..61).await;
    let plan = plan(101, "Everything", &ids);
    assert_eq!(store.create_plan(&plan).await, Ok(PlanPut::Done));
    let other = changed(&plan, "Everything", &ids[..1]);
    assert_eq!(store.update_plan(&plan, &other).await, Ok(PlanPut::Done));
    assert_eq!(users(store, &ids[59]).await, []);
    let again = changed(&other, "Everything", &ids);
    assert_eq!(store.update_plan(&other, &again).await, Ok(PlanPut::Done));
    assert_eq!(users(store, &ids[59]).await.len(), 1);
    assert_eq!(store.remove_plan(&again).await, Ok(PlanRemoved::Done));
    assert_eq!(users(store, &ids[0]).await, []);
}

pub(crate) async fn plans_are_listed_by_name_page_by_page(store: &dyn Store) {
    let ids = groups(store, 1..2).await;
    for name in ["mail", "Archive", "shop", "Billing", "zebra"] {
        let number = u32::try_from(name.len()).unwrap() + 50 + u32::from(name.as_bytes()[0]);
        store.create_plan(&plan(number, name, &ids)).await.unwrap();
    }
    let mut names = Vec::new();
    let mut request = page(2);
    loop {
        let listing = store.list_plans(&request).await.unwrap();
        names.extend(
            listing
                .items
                .iter()
                .map(|plan| plan.content.name.to_string()),
        );
        let Some(next) = listing.next else { break };
        request = PageRequest {
            limit: 2,
            after: Some(next),
        };
    }
    assert_eq!(names, ["Archive", "Billing", "mail", "shop", "zebra"]);
}
