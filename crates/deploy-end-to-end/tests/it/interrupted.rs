//! Killed in the middle, and started once more.

use deploy_end_to_end::ground::{BUCKET, Ground};
use serde_json::Value;

fn manifest(ground: &Ground) -> Value {
    let path = format!("/{BUCKET}/manifest.json");
    let text = ground.emulator().ask("GET", &path, &[], "").unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn a_killed_sync_leaves_the_manifest_true_and_the_next_one_finishes() {
    let ground = Ground::start(31_560).unwrap();
    ground.succeed(&["sync"]).unwrap();
    let before = manifest(&ground);
    ground.checkout.change_program("orchestration").unwrap();
    ground
        .checkout
        .replace("cfn/api-stack.yaml", "Description: ", "Description:  ")
        .unwrap();
    ground.checkout.commit().unwrap();
    ground.proxy.hold("PUT /", 3);
    ground.kill_where_it_is_held(&["sync"]).unwrap();
    assert_eq!(manifest(&ground), before);
    for key in before["objects"].as_object().unwrap().keys() {
        ground
            .emulator()
            .download(&format!("/{BUCKET}/{key}"))
            .unwrap();
    }
    // The lock of a process that has ended is no obstacle.
    ground.succeed(&["sync"]).unwrap();
    assert_ne!(manifest(&ground), before);
    ground.proxy.writes();
    ground.succeed(&["sync"]).unwrap();
    assert_eq!(ground.proxy.writes(), Vec::<String>::new());
}

#[test]
fn a_killed_deployment_is_taken_up_by_the_next_one() {
    let ground = Ground::start(31_570).unwrap();
    for operation in ["CreateChangeSet", "ExecuteChangeSet", "DescribeStackEvents"] {
        ground.checkout.change_program("orchestration").unwrap();
        ground.checkout.commit().unwrap();
        ground.proxy.hold(operation, 0);
        ground.kill_where_it_is_held(&["deploy"]).unwrap();
        ground.succeed(&["deploy"]).unwrap();
        ground.succeed(&["verify"]).unwrap();
    }
}

#[test]
fn the_second_of_two_deployments_is_told_who_is_at_work() {
    let ground = Ground::start(31_580).unwrap();
    ground.succeed(&["sync"]).unwrap();
    ground.proxy.hold("CreateChangeSet", 0);
    let mut first = ground.tool(&["deploy"]).spawn().unwrap();
    while !ground.proxy.holds() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let second = ground.run(&["deploy"]).unwrap();
    assert_eq!(second.code, Some(1), "{}", second.text);
    assert!(
        second.text.contains("a deployment runs since"),
        "{}",
        second.text
    );
    first.kill().unwrap();
    first.wait().unwrap();
}
