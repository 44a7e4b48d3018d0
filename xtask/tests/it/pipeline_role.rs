//! What the pipeline's roles trust, and what they may do.

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml_ng::Value;

use crate::pipeline;
use crate::templates::{TEMPLATES, of_type, resources, statements, text, texts, untagged};

const TEMPLATE: &str = "pipeline-role.yaml";
/// The longest policy that IAM takes, not counting white space.
const LONGEST_POLICY: usize = 6_144;

/// For each kind of resource in the product's templates, the action that makes one.
const MAKES: [(&str, &str); 37] = [
    ("AWS::ApiGateway::Account", "apigateway:PATCH"),
    ("AWS::ApiGateway::Authorizer", "apigateway:POST"),
    ("AWS::ApiGateway::Deployment", "apigateway:POST"),
    ("AWS::ApiGateway::GatewayResponse", "apigateway:PUT"),
    ("AWS::ApiGateway::Method", "apigateway:PUT"),
    ("AWS::ApiGateway::Resource", "apigateway:POST"),
    ("AWS::ApiGateway::RestApi", "apigateway:POST"),
    ("AWS::ApiGateway::Stage", "apigateway:POST"),
    ("AWS::CloudFormation::Stack", "cloudformation:CreateStack"),
    (
        "AWS::CloudFront::Distribution",
        "cloudfront:CreateDistribution",
    ),
    ("AWS::CloudFront::Function", "cloudfront:PublishFunction"),
    (
        "AWS::CloudFront::OriginAccessControl",
        "cloudfront:CreateOriginAccessControl",
    ),
    (
        "AWS::CloudFront::ResponseHeadersPolicy",
        "cloudfront:CreateResponseHeadersPolicy",
    ),
    ("AWS::CloudTrail::Trail", "cloudtrail:CreateTrail"),
    ("AWS::CloudWatch::Alarm", "cloudwatch:PutMetricAlarm"),
    ("AWS::Cognito::UserPool", "cognito-idp:CreateUserPool"),
    (
        "AWS::Cognito::UserPoolClient",
        "cognito-idp:CreateUserPoolClient",
    ),
    ("AWS::Cognito::UserPoolGroup", "cognito-idp:CreateGroup"),
    ("AWS::Cognito::UserPoolUser", "cognito-idp:AdminCreateUser"),
    (
        "AWS::Cognito::UserPoolUserToGroupAttachment",
        "cognito-idp:AdminAddUserToGroup",
    ),
    ("AWS::DynamoDB::Table", "dynamodb:CreateTable"),
    ("AWS::Events::Rule", "events:PutRule"),
    ("AWS::IAM::ManagedPolicy", "iam:CreatePolicy"),
    ("AWS::IAM::Policy", "iam:PutRolePolicy"),
    ("AWS::IAM::Role", "iam:CreateRole"),
    (
        "AWS::Lambda::EventInvokeConfig",
        "lambda:PutFunctionEventInvokeConfig",
    ),
    ("AWS::Lambda::Function", "lambda:CreateFunction"),
    ("AWS::Lambda::Permission", "lambda:AddPermission"),
    ("AWS::Logs::LogGroup", "logs:CreateLogGroup"),
    ("AWS::S3::Bucket", "s3:CreateBucket"),
    ("AWS::S3::BucketPolicy", "s3:PutBucketPolicy"),
    ("AWS::SNS::Subscription", "sns:Subscribe"),
    ("AWS::SNS::Topic", "sns:CreateTopic"),
    ("AWS::SNS::TopicPolicy", "sns:SetTopicAttributes"),
    (
        "AWS::StepFunctions::StateMachine",
        "states:CreateStateMachine",
    ),
    ("AWS::WAFv2::WebACL", "wafv2:CreateWebACL"),
    ("AWS::WAFv2::WebACLAssociation", "wafv2:AssociateWebACL"),
];

/// The statements of a resource's policies.
fn statements_of(resource: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    let properties = resource.get("Properties").unwrap();
    for name in ["Policies", "PolicyDocument"] {
        if let Some(policies) = properties.get(name) {
            statements(policies, &mut found);
        }
    }
    found
}

/// The policies of the deploying role. The boundary grants nothing: it is what roles may have at most.
fn deploying() -> BTreeMap<String, Vec<Value>> {
    let resources = resources(TEMPLATE);
    of_type(&resources, "AWS::IAM::ManagedPolicy")
        .into_iter()
        .filter(|(name, _)| *name != "Boundary")
        .map(|(name, policy)| (name.to_owned(), statements_of(policy)))
        .collect()
}

fn planning() -> Vec<Value> {
    statements_of(&resources(TEMPLATE)["PlanRole"])
}

fn actions(statements: &[Value]) -> BTreeSet<String> {
    let granted = statements.iter().map(|it| texts(it.get("Action")));
    granted.flatten().collect()
}

/// The document by which a role trusts somebody, as JSON with its variables in it.
fn trust(role: &str) -> serde_json::Value {
    let resources = resources(TEMPLATE);
    let document = resources[role]
        .get("Properties")
        .and_then(|properties| properties.get("AssumeRolePolicyDocument"))
        .unwrap();
    let parts = untagged(document).as_sequence().unwrap();
    serde_json::from_str(parts[0].as_str().unwrap()).unwrap()
}

