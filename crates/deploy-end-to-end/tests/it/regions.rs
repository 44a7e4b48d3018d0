//! What cannot be meant, or cannot stand where it is meant, is refused before anything is asked of AWS.

use deploy_end_to_end::test_environment::{TestEnvironment, run};

#[test]
fn what_cannot_be_meant_is_refused_before_any_call_by_a_dry_run_too() {
    let environment = TestEnvironment::start(31_740).unwrap();
    for (arguments, sentence) in [
        (
            &["deploy", "--region", "us-wst-2"][..],
            "--region or DRS_ORCHESTRATION_REGION: `us-wst-2` is not a Region: did you mean us-west-2?",
        ),
        (
            &["destroy", "--region", "us-wst-2", "--confirm", "dev"],
            "did you mean us-west-2?",
        ),
        (
            &["deploy", "--region", "us-gov-west-1"],
            "nothing is deployed into us-gov-west-1, because AWS GovCloud (US) has no CloudFront",
        ),
        (
            &["sync", "--region", "cn-north-1"],
            "nothing is deployed into cn-north-1, because CloudFront in China is a service apart",
        ),
        (
            &["deploy", "--replica-region", "eu-wst-1"],
            "--replica-region: `eu-wst-1` is not a Region: did you mean eu-west-1?",
        ),
        (
            &["deploy", "--replica-region", "us-gov-east-1"],
            "--replica-region: a replica of us-west-2 cannot lie in us-gov-east-1",
        ),
        (
            &["deploy", "--replica-region", "us-west-2"],
            "a replica lies in another Region, and us-west-2 is the stack's own",
        ),
        (
            &["deploy", "--bucket", "My_Bucket"],
            "`My_Bucket`, from --bucket or DRS_ORCHESTRATION_BUCKET, is no bucket",
        ),
    ] {
        for more in [&[][..], &["--dry-run"]] {
            let refused = run(environment.tool(arguments).args(more)).unwrap();
            assert_eq!(refused.code, Some(1), "{arguments:?}: {}", refused.text);
            assert!(refused.text.contains(sentence), "{}", refused.text);
        }
    }
    assert_eq!(environment.proxy.count(), 0);
}

#[test]
fn a_value_that_no_template_takes_and_one_that_is_missing_are_refused_before_anything_is_written() {
    let environment = TestEnvironment::start(31_742).unwrap();
    for (value, sentence) in [
        ("EnableWAF=yes", "EnableWAF is `yes` and takes true, false"),
        (
            "LogRetentionDays=100",
            "LogRetentionDays is `100` and takes 1, 3, 5",
        ),
        (
            "AdminEmail=nobody",
            "AdminEmail is `nobody` and takes an electronic mail address",
        ),
        (
            "ProjectName=mine",
            "ProjectName is no parameter that can be chosen: it follows from --project",
        ),
    ] {
        for command in [
            &["deploy", "--parameter", value][..],
            &["sync", "--dry-run", "--parameter", value],
        ] {
            let refused = environment.run(command).unwrap();
            assert_eq!(refused.code, Some(1), "{command:?}: {}", refused.text);
            assert!(refused.text.contains(sentence), "{}", refused.text);
        }
    }
    environment
        .checkout
        .replace("deploy.toml", "AdminEmail", "AlarmEmail")
        .unwrap();
    let refused = environment.run(&["deploy", "--dry-run"]).unwrap();
    assert_eq!(refused.code, Some(1), "{}", refused.text);
    let sentence = "the master template needs AdminEmail, which nobody has given";
    assert!(refused.text.contains(sentence), "{}", refused.text);
    assert_eq!(environment.proxy.writes(), Vec::<String>::new());
}
