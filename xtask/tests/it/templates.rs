//! What the templates promise and no linter knows: rights of the roles, fresh API deployments.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_yaml_ng::Value;
use sha2::{Digest, Sha256};
use xtask::workspace;

pub(crate) const TEMPLATES: [&str; 7] = [
    "master-template.yaml",
    "database-stack.yaml",
    "lambda-stack.yaml",
    "step-functions-stack.yaml",
    "api-stack.yaml",
    "frontend-stack.yaml",
    "security-stack.yaml",
];

pub(crate) fn text(template: &str) -> String {
    fs::read_to_string(workspace::root().join("cfn").join(template)).unwrap()
}

/// The resources of a template, by their names.
pub(crate) fn resources(template: &str) -> BTreeMap<String, Value> {
    let parsed: Value = serde_yaml_ng::from_str(&text(template)).unwrap();
    let resources = parsed.get("Resources").and_then(Value::as_mapping).unwrap();
    resources
        .iter()
        .map(|(name, resource)| (name.as_str().unwrap().to_owned(), resource.clone()))
        .collect()
}

pub(crate) fn of_type<'a>(
    resources: &'a BTreeMap<String, Value>,
    kind: &str,
) -> BTreeMap<&'a str, &'a Value> {
    let is_meant = |resource: &Value| resource.get("Type").and_then(Value::as_str) == Some(kind);
    let found = resources.iter().filter(|(_, resource)| is_meant(resource));
    found
        .map(|(name, resource)| (name.as_str(), resource))
        .collect()
}

/// What stands behind a tag such as `!Sub`, or the value itself.
pub(crate) fn untagged(value: &Value) -> &Value {
    if let Value::Tagged(tagged) = value {
        &tagged.value
    } else {
        value
    }
}