#[test]
fn only_jobs_of_the_protected_branch_of_one_project_deploy() {
    let trust = trust("DeployRole");
    let statements = trust["Statement"].as_array().unwrap();
    assert_eq!(statements.len(), 1);
    assert_eq!(statements[0]["Action"], "sts:AssumeRoleWithWebIdentity");
    let conditions = serde_json::json!({
        "StringEquals": { "${GitLabHost}:aud": "${TokenAudience}" },
        "StringLike": {
            "${GitLabHost}:sub": "project_path:${GitLabProjectPath}:ref_type:branch:ref:${ProtectedBranch}"
        },
    });
    assert_eq!(statements[0]["Condition"], conditions);
}

#[test]
fn the_token_is_for_the_audience_that_the_roles_trust() {
    let template: Value = serde_yaml_ng::from_str(&text(TEMPLATE)).unwrap();
    let trusted = template["Parameters"]["TokenAudience"]["Default"].as_str();
    for (name, job) in pipeline::jobs() {
        if let Some(tokens) = job.get("id_tokens") {
            assert_eq!(tokens["AWS_ID_TOKEN"]["aud"].as_str(), trusted, "{name}");
        }
    }
}

#[test]
fn a_plan_only_reads() {
    let reads = |action: &String| {
        let verb = action.split(':').nth(1).unwrap();
        ["Describe", "Get", "List", "Query"]
            .iter()
            .any(|reading| verb.starts_with(reading))
    };
    let actions = actions(&planning());
    assert!(!actions.is_empty());
    let others: Vec<&String> = actions.iter().filter(|action| !reads(action)).collect();
    assert_eq!(others, Vec::<&String>::new());
}

#[test]
fn no_right_of_the_pipeline_has_a_wildcard_action() {
    let deploying = deploying().into_values().flatten();
    let all: Vec<Value> = deploying.chain(planning()).collect();
    let wild: Vec<String> = actions(&all)
        .into_iter()
        .filter(|action| action.contains('*'))
        .collect();
    assert_eq!(wild, Vec::<String>::new());
}

#[test]
fn the_pipeline_may_make_every_kind_of_resource_that_it_deploys() {
    let makes: BTreeMap<&str, &str> = MAKES.into();
    let granted: BTreeSet<String> = deploying()
        .values()
        .flat_map(|statements| actions(statements))
        .collect();
    let mut kinds = BTreeSet::new();
    for template in TEMPLATES {
        for resource in resources(template).values() {
            let kind = resource.get("Type").and_then(Value::as_str).unwrap();
            kinds.insert(kind.to_owned());
        }
    }
    for kind in &kinds {
        // What a custom resource does is its function's right; CloudFormation calls that function.
        let action = match makes.get(kind.as_str()) {
            Some(action) => *action,
            None if kind.starts_with("Custom::") => "lambda:InvokeFunction",
            None => panic!("which action makes {kind}? Name it, and grant it in {TEMPLATE}"),
        };
        assert!(granted.contains(action), "{kind} needs {action}");
    }
}

#[test]
fn the_pipeline_cannot_widen_its_own_rights() {
    let resources = resources(TEMPLATE);
    for (kind, name_of_it) in [
        ("AWS::IAM::Role", "RoleName"),
        ("AWS::IAM::ManagedPolicy", "ManagedPolicyName"),
    ] {
        for (name, resource) in of_type(&resources, kind) {
            let named = resource.get("Properties").and_then(|it| it.get(name_of_it));
            let named = named.map(untagged).and_then(Value::as_str).unwrap();
            assert!(named.starts_with("pipeline-"), "{name}: {named}");
        }
    }
    let account = "arn:${AWS::Partition}:iam::${AWS::AccountId}";
    let theirs = [
        format!("{account}:role/${{ProjectName}}-${{Environment}}-*"),
        format!("{account}:policy/${{ProjectName}}-${{Environment}}-*"),
        format!(
            "{account}:role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway"
        ),
    ];
    for statement in deploying().values().flatten() {
        let writes = texts(statement.get("Action"))
            .iter()
            .any(|action| action.starts_with("iam:") && !action.starts_with("iam:List"));
        if writes {
            for reach in texts(statement.get("Resource")) {
                assert!(theirs.contains(&reach), "{reach}");
            }
        }
    }
}

#[test]
fn every_policy_is_short_enough_for_iam() {
    for (name, statements) in deploying() {
        let statements: Vec<serde_json::Value> = statements.iter().map(plain).collect();
        let document = serde_json::json!({ "Version": "2012-10-17", "Statement": statements });
        let length = filled(&document.to_string()).len();
        assert!(length < LONGEST_POLICY, "{name} has {length} characters");
    }
}

/// The longest values that the parameters take.
fn filled(text: &str) -> String {
    text.replace("${AWS::Partition}", "aws-us-gov")
        .replace("${AWS::AccountId}", "111122223333")
        .replace("${ProjectName}", &"p".repeat(22))
        .replace("${Environment}", "test")
}

/// A policy without the tags of the template.
fn plain(value: &Value) -> serde_json::Value {
    match untagged(value) {
        Value::Mapping(mapping) => mapping
            .iter()
            .map(|(key, value)| (key.as_str().unwrap().to_owned(), plain(value)))
            .collect(),
        Value::Sequence(items) => items.iter().map(plain).collect(),
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
            serde_json::to_value(plain).unwrap()
        }
        Value::Tagged(_) => panic!("a tag behind a tag"),
    }
}
