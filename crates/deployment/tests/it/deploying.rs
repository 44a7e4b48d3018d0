//! Whole deployments, over AWS in memory.

use deployment::apply::Replacements;
use deployment::cloud::Stacks;
use deployment::manifest::{MANIFEST, MANIFESTS};
use deployment::progress::{Certainty, Change};
use deployment::verify::verify;
use tempfile::TempDir;

use crate::releases::{deployed, manifest, settings, settled, whole};
use crate::world::World;

/// What the manifest names and the bucket lacks.
fn lost(world: &World) -> Vec<String> {
    let told = manifest(world);
    let state = world.state();
    let present = state.objects.as_ref().unwrap();
    told.objects
        .into_keys()
        .filter(|key| !present.contains_key(key))
        .collect()
}

#[tokio::test]
async fn the_first_deployment_fills_the_bucket_creates_the_stack_and_is_verified() {
    let folder = TempDir::new().unwrap();
    let world = World::default();
    let release = whole(folder.path(), "c0ffee", &[]);
    settled(&world, &release, "1").await;
    let outputs = verify(&release, &settings(), &world).await.unwrap();
    assert_eq!(outputs["ConsoleUrl"], "somewhere");
    assert_eq!(manifest(&world).provenance.commit, "c0ffee");
}

#[tokio::test]
async fn nothing_is_written_when_nothing_has_changed() {
    let folder = TempDir::new().unwrap();
    let world = World::default();
    let release = whole(folder.path(), "c0ffee", &[]);
    settled(&world, &release, "1").await;
    world.state().writes.clear();
    let plan = settled(&world, &release, "2").await;
    assert!(plan.steps.is_empty());
    assert_eq!(world.state().writes, Vec::<String>::new());
}

#[tokio::test]
async fn the_bucket_alone_is_enough_to_deploy_from() {
    let folder = TempDir::new().unwrap();
    let world = World::default();
    let release = whole(folder.path(), "c0ffee", &[]);
    settled(&world, &release, "1").await;
    drop(folder);
    world.state().stack = None;
    world.state().functions.clear();
    let stored = manifest(&world).release().unwrap();
    settled(&world, &stored, "2").await;
    verify(&stored, &settings(), &world).await.unwrap();
}

#[tokio::test]
async fn wherever_a_sync_is_interrupted_the_manifest_is_true_and_the_next_one_finishes() {
    let (old, new) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let before = whole(old.path(), "c0ffee", &[]);
    let after = whole(
        new.path(),
        "decade",
        &["orchestration.zip", "api-stack.yaml", "main.rs"],
    );
    let mut interrupted = 0;
    for count in 0..40 {
        let world = World::default();
        settled(&world, &before, "1").await;
        world.state().writes.clear();
        world.state().dies_after = Some(count);
        if deployed(&world, &after, "2", Replacements::Refused)
            .await
            .is_ok()
        {
            break;
        }
        interrupted += 1;
        let lost = lost(&world);
        assert!(
            lost.is_empty(),
            "after {count} writes the manifest names {lost:?}"
        );
        world.state().dies_after = None;
        settled(&world, &after, "3").await;
        verify(&after, &settings(), &world).await.unwrap();
    }
    assert!(interrupted > 5, "only {interrupted} places were tried");
}

#[tokio::test]
async fn what_the_last_five_manifests_name_stays_and_older_archives_go() {
    let world = World::default();
    let folder = TempDir::new().unwrap();
    let mut releases = Vec::new();
    for number in 0..8 {
        let below = folder.path().join(number.to_string());
        std::fs::create_dir(&below).unwrap();
        let mut release = whole(&below, &format!("commit{number}"), &[]);
        std::fs::write(below.join("orchestration.zip"), format!("version {number}")).unwrap();
        let archive = below.join("orchestration.zip");
        release.functions[1] = deployment::release::artifact("orchestration", &archive).unwrap();
        let time = number.to_string();
        settled(&world, &release, &time).await;
        releases.push(release);
    }
    {
        let state = world.state();
        let present = state.objects.as_ref().unwrap();
        let kept: Vec<usize> = (0..8)
            .filter(|number| present.contains_key(&releases[*number].functions[1].key))
            .collect();
        assert_eq!(kept, [3, 4, 5, 6, 7]);
        let copies = present.keys().filter(|key| key.starts_with(MANIFESTS));
        assert_eq!(copies.count(), 5);
    }
    // What the last run wrote and removed leaves nothing to the next one.
    let again = settled(&world, &releases[7], "9").await;
    assert!(again.steps.is_empty(), "{again}");
}

