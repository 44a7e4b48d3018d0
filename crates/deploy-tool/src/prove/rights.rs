//! Whether the caller may do what a deployment does.

use anyhow::{Result, ensure};
use deployment::proving::Proving;
use deployment::talk::listed;

use super::prover::Prover;

/// What making, changing and deleting the stacks asks for, the kinds that differ: one or two for
/// each kind of resource that the templates make, and what the steps themselves call.
const ACTIONS: [&str; 52] = [
    "apigateway:DELETE",
    "apigateway:PATCH",
    "apigateway:POST",
    "cloudformation:CreateChangeSet",
    "cloudformation:DeleteStack",
    "cloudformation:DescribeEvents",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStacks",
    "cloudformation:ExecuteChangeSet",
    "cloudformation:ListStackResources",
    "cloudfront:CreateDistribution",
    "cloudfront:CreateFunction",
    "cloudfront:CreateInvalidation",
    "cloudfront:CreateOriginAccessControl",
    "cloudfront:DeleteDistribution",
    "cloudwatch:PutMetricAlarm",
    "cognito-idp:AdminAddUserToGroup",
    "cognito-idp:AdminCreateUser",
    "cognito-idp:AdminDeleteUser",
    "cognito-idp:AdminSetUserPassword",
    "cognito-idp:CreateUserPool",
    "cognito-idp:CreateUserPoolClient",
    "cognito-idp:DeleteUserPool",
    "drs:DescribeJobLogItems",
    "drs:DescribeJobs",
    "drs:DescribeRecoveryInstances",
    "drs:DescribeSourceServers",
    "drs:GetLaunchConfiguration",
    "dynamodb:CreateTable",
    "dynamodb:DeleteTable",
    "dynamodb:Query",
    "events:PutRule",
    "events:PutTargets",
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:PassRole",
    "iam:PutRolePolicy",
    "lambda:CreateFunction",
    "lambda:InvokeFunction",
    "lambda:UpdateFunctionCode",
    "logs:CreateLogGroup",
    "logs:PutRetentionPolicy",
    "s3:CreateBucket",
    "s3:DeleteBucket",
    "s3:DeleteObjectVersion",
    "s3:GetObject",
    "s3:PutBucketPolicy",
    "s3:PutObject",
    "sns:CreateTopic",
    "states:CreateStateMachine",
    "wafv2:AssociateWebACL",
    "wafv2:CreateWebACL",
];

impl Prover<'_> {
    /// A forecast: IAM's simulator knows no policy of a resource and no condition's value.
    pub(super) async fn rights(&self) -> Result<Vec<String>> {
        let cloud = self.cloud();
        let caller = cloud.caller().await?;
        if caller.ends_with(":root") {
            return Ok(vec![format!(
                "{caller} is the account itself, which no policy of its own limits; nothing was \
                 simulated"
            )]);
        }
        let judged = cloud.simulate(&caller, &ACTIONS).await?;
        ensure!(
            judged.len() == ACTIONS.len(),
            "IAM judged {} of {} actions",
            judged.len(),
            ACTIONS.len()
        );
        let denied = judged.iter().filter(|one| !one.is_allowed());
        let denied: Vec<String> = denied
            .map(|one| format!("{} ({})", one.action, one.decision))
            .collect();
        ensure!(
            denied.is_empty(),
            "{caller} may not do {}; a policy that limits these to the product's resources is judged \
             so too, because the simulation names no resource",
            listed(&denied)
        );
        Ok(vec![format!(
            "{caller} may do all of {} actions",
            ACTIONS.len()
        )])
    }
}
