//! What is known of a template by its text.

use std::collections::BTreeMap;

use deployment::template::{check_nothing_is_missing, chosen, parameters};

const TEMPLATE: &str =
    "Parameters:\n  AdminEmail:\n    Type: String\n  EnableWAF:\n    Type: String\n\nResources:\n";

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// The real one, which every value goes to in the end.
fn master() -> String {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../cfn/master-template.yaml"
    );
    std::fs::read_to_string(file).unwrap()
}

#[test]
fn a_parameter_that_the_template_does_not_have_is_refused_with_those_that_it_has() {
    let said = map(&[("AdminEmail", "a@b.c"), ("Nope", "1")]);
    let refusal = chosen(TEMPLATE, &said, &BTreeMap::new()).unwrap_err();
    insta::assert_snapshot!(refusal, @"the master template has no parameter Nope: look for a misspelling in --parameter and deploy.toml; it has AdminEmail, EnableWAF");
}

#[test]
fn one_that_was_remembered_and_that_no_template_has_is_dropped_by_name() {
    let remembered = map(&[
        ("AdminEmail", "old@b.c"),
        ("EnableWAF", "false"),
        ("Nope", "1"),
    ]);
    let said = map(&[("AdminEmail", "a@b.c")]);
    let sorted = chosen(TEMPLATE, &said, &remembered).unwrap();
    assert_eq!(sorted.dropped, ["Nope"]);
    let kept = map(&[("AdminEmail", "a@b.c"), ("EnableWAF", "false")]);
    assert_eq!(sorted.parameters, kept);
}

#[test]
fn a_value_that_the_master_template_does_not_take_is_refused_before_anything_is_built() {
    let said = map(&[
        ("AdminEmail", "nobody"),
        ("AlarmEmail", "a@b.c,d@e.f g"),
        ("CognitoEndpoint", "localhost"),
        ("DoubtLimitSeconds", "0"),
        ("DrillParkLimitSeconds", "4 hours"),
        ("DrsEndpointUrl", "ftp://drs"),
        ("DrsEventSource", "AWS.DRS"),
        ("EnableWAF", "yes"),
        ("InstanceProfileRoleArns", "arn:aws:s3:::bucket"),
        ("LogLevel", "debug"),
        ("LogRetentionDays", "100"),
    ]);
    let refusal = chosen(&master(), &said, &BTreeMap::new()).unwrap_err();
    insta::assert_snapshot!(refusal.to_string().replace("; ", "\n"));
    let one_at_a_time = said.iter().filter(|(name, value)| {
        let one = map(&[(name.as_str(), value.as_str())]);
        chosen(&master(), &one, &BTreeMap::new()).is_err()
    });
    assert_eq!(one_at_a_time.count(), said.len());
}

#[test]
fn a_value_that_was_remembered_and_that_a_newer_template_does_not_take_is_refused_too() {
    let remembered = map(&[("LogLevel", "LOUD")]);
    let refusal = chosen(&master(), &BTreeMap::new(), &remembered).unwrap_err();
    insta::assert_snapshot!(refusal, @"the master template does not take these parameters: LogLevel is `LOUD` and takes ERROR, WARN, INFO, DEBUG, TRACE");
}

#[test]
fn a_value_of_any_length_is_shown_by_its_beginning() {
    let value = "é".repeat(4_000);
    let said = map(&[("EnableWAF", value.as_str())]);
    let refusal = chosen(&master(), &said, &BTreeMap::new()).unwrap_err();
    assert!(refusal.to_string().chars().count() < 200, "{refusal}");
}

#[test]
fn what_the_master_template_takes_is_taken_its_own_defaults_first() {
    let template = master();
    let parameters = parameters(&template);
    assert!(parameters.len() > 30, "{}", parameters.len());
    for parameter in &parameters {
        let default = parameter.default_value();
        let fault = default.and_then(|default| parameter.fault(&default));
        assert_eq!(fault, None, "{}", parameter.name);
    }
    let said = map(&[
        ("AdminEmail", "dr-team@example.com"),
        ("AlarmEmail", ""),
        ("CognitoEndpoint", "/cognito"),
        ("DoubtLimitSeconds", "3600"),
        ("DrsEndpointUrl", "http://127.0.0.1:1"),
        ("EnableWAF", "false"),
        (
            "InstanceProfileRoleArns",
            "arn:aws:iam::111122223333:role/a,arn:aws-us-gov:iam::111122223333:role/b/c",
        ),
        ("LogLevel", "WARN"),
        ("LogRetentionDays", "3653"),
    ]);
    assert_eq!(
        chosen(&template, &said, &BTreeMap::new())
            .unwrap()
            .parameters,
        said
    );
}

#[test]
fn every_parameter_of_the_master_template_that_takes_not_everything_refuses_something() {
    // Whatever is written so that this program does not understand it would be let through.
    for parameter in parameters(&master()) {
        assert!(parameter.fault("\u{7}, no").is_some(), "{}", parameter.name);
    }
}

#[test]
fn what_follows_from_something_else_is_not_chosen() {
    for (name, value) in [
        ("ProjectName", "shop"),
        ("Environment", "qa"),
        ("DeploymentBucket", "bucket"),
        ("Architecture", "arm64"),
        ("ReplicaRegion", "us-east-1"),
        ("ReplicaBucket", "bucket"),
        ("ApiTemplateKey", "cfn/x.yaml"),
    ] {
        let refusal = chosen(&master(), &map(&[(name, value)]), &BTreeMap::new());
        let text = format!("{name} is no parameter that can be chosen: it follows from ");
        let refusal = refusal.unwrap_err().to_string();
        assert!(refusal.starts_with(&text), "{refusal}");
    }
}

#[test]
fn a_stack_without_what_its_template_needs_is_refused() {
    let is_given = |name: &str| name != "AdminEmail";
    let refusal = check_nothing_is_missing(&master(), is_given).unwrap_err();
    insta::assert_snapshot!(refusal, @"the master template needs AdminEmail, which nobody has given: say --parameter NAME=VALUE, or write it into [parameters] of deploy.toml");
    assert!(check_nothing_is_missing(&master(), |_| true).is_ok());
}
