//! A replica in another Region: the bucket, and what people made.

use deploy_end_to_end::test_environment::{BUCKET, REGION, TestEnvironment, run};
use fault_proxy::{Fault, Schedule};
use serde_json::{Value, json};

const ELSEWHERE: &str = "eu-west-1";
const EXPORT: &str = "exports/us-west-2/groups-and-plans.json";

fn bucket() -> String {
    BUCKET.replace(REGION, ELSEWHERE)
}

#[test]
fn a_replica_holds_all_that_a_stack_elsewhere_needs_and_the_stack_remembers_it() {
    let environment = TestEnvironment::start(31_650).unwrap();
    environment
        .succeed(&["deploy", "--replica-region", ELSEWHERE])
        .unwrap();
    let path = format!("/{}/manifest.json", bucket());
    let first = environment.emulator().download(&path).unwrap();
    environment.proxy.writes();
    environment.succeed(&["deploy"]).unwrap();
    environment.succeed(&["sync"]).unwrap();
    assert_eq!(environment.proxy.writes(), Vec::<String>::new());
    // Nobody says it again, and the replica follows all the same.
    environment
        .checkout
        .change_program("orchestration")
        .unwrap();
    let again = environment.succeed(&["sync"]).unwrap();
    assert!(again.text.contains("has caught up"), "{}", again.text);
    assert_ne!(environment.emulator().download(&path).unwrap(), first);
    let own = ["deploy", "--replica-region", REGION];
    let own = environment.run(&own).unwrap();
    assert_eq!(own.code, Some(1), "{}", own.text);
    assert!(own.text.contains("another Region"), "{}", own.text);
}