#[tokio::test]
async fn what_only_the_stack_still_named_goes_once_the_stack_has_changed() {
    let world = World::default();
    let folder = TempDir::new().unwrap();
    let first = whole(folder.path(), "first", &[]);
    settled(&world, &first, "0").await;
    let old = first.functions[1].key.clone();
    // No manifest names it any longer; the stack does.
    world
        .state()
        .objects
        .as_mut()
        .unwrap()
        .retain(|key, _| !key.starts_with(MANIFESTS));
    let below = folder.path().join("second");
    std::fs::create_dir(&below).unwrap();
    let second = whole(&below, "second", &["orchestration.zip"]);
    let plan = settled(&world, &second, "1").await;
    insta::assert_snapshot!(plan);
    assert!(!world.state().objects.as_ref().unwrap().contains_key(&old));
    let again = settled(&world, &second, "2").await;
    assert!(again.steps.is_empty(), "{again}");
}

#[tokio::test]
async fn what_the_bucket_has_lost_or_has_otherwise_is_put_there_again() {
    let world = World::default();
    let folder = TempDir::new().unwrap();
    let release = whole(folder.path(), "c0ffee", &[]);
    settled(&world, &release, "0").await;
    let key = release.functions[1].key.clone();
    let wanted = world.state().objects.as_ref().unwrap()[&key].clone();
    // Of the same size, too.
    for damaged in [None, Some(vec![0; 3]), Some(vec![0; wanted.len()])] {
        {
            let mut state = world.state();
            let objects = state.objects.as_mut().unwrap();
            match &damaged {
                None => drop(objects.remove(&key)),
                Some(bytes) => drop(objects.insert(key.clone(), bytes.clone())),
            }
        }
        let stored = manifest(&world).release().unwrap();
        let refusal = deployed(&world, &stored, "1", Replacements::Refused).await;
        assert!(refusal.is_err(), "{damaged:?}");
        let plan = settled(&world, &release, "2").await;
        assert!(plan.to_string().contains("upload artifacts/orch"), "{plan}");
        assert_eq!(world.state().objects.as_ref().unwrap()[&key], wanted);
    }
    world
        .state()
        .objects
        .as_mut()
        .unwrap()
        .insert(MANIFEST.to_owned(), b"{".to_vec());
    settled(&world, &release, "3").await;
    assert_eq!(manifest(&world).provenance.commit, "c0ffee");
}

#[tokio::test]
async fn a_function_that_runs_other_code_than_its_stack_names_is_repaired() {
    let world = World::default();
    let folder = TempDir::new().unwrap();
    let release = whole(folder.path(), "c0ffee", &[]);
    settled(&world, &release, "0").await;
    let function = "drs-orchestration-test-api-handler".to_owned();
    world.state().functions.insert(function, "0".repeat(64));
    let plan = settled(&world, &release, "1").await;
    insta::assert_snapshot!(plan);
    assert!(plan.touches_executions());
    verify(&release, &settings(), &world).await.unwrap();
}

#[tokio::test]
async fn what_is_somebodys_is_never_removed_and_is_listed_as_an_orphan() {
    let world = World::default();
    let folder = TempDir::new().unwrap();
    let release = whole(folder.path(), "c0ffee", &[]);
    settled(&world, &release, "0").await;
    let mine = [
        "artifacts/mine.zip",
        "cfn/notes.txt",
        "manifests/a-note.json",
        "manifests/mine.txt",
    ];
    for key in mine {
        let mut state = world.state();
        let objects = state.objects.as_mut().unwrap();
        objects.insert(key.to_owned(), b"mine".to_vec());
        let superfluous = format!("lambda/{}/old.rs", "0".repeat(64));
        objects.insert(superfluous, b"old".to_vec());
    }
    let plan = settled(&world, &release, "1").await;
    insta::assert_snapshot!(plan);
    let orphans = deployment::managed_keys::orphans(&world, &settings()).await;
    assert_eq!(orphans.unwrap(), mine);
}

#[tokio::test]
async fn a_bucket_that_is_not_there_has_no_orphans_and_is_said_to_be_missing() {
    let refusal = deployment::managed_keys::orphans(&World::default(), &settings()).await;
    insta::assert_snapshot!(refusal.unwrap_err(), @"there is no bucket deployment-bucket: look whether --bucket, --project, --environment and --region are those that are meant; `cargo xtask sync` makes it");
}

