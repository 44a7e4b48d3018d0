//! Executions that are under way while somebody deploys.

use deploy_end_to_end::test_environment::TestEnvironment;

const EXECUTION: &str = r#"{
    "TableName": "shop-dev-execution-history",
    "Item": {
        "pk": { "S": "EXECUTION#e-1" }, "sk": { "S": "META" },
        "live": { "S": "LIVE" }, "drivenUntil": { "S": "2026-01-01T00:00:00Z" },
        "kind": { "S": "RECOVERY" }, "status": { "S": "RUNNING" },
        "recoveryPlanId": { "S": "p-1" }
    }
}"#;

#[test]
fn what_is_under_way_is_named_and_only_said_reasons_override() {
    let environment = TestEnvironment::start(31_610).unwrap();
    environment.succeed(&["deploy"]).unwrap();
    environment
        .emulator()
        .dynamodb("PutItem", EXECUTION)
        .unwrap();
    environment
        .checkout
        .change_program("orchestration")
        .unwrap();
    environment.proxy.writes();
    for arguments in [
        &["deploy"][..],
        &["deploy", "--code-only"],
        &["destroy", "--confirm", "dev"],
    ] {
        let refused = environment.run(arguments).unwrap();
        assert_eq!(refused.code, Some(1), "{}", refused.text);
        assert!(
            refused.text.contains("RECOVERY of p-1 (RUNNING, e-1)"),
            "{}",
            refused.text
        );
    }
    assert_eq!(environment.proxy.writes(), Vec::<String>::new());
    // Nothing of it reaches the functions, so it may happen.
    environment.succeed(&["sync"]).unwrap();
    let all_the_same = [
        "deploy",
        "--during-execution",
        "a fix for this very execution",
    ];
    environment.succeed(&all_the_same).unwrap();
    assert!(
        environment
            .proxy
            .writes()
            .iter()
            .any(|name| name.contains("-during-execution.json"))
    );
    environment
        .succeed(&["destroy", "--confirm", "dev", "--abandon-instances"])
        .unwrap();
}

#[test]
fn what_cannot_be_known_is_a_refusal_until_somebody_says_otherwise() {
    let environment = TestEnvironment::start(31_620).unwrap();
    environment.succeed(&["deploy"]).unwrap();
    let table = r#"{ "TableName": "shop-dev-execution-history" }"#;
    environment
        .emulator()
        .dynamodb("DeleteTable", table)
        .unwrap();
    environment
        .checkout
        .change_program("orchestration")
        .unwrap();
    let refused = environment.run(&["deploy"]).unwrap();
    assert_eq!(refused.code, Some(1), "{}", refused.text);
    assert!(refused.text.contains("cannot be known"), "{}", refused.text);
    let dry = environment.succeed(&["deploy", "--dry-run"]).unwrap();
    assert!(dry.text.contains("cannot be known"), "{}", dry.text);
    let refused = environment.run(&["destroy", "--confirm", "dev"]).unwrap();
    assert_eq!(refused.code, Some(1), "{}", refused.text);
    environment.proxy.writes();
    environment
        .succeed(&["destroy", "--confirm", "dev", "--abandon-instances"])
        .unwrap();
    let writes = environment.proxy.writes();
    assert!(
        writes
            .iter()
            .any(|name| name.contains("-abandon-instances.json")),
        "{writes:?}"
    );
}
