//! The fast paths: only code, only the console.

use deploy_end_to_end::ground::Ground;

#[test]
fn code_alone_goes_ahead_of_the_stack_and_the_next_deployment_catches_up() {
    let ground = Ground::start(31_520).unwrap();
    ground.succeed(&["deploy"]).unwrap();
    ground.checkout.change_program("orchestration").unwrap();
    ground.checkout.change_program("execution-finder").unwrap();
    ground.checkout.commit().unwrap();
    ground.proxy.writes();
    let update = ground
        .succeed(&["deploy", "--code-only", "orchestration"])
        .unwrap();
    assert!(
        update
            .text
            .contains("shop-dev-orchestration runs its new code"),
        "{}",
        update.text
    );
    let writes = ground.proxy.writes();
    let updates = writes.iter().filter(|name| name.ends_with("/code")).count();
    assert_eq!(updates, 1, "{writes:?}");
    let archive = writes
        .iter()
        .position(|name| name.contains("artifacts/orchestration-"));
    let code = writes.iter().position(|name| name.ends_with("/code"));
    assert!(archive.unwrap() < code.unwrap(), "{writes:?}");
    let verdict = ground.run(&["verify", "--from-bucket"]).unwrap();
    assert_eq!(verdict.code, Some(2), "{}", verdict.text);
    assert!(
        verdict.text.contains("code ahead of stack"),
        "{}",
        verdict.text
    );
    ground.proxy.writes();
    ground
        .succeed(&["deploy", "--code-only", "orchestration"])
        .unwrap();
    assert_eq!(ground.proxy.writes(), Vec::<String>::new());
    let full = ground.succeed(&["deploy", "--from-bucket"]).unwrap();
    assert!(
        full.text.contains("OrchestrationArtifactKey"),
        "{}",
        full.text
    );
    assert!(
        !full.text.contains("ExecutionFinderArtifactKey"),
        "{}",
        full.text
    );
    ground.succeed(&["verify", "--from-bucket"]).unwrap();
}

#[test]
fn the_console_alone_is_published_assets_before_the_page_and_the_page_is_checked() {
    let ground = Ground::start(31_530).unwrap();
    ground.succeed(&["deploy"]).unwrap();
    ground.checkout.paint("two").unwrap();
    ground.proxy.writes();
    let update = ground.succeed(&["deploy", "--frontend-only"]).unwrap();
    assert!(
        update.text.contains("serves the new page"),
        "{}",
        update.text
    );
    let writes = ground.proxy.writes();
    let place = |text: &str| writes.iter().position(|name| name.contains(text)).unwrap();
    assert!(place("/assets/two.js") < place("/index.html"), "{writes:?}");
    assert!(place("/index.html") < place("/invalidation"), "{writes:?}");
    let verdict = ground.run(&["verify", "--from-bucket"]).unwrap();
    assert!(
        verdict.text.contains("console ahead of stack"),
        "{}",
        verdict.text
    );
    ground.proxy.writes();
    ground.succeed(&["deploy", "--frontend-only"]).unwrap();
    assert_eq!(ground.proxy.writes(), Vec::<String>::new());
    ground.succeed(&["deploy"]).unwrap();
    ground.succeed(&["verify"]).unwrap();
}