#[tokio::test]
async fn an_archive_that_a_function_runs_is_never_removed() {
    let world = World::default();
    let folder = TempDir::new().unwrap();
    let first = whole(folder.path(), "first", &[]);
    settled(&world, &first, "0").await;
    let runs = first.functions[0].key.clone();
    let digest = first.functions[0].sha256.clone();
    for number in 1..9 {
        let below = folder.path().join(number.to_string());
        std::fs::create_dir(&below).unwrap();
        let release = whole(&below, &format!("commit{number}"), &["api-handler.zip"]);
        // Somebody has put the first code back by hand.
        let function = "drs-orchestration-test-api-handler".to_owned();
        world.state().functions.insert(function, digest.clone());
        let settings = settings();
        let observation = deployment::observation::observe(&world, &settings, &release).await;
        let plan = deployment::plan::sync(&release, &settings, &observation.unwrap()).unwrap();
        assert!(!plan.to_string().contains(&runs[..30]), "{plan}");
        settled(&world, &release, &number.to_string()).await;
    }
}

#[tokio::test]
async fn a_table_is_replaced_only_when_somebody_allows_it() {
    let folder = TempDir::new().unwrap();
    let world = World::default();
    let before = whole(folder.path(), "c0ffee", &[]);
    settled(&world, &before, "1").await;
    world.state().changes = vec![Change {
        action: "Modify".to_owned(),
        replacement: Some("True".to_owned()),
        resource: "DatabaseStack/RecoveryPlansTable".to_owned(),
        resource_type: "AWS::DynamoDB::Table".to_owned(),
        certainty: Certainty::Certain,
    }];
    let after = whole(folder.path(), "decade", &["database-stack.yaml"]);
    let refusal = deployed(&world, &after, "2", Replacements::Refused)
        .await
        .unwrap_err();
    insta::assert_snapshot!(refusal, @"this would replace or remove DatabaseStack/RecoveryPlansTable, which hold data; `--allow-replacement` allows it");
    assert_eq!(world.change_sets("").await.unwrap(), Vec::<String>::new());
    deployed(&world, &after, "3", Replacements::Allowed)
        .await
        .unwrap();
}

#[tokio::test]
async fn an_operation_that_goes_on_is_followed_to_its_end_and_the_deployment_goes_on_from_there() {
    let folder = TempDir::new().unwrap();
    let world = World::default();
    let before = whole(folder.path(), "c0ffee", &[]);
    settled(&world, &before, "1").await;
    world.state().stack.as_mut().unwrap().status = "UPDATE_IN_PROGRESS".to_owned();
    world.state().ends_as = Some("UPDATE_ROLLBACK_COMPLETE".to_owned());
    let after = whole(folder.path(), "decade", &["orchestration.zip"]);
    settled(&world, &after, "2").await;
    verify(&after, &settings(), &world).await.unwrap();
}

#[tokio::test]
async fn tables_that_an_earlier_stack_left_are_named_in_a_refusal() {
    let folder = TempDir::new().unwrap();
    let world = World::default();
    world.state().tables = ["drs-orchestration-test-recovery-plans".to_owned()].into();
    let release = whole(folder.path(), "c0ffee", &[]);
    let refusal = deployed(&world, &release, "1", Replacements::Refused)
        .await
        .unwrap_err();
    insta::assert_snapshot!(refusal, @"an earlier stack left drs-orchestration-test-recovery-plans; `--adopt-tables` makes the new stack take them over, and `cargo xtask destroy --purge` deletes them with all that they hold");
    assert!(world.state().writes.is_empty());
}

#[tokio::test]
async fn a_bucket_of_another_environment_is_refused() {
    let folder = TempDir::new().unwrap();
    let world = World::default();
    let release = whole(folder.path(), "c0ffee", &[]);
    settled(&world, &release, "1").await;
    let mut other = manifest(&world);
    other.environment = "qa".to_owned();
    let bytes = other.to_bytes();
    world
        .state()
        .objects
        .as_mut()
        .unwrap()
        .insert(MANIFEST.to_owned(), bytes);
    let refusal = deployed(&world, &release, "2", Replacements::Refused)
        .await
        .unwrap_err();
    insta::assert_snapshot!(refusal, @"the bucket deployment-bucket belongs to drs-orchestration-qa, and drs-orchestration-test is meant: each environment has a bucket of its own, choose another one with --bucket");
}
