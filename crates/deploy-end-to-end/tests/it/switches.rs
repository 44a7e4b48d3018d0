//! What the switches of the template do: on, off, and on again. And what the alarms' topic is for.

use deploy_end_to_end::emulator::Emulator;
use deploy_end_to_end::test_environment::TestEnvironment;
use serde_json::{Value, json};

const ADDRESS: &str = "operations@example.com";
const ON: [&str; 7] = [
    "deploy",
    "--parameter",
    "EnableWAF=true",
    "--parameter",
    "EnableCloudTrail=true",
    "--parameter",
    "AlarmEmail=operations@example.com",
];
const OFF: [&str; 7] = [
    "deploy",
    "--parameter",
    "EnableWAF=false",
    "--parameter",
    "EnableCloudTrail=false",
    "--parameter",
    "AlarmEmail=",
];

#[test]
fn a_switch_makes_its_resources_takes_them_away_and_makes_them_again() {
    let environment = TestEnvironment::start(31_780).unwrap();
    let emulator = environment.emulator();
    let mut records = None;
    for (arguments, expected) in [(ON, 1), (OFF, 0), (ON, 1)] {
        environment.succeed(&arguments).unwrap();
        let firewalls = firewalls(emulator);
        assert_eq!(firewalls.len(), expected, "{firewalls:?}");
        for firewall in &firewalls {
            it_counts_what_cannot_be_invented(emulator, firewall);
        }
        let trails = trails(emulator);
        assert_eq!(trails.len(), expected, "{trails:?}");
        for trail in &trails {
            it_records_changes_of_tables(emulator, trail);
            records = trail["S3BucketName"].as_str().map(str::to_owned);
        }
        if let (Some(bucket), 0) = (&records, expected) {
            // What was recorded outlives the switch. AWS gives the next bucket another name, the
            // emulator the same.
            emulator
                .ask("DELETE", &format!("/{bucket}"), &[], "")
                .unwrap();
        }
        let subscribed = subscriptions(emulator).matches(ADDRESS).count();
        assert_eq!(subscribed, expected);
    }
    environment.succeed(&["verify"]).unwrap();
}

fn firewalls(emulator: &Emulator) -> Vec<Value> {
    let target = "AWSWAF_20190729.ListWebACLs";
    let said = emulator.json("wafv2", target, &json!({ "Scope": "REGIONAL" }));
    said.unwrap()["WebACLs"].as_array().unwrap().clone()
}

fn it_counts_what_cannot_be_invented(emulator: &Emulator, firewall: &Value) {
    assert_eq!(firewall["Name"], "shop-dev-api");
    let named = json!({ "Scope": "REGIONAL", "Name": firewall["Name"], "Id": firewall["Id"] });
    let whole = emulator.json("wafv2", "AWSWAF_20190729.GetWebACL", &named);
    let rules = whole.unwrap()["WebACL"]["Rules"].clone();
    let limits: Vec<&Value> = rules
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| &rule["Statement"]["RateBasedStatement"]["Limit"])
        .filter(|limit| !limit.is_null())
        .collect();
    assert_eq!(limits.len(), 2, "{rules}");
    let target = "AWSWAF_20190729.ListResourcesForWebACL";
    let guarded = json!({ "WebACLArn": firewall["ARN"], "ResourceType": "API_GATEWAY" });
    let guarded = emulator.json("wafv2", target, &guarded).unwrap();
    let guarded = guarded["ResourceArns"].to_string();
    assert!(guarded.contains("/stages/api"), "{guarded}");
}

fn trails(emulator: &Emulator) -> Vec<Value> {
    let said = emulator.json("cloudtrail", &of_trails("DescribeTrails"), &json!({}));
    said.unwrap()["trailList"].as_array().unwrap().clone()
}

fn it_records_changes_of_tables(emulator: &Emulator, trail: &Value) {
    assert_eq!(trail["LogFileValidationEnabled"], true, "{trail}");
    let status = json!({ "Name": trail["TrailARN"] });
    let status = emulator.json("cloudtrail", &of_trails("GetTrailStatus"), &status);
    assert_eq!(status.unwrap()["IsLogging"], true);
    let named = json!({ "TrailName": trail["TrailARN"] });
    let selected = emulator.json("cloudtrail", &of_trails("GetEventSelectors"), &named);
    let selected = selected.unwrap().to_string();
    assert!(
        selected.contains("shop-dev-execution-history"),
        "{selected}"
    );
}

fn of_trails(operation: &str) -> String {
    format!("com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.{operation}")
}

fn subscriptions(emulator: &Emulator) -> String {
    let members = [("Action", "ListSubscriptions"), ("Version", "2010-03-31")];
    emulator.form("sns", &members).unwrap()
}

#[test]
fn what_an_execution_tells_reaches_whoever_has_subscribed_to_the_topic() {
    let environment = TestEnvironment::start(31_790).unwrap();
    let emulator = environment.emulator();
    environment.succeed(&["deploy"]).unwrap();
    let queue = json!({ "QueueName": "somebody" });
    let queue = emulator
        .json("sqs", "AmazonSQS.CreateQueue", &queue)
        .unwrap();
    let members = [
        ("Action", "Subscribe"),
        ("Version", "2010-03-31"),
        (
            "TopicArn",
            "arn:aws:sns:us-west-2:111122223333:shop-dev-alarms",
        ),
        ("Protocol", "sqs"),
        ("Endpoint", "arn:aws:sqs:us-west-2:111122223333:somebody"),
    ];
    emulator.form("sns", &members).unwrap();
    let detail = |environment: &str| {
        json!({
            "environment": environment, "kind": "WAVE_FAILED", "recoveryPlanName": "Shop",
            "text": "2 of 4 servers launched", "executionId": "e-1", "at": "2026-11-30T09:00:00Z",
        })
    };
    let told = ["another-dev", "shop-dev"].map(|environment| {
        json!({
            "Source": "drs-orchestration", "DetailType": "Execution",
            "Detail": detail(environment).to_string(),
        })
    });
    let told = json!({ "Entries": told });
    emulator
        .json("events", "AWSEvents.PutEvents", &told)
        .unwrap();
    let wanted = json!({
        "QueueUrl": queue["QueueUrl"], "MaxNumberOfMessages": 10, "WaitTimeSeconds": 10,
    });
    let heard = emulator
        .json("sqs", "AmazonSQS.ReceiveMessage", &wanted)
        .unwrap();
    let heard = heard["Messages"].as_array().cloned().unwrap_or_default();
    assert_eq!(
        heard.len(),
        1,
        "the notice of another environment is not ours: {heard:?}"
    );
    let text = heard[0]["Body"].to_string();
    let meant = "shop-dev: WAVE_FAILED of plan Shop: 2 of 4 servers launched (execution e-1";
    assert!(text.contains(meant), "{text}");
}
