//! The CloudFormation of these tests behaves as AWS documents it; what is proved over it is worth no
//! more than that.

use std::collections::{BTreeMap, BTreeSet};

use deployment::cloud::{
    ChangeSet, ChangeSetName, Cloud, Creation, ObjectStore, Operation, Stacks, Taken, Target,
    TemplateText,
};
use deployment::release::{Body, Release};
use deployment::settings::Settings;
use tempfile::TempDir;

use crate::releases::{of_templates, settings_of};
use crate::world::{Broken, World};

const STACK: &str = "drs-orchestration-prod";

/// A world whose bucket holds the release, and the settings of its production.
async fn world(folder: &TempDir) -> (World, Release, Settings) {
    let world = World::default();
    let settings = settings_of("prod");
    let release = of_templates(folder.path(), "c0ffee", &[]);
    world.create_bucket(&settings.bucket).await.unwrap();
    for object in release.objects() {
        let body: &Body = &object.body;
        let about = BTreeMap::new();
        let put = world.put(&settings.bucket, &object.key, body, &about);
        put.await.unwrap();
    }
    (world, release, settings)
}

fn target(name: &str, release: &Release, settings: &Settings) -> Target {
    Target {
        stack: STACK.to_owned(),
        name: name.to_owned(),
        template: TemplateText::At(settings.address(&release.master().key)),
        parameters: settings.parameters(release),
        kept: Vec::new(),
    }
}

async fn described(world: &World, name: &str) -> ChangeSet {
    let name = ChangeSetName::Of { stack: STACK, name };
    world.change_set(name).await.unwrap()
}

/// Waits until a change set is no longer being made or deleted.
async fn settled(world: &World, name: &str) -> ChangeSet {
    for _ in 0..20 {
        world.pause().await;
        let set = described(world, name).await;
        if set != ChangeSet::Pending {
            return set;
        }
    }
    panic!("{name} does not come to an end");
}

/// Makes a change set and carries it out.
async fn done(world: &World, operation: Operation, target: &Target) {
    world.create_change_set(operation, target).await.unwrap();
    let set = settled(world, &target.name).await;
    assert!(matches!(set, ChangeSet::Ready(_)), "{set:?}");
    let taken = world.execute_change_set(STACK, &target.name).await.unwrap();
    assert_eq!(taken, Taken::Begun);
    over(world).await;
}

/// The stack as it is made first.
async fn created(world: &World, release: &Release, settings: &Settings) {
    done(world, Operation::Create, &target("one", release, settings)).await;
}

async fn over(world: &World) {
    for _ in 0..20 {
        world.pause().await;
    }
}

async fn status(world: &World) -> Option<String> {
    world.stack(STACK).await.unwrap().map(|stack| stack.status)
}

#[tokio::test]
async fn a_change_set_is_made_and_deleted_in_its_own_time_and_refuses_what_comes_too_early() {
    let folder = TempDir::new().unwrap();
    let (world, release, settings) = world(&folder).await;
    let target = target("one", &release, &settings);
    let create = async || {
        let made = world.create_change_set(Operation::Create, &target).await;
        made.unwrap()
    };
    let delete = async || world.delete_change_set(STACK, "one").await.unwrap();
    assert_eq!(create().await, Creation::Begun);
    assert_eq!(status(&world).await.unwrap(), "REVIEW_IN_PROGRESS");
    assert_eq!(described(&world, "one").await, ChangeSet::Pending);
    assert!(matches!(delete().await, Taken::NotYet(_)));
    let early = world.execute_change_set(STACK, "one").await.unwrap();
    assert!(matches!(early, Taken::NotYet(_)));
    assert!(matches!(settled(&world, "one").await, ChangeSet::Ready(_)));
    assert_eq!(create().await, Creation::NameTaken);
    assert_eq!(delete().await, Taken::Begun);
    assert!(matches!(delete().await, Taken::NotYet(_)));
    assert_eq!(create().await, Creation::NameTaken, "while it is deleted");
    assert_eq!(settled(&world, "one").await, ChangeSet::Gone);
    assert_eq!(delete().await, Taken::Begun, "there is none to delete");
}

#[tokio::test]
async fn a_change_set_without_changes_fails() {
    let folder = TempDir::new().unwrap();
    let (world, release, settings) = world(&folder).await;
    created(&world, &release, &settings).await;
    let again = target("two", &release, &settings);
    world
        .create_change_set(Operation::Update, &again)
        .await
        .unwrap();
    let ChangeSet::Failed(failed) = settled(&world, "two").await else {
        panic!("it has changes");
    };
    assert!(failed.reason.contains("didn't contain changes"));
}

