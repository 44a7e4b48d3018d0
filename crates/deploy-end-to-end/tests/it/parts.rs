//! The fast paths: only code, only the console.

use deploy_end_to_end::ground::{BUCKET, Ground};
use serde_json::Value;

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
    assert!(built(&ground, "index.html").contains("<title>one</title>"));
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
    let page = place("-console-111122223333-us-west-2/index.html");
    let assets = place("-console-111122223333-us-west-2/assets/two.js");
    assert!(assets < page, "{writes:?}");
    assert!(page < place("/invalidation"), "{writes:?}");
    let verdict = ground.run(&["verify", "--from-bucket"]).unwrap();
    assert!(built(&ground, "index.html").contains("<title>two</title>"));
    assert_eq!(built(&ground, "assets/two.js"), "two");
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

#[test]
fn what_drifts_from_its_stack_is_seen_and_repaired_by_the_next_deployment() {
    let ground = Ground::start(31_710).unwrap();
    ground.succeed(&["deploy"]).unwrap();
    let console = "/shop-dev-console-111122223333-us-west-2";
    for (file, text) in [
        ("index.html", "mine"),
        ("assets/one.js", "two"),
        ("config.json", "{}"),
    ] {
        let path = format!("{console}/{file}");
        ground.emulator().ask("PUT", &path, &[], text).unwrap();
        let verdict = ground.run(&["verify", "--from-bucket"]).unwrap();
        assert_eq!(verdict.code, Some(2), "{file}: {}", verdict.text);
        let dry = ["deploy", "--dry-run", "--detailed-exitcode"];
        let dry = ground.run(&dry).unwrap();
        assert_eq!(dry.code, Some(2), "{file}: {}", dry.text);
        assert!(
            dry.text.contains("publish artifacts/console-"),
            "{}",
            dry.text
        );
        ground.succeed(&["deploy"]).unwrap();
        ground.succeed(&["verify"]).unwrap();
    }
    ground.proxy.writes();
    ground.succeed(&["deploy", "--detailed-exitcode"]).unwrap();
    assert_eq!(ground.proxy.writes(), Vec::<String>::new());
}

/// A file of the console as it was built, as the bucket's manifest names it.
fn built(ground: &Ground, file: &str) -> String {
    let get = |key: &str| {
        let path = format!("/{BUCKET}/{key}");
        ground.emulator().ask("GET", &path, &[], "").unwrap()
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
