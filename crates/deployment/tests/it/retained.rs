//! What outlives the stacks.

use std::collections::BTreeSet;
use std::path::Path;

use deployment::cloud::ObjectStore;
use deployment::release::Body;
use deployment::retained::{Kind, REMEMBERED, RETAINED, Retained, look, remember};

use crate::releases::settings;
use crate::world::World;

/// Resources that are kept for the sake of one that is in the list, and go with it or not at all.
const FOLLOWERS: [&str; 2] = ["TrailBucketPolicy", "Account"];

#[test]
fn every_resource_that_the_templates_retain_is_listed_by_a_destruction() {
    let listed: BTreeSet<String> = RETAINED
        .iter()
        .map(|(stack, name, _)| format!("{stack}/{name}"))
        .collect();
    let mut found = BTreeSet::new();
    for (stack, file) in [
        ("DatabaseStack", "database-stack.yaml"),
        ("LambdaStack", "lambda-stack.yaml"),
        ("StepFunctionsStack", "step-functions-stack.yaml"),
        ("ApiStack", "api-stack.yaml"),
        ("FrontendStack", "frontend-stack.yaml"),
        ("SecurityStack", "security-stack.yaml"),
    ] {
        let retained = retained_in(file).into_iter();
        found.extend(
            retained
                .filter(|name| !FOLLOWERS.contains(&name.as_str()))
                .map(|name| format!("{stack}/{name}")),
        );
    }
    assert_eq!(found, listed);
}

/// Names of the resources with a deletion policy that retains.
fn retained_in(template: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cfn");
    let text = std::fs::read_to_string(folder.join(template)).unwrap();
    let mut name = String::new();
    let mut found = Vec::new();
    for line in text.lines() {
        if line.starts_with("  ") && !line.starts_with("   ") && line.ends_with(':') {
            line.trim().trim_end_matches(':').clone_into(&mut name);
        }
        if line.trim_start().starts_with("DeletionPolicy: Retain") {
            found.push(name.clone());
        }
    }
    found
}

#[tokio::test]
async fn what_is_remembered_is_found_when_no_stack_knows_of_it_and_only_while_it_is_there() {
    let world = World::default();
    let settings = settings();
    world.create_bucket(&settings.bucket).await.unwrap();
    assert_eq!(look(&world, &settings).await.unwrap(), Vec::new());
    let role = Retained {
        kind: Kind::SharedRole,
        id: "logging".to_owned(),
    };
    let gone = Retained {
        kind: Kind::UserPool,
        id: "pool".to_owned(),
    };
    remember(&world, &settings, &[role.clone(), gone])
        .await
        .unwrap();
    assert!(!role.can_go());
    assert_eq!(look(&world, &settings).await.unwrap(), [role]);
}

#[tokio::test]
async fn what_is_remembered_wrongly_is_a_failure_and_never_nothing() {
    let world = World::default();
    let settings = settings();
    world.create_bucket(&settings.bucket).await.unwrap();
    let body = Body::Bytes(b"[{".to_vec().into());
    let about = std::collections::BTreeMap::new();
    world
        .put(&settings.bucket, REMEMBERED, &body, &about)
        .await
        .unwrap();
    assert!(look(&world, &settings).await.is_err());
}

#[tokio::test]
async fn what_is_remembered_of_another_stack_is_refused() {
    let world = World::default();
    let settings = settings();
    world.create_bucket(&settings.bucket).await.unwrap();
    let pools = [
        ("ours", "drs-orchestration-test"),
        ("theirs", "drs-orchestration-dev"),
    ];
    world.state().pools = pools
        .map(|(id, name)| (id.to_owned(), name.to_owned()))
        .into();
    world.state().tables = ["drs-orchestration-dev-recovery-plans".to_owned()].into();
    let named = |kind: Kind, id: &str| Retained {
        kind,
        id: id.to_owned(),
    };
    let theirs = [
        named(Kind::Table, "drs-orchestration-dev-recovery-plans"),
        named(Kind::Table, "drs-orchestration-test-orders"),
        named(Kind::UserPool, "theirs"),
        named(
            Kind::Bucket,
            "drs-orchestration-dev-securitystack-1-trailbucket-2",
        ),
        named(Kind::Bucket, "drs-orchestration-test-deploy-1-eu-west-1"),
    ];
    let mut refusals = Vec::new();
    for retained in theirs {
        remember(&world, &settings, &[retained]).await.unwrap();
        refusals.push(look(&world, &settings).await.unwrap_err().to_string());
    }
    insta::assert_snapshot!(refusals.join("\n"));
    let ours = [
        named(Kind::UserPool, "ours"),
        named(Kind::Bucket, "drs-orchestration-test-s-trailbucket-2"),
        named(
            Kind::Bucket,
            "drs-orchestration-test-securitystack-1-trailbucket-2",
        ),
    ];
    remember(&world, &settings, &ours).await.unwrap();
    assert_eq!(look(&world, &settings).await.unwrap(), ours);
}
