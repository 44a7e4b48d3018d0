//! Every fault of the environment at once.

use lambda_support::{EngineSettings, Environment};

fn complete() -> Vec<(String, String)> {
    [
        ("PROTECTION_GROUPS_TABLE", "groups"),
        ("RECOVERY_PLANS_TABLE", "plans"),
        ("EXECUTION_HISTORY_TABLE", "executions"),
        (
            "STATE_MACHINE_ARN",
            "arn:aws:states:us-east-1:111122223333:stateMachine:m",
        ),
        ("DEPLOYING_ACCOUNT_ID", "111122223333"),
        ("VISIBILITY_WINDOW_SECONDS", "180"),
        ("DRS_CALL_TIMEOUT_SECONDS", "30"),
        ("FUNCTION_TIMEOUT_SECONDS", "120"),
        ("OWNER_EXPIRY_SECONDS", "120"),
        ("DOUBT_LIMIT_SECONDS", "600"),
        ("DRILL_PARK_LIMIT_SECONDS", "14400"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

fn read(variables: Vec<(String, String)>) -> Result<EngineSettings, String> {
    let mut environment = Environment::of(variables);
    let settings = EngineSettings::read(&mut environment);
    environment
        .settle(|| settings)
        .map_err(|error| error.to_string())
}

#[test]
fn a_complete_environment_is_read() {
    let settings = read(complete()).unwrap();
    assert_eq!(settings.execution_history_table, "executions");
    assert_eq!(settings.waits.visibility_window, 180);
    assert_eq!(settings.waits.call_timeout, 30);
    assert_eq!(settings.engine().owner_expiry_seconds, 120);
}

#[test]
fn all_that_is_missing_or_wrong_is_said_at_once() {
    let mut variables = complete();
    variables.retain(|(name, _)| name != "RECOVERY_PLANS_TABLE");
    for (name, value) in &mut variables {
        match name.as_str() {
            "PROTECTION_GROUPS_TABLE" => value.clear(),
            "DEPLOYING_ACCOUNT_ID" => *value = "mine".to_owned(),
            "DOUBT_LIMIT_SECONDS" => *value = "0".to_owned(),
            _ => {}
        }
    }
    let error = read(variables).unwrap_err();
    for expected in [
        "PROTECTION_GROUPS_TABLE is not set",
        "RECOVERY_PLANS_TABLE is not set",
        "DEPLOYING_ACCOUNT_ID is wrong: `mine` is not an AWS account id",
        "DOUBT_LIMIT_SECONDS is wrong: at least 1 second",
    ] {
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_variable_that_may_be_left_out_must_be_right_where_it_is_given() {
    let mut environment = Environment::of([("WINDOW".to_owned(), "soon".to_owned())]);
    assert_eq!(environment.optional::<u32>("NOT_THERE"), None);
    assert_eq!(environment.optional::<u32>("WINDOW"), None);
    let error = environment.settle(|| Some(())).unwrap_err().to_string();
    assert!(
        error.ends_with("WINDOW is wrong: invalid digit found in string"),
        "{error}"
    );
}