/// Every statement of a role's policies, also of those under a condition.
pub(crate) fn statements(value: &Value, found: &mut Vec<Value>) {
    match untagged(value) {
        Value::Mapping(mapping) => {
            if mapping.contains_key("Sid") {
                found.push(Value::Mapping(mapping.clone()));
            } else {
                mapping
                    .iter()
                    .for_each(|(_, inner)| statements(inner, found));
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| statements(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Tagged(_) => {}
    }
}

/// One or several texts.
pub(crate) fn texts(value: Option<&Value>) -> BTreeSet<String> {
    match value.map(untagged) {
        Some(Value::String(one)) => BTreeSet::from([one.clone()]),
        Some(Value::Sequence(several)) => several
            .iter()
            .filter_map(|item| item.as_str().map(str::to_owned))
            .collect(),
        _ => BTreeSet::new(),
    }
}

/// Role by role, and policy by policy, the actions that each statement grants, one a line.
fn rights() -> String {
    let mut lines = Vec::new();
    for template in TEMPLATES {
        let resources = resources(template);
        for kind in [
            "AWS::IAM::Role",
            "AWS::IAM::ManagedPolicy",
            "AWS::IAM::Policy",
        ] {
            for (name, resource) in of_type(&resources, kind) {
                lines.push(format!("{template} {name}{}", bearers(resource)));
                lines.extend(granted(resource));
            }
        }
    }
    lines.join("\n")
}

/// Whom a policy that stands for itself is given to.
fn bearers(resource: &Value) -> String {
    let roles = texts(
        resource
            .get("Properties")
            .and_then(|properties| properties.get("Roles")),
    );
    let roles: Vec<String> = roles.into_iter().collect();
    if roles.is_empty() {
        String::new()
    } else {
        format!(" (of {})", roles.join(", "))
    }
}

fn granted(resource: &Value) -> Vec<String> {
    let properties = resource.get("Properties");
    let part = |name: &str| properties.and_then(|properties| properties.get(name));
    let mut found = Vec::new();
    for policies in [part("Policies"), part("PolicyDocument")]
        .into_iter()
        .flatten()
    {
        statements(policies, &mut found);
    }
    let mut lines = Vec::new();
    for statement in found {
        lines.push(format!(
            "  {}",
            statement.get("Sid").and_then(Value::as_str).unwrap()
        ));
        let actions = texts(statement.get("Action"));
        lines.extend(actions.iter().map(|action| format!("    {action}")));
    }
    lines
}

#[test]
fn the_rights_of_every_role_are_written_down() {
    insta::assert_snapshot!(rights());
}

#[test]
fn no_right_has_a_wildcard_action() {
    let wild: Vec<String> = rights()
        .lines()
        .filter(|line| line.contains('*'))
        .map(str::to_owned)
        .collect();
    assert_eq!(wild, Vec::<String>::new());
}

#[test]
fn what_drs_borrows_is_the_orchestrations_alone() {
    let changes_servers = [
        "drs:StartRecovery",
        "drs:TerminateRecoveryInstances",
        "ec2:RunInstances",
        "ec2:TerminateInstances",
    ];
    let mut holder = String::new();
    let mut holders = BTreeSet::new();
    for line in rights().lines() {
        if !line.starts_with(' ') {
            line.clone_into(&mut holder);
        } else if changes_servers.contains(&line.trim()) {
            holders.insert(holder.clone());
        }
    }
    let expected = [
        "lambda-stack.yaml OrchestrationRole",
        "step-functions-stack.yaml BorrowedByDrs (of OrchestrationRoleName)",
    ];
    assert_eq!(holders, expected.map(str::to_owned).into());
}

#[test]
fn the_first_administrator_is_in_the_administrators_group_alone() {
    let resources = resources("api-stack.yaml");
    let memberships = of_type(&resources, "AWS::Cognito::UserPoolUserToGroupAttachment");
    let names: Vec<&str> = memberships.keys().copied().collect();
    assert_eq!(names, ["FirstAdministratorAdministers"]);
}

#[test]
fn the_second_factor_can_be_required_and_the_console_is_told() {
    let rule = |resource: &Value, path: &[&str]| {
        let found = path.iter().try_fold(resource, |it, name| it.get(*name));
        format!("{:?}", found.unwrap())
    };
    let api = resources("api-stack.yaml");
    let pool = rule(&api["UserPool"], &["Properties", "MfaConfiguration"]);
    assert!(pool.contains("MfaConfiguration"), "{pool}");
    let frontend = resources("frontend-stack.yaml");
    let path = ["Properties", "Configuration", "mfaConfiguration"];
    let told = rule(&frontend["Console"], &path);
    assert!(told.contains("MfaConfiguration"), "{told}");
    let parsed: Value = serde_yaml_ng::from_str(&text("master-template.yaml")).unwrap();
    let choices = texts(parsed["Parameters"]["MfaConfiguration"].get("AllowedValues"));
    assert_eq!(choices, ["OFF", "ON", "OPTIONAL"].map(str::to_owned).into());
}

#[test]
fn an_invitation_has_an_address_that_leads_to_the_console() {
    let api = resources("api-stack.yaml");
    let pool = format!(
        "{:?}",
        api["UserPool"]["Properties"]["AdminCreateUserConfig"]
    );
    assert!(pool.contains("https://${ConsoleAddress}."), "{pool}");
    let frontend = resources("frontend-stack.yaml");
    let way = format!("{:?}", frontend["ConsoleAddressMethod"]["Properties"]);
    assert!(way.contains("https://${Distribution.DomainName}/"), "{way}");
}

/// The logical id carries a digest of the template, because a deployment is never made anew while
/// its name stays the same.
#[test]
fn the_api_deployment_is_named_by_the_content_of_its_template() {
    let text = text("api-stack.yaml");
    let carries_digest = |name: &str| {
        let digest = name.strip_prefix("Deployment").unwrap_or_default();
        digest.len() == 12 && digest.chars().all(|letter| letter.is_ascii_hexdigit())
    };
    let resources = resources("api-stack.yaml");
    let deployments = of_type(&resources, "AWS::ApiGateway::Deployment");
    let names: Vec<&str> = deployments.keys().copied().collect();
    assert_eq!(names.len(), 1);
    assert!(carries_digest(names[0]), "{} carries no digest", names[0]);
    let digest = hex::encode(Sha256::digest(text.replace(names[0], "Deployment")));
    assert_eq!(
        names[0],
        format!("Deployment{}", &digest[..12]),
        "rename the deployment"
    );
}

#[test]
fn the_api_deployment_waits_for_everything_that_it_contains() {
    let resources = resources("api-stack.yaml");
    let deployments = of_type(&resources, "AWS::ApiGateway::Deployment");
    let waits_for = texts(deployments.values().next().unwrap().get("DependsOn"));
    let methods = of_type(&resources, "AWS::ApiGateway::Method");
    let answers = of_type(&resources, "AWS::ApiGateway::GatewayResponse");
    assert!(!methods.is_empty());
    let missing: Vec<&str> = methods
        .keys()
        .chain(answers.keys())
        .copied()
        .filter(|name| !waits_for.contains(*name))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn the_master_nests_every_child() {
    let resources = resources("master-template.yaml");
    let nested = of_type(&resources, "AWS::CloudFormation::Stack");
    let addresses: Vec<String> = nested
        .values()
        .map(|stack| {
            format!(
                "{:?}",
                stack.get("Properties").and_then(|it| it.get("TemplateURL"))
            )
        })
        .collect();
    assert_eq!(addresses.len(), TEMPLATES.len() - 1);
    for key in [
        "Database",
        "Lambda",
        "StepFunctions",
        "Api",
        "Frontend",
        "Security",
    ] {
        let parameter = format!("{key}TemplateKey");
        assert!(
            addresses.iter().any(|address| address.contains(&parameter)),
            "{parameter}"
        );
    }
}
