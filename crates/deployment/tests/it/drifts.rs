//! CloudFormation's drift detection, which takes its time and may not see everything.

use deployment::cloud::{Drifted, Nested};
use deployment::drift;

use crate::world::World;

fn world() -> World {
    let world = World::default();
    let nested = |name: &str| Nested {
        resource: name.to_owned(),
        id: format!("arn:{name}"),
        status: "UPDATE_COMPLETE".to_owned(),
    };
    world.state().nested = vec![nested("ApiStack"), nested("SecurityStack")];
    world
}

#[tokio::test]
async fn what_differs_is_told_once_every_detection_is_over() {
    let world = world();
    let alarm = Drifted {
        resource: "ErrorsAlarm".to_owned(),
        how: "MODIFIED".to_owned(),
    };
    world.state().drift = [("arn:SecurityStack".to_owned(), vec![alarm])].into();
    let found = drift::look(&world, "master").await.unwrap();
    assert_eq!(found, ["SecurityStack/ErrorsAlarm is MODIFIED"]);
}

#[tokio::test]
async fn what_could_not_be_looked_at_may_differ_and_is_said() {
    let world = world();
    let reason = "Failed to detect drift on resource Api".to_owned();
    world.state().undetectable = [("arn:ApiStack".to_owned(), reason)].into();
    let found = drift::look(&world, "master").await.unwrap();
    assert_eq!(
        found,
        [
            "ApiStack could not be looked at whole, so it may differ: Failed to detect drift on resource Api"
        ]
    );
}
