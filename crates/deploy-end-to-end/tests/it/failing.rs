//! Deployments that fail, and the ones after them.

use std::fs;

use deploy_end_to_end::test_environment::TestEnvironment;

#[test]
fn a_failing_custom_resource_is_named_rolled_back_and_repaired_by_the_next_deployment() {
    let environment = TestEnvironment::start(31_540).unwrap();
    environment.succeed(&["deploy"]).unwrap();
    // An archive without a page is one that the frontend builder refuses.
    let page = environment.checkout.console.join("index.html");
    let text = fs::read_to_string(&page).unwrap();
    fs::remove_file(&page).unwrap();
    environment
        .checkout
        .change_program("orchestration")
        .unwrap();
    let failed = environment.run(&["deploy"]).unwrap();
    assert_eq!(failed.code, Some(1), "{}", failed.text);
    let cause = failed
        .text
        .lines()
        .find(|line| line.contains("first cause"))
        .unwrap();
    assert!(
        cause.contains("Console (Custom::Console) in shop-dev-FrontendStack"),
        "{cause}"
    );
    assert!(cause.contains("no index.html"), "{cause}");
    assert!(
        failed
            .text
            .contains("does not run the code of the manifest"),
        "{}",
        failed.text
    );
    // What is served is the old console: nothing of it is ahead.
    let verdict = environment.run(&["verify", "--from-bucket"]).unwrap();
    assert_eq!(verdict.code, Some(2), "{}", verdict.text);
    assert!(
        !verdict.text.contains("console ahead of stack"),
        "{}",
        verdict.text
    );
    fs::write(&page, text).unwrap();
    environment.succeed(&["deploy"]).unwrap();
    environment.succeed(&["verify"]).unwrap();
}

#[test]
fn a_stack_that_could_not_be_created_is_deleted_and_created() {
    let environment = TestEnvironment::start(31_550).unwrap();
    let page = environment.checkout.console.join("index.html");
    let text = fs::read_to_string(&page).unwrap();
    fs::remove_file(&page).unwrap();
    let failed = environment.run(&["deploy"]).unwrap();
    assert_eq!(failed.code, Some(1), "{}", failed.text);
    fs::write(&page, text).unwrap();
    let dry = environment.succeed(&["deploy", "--dry-run"]).unwrap();
    assert!(
        dry.text
            .contains("delete stack, which is ROLLBACK_COMPLETE"),
        "{}",
        dry.text
    );
}
