//! Executions that are under way while somebody deploys.

use deploy_end_to_end::ground::Ground;

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
    let ground = Ground::start(31_610).unwrap();
    ground.succeed(&["deploy"]).unwrap();
    ground.emulator().dynamodb("PutItem", EXECUTION).unwrap();
    ground.checkout.change_program("orchestration").unwrap();
    ground.proxy.writes();
    for arguments in [
        &["deploy"][..],
        &["deploy", "--code-only"],
        &["destroy", "--confirm", "dev"],
    ] {
        let refused = ground.run(arguments).unwrap();
        assert_eq!(refused.code, Some(1), "{}", refused.text);
        assert!(
            refused.text.contains("RECOVERY of p-1 (RUNNING, e-1)"),
            "{}",
            refused.text
        );
    }
    assert_eq!(ground.proxy.writes(), Vec::<String>::new());
    // Nothing of it reaches the functions, so it may happen.
    ground.succeed(&["sync"]).unwrap();
    let all_the_same = [
        "deploy",
        "--during-execution",
        "a fix for this very execution",
    ];
    ground.succeed(&all_the_same).unwrap();
    assert!(
        ground
            .proxy
            .writes()
            .iter()
            .any(|name| name.contains("-during-execution.json"))
    );
    ground
        .succeed(&["destroy", "--confirm", "dev", "--abandon-instances"])
        .unwrap();
}

#[test]
fn what_cannot_be_known_is_a_refusal_until_somebody_says_otherwise() {
    let ground = Ground::start(31_620).unwrap();
    ground.succeed(&["deploy"]).unwrap();
    let table = r#"{ "TableName": "shop-dev-execution-history" }"#;
    ground.emulator().dynamodb("DeleteTable", table).unwrap();
    ground.checkout.change_program("orchestration").unwrap();
    let refused = ground.run(&["deploy"]).unwrap();
    assert_eq!(refused.code, Some(1), "{}", refused.text);
    assert!(refused.text.contains("cannot be known"), "{}", refused.text);
    let dry = ground.succeed(&["deploy", "--dry-run"]).unwrap();
    assert!(dry.text.contains("cannot be known"), "{}", dry.text);
    let refused = ground.run(&["destroy", "--confirm", "dev"]).unwrap();
    assert_eq!(refused.code, Some(1), "{}", refused.text);
    ground.proxy.writes();
    ground
        .succeed(&["destroy", "--confirm", "dev", "--abandon-instances"])
        .unwrap();
    let writes = ground.proxy.writes();
    assert!(
        writes
            .iter()
            .any(|name| name.contains("-abandon-instances.json")),
        "{writes:?}"
    );
}
