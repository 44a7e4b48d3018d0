//! Environments and orphans.

use deploy_end_to_end::test_environment::{BUCKET, TestEnvironment, run};
use serde_json::Value;

#[test]
fn production_is_refused_outside_the_pipeline_and_taken_in_it() {
    let environment = TestEnvironment::start(31_630).unwrap();
    let production = ["--environment", "prod"];
    let mut desk = environment.tool(&["sync"]);
    let refused = run(desk.args(production)).unwrap();
    assert_eq!(refused.code, Some(1), "{}", refused.text);
    assert!(
        refused
            .text
            .contains("production is changed by the pipeline alone"),
        "{}",
        refused.text
    );
    assert_eq!(environment.proxy.writes(), Vec::<String>::new());
    let mut job = environment.tool(&["sync"]);
    job.env("DRS_ORCHESTRATION_ENVIRONMENT", "prod")
        .env("CI", "true")
        .env("CI_COMMIT_REF_PROTECTED", "true")
        .env("CI_ENVIRONMENT_TIER", "production");
    let taken = run(&mut job).unwrap();
    assert_eq!(taken.code, Some(0), "{}", taken.text);
    // Where nothing is changed, no exception is made.
    for exceptions in [1, 0] {
        let tool = environment.checkout.programs.join("drs-deploy");
        let mut glass = environment.bare_tool(&tool, &["deploy", "--from-bucket"]);
        glass.args(["--break-glass", "the pipeline is down"]);
        let broken = run(glass.args(production)).unwrap();
        assert_eq!(broken.code, Some(0), "{}", broken.text);
        let loud = broken.text.matches("*** BREAK GLASS").count();
        assert_eq!(loud, exceptions, "{}", broken.text);
        assert_eq!(recorded(&environment), exceptions);
        // A creation goes without what protects from deletion; the step after it brings that.
        let protects = "update stack to the release's own templates";
        let steps = broken.text.matches(protects).count();
        assert_eq!(steps > 0, exceptions > 0, "{}", broken.text);
        let table = r#"{ "TableName": "shop-prod-recovery-plans" }"#;
        let table = environment
            .emulator()
            .dynamodb("DescribeTable", table)
            .unwrap();
        let table: Value = serde_json::from_str(&table).unwrap();
        assert_eq!(table["Table"]["DeletionProtectionEnabled"], true, "{table}");
    }
    let orphan = format!("/{}/mine", BUCKET.replace("dev", "prod"));
    environment
        .emulator()
        .ask("PUT", &orphan, &[], "mine")
        .unwrap();
    for command in [
        &["clean-orphans", "--yes"][..],
        &["destroy", "--confirm", "prod"],
    ] {
        let tool = environment.checkout.programs.join("drs-deploy");
        let mut glass = environment.bare_tool(&tool, command);
        let broken = run(glass.args(production).args(["--break-glass", "fire"])).unwrap();
        assert_eq!(broken.code, Some(0), "{}", broken.text);
        assert_eq!(recorded(&environment), 1, "{command:?}");
    }
}

/// How many exceptions have been recorded since somebody looked.
fn recorded(environment: &TestEnvironment) -> usize {
    let writes = environment.proxy.writes();
    let records = writes.iter();
    records
        .filter(|name| name.contains("-break-glass.json"))
        .count()
}

#[test]
fn what_no_rule_names_is_listed_asked_for_and_deleted() {
    let environment = TestEnvironment::start(31_640).unwrap();
    let none = environment.run(&["clean-orphans", "--yes"]).unwrap();
    assert_eq!(none.code, Some(1), "{}", none.text);
    let sentence = format!("there is no bucket {BUCKET}: ");
    assert!(none.text.contains(&sentence), "{}", none.text);
    environment.succeed(&["sync"]).unwrap();
    environment
        .emulator()
        .ask("PUT", &format!("/{BUCKET}/scripts/old.sh"), &[], "old")
        .unwrap();
    let dry = environment
        .run(&["clean-orphans", "--dry-run", "--detailed-exitcode"])
        .unwrap();
    assert_eq!(dry.code, Some(2), "{}", dry.text);
    assert!(
        dry.text
            .contains("1 object that no rule names:\n  scripts/old.sh"),
        "{}",
        dry.text
    );
    let unsaid = environment.run(&["clean-orphans"]).unwrap();
    assert_eq!(unsaid.code, Some(1), "{}", unsaid.text);
    environment.succeed(&["clean-orphans", "--yes"]).unwrap();
    let after = environment
        .succeed(&["clean-orphans", "--dry-run", "--detailed-exitcode"])
        .unwrap();
    assert!(
        after
            .text
            .contains("nothing in the bucket is without a name")
    );
}

#[test]
fn a_parameter_that_no_template_has_changes_nothing() {
    let environment = TestEnvironment::start(31_690).unwrap();
    let refused = environment
        .run(&["deploy", "--parameter", "Nope=1"])
        .unwrap();
    assert_eq!(refused.code, Some(1), "{}", refused.text);
    assert!(
        refused
            .text
            .contains("the master template has no parameter Nope"),
        "{}",
        refused.text
    );
    assert_eq!(environment.proxy.writes(), Vec::<String>::new());
}

#[test]
fn a_sync_repairs_what_the_bucket_has_lost_and_a_manifest_that_cannot_be_read() {
    let environment = TestEnvironment::start(31_700).unwrap();
    environment.succeed(&["sync"]).unwrap();
    let path = format!("/{BUCKET}/manifest.json");
    let text = environment.emulator().ask("GET", &path, &[], "").unwrap();
    let start = text.find("artifacts/orchestration-").unwrap();
    let end = start + text[start..].find('"').unwrap();
    let archive = format!("/{BUCKET}/{}", &text[start..end]);
    environment
        .emulator()
        .ask("PUT", &archive, &[], "x")
        .unwrap();
    let repaired = environment.succeed(&["sync"]).unwrap();
    let why = "build orchestration: the bucket has lost it, or has it with another content";
    assert!(repaired.text.contains(why), "{}", repaired.text);
    let again = environment
        .succeed(&["sync", "--detailed-exitcode"])
        .unwrap();
    assert!(again.text.contains("nothing to do"), "{}", again.text);
    environment.emulator().ask("PUT", &path, &[], "{").unwrap();
    let status = environment.run(&["status"]).unwrap();
    assert_eq!(status.code, Some(1), "{}", status.text);
    for line in [
        "stack shop-dev: is not there\n",
        "  the manifest of the bucket is of no use: it cannot be read",
        "`cargo xtask sync` writes a new one\n",
    ] {
        assert!(status.text.contains(line), "{line}: {}", status.text);
    }
    let replaced = environment.succeed(&["sync"]).unwrap();
    assert!(
        replaced.text.contains("it is replaced now"),
        "{}",
        replaced.text
    );
    environment
        .succeed(&["sync", "--detailed-exitcode"])
        .unwrap();
}
