//! Delete.

use crate::fakes::{World, event};

async fn published() -> World {
    let world = World::new();
    for code in ["assets/a-11111111.js", "assets/a-22222222.js"] {
        let key = world.archive(&[("index.html", code), (code, "code")]);
        world
            .resource()
            .perform(event("Update", &key))
            .await
            .unwrap();
    }
    world.state().journal.clear();
    world
}

#[tokio::test]
async fn a_deleted_stack_and_a_rolled_back_creation_leave_no_version_and_no_marker() {
    for status in ["DELETE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"] {
        let world = published().await;
        world.state().stack_status = status.to_owned();
        assert!(world.state().versions.values().flatten().count() > 5);
        world
            .resource()
            .perform(event("Delete", "k"))
            .await
            .unwrap();
        assert!(world.state().versions.is_empty(), "{status}");
    }
}

#[tokio::test]
async fn in_every_other_status_the_console_stays_and_the_answer_is_success() {
    for status in [
        "CREATE_COMPLETE",
        "CREATE_IN_PROGRESS",
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "IMPORT_ROLLBACK_IN_PROGRESS",
        "A_STATUS_OF_TOMORROW",
    ] {
        let world = published().await;
        let before = world.current();
        world.state().stack_status = status.to_owned();
        world
            .resource()
            .perform(event("Delete", "k"))
            .await
            .unwrap();
        assert_eq!(world.current(), before, "{status}");
        assert_eq!(world.state().journal.len(), 1, "only the status is read");
    }
}

#[tokio::test]
async fn a_status_that_cannot_be_read_deletes_nothing_and_fails() {
    let world = published().await;
    let before = world.current();
    world.state().broken = Some("DescribeStacks");
    let failure = world
        .resource()
        .perform(event("Delete", "k"))
        .await
        .unwrap_err();
    assert!(failure.to_string().starts_with("DescribeStacks of"));
    assert_eq!(world.current(), before);
}

#[tokio::test]
async fn a_bucket_that_is_gone_already_is_no_failure() {
    let world = published().await;
    world.state().stack_status = "DELETE_IN_PROGRESS".to_owned();
    world.state().bucket_exists = false;
    world
        .resource()
        .perform(event("Delete", "k"))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_creation_that_failed_for_its_properties_can_be_deleted() {
    let world = World::new();
    world.state().stack_status = "ROLLBACK_IN_PROGRESS".to_owned();
    let mut event = event("Delete", "k");
    event["ResourceProperties"] = serde_json::json!({ "Buckett": "misspelt" });
    world.resource().perform(event).await.unwrap();
    assert!(world.state().journal.is_empty());
}

#[tokio::test]
async fn an_emptying_that_fails_is_reported() {
    let world = published().await;
    world.state().stack_status = "DELETE_IN_PROGRESS".to_owned();
    world.state().broken = Some("DeleteObjects");
    let failure = world
        .resource()
        .perform(event("Delete", "k"))
        .await
        .unwrap_err();
    assert!(failure.to_string().contains("AccessDenied"));
}