#[test]
fn a_replica_that_fell_behind_is_a_change_of_dry_run_and_sync_alike_and_verify_names_it() {
    let environment = TestEnvironment::start(31_720).unwrap();
    environment
        .succeed(&["deploy", "--replica-region", ELSEWHERE])
        .unwrap();
    environment.succeed(&["verify"]).unwrap();
    let path = format!("/{}/manifest.json", bucket());
    environment
        .emulator()
        .ask("DELETE", &path, &[], "")
        .unwrap();
    let verdict = environment.run(&["verify", "--json"]).unwrap();
    assert_eq!(verdict.code, Some(2), "{}", verdict.text);
    let sentence = "it lacks the manifest, or has another one";
    assert!(verdict.text.contains(sentence), "{}", verdict.text);
    for (flags, code) in [(&["--dry-run"][..], 2), (&[], 2), (&["--dry-run"], 0)] {
        let ended = environment.run(&[&["sync", "--detailed-exitcode", "--json"], flags].concat());
        let ended = ended.unwrap();
        assert_eq!(ended.code, Some(code), "{flags:?}: {}", ended.text);
        let told = format!(r#""changes":{}"#, code == 2);
        assert!(ended.text.contains(&told), "{flags:?}: {}", ended.text);
    }
    environment.succeed(&["verify"]).unwrap();
}

#[test]
fn a_replica_that_does_not_answer_stands_in_the_way_of_nothing_at_home() {
    let environment = TestEnvironment::start(31_770).unwrap();
    environment
        .succeed(&["deploy", "--replica-region", ELSEWHERE])
        .unwrap();
    environment
        .checkout
        .change_program("orchestration")
        .unwrap();
    environment.proxy.spoil(Schedule {
        every: 1,
        named: bucket(),
        faults: vec![Fault::ServerError],
    });
    for (flags, done) in [
        (&["sync", "--dry-run"][..], "build orchestration"),
        (
            &["deploy", "--code-only"],
            "shop-dev-orchestration runs its new code",
        ),
        (&["sync"], "nothing to do"),
    ] {
        let ended = environment.run(flags).unwrap();
        assert_eq!(ended.code, Some(1), "{flags:?}: {}", ended.text);
        let sentence = format!(
            "the replica {} in {ELSEWHERE} cannot be looked at",
            bucket()
        );
        assert!(ended.text.contains(&sentence), "{flags:?}: {}", ended.text);
        assert!(ended.text.contains(done), "{flags:?}: {}", ended.text);
    }
    environment.proxy.spoil(Schedule::default());
    let caught_up = environment.succeed(&["sync"]).unwrap();
    assert!(
        caught_up.text.contains("has caught up"),
        "{}",
        caught_up.text
    );
    environment.succeed(&["deploy"]).unwrap();
    environment.succeed(&["verify"]).unwrap();
}

#[test]
fn what_people_make_is_exported_by_the_product_and_not_by_a_stack_that_stands_up_there() {
    let environment = TestEnvironment::start(31_660).unwrap();
    environment
        .succeed(&["deploy", "--replica-region", ELSEWHERE])
        .unwrap();
    assert_eq!(names(&exported(&environment)), Vec::<String>::new());
    put(&environment, "Databases");
    assert_eq!(names(&exported(&environment)), ["Databases"]);
    let version = version(&environment);
    exported(&environment);
    assert_eq!(self::version(&environment), version, "nothing had changed");

    let tool = environment.checkout.programs.join("drs-deploy");
    let mut elsewhere = environment.bare_tool(&tool, &["deploy", "--from-bucket"]);
    let ended = run(elsewhere.args(["--region", ELSEWHERE])).unwrap();
    assert_eq!(ended.code, Some(0), "{}", ended.text);
    round(&environment, ELSEWHERE);
    assert_eq!(
        self::version(&environment),
        version,
        "it is no stack's but its own"
    );

    put(&environment, "Shops");
    assert_eq!(names(&exported(&environment)), ["Databases", "Shops"]);
    environment
        .succeed(&["deploy", "--replica-region", "none"])
        .unwrap();
    put(&environment, "Webs");
    assert_eq!(names(&exported(&environment)), ["Databases", "Shops"]);
}

/// One round of the finder, as its schedule would begin it; then what lies in the replica.
fn exported(environment: &TestEnvironment) -> Value {
    round(environment, REGION);
    let path = format!("/{}/{EXPORT}", bucket());
    let bytes = environment.emulator().download(&path).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

fn round(environment: &TestEnvironment, region: &str) {
    let answer = environment
        .emulator()
        .invoke(region, "shop-dev-execution-finder")
        .unwrap();
    assert!(!answer.contains("errorMessage"), "{answer}");
}

fn names(export: &Value) -> Vec<String> {
    assert_eq!(export["schema"], 1, "{export}");
    let groups = export["protectionGroups"].as_array().unwrap();
    let mut names: Vec<String> = groups
        .iter()
        .map(|group| group["name"].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

/// When it was written last; there is no coarser clock than that of the answer's header.
fn version(environment: &TestEnvironment) -> String {
    let path = format!("/{}?versions&prefix={EXPORT}", bucket());
    environment.emulator().ask("GET", &path, &[], "").unwrap()
}

/// A group, in the form in which the product keeps it.
fn put(environment: &TestEnvironment, name: &str) {
    let number = name.len();
    let id = format!("00000000-0000-4000-8000-{number:012}");
    let group = json!({
        "id": id, "name": name, "description": "",
        "place": { "account": "111122223333", "region": REGION },
        "servers": ["s-0123456789abcdef0"], "drill_isolation": null, "version": 1,
        "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z",
    });
    let document = json!({ "schema": 1, "value": group }).to_string();
    let item = json!({
        "TableName": "shop-dev-protection-groups",
        "Item": {
            "pk": { "S": format!("GROUP#{id}") }, "sk": { "S": "META" },
            "document": { "S": document }, "version": { "N": "1" }, "state": { "S": "ACTIVE" },
            "listing": { "S": "GROUP" }, "nameKey": { "S": name.to_lowercase() },
        },
    });
    environment
        .emulator()
        .dynamodb("PutItem", &item.to_string())
        .unwrap();
}
