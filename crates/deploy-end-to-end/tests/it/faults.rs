//! A service that throttles, fails, is slow, and drops connections.

use std::time::Duration;

use deploy_end_to_end::test_environment::{TestEnvironment, run, tool_at};
use fault_proxy::{Fault, Schedule};

#[test]
fn throttles_errors_slow_answers_and_lost_connections_are_survived_and_told() {
    let environment = TestEnvironment::start(31_590).unwrap();
    let slow = Fault::Slow(Duration::from_millis(800));
    environment.proxy.spoil(Schedule {
        every: 6,
        faults: vec![Fault::Throttle, Fault::ServerError, slow, Fault::Drop],
        ..Schedule::default()
    });
    let first = environment.succeed(&["deploy"]).unwrap();
    assert!(
        environment.proxy.spoilt() >= 8,
        "only {} requests were spoilt",
        environment.proxy.spoilt()
    );
    assert!(
        first.text.contains("did not succeed; attempt 2 follows"),
        "{}",
        first.text
    );
    environment
        .checkout
        .change_program("orchestration")
        .unwrap();
    environment.succeed(&["deploy", "--code-only"]).unwrap();
    environment.proxy.spoil(Schedule::default());
    environment.succeed(&["deploy"]).unwrap();
    environment.succeed(&["verify"]).unwrap();
}

#[test]
fn a_service_that_cannot_be_reached_is_told_in_a_sentence() {
    let environment = TestEnvironment::start(31_600).unwrap();
    environment.proxy.spoil(Schedule {
        every: 1,
        faults: vec![Fault::Throttle],
        ..Schedule::default()
    });
    let throttled = environment.run(&["status"]).unwrap();
    assert_eq!(throttled.code, Some(1), "{}", throttled.text);
    assert!(
        throttled.text.contains("asks to be called less often"),
        "{}",
        throttled.text
    );
    let tool = environment.checkout.programs.join("drs-deploy");
    let nobody = run(&mut tool_at("http://127.0.0.1:9", &tool, &["status"])).unwrap();
    assert_eq!(nobody.code, Some(1), "{}", nobody.text);
    assert!(
        nobody.text.contains("the service cannot be reached"),
        "{}",
        nobody.text
    );
}
