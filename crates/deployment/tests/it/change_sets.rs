//! Change sets over a CloudFormation that takes its time and refuses what comes too early.

use std::collections::BTreeSet;

use deployment::cloud::{FailedChangeSet, FailedEvent};
use deployment::plan::TablesLeft;
use tempfile::TempDir;

use crate::releases::{Deployment, deploy_to, of_templates, settings, settings_of};
use crate::world::{Phase, World};

const NESTED: &str = "arn:aws:cloudformation:eu-west-1:111122223333:changeSet/one/database";

/// Deploys to the environment `test`.
async fn deploy(
    world: &World,
    release: &deployment::release::Release,
    time: &str,
) -> (Deployment, Result<(), deployment::error::Failure>) {
    let settings = settings_of("test");
    deploy_to(world, release, &settings, TablesLeft::Refuse, time).await
}

/// A world in which the release stands, and a release that differs in the code of one function.
async fn deployed(folder: &TempDir) -> (World, deployment::release::Release) {
    let world = World::default();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    std::fs::create_dir(&one).unwrap();
    std::fs::create_dir(&two).unwrap();
    let before = of_templates(&one, "c0ffee", &[]);
    deploy(&world, &before, "1").await.1.unwrap();
    (world, of_templates(&two, "decade", &["orchestration.zip"]))
}

fn waiting(world: &World) -> Vec<String> {
    let state = world.state();
    let sets = state.change_sets.iter();
    sets.filter(|(_, made)| made.phase != Phase::Executed)
        .map(|(name, _)| name.clone())
        .collect()
}

#[tokio::test]
async fn a_change_set_bears_the_name_of_its_run_and_what_an_interrupted_one_left_is_deleted() {
    let folder = TempDir::new().unwrap();
    let (world, after) = deployed(&folder).await;
    // The same change twice, interrupted just before it is carried out.
    let mut names = BTreeSet::new();
    world.state().dies_at = Some("execute change set");
    for time in [
        "2026-11-30T10:00:00.123456789Z",
        "2026-11-30T10:00:01.123456789Z",
    ] {
        deploy(&world, &after, time).await.1.unwrap_err();
        let left = waiting(&world);
        assert_eq!(left.len(), 1, "the one before is deleted: {left:?}");
        names.extend(left);
    }
    assert_eq!(names.len(), 2, "{names:?}");
    world.state().dies_at = None;
    deploy(&world, &after, "2026-11-30T10:00:02Z")
        .await
        .1
        .unwrap();
    for name in &names {
        assert!(name.starts_with("deployment-20261130T1000"), "{name}");
        assert!(name.len() <= 64, "{name}");
        let is_named = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        assert!(name.chars().all(is_named), "{name}");
    }
    assert_eq!(waiting(&world), Vec::<String>::new());
}

#[tokio::test]
async fn a_deletion_that_is_not_over_is_waited_for_and_one_that_never_ends_stands_in_nobodys_way() {
    let folder = TempDir::new().unwrap();
    let (world, after) = deployed(&folder).await;
    world.state().planted_refusals = vec![refusal("no", &["no"])];
    deploy(&world, &after, "2").await.1.unwrap_err();
    assert_eq!(waiting(&world), Vec::<String>::new(), "it is gone");
    world.state().deletion_takes = Some(10_000);
    deploy(&world, &after, "3").await.1.unwrap_err();
    assert_eq!(waiting(&world).len(), 1);
    world.state().planted_refusals.clear();
    let (done, result) = deploy(&world, &after, "4").await;
    result.unwrap();
    let told = done.told.join("\n");
    assert!(
        told.contains("is still there: it changes nothing"),
        "{told}"
    );
}

#[tokio::test]
async fn what_the_service_does_not_take_yet_is_asked_for_again_and_not_for_ever() {
    let folder = TempDir::new().unwrap();
    let (world, after) = deployed(&folder).await;
    world.state().busy_for = 20;
    deploy(&world, &after, "2").await.1.unwrap();
    let folder = TempDir::new().unwrap();
    let (world, after) = deployed(&folder).await;
    world.state().busy_for = usize::MAX;
    let failure = deploy(&world, &after, "2").await.1.unwrap_err().to_string();
    assert!(
        failure.contains("cannot be executed in its current status"),
        "{failure}"
    );
}

/// A nested change set that failed, with what the service wrote down of it.
fn refusal(reason: &str, findings: &[&str]) -> (FailedChangeSet, Vec<FailedEvent>) {
    let failed = FailedChangeSet {
        id: NESTED.to_owned(),
        stack: "drs-orchestration-test-DatabaseStack".to_owned(),
        reason: reason.to_owned(),
    };
    let event = |reason: &&str| FailedEvent {
        resource: "RecoveryPlansTable".to_owned(),
        resource_type: "AWS::DynamoDB::Table".to_owned(),
        reason: (*reason).to_owned(),
        path: "/Resources/RecoveryPlansTable/Properties".to_owned(),
    };
    (failed, findings.iter().map(event).collect())
}

#[tokio::test]
async fn a_refused_change_set_is_told_by_what_was_written_down_of_the_nested_one() {
    let folder = TempDir::new().unwrap();
    let (world, after) = deployed(&folder).await;
    let early =
        "The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation]";
    let findings = [
        "Required property [KeySchema] not found",
        "Unsupported property [Keys]",
    ];
    world.state().planted_refusals = vec![refusal(early, &findings)];
    let found = deploy(&world, &after, "2").await.1.unwrap_err();
    insta::assert_snapshot!("findings", found);
    // Without events the nested one's own reason is all that there is.
    let reason = "Template error: unresolved condition dependency";
    world.state().planted_refusals = vec![refusal(reason, &[])];
    let reason = deploy(&world, &after, "3").await.1.unwrap_err();
    insta::assert_snapshot!("reason", reason);
    // What may not be read is said, and hides nothing.
    world.state().planted_refusals = vec![refusal(early, &findings)];
    world.state().events_forbidden = true;
    let forbidden = deploy(&world, &after, "4").await.1.unwrap_err();
    insta::assert_snapshot!("forbidden", forbidden);
}

#[tokio::test]
async fn what_depends_on_the_outputs_of_another_nested_stack_alone_is_shown_as_possible() {
    let folder = TempDir::new().unwrap();
    let (world, after) = deployed(&folder).await;
    let (done, result) = deploy(&world, &after, "2").await;
    result.unwrap();
    let changes: Vec<&String> = done
        .told
        .iter()
        .filter(|told| told.contains("change set:"))
        .collect();
    insta::assert_snapshot!(changes[0]);
}

#[tokio::test]
async fn a_run_with_other_parameters_alone_keeps_the_template_that_stands() {
    let folder = TempDir::new().unwrap();
    let (world, after) = deployed(&folder).await;
    let settings = settings();
    let observed = deployment::observation::stack(&world, &settings).await;
    let stack = observed.unwrap().unwrap();
    let step = deployment::plan::naming(&stack, after.functions.iter()).unwrap();
    assert_eq!(
        step.to_string(),
        "name in the stack what runs already: OrchestrationArtifactKey"
    );
    // A stack that does not stand is named anew by the deployment that repairs it.
    let mut busy = stack.clone();
    "UPDATE_ROLLBACK_FAILED".clone_into(&mut busy.status);
    assert_eq!(
        deployment::plan::naming(&busy, after.functions.iter()),
        None
    );
}
