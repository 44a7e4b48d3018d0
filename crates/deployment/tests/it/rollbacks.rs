//! What a stack may go back to stays in the bucket, or comes back into it.

use std::path::Path;

use deployment::apply::Replacements;
use deployment::cloud::{Nested, StackState};
use deployment::failure::{NESTED_STACK, StackEvent};
use deployment::release::{Release, artifact, digest};
use tempfile::TempDir;

use crate::releases::{deployed, settled, synced, whole};
use crate::world::World;

/// A release that differs from every other one in the code of one function.
fn numbered(folder: &Path, number: usize) -> Release {
    let below = folder.join(number.to_string());
    std::fs::create_dir(&below).unwrap();
    let mut release = whole(&below, &format!("commit{number}"), &[]);
    let archive = below.join("orchestration.zip");
    std::fs::write(&archive, format!("version {number}")).unwrap();
    release.functions[1] = artifact("orchestration", &archive).unwrap();
    release
}

/// A nested stack that was made of another template and other code than any manifest names.
fn nest(world: &World) -> [String; 2] {
    let code = format!("artifacts/api-handler-{}.zip", digest(b"nested"));
    let template = format!("cfn/{}/lambda-stack.yaml", digest(b"nested template"));
    let mut state = world.state();
    state.nested = vec![Nested {
        resource: "LambdaStack".to_owned(),
        id: "arn:stack/nested/1".to_owned(),
        status: "UPDATE_COMPLETE".to_owned(),
    }];
    let nested = StackState {
        parameters: [("ApiHandlerArtifactKey".to_owned(), code.clone())].into(),
        ..StackState::default()
    };
    state.nested_states = [("arn:stack/nested/1".to_owned(), nested)].into();
    state.nested_templates = [(
        "arn:stack/nested/1".to_owned(),
        "nested template".to_owned(),
    )]
    .into();
    let objects = state.objects.as_mut().unwrap();
    objects.insert(code.clone(), b"nested".to_vec());
    objects.insert(template.clone(), b"nested template".to_vec());
    [code, template]
}

fn has(world: &World, key: &str) -> bool {
    world.state().objects.as_ref().unwrap().contains_key(key)
}

#[tokio::test]
async fn what_the_stacks_name_stays_however_many_manifests_have_come_since() {
    let world = World::default();
    let folder = TempDir::new().unwrap();
    let first = numbered(folder.path(), 0);
    settled(&world, &first, "0").await;
    let nested = nest(&world);
    for number in 1..9 {
        let release = numbered(folder.path(), number);
        synced(&world, &release, &number.to_string()).await;
        // Only the code runs ahead: the stack names what it named.
        world.state().functions.clear();
    }
    assert!(has(&world, &first.functions[1].key));
    assert!(nested.iter().all(|key| has(&world, key)), "{nested:?}");
}

#[tokio::test]
async fn while_a_change_is_unfinished_nothing_goes_that_it_may_go_back_to() {
    let world = World::default();
    let folder = TempDir::new().unwrap();
    let first = numbered(folder.path(), 0);
    settled(&world, &first, "0").await;
    {
        // The service already shows what the failed update wanted.
        let mut state = world.state();
        let stack = state.stack.as_mut().unwrap();
        "UPDATE_ROLLBACK_FAILED".clone_into(&mut stack.status);
        stack.parameters.clear();
        state.functions.clear();
    }
    for number in 1..9 {
        let release = numbered(folder.path(), number);
        synced(&world, &release, &number.to_string()).await;
    }
    assert!(has(&world, &first.functions[1].key));
}

fn stuck(world: &World) {
    let mut state = world.state();
    let stack = state.stack.as_mut().unwrap();
    "UPDATE_ROLLBACK_FAILED".clone_into(&mut stack.status);
}

#[tokio::test]
async fn what_the_rollback_needs_is_put_back_before_it_is_continued() {
    let world = World::default();
    let folder = TempDir::new().unwrap();
    let first = numbered(folder.path(), 0);
    settled(&world, &first, "0").await;
    stuck(&world);
    let key = first.functions[1].key.clone();
    {
        let mut state = world.state();
        let lost = state.objects.as_mut().unwrap().remove(&key).unwrap();
        state.removed.insert(key.clone(), lost);
        state.writes.clear();
    }
    let second = numbered(folder.path(), 1);
    let plan = settled(&world, &second, "1").await;
    insta::assert_snapshot!(plan);
    let writes = world.state().writes.clone();
    let place = |text: &str| writes.iter().position(|write| write.contains(text));
    assert!(
        place(&format!("put {key}")).unwrap() < place("continue rollback").unwrap(),
        "{writes:?}"
    );
}

fn failed(
    id: &str,
    stack: &str,
    resource_type: &str,
    physical_id: &str,
    reason: &str,
) -> StackEvent {
    StackEvent {
        id: id.to_owned(),
        at: 1,
        stack: stack.to_owned(),
        resource: "LambdaStack".to_owned(),
        physical_id: physical_id.to_owned(),
        resource_type: resource_type.to_owned(),
        status: "UPDATE_FAILED".to_owned(),
        reason: reason.to_owned(),
    }
}

#[tokio::test]
async fn a_continuation_that_fails_is_told_by_its_own_cause() {
    let world = World::default();
    let folder = TempDir::new().unwrap();
    let first = numbered(folder.path(), 0);
    settled(&world, &first, "0").await;
    stuck(&world);
    let master = "drs-orchestration-test";
    let function = "AWS::Lambda::Function";
    let outer = failed(
        "1",
        master,
        NESTED_STACK,
        "arn::stack/nested/1",
        "Embedded stack failed",
    );
    let old = failed("2", "nested", function, "", "the first failure, long ago");
    let new = failed("3", "nested", function, "", "Failed to fetch code");
    {
        let mut state = world.state();
        state.events.insert(master.to_owned(), vec![outer]);
        state
            .events
            .insert("arn::stack/nested/1".to_owned(), vec![old]);
        state.continuation_fails = vec![("arn::stack/nested/1".to_owned(), new)];
    }
    let failure = deployed(&world, &first, "1", Replacements::Refused)
        .await
        .unwrap_err();
    insta::assert_snapshot!(failure);
}
