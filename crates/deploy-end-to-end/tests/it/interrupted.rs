//! Killed in the middle, and started once more.

use deploy_end_to_end::test_environment::{BUCKET, TestEnvironment};
use serde_json::Value;

fn manifest(environment: &TestEnvironment) -> Value {
    let path = format!("/{BUCKET}/manifest.json");
    let text = environment.emulator().ask("GET", &path, &[], "").unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn a_killed_sync_leaves_the_manifest_true_and_the_next_one_finishes() {
    let environment = TestEnvironment::start(31_560).unwrap();
    environment.succeed(&["sync"]).unwrap();
    let before = manifest(&environment);
    environment
        .checkout
        .change_program("orchestration")
        .unwrap();
    environment
        .checkout
        .replace("cfn/api-stack.yaml", "Description: ", "Description:  ")
        .unwrap();
    environment.checkout.commit().unwrap();
    environment.proxy.hold("PUT /", 3);
    environment.kill_where_it_is_held(&["sync"]).unwrap();
    assert_eq!(manifest(&environment), before);
    for key in before["objects"].as_object().unwrap().keys() {
        environment
            .emulator()
            .download(&format!("/{BUCKET}/{key}"))
            .unwrap();
    }
    // The lock of a process that has ended is no obstacle.
    environment.succeed(&["sync"]).unwrap();
    assert_ne!(manifest(&environment), before);
    environment.proxy.writes();
    environment.succeed(&["sync"]).unwrap();
    assert_eq!(environment.proxy.writes(), Vec::<String>::new());
}

#[test]
fn a_killed_deployment_is_taken_up_by_the_next_one() {
    let environment = TestEnvironment::start(31_570).unwrap();
    for operation in ["CreateChangeSet", "ExecuteChangeSet", "DescribeStackEvents"] {
        environment
            .checkout
            .change_program("orchestration")
            .unwrap();
        environment.checkout.commit().unwrap();
        environment.proxy.hold(operation, 0);
        environment.kill_where_it_is_held(&["deploy"]).unwrap();
        environment.succeed(&["deploy"]).unwrap();
        environment.succeed(&["verify"]).unwrap();
    }
}

#[test]
fn the_second_of_two_deployments_is_told_who_is_at_work() {
    let environment = TestEnvironment::start(31_580).unwrap();
    environment.succeed(&["sync"]).unwrap();
    environment.proxy.hold("CreateChangeSet", 0);
    let mut first = environment.tool(&["deploy"]).spawn().unwrap();
    while !environment.proxy.holds() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let second = environment.run(&["deploy"]).unwrap();
    assert_eq!(second.code, Some(1), "{}", second.text);
    assert!(
        second.text.contains("a deployment runs since"),
        "{}",
        second.text
    );
    first.kill().unwrap();
    first.wait().unwrap();
}
