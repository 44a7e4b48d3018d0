"""Faults planted into the templates, each of which the judge must find: a check that cannot fail is a defect."""

import functools
import unittest
from pathlib import Path

import yaml

import judge
import rule_handlers
from findings import Reasons, read_reasons
from subjects import MASTER, MOST, SETTINGS, sources, subject
from templates import _Loader

FOLDER = Path(__file__).parents[2] / "cfn"
LAMBDA, MACHINE, PIPELINE = "lambda-stack.yaml", "step-functions-stack.yaml", "pipeline-role.yaml"
SECURITY, API, DATABASE = "security-stack.yaml", "api-stack.yaml", "database-stack.yaml"


@functools.cache
def written() -> dict[str, dict]:
    return sources(FOLDER)


def found_with(template: str, old: str, new: str, times: int = 1) -> list[str]:
    """The findings of the templates when one text of one of them is another."""
    text = (FOLDER / template).read_text()
    assert text.count(old) == times, f"{template} has {text.count(old)} times: {old}"
    changed = {**written(), template: yaml.load(text.replace(old, new), _Loader)}
    return [str(one) for one in judge.findings_of(subject("most", MOST, changed), read_reasons())]


class Planted(unittest.TestCase):
    def assert_found(self, rule: str, words: str, template: str, old: str, new: str, times: int = 1) -> None:
        found = found_with(template, old, new, times)
        meant = [one for one in found if one.endswith(f"[{rule}]") and words in one]
        self.assertTrue(meant, "\n".join(found) or "nothing was found")

    def test_an_action_that_aws_does_not_have(self):
        self.assert_found(
            "unknown-action", "drs:DescribeSourceServer", LAMBDA, "drs:DescribeSourceServers,", "drs:DescribeSourceServer,", 3
        )

    def test_an_action_without_resources_that_is_limited_to_an_arn(self):
        old = "Action: [drs:DescribeSourceServers, drs:DescribeRecoveryInstances, drs:DescribeJobs]\n                Resource: \"*\""
        new = old.replace('"*"', "!Sub arn:${AWS::Partition}:drs:*:${AWS::AccountId}:*")
        self.assert_found("resource-of-another-kind", "drs:DescribeJobs takes no resource", LAMBDA, old, new, 2)

    def test_a_creation_that_is_limited_to_an_arn(self):
        self.assert_found(
            "resource-of-another-kind",
            "cloudfront:CreateOriginAccessControl takes no resource",
            PIPELINE,
            "              - cloudfront:CreateInvalidation\n",
            "              - cloudfront:CreateInvalidation\n              - cloudfront:CreateOriginAccessControl\n",
        )

    def test_a_resource_of_another_kind(self):
        self.assert_found(
            "resource-of-another-kind",
            "states:DescribeExecution takes execution",
            LAMBDA,
            ":execution:${StateMachineName}:*",
            ":stateMachine:${StateMachineName}",
            3,
        )

    def test_a_resource_that_no_action_takes(self):
        self.assert_found(
            "resource-without-action",
            "dedicated-host",
            MACHINE,
            "              - !Sub arn:${AWS::Partition}:ec2:*:*:key-pair/*\n",
            "              - !Sub arn:${AWS::Partition}:ec2:*:*:dedicated-host/*\n",
        )

    def test_a_condition_that_the_action_does_not_know(self):
        self.assert_found("unknown-condition", "drs:CreatedBy", LAMBDA, '"drs:CreateAction":', '"drs:CreatedBy":')

    def test_a_dependent_action_that_is_missing(self):
        lines = (FOLDER / LAMBDA).read_text()
        begin = lines.index("              - Sid: LetDrsReadInstances")
        end = lines.index("              - Sid:", begin + 20)
        words = "drs:DescribeRecoveryInstances needs ec2:DescribeInstances"
        self.assert_found("missing-dependent", words, LAMBDA, lines[begin:end], "", lines.count(lines[begin:end]))

    def test_a_dependent_action_of_a_launch_that_is_missing(self):
        self.assert_found(
            "missing-dependent", "drs:StartRecovery needs drs:ListTagsForResource", LAMBDA, ", drs:ListTagsForResource]", "]"
        )

    def test_a_right_that_drs_cannot_borrow(self):
        self.assert_found(
            "drs-cannot-borrow", "ec2:StopInstances", MACHINE, "              - ec2:StopInstances\n", "", 2
        )

    def test_a_condition_that_is_stricter_than_awss_own(self):
        self.assert_found(
            "drs-cannot-borrow",
            "ec2:CreateFleet",
            MACHINE,
            'Condition: { "ForAnyValue:StringEquals": { "aws:CalledVia": drs.amazonaws.com } }\n          # A security group',
            'Condition: { "Null": { "aws:RequestTag/AWSElasticDisasterRecoveryManaged": "false" } }\n          # A security group',
        )

    def test_a_role_that_is_passed_by_a_wildcard(self):
        self.assert_found(
            "passes-any-role",
            "role/*",
            MACHINE,
            "role/service-role/AWSElasticDisasterRecoveryConversionServerRole",
            "role/*",
        )

    def test_a_role_that_is_passed_to_any_service(self):
        self.assert_found(
            "passes-to-any-service",
            "BorrowedRoles",
            MACHINE,
            'Condition: { StringEquals: { "iam:PassedToService": ec2.amazonaws.com } }\n          - Sid: BorrowedPostLaunchActions',
            'Condition: { Bool: { "aws:ViaAWSService": "true" } }\n          - Sid: BorrowedPostLaunchActions',
        )

    def test_a_deploying_role_that_can_write_itself(self):
        self.assert_found(
            "writes-itself",
            "DeployRole",
            PIPELINE,
            "role/${ProjectName}-${Environment}-*",
            "role/*${ProjectName}-${Environment}-*",
            5,
        )

    def test_a_deploying_role_that_can_write_its_boundary(self):
        self.assert_found(
            "writes-itself",
            "iam:CreatePolicyVersion reaches Boundary",
            PIPELINE,
            "            Resource: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/${ProjectName}-${Environment}-*\n",
            "            Resource: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/*\n",
        )

    def test_a_role_that_is_made_without_a_boundary(self):
        self.assert_found(
            "writes-stronger",
            "iam:CreateRole asks for no iam:PermissionsBoundary",
            PIPELINE,
            "              - iam:DeleteRole\n",
            "              - iam:CreateRole\n              - iam:DeleteRole\n",
        )

    def test_a_boundary_that_anybody_may_take_away(self):
        self.assert_found(
            "writes-stronger",
            "iam:DeleteRolePermissionsBoundary",
            PIPELINE,
            "              - iam:DeleteRole\n",
            "              - iam:DeleteRole\n              - iam:DeleteRolePermissionsBoundary\n",
        )

    def test_a_boundary_that_is_too_tight_for_the_product(self):
        self.assert_found("boundary-too-tight", "drs:StartRecovery", PIPELINE, "              - drs:StartRecovery\n", "")

    def test_a_boundary_that_lets_roles_write_rights(self):
        old = "            Action: iam:PassRole\n            Resource: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*\n"
        new = '            Action: iam:*\n            Resource: "*"\n'
        self.assert_found("boundary-too-wide", "iam:CreateRole", PIPELINE, old, new)

    def test_a_role_without_the_boundary(self):
        self.assert_found(
            "without-boundary",
            "Role",
            MACHINE,
            "      PermissionsBoundary: !If [HasBoundary, !Ref PermissionsBoundaryArn, !Ref AWS::NoValue]\n",
            "",
        )

    def test_a_function_that_may_write_code(self):
        old = "Action: lambda:InvokeFunction\n                Resource"
        new = "Action: [lambda:InvokeFunction, lambda:UpdateFunctionCode]\n                Resource"
        self.assert_found("product-writes", "lambda:UpdateFunctionCode", LAMBDA, old, new)

    def test_an_action_of_a_handler_that_is_missing(self):
        self.assert_found(
            "handler-refused",
            "the handlers of AWS::Lambda::Function need lambda:PutFunctionConcurrency",
            PIPELINE,
            "              - lambda:PutFunctionConcurrency\n",
            "",
        )

    def test_an_action_of_a_handler_for_another_name(self):
        self.assert_found(
            "handler-refused",
            "the handlers of AWS::DynamoDB::Table need dynamodb:CreateTable",
            PIPELINE,
            "table/${ProjectName}-${Environment}-*\n",
            "table/other-*\n",
            3,
        )

    def test_a_property_whose_handler_needs_more(self):
        self.assert_found(
            "handler-refused",
            "s3:PutBucketLogging",
            SECURITY,
            "      VersioningConfiguration: { Status: Enabled }\n",
            "      VersioningConfiguration: { Status: Enabled }\n      LoggingConfiguration: { LogFilePrefix: access }\n",
        )

    def test_a_need_of_a_deployment_that_is_missing(self):
        text = (FOLDER / PIPELINE).read_text()
        changed = text.replace("cloudformation:DescribeEvents", "cloudformation:DescribeType")
        templates = {**written(), PIPELINE: yaml.load(changed, _Loader)}
        found = rule_handlers.judge(subject("most", MOST, templates), read_reasons())
        self.assertIn("deployment-refused", {one.rule for one in found})

    def test_a_policy_that_is_longer_than_iam_takes(self):
        names = "".join(f"              - !Sub arn:${{AWS::Partition}}:ec2:*:*:volume/vol-{index:060}\n" for index in range(30))
        old = "              - !Sub arn:${AWS::Partition}:ec2:*:*:key-pair/*\n"
        self.assert_found("policy-too-long", "IAM takes 10240", MACHINE, old, old + names)

    def test_a_reason_that_excuses_nothing(self):
        lists = {**read_reasons().lists, "not_borrowed": {**read_reasons().lists["not_borrowed"], "ec2:RunInstances": "none"}}
        found = judge.findings(written(), Reasons(lists))
        self.assertEqual([one.rule for one in found], ["reason-without-use"])

    def test_an_entry_without_a_reason_excuses_nothing(self):
        lists = {**read_reasons().lists, "not_borrowed": {**read_reasons().lists["not_borrowed"], "iam:ListRoles": ""}}
        found = judge.findings(written(), Reasons(lists))
        self.assertIn("drs-cannot-borrow", {one.rule for one in found})

    def test_a_table_of_settings_that_renders_every_statement(self):
        """What no setting renders, nothing judges."""
        rendered = {
            statement.sid
            for setting, given in SETTINGS.items()
            for role in subject(setting, given, written()).roles.values()
            for statement in role.statements
        }
        named = set()
        for template in (MASTER, LAMBDA, MACHINE, PIPELINE):
            text = (FOLDER / template).read_text().splitlines()
            named |= {line.split("Sid: ")[1].strip() for line in text if line.lstrip().startswith("- Sid: ")}
        boundary = {one.sid for one in subject("most", MOST, written()).managed["Boundary"].statements}
        trusted = {"StatesAssumes"}
        self.assertEqual(named - rendered - boundary - trusted, set())


if __name__ == "__main__":
    unittest.main()
