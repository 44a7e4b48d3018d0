//! Whose a bucket is.

use std::collections::BTreeMap;

use deployment::cloud::ObjectStore;
use deployment::manifest::{MANIFEST, MANIFESTS};
use deployment::owner::Recorded;
use deployment::ownership::{check_before_deletion, recorded};
use deployment::release::Body;
use deployment::settings::Settings;

use crate::releases::settings;
use crate::world::World;

const OTHERS: &str = r#"{ "format": 7, "project": "shop", "environment": "prod", "new": [] }"#;

async fn holding(objects: &[(&str, &str)]) -> World {
    let world = World::default();
    world.create_bucket("deployment-bucket").await.unwrap();
    for (key, text) in objects {
        let body = Body::Bytes(text.as_bytes().to_vec().into());
        let about = BTreeMap::new();
        let put = world.put("deployment-bucket", key, &body, &about);
        put.await.unwrap();
    }
    world
}

#[tokio::test]
async fn a_bucket_of_another_environment_is_refused_with_both_names_before_a_deletion() {
    let world = holding(&[(MANIFEST, OTHERS)]).await;
    let refusal = check_before_deletion(&world, &settings())
        .await
        .unwrap_err();
    insta::assert_snapshot!(refusal);
}

#[tokio::test]
async fn where_the_manifest_says_nothing_its_newest_copy_tells_the_owner() {
    let copy = format!("{MANIFESTS}2026-01-01.json");
    let foreign = format!("{MANIFESTS}zzz.txt");
    let world = holding(&[(MANIFEST, "{"), (&copy, OTHERS), (&foreign, "mine")]).await;
    let Recorded::By(owner) = recorded(&world, "deployment-bucket").await.unwrap() else {
        panic!("the copy names the owner");
    };
    assert_eq!(owner.to_string(), "shop-prod");
    assert!(check_before_deletion(&world, &settings()).await.is_err());
}

#[tokio::test]
async fn a_bucket_that_records_nobody_is_deleted_only_where_it_is_empty_or_named_after_the_stack() {
    let world = holding(&[("family/photo.jpg", "photo")]).await;
    let refusal = check_before_deletion(&world, &settings())
        .await
        .unwrap_err();
    insta::assert_snapshot!(refusal);
    let named = Settings {
        bucket: "drs-orchestration-test-deploy-1-eu-west-1".to_owned(),
        ..settings()
    };
    check_before_deletion(&world, &named).await.unwrap();
    let empty = holding(&[]).await;
    check_before_deletion(&empty, &settings()).await.unwrap();
    let nothing = World::default();
    let none = check_before_deletion(&nothing, &settings()).await.unwrap();
    assert_eq!(none, Recorded::NoBucket);
}