#[tokio::test]
async fn what_exists_fails_the_nested_change_set_and_only_its_events_say_what() {
    let folder = TempDir::new().unwrap();
    let (world, release, settings) = world(&folder).await;
    let table = format!("{STACK}-recovery-plans");
    world.state().tables = [table.clone()].into();
    // Imported is what has a literal name alone: those of the release are made by a function.
    for (name, operation) in [
        ("one", Operation::Create),
        ("two", Operation::CreateAdopting),
    ] {
        let target = target(name, &release, &settings);
        world.create_change_set(operation, &target).await.unwrap();
        let ChangeSet::Failed(root) = settled(&world, name).await else {
            panic!("{name} is made");
        };
        assert!(root.reason.starts_with("Nested change set arn:"));
        assert!(
            root.reason
                .ends_with(" was not successfully created: Currently in FAILED.")
        );
        assert!(world.failed_events(&root.id).await.unwrap().is_empty());
        let id = root.reason.split(' ').nth(3).unwrap();
        let nested = world.change_set(ChangeSetName::Id(id)).await.unwrap();
        let ChangeSet::Failed(nested) = nested else {
            panic!("{id} is made");
        };
        assert!(
            nested.reason.contains("DescribeEvents"),
            "{}",
            nested.reason
        );
        let events = world.failed_events(&nested.id).await.unwrap();
        assert_eq!(events.len(), 1);
        assert!(events[0].reason.contains(&table), "{events:?}");
        world.delete_change_set(STACK, name).await.unwrap();
        over(&world).await;
    }
}

#[tokio::test]
async fn protection_from_deletion_stops_the_rollback_of_a_creation() {
    let folder = TempDir::new().unwrap();
    let (world, release, settings) = world(&folder).await;
    world.state().broken = Some(Broken {
        place: "LambdaStack/OrchestrationFunction".to_owned(),
        reason: "no".to_owned(),
    });
    created(&world, &release, &settings).await;
    assert_eq!(status(&world).await.unwrap(), "ROLLBACK_FAILED");
    assert_eq!(world.state().tables.len(), 3);
    let events = world.events(STACK).await.unwrap();
    let statuses: BTreeSet<&str> = events.iter().map(|event| event.status.as_str()).collect();
    assert!(statuses.contains("DELETE_FAILED"), "{statuses:?}");
    // They stay behind when the stack is deleted.
    world.delete_stack(STACK).await.unwrap();
    over(&world).await;
    assert_eq!(status(&world).await, None);
    assert_eq!(world.state().tables.len(), 3);
}

#[tokio::test]
async fn what_is_retained_outlives_its_stack_except_a_creation_that_is_rolled_back() {
    let folder = TempDir::new().unwrap();
    for breaks in [true, false] {
        let (world, release, mut settings) = world(&folder).await;
        "test".clone_into(&mut settings.environment);
        world.state().broken = breaks.then(|| Broken {
            place: "ApiStack/RestApi".to_owned(),
            reason: "no".to_owned(),
        });
        created(&world, &release, &settings).await;
        let (ended, left) = if breaks {
            ("ROLLBACK_COMPLETE", 0)
        } else {
            ("CREATE_COMPLETE", 3)
        };
        assert_eq!(status(&world).await.unwrap(), ended);
        world.delete_stack(STACK).await.unwrap();
        over(&world).await;
        assert_eq!(world.state().tables.len(), left);
    }
}

#[tokio::test]
async fn a_deletion_that_fails_leaves_the_stack_and_an_update_that_fails_goes_back() {
    let folder = TempDir::new().unwrap();
    let (world, release, settings) = world(&folder).await;
    created(&world, &release, &settings).await;
    let before = world.stack(STACK).await.unwrap().unwrap().parameters;
    let mut other = target("two", &release, &settings);
    let level = ("LogLevel".to_owned(), "DEBUG".to_owned());
    other.parameters.extend([level]);
    let broken = |place: &str| Broken {
        place: place.to_owned(),
        reason: "no".to_owned(),
    };
    world.state().broken = Some(broken("LambdaStack/OrchestrationFunction"));
    done(&world, Operation::Update, &other).await;
    let stack = world.stack(STACK).await.unwrap().unwrap();
    assert_eq!(stack.status, "UPDATE_ROLLBACK_COMPLETE");
    assert_eq!(stack.parameters, before);
    world.state().undeletable = Some(broken("FrontendStack/ConsoleBucket"));
    world.delete_stack(STACK).await.unwrap();
    over(&world).await;
    assert_eq!(status(&world).await.unwrap(), "DELETE_FAILED");
    world.delete_stack(STACK).await.unwrap();
    over(&world).await;
    assert_eq!(status(&world).await, None);
}

#[tokio::test]
async fn an_operation_is_seen_only_some_time_after_it_was_asked_for() {
    let folder = TempDir::new().unwrap();
    let (world, release, settings) = world(&folder).await;
    let target = target("one", &release, &settings);
    world
        .create_change_set(Operation::Create, &target)
        .await
        .unwrap();
    settled(&world, "one").await;
    world.execute_change_set(STACK, "one").await.unwrap();
    assert_eq!(status(&world).await.unwrap(), "REVIEW_IN_PROGRESS");
    world.pause().await;
    assert_eq!(status(&world).await.unwrap(), "CREATE_IN_PROGRESS");
    over(&world).await;
    assert_eq!(status(&world).await.unwrap(), "CREATE_COMPLETE");
    assert_eq!(
        world.change_sets(STACK).await.unwrap(),
        Vec::<String>::new()
    );
}
