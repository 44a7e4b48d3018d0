//! The fast paths: only code, only the console.

use deploy_end_to_end::test_environment::{BUCKET, TestEnvironment};
use serde_json::Value;

#[test]
fn code_alone_is_named_in_the_stack_and_the_next_deployment_has_nothing_to_change() {
    let environment = TestEnvironment::start(31_520).unwrap();
    environment.succeed(&["deploy"]).unwrap();
    environment
        .checkout
        .change_program("orchestration")
        .unwrap();
    environment
        .checkout
        .change_program("execution-finder")
        .unwrap();
    environment.checkout.commit().unwrap();
    environment.proxy.writes();
    let only = ["deploy", "--code-only", "orchestration"];
    let update = environment.succeed(&only).unwrap();
    for line in [
        "shop-dev-orchestration runs its new code",
        "name in the stack what runs already: OrchestrationArtifactKey",
    ] {
        assert!(update.text.contains(line), "{line}: {}", update.text);
    }
    let writes = environment.proxy.writes();
    let updates = writes.iter().filter(|name| name.ends_with("/code")).count();
    assert_eq!(updates, 1, "{writes:?}");
    let archive = writes
        .iter()
        .position(|name| name.contains("artifacts/orchestration-"));
    let code = writes.iter().position(|name| name.ends_with("/code"));
    assert!(archive.unwrap() < code.unwrap(), "{writes:?}");
    environment.succeed(&["verify", "--from-bucket"]).unwrap();
    environment.proxy.writes();
    for command in [&only[..], &["deploy", "--from-bucket"]] {
        let again = environment.succeed(command).unwrap();
        assert!(again.text.contains("nothing to do"), "{}", again.text);
        assert_eq!(environment.proxy.writes(), Vec::<String>::new());
    }
    // What has changed since is all that a deployment of everything changes.
    let full = environment.succeed(&["deploy"]).unwrap();
    let named = |name: &str| full.text.contains(&format!("{name}ArtifactKey: "));
    assert!(named("ExecutionFinder"), "{}", full.text);
    assert!(!named("Orchestration"), "{}", full.text);
}

#[test]
fn code_that_went_ahead_of_its_stack_is_told_and_caught_up_with() {
    let environment = TestEnvironment::start(31_750).unwrap();
    environment.succeed(&["deploy"]).unwrap();
    environment
        .checkout
        .change_program("orchestration")
        .unwrap();
    environment.checkout.commit().unwrap();
    environment.proxy.hold("CreateChangeSet", 0);
    environment
        .kill_where_it_is_held(&["deploy", "--code-only"])
        .unwrap();
    let verdict = environment.run(&["verify", "--from-bucket"]).unwrap();
    assert_eq!(verdict.code, Some(2), "{}", verdict.text);
    let sentence = "code ahead of stack";
    assert!(verdict.text.contains(sentence), "{}", verdict.text);
    let full = environment.succeed(&["deploy", "--from-bucket"]).unwrap();
    let named = full.text.contains("OrchestrationArtifactKey");
    assert!(named, "{}", full.text);
    environment.succeed(&["verify", "--from-bucket"]).unwrap();
}

#[test]
fn the_console_alone_is_published_assets_before_the_page_and_the_page_is_checked() {
    let environment = TestEnvironment::start(31_530).unwrap();
    environment.succeed(&["deploy"]).unwrap();
    assert!(built(&environment, "index.html").contains("<title>one</title>"));
    environment.checkout.paint("two").unwrap();
    environment.proxy.writes();
    let update = environment.succeed(&["deploy", "--frontend-only"]).unwrap();
    assert!(
        update.text.contains("serves the new page"),
        "{}",
        update.text
    );
    let writes = environment.proxy.writes();
    let place = |text: &str| writes.iter().position(|name| name.contains(text)).unwrap();
    let page = place("-console-111122223333-us-west-2/index.html");
    let assets = place("-console-111122223333-us-west-2/assets/two.js");
    assert!(assets < page, "{writes:?}");
    assert!(page < place("/invalidation"), "{writes:?}");
    assert!(built(&environment, "index.html").contains("<title>two</title>"));
    assert_eq!(built(&environment, "assets/two.js"), "two");
    environment.succeed(&["verify", "--from-bucket"]).unwrap();
    environment.proxy.writes();
    environment.succeed(&["deploy", "--frontend-only"]).unwrap();
    let full = environment.succeed(&["deploy"]).unwrap();
    assert!(full.text.contains("nothing to do"), "{}", full.text);
    assert_eq!(environment.proxy.writes(), Vec::<String>::new());
    environment.succeed(&["verify"]).unwrap();
}

#[test]
fn what_drifts_from_its_stack_is_seen_and_repaired_by_the_next_deployment() {
    let environment = TestEnvironment::start(31_710).unwrap();
    environment.succeed(&["deploy"]).unwrap();
    let console = "/shop-dev-console-111122223333-us-west-2";
    for (file, text) in [
        ("index.html", "mine"),
        ("assets/one.js", "two"),
        ("config.json", "{}"),
    ] {
        let path = format!("{console}/{file}");
        environment.emulator().ask("PUT", &path, &[], text).unwrap();
        let verdict = environment.run(&["verify", "--from-bucket"]).unwrap();
        assert_eq!(verdict.code, Some(2), "{file}: {}", verdict.text);
        let dry = ["deploy", "--dry-run", "--detailed-exitcode"];
        let dry = environment.run(&dry).unwrap();
        assert_eq!(dry.code, Some(2), "{file}: {}", dry.text);
        assert!(
            dry.text.contains("publish artifacts/console-"),
            "{}",
            dry.text
        );
        environment.succeed(&["deploy"]).unwrap();
        environment.succeed(&["verify"]).unwrap();
    }
    environment.proxy.writes();
    environment
        .succeed(&["deploy", "--detailed-exitcode"])
        .unwrap();
    assert_eq!(environment.proxy.writes(), Vec::<String>::new());
}

/// A file of the console as it was built, as the bucket's manifest names it.
fn built(environment: &TestEnvironment, file: &str) -> String {
    let get = |key: &str| {
        let path = format!("/{BUCKET}/{key}");
        environment.emulator().ask("GET", &path, &[], "").unwrap()
    };
    let manifest: Value = serde_json::from_str(&get("manifest.json")).unwrap();
    let objects = manifest["objects"].as_object().unwrap();
    let end = format!("/frontend/dist/{file}");
    let keys: Vec<&String> = objects
        .keys()
        .filter(|key| key.starts_with("frontend/") && key.ends_with(&end))
        .collect();
    assert_eq!(keys.len(), 1, "{keys:?}");
    get(keys[0])
}
