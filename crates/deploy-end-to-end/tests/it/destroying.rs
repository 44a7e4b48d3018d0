//! The end of an environment: what stays, and what goes where somebody wants all of it gone.

use deploy_end_to_end::test_environment::{BUCKET, TestEnvironment, run};
use serde_json::{Value, json};

const REMEMBERED: &str = "records/retained.json";

#[test]
fn what_the_stacks_retain_is_listed_remembered_and_purged_by_name() {
    let environment = TestEnvironment::start(31_670).unwrap();
    let trail = ["deploy", "--parameter", "EnableCloudTrail=true"];
    environment.succeed(&trail).unwrap();
    let dry = environment
        .run(&["destroy", "--purge", "--dry-run"])
        .unwrap();
    for line in [
        "delete the table shop-dev-execution-history",
        "delete the user pool us-west-2_",
        "delete the bucket ",
        "keep the role ",
        "delete the deployment bucket",
    ] {
        assert!(dry.text.contains(line), "{line}: {}", dry.text);
    }
    environment.proxy.writes();
    let wrong = environment
        .run(&["destroy", "--purge", "--confirm", "prod"])
        .unwrap();
    assert_eq!(wrong.code, Some(1), "{}", wrong.text);
    assert_eq!(environment.proxy.writes(), Vec::<String>::new());
    environment
        .succeed(&["destroy", "--confirm", "dev"])
        .unwrap();
    let kinds = remembered(&environment);
    for kind in ["TABLE", "USER_POOL", "BUCKET", "SHARED_ROLE"] {
        assert!(kinds.contains(&kind.to_owned()), "{kinds:?}");
    }

    // As an account would have it now, where no stack knows of it: the emulator retains nothing.
    let pool = make_pool(&environment);
    let emulator = environment.emulator();
    emulator
        .ask("PUT", "/shop-dev-securitystack-left-trailbucket-1", &[], "")
        .unwrap();
    emulator
        .ask(
            "PUT",
            "/shop-dev-securitystack-left-trailbucket-1/log",
            &[],
            "event",
        )
        .unwrap();
    let left = json!([
        { "kind": "USER_POOL", "id": pool }, { "kind": "BUCKET", "id": "shop-dev-securitystack-left-trailbucket-1" },
    ]);
    let path = format!("/{BUCKET}/{REMEMBERED}");
    emulator.ask("PUT", &path, &[], &left.to_string()).unwrap();
    let purged = environment
        .succeed(&["destroy", "--purge", "--confirm", "dev"])
        .unwrap();
    for line in [
        format!("deleted the user pool {pool}"),
        "deleted the bucket shop-dev-securitystack-left-trailbucket-1".to_owned(),
        format!("deleted the deployment bucket {BUCKET}"),
    ] {
        assert!(purged.text.contains(&line), "{line}: {}", purged.text);
    }
    assert!(
        emulator
            .ask("GET", "/shop-dev-securitystack-left-trailbucket-1", &[], "")
            .is_err()
    );
    assert!(emulator.ask("GET", &format!("/{BUCKET}"), &[], "").is_err());
    assert!(describe(&environment, &pool).is_err());
}

#[test]
fn a_bucket_is_purged_where_there_is_one_and_said_to_be_missing_where_there_is_none() {
    let environment = TestEnvironment::start(31_730).unwrap();
    environment.succeed(&["sync"]).unwrap();
    let purge = ["destroy", "--purge", "--json", "--detailed-exitcode"];
    let dry = [&purge[..], &["--dry-run"]].concat();
    let real = [&purge[..], &["--confirm", "dev"]].concat();
    for (command, code, fate) in [
        (&dry, 2, "DELETE"),
        (&real, 2, "DELETE"),
        (&dry, 0, "ABSENT"),
        (&real, 0, "ABSENT"),
    ] {
        let ended = environment.run(command).unwrap();
        assert_eq!(ended.code, Some(code), "{command:?}: {}", ended.text);
        let document = ended.text.lines().find(|line| line.starts_with('{'));
        let told: Value = serde_json::from_str(document.unwrap()).unwrap();
        assert_eq!(told["changes"], code == 2, "{told}");
        let things = told["things"].as_array().unwrap();
        let bucket = json!({ "kind": "DEPLOYMENT_BUCKET", "id": BUCKET, "fate": fate });
        assert!(things.contains(&bucket), "{told}");
        let stack = json!({ "kind": "STACK", "id": "shop-dev", "fate": "ABSENT" });
        assert!(things.contains(&stack), "{told}");
    }
    let kept = environment
        .succeed(&["destroy", "--confirm", "dev"])
        .unwrap();
    let sentence = format!("there is no deployment bucket {BUCKET}");
    assert!(kept.text.contains(&sentence), "{}", kept.text);
    assert!(!kept.text.contains("what stays"), "{}", kept.text);
}

#[test]
fn a_bucket_of_another_environment_is_refused_before_anything_of_it_is_listed_or_deleted() {
    let environment = TestEnvironment::start(31_680).unwrap();
    environment.succeed(&["sync"]).unwrap();
    let orphan = format!("/{BUCKET}/mine");
    environment
        .emulator()
        .ask("PUT", &orphan, &[], "mine")
        .unwrap();
    environment.proxy.writes();
    for command in [
        &["destroy", "--purge", "--confirm", "qa"][..],
        &["destroy", "--dry-run"],
        &["clean-orphans", "--yes"],
        &["clean-orphans", "--dry-run"],
    ] {
        let mut tool = environment.tool(command);
        let refused = run(tool.args(["--environment", "qa", "--bucket", BUCKET])).unwrap();
        assert_eq!(refused.code, Some(1), "{}", refused.text);
        let sentence = format!("the bucket {BUCKET} belongs to shop-dev, and shop-qa is meant");
        assert!(refused.text.contains(&sentence), "{}", refused.text);
        assert!(!refused.text.contains("mine"), "{}", refused.text);
    }
    assert_eq!(environment.proxy.writes(), Vec::<String>::new());
}

fn remembered(environment: &TestEnvironment) -> Vec<String> {
    let path = format!("/{BUCKET}/{REMEMBERED}");
    let text = environment.emulator().ask("GET", &path, &[], "").unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    let kinds = value.as_array().unwrap().iter();
    kinds
        .map(|retained| retained["kind"].as_str().unwrap().to_owned())
        .collect()
}

fn make_pool(environment: &TestEnvironment) -> String {
    let made = environment
        .emulator()
        .cognito("CreateUserPool", r#"{ "PoolName": "shop-dev" }"#)
        .unwrap();
    let made: Value = serde_json::from_str(&made).unwrap();
    made["UserPool"]["Id"].as_str().unwrap().to_owned()
}

fn describe(environment: &TestEnvironment, pool: &str) -> anyhow::Result<String> {
    let request = json!({ "UserPoolId": pool }).to_string();
    environment.emulator().cognito("DescribeUserPool", &request)
}
