//! The export of groups and plans to another Region.

use domain::ProtectionGroupId;
use domain::protection_group::GroupDraft;
use engine::export::{ExportError, Exported};
use execution_finder::{Export, export};
use serde_json::{Value, json};
use test_support::fakes::{Bench, FakeReplica, REGION, Refusing};
use test_support::memory::{Faults, Rate};

async fn with_group(bench: &Bench, name: &str, server: u32) -> ProtectionGroupId {
    bench.make_group(name, server).await.unwrap().id
}

fn last(replica: &FakeReplica) -> Value {
    let written = replica.written();
    serde_json::from_str(&written.last().unwrap().text).unwrap()
}

#[tokio::test]
async fn every_group_and_plan_is_exported_as_the_tables_hold_it() {
    let (bench, replica) = (Bench::new(), FakeReplica::default());
    let id = with_group(&bench, "Databases", 1).await;
    bench.make_plan(&id).await.unwrap();
    // More than one page of the list.
    for number in 2..150 {
        with_group(&bench, &format!("Group {number}"), number).await;
    }
    let exported = bench.engine.export(&replica).await.unwrap();
    assert_eq!(
        exported,
        Exported::Replaced {
            groups: 149,
            plans: 1
        }
    );
    let document = last(&replica);
    assert_eq!(document["schema"], 1);
    let groups = document["protectionGroups"].as_array().unwrap();
    assert_eq!(groups.len(), 149);
    let found = groups
        .iter()
        .find(|group| group["id"] == json!(id))
        .unwrap();
    let stored = bench.engine.group(&id).await.unwrap();
    assert_eq!(*found, serde_json::to_value(&stored).unwrap());
    assert_eq!(document["recoveryPlans"][0]["content"]["name"], "Shop");
}

#[tokio::test]
async fn only_a_change_is_written_and_a_deletion_is_one() {
    let (bench, replica) = (Bench::new(), FakeReplica::default());
    let first = with_group(&bench, "Databases", 1).await;
    let second = with_group(&bench, "Shops", 2).await;
    assert_eq!(export(&bench.engine, &replica).await, Export::Current);
    for _ in 0..3 {
        assert_eq!(export(&bench.engine, &replica).await, Export::Current);
    }
    assert_eq!(replica.written().len(), 1);
    let stored = bench.engine.group(&first).await.unwrap();
    let draft = GroupDraft {
        name: "Data".to_owned(),
        region: REGION.to_owned(),
        servers: vec![stored.servers[0].to_string()],
        ..GroupDraft::default()
    };
    let renamed = bench.engine.update_group(&first, &draft, None, "tester");
    renamed.await.unwrap();
    export(&bench.engine, &replica).await;
    assert_eq!(replica.written().len(), 2);
    assert!(last(&replica).to_string().contains("\"Data\""));
    bench.engine.delete_group(&second, None).await.unwrap();
    export(&bench.engine, &replica).await;
    assert_eq!(
        last(&replica)["protectionGroups"].as_array().unwrap().len(),
        1
    );
}

#[tokio::test]
async fn a_region_out_of_reach_is_told_and_the_next_round_makes_up_for_it() {
    let (bench, replica) = (Bench::new(), FakeReplica::default());
    with_group(&bench, "Databases", 1).await;
    replica.set_refusing(Refusing::Yes);
    assert_eq!(export(&bench.engine, &replica).await, Export::Failed);
    replica.set_refusing(Refusing::No);
    assert_eq!(export(&bench.engine, &replica).await, Export::Current);
    assert_eq!(replica.written().len(), 1);
}

#[tokio::test]
async fn a_table_out_of_reach_never_empties_the_export() {
    let (bench, replica) = (Bench::new(), FakeReplica::default());
    with_group(&bench, "Databases", 1).await;
    export(&bench.engine, &replica).await;
    let faults = Faults {
        unavailable: Rate(1_000),
        ..Faults::default()
    };
    bench.store.inject(faults, 1);
    let failure = bench.engine.export(&replica).await.unwrap_err();
    assert!(matches!(failure, ExportError::Store(_)), "{failure}");
    assert_eq!(export(&bench.engine, &replica).await, Export::Failed);
    assert_eq!(replica.written().len(), 1);
}
