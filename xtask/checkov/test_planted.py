"""Faults planted into the templates, each of which must be found: a check that cannot fail is a defect."""

import contextlib
import io
import logging
import socket
import sys
import tempfile
import unittest
from pathlib import Path
from unittest.mock import patch

from checkov.cloudformation.checks.resource.aws.S3Versioning import S3Versioning

import judge
from judge import Finding, is_sentence
from scan import go_offline, scan

FOLDER = Path(__file__).parents[2] / "cfn"
LAMBDA, MACHINE, PIPELINE = "lambda-stack.yaml", "step-functions-stack.yaml", "pipeline-role.yaml"
SECURITY, API, DATABASE, FRONTEND = "security-stack.yaml", "api-stack.yaml", "database-stack.yaml", "frontend-stack.yaml"
# Put together here, so that this file holds none.
ACCESS_KEY = "AKIA" + "Q3EXW7ZLP5TB2NVD"
RETENTION = "      RetentionInDays: !Ref LogRetentionDays\n"
READS_PASSWORDS = 'Action: ec2:GetPasswordData\n{0}Resource: "*"\n'


def setUpModule():
    # checkov says at length what it stumbles over; here it is made to.
    logging.disable(logging.CRITICAL)


def planted(template: str, old: str, new: str) -> list[Finding]:
    """The findings of one template in which the first place that has a text has another."""
    text = (FOLDER / template).read_text()
    assert old in text, f"{template} has not: {old}"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / template).write_text(text.replace(old, new, 1))
        return judge.judge(scan(Path(folder))).findings


def part(template: str, begin: str, end: str) -> str:
    """The text of a template from one place to another."""
    text = (FOLDER / template).read_text()
    start = text.index(begin)
    return text[start : text.index(end, start)]


def run(folder: Path, *options: str) -> tuple[int, str, str]:
    """How the program ends, and what it says to whom."""
    said, complained = io.StringIO(), io.StringIO()
    with patch.object(sys, "argv", ["judge.py", str(folder), *options]):
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
            return judge.main(), said.getvalue(), complained.getvalue()


class Planting(unittest.TestCase):
    def assert_found(self, rule: str, resource: str, template: str, old: str, new: str) -> None:
        """This finding and no other comes of it, and is told with its place."""
        found = planted(template, old, new)
        self.assertEqual([one.rule for one in found], [rule], "\n".join(map(str, found)))
        line = (FOLDER / template).read_text().splitlines().index(f"  {resource}:") + 1
        self.assertRegex(str(found[0]), rf"^{template}:{line}: {resource}\b.* \[{rule}\]$")


class Planted(Planting):
    def test_a_bucket_that_a_policy_may_open(self):
        old = "BlockPublicPolicy: true"
        self.assert_found("CKV_AWS_54", "ConsoleBucket", FRONTEND, old, "BlockPublicPolicy: false")

    def test_a_bucket_that_keeps_no_versions(self):
        self.assert_found("CKV_AWS_21", "TrailBucket", SECURITY, "      VersioningConfiguration: { Status: Enabled }\n", "")

    def test_a_table_that_cannot_be_restored(self):
        old = "      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }\n"
        self.assert_found("CKV_AWS_28", "ProtectionGroupsTable", DATABASE, old, "")

    def test_logs_that_are_kept_for_ever(self):
        self.assert_found("CKV_AWS_66", "ApiHandlerLogGroup", LAMBDA, RETENTION, "")

    def test_a_secret_among_the_variables_of_a_function(self):
        old = "          LOG_LEVEL: !Ref LogLevel\n"
        new = f"{old}          AWS_ACCESS_KEY_ID: {ACCESS_KEY}\n"
        self.assert_found("CKV_AWS_45", "ApiHandlerFunction", LAMBDA, old, new)

    def test_a_role_that_anybody_may_take(self):
        old = "Principal: { Service: lambda.amazonaws.com }"
        self.assert_found("CKV_AWS_60", "ApiHandlerRole", LAMBDA, old, 'Principal: { AWS: "*" }')

    def test_a_trail_whose_files_can_be_changed_unseen(self):
        old = "EnableLogFileValidation: true"
        self.assert_found("CKV_AWS_36", "Trail", SECURITY, old, "EnableLogFileValidation: false")

    def test_a_console_over_plain_connections(self):
        old = "ViewerProtocolPolicy: redirect-to-https"
        self.assert_found("CKV_AWS_34", "Distribution", FRONTEND, old, "ViewerProtocolPolicy: allow-all")

    def test_a_method_without_a_token(self):
        old = "AuthorizationType: COGNITO_USER_POOLS, AuthorizerId: !Ref Authorizer"
        self.assert_found("CKV_AWS_59", "GetUserPermissionsMethod", API, old, "AuthorizationType: NONE")

    def test_a_boundary_within_which_passwords_of_instances_can_be_read(self):
        self.assert_found("CKV_AWS_107", "Boundary", PIPELINE, "ec2:GetEbs*", "ec2:Get*")


class Switched(Planting):
    """What stands behind or beside an `Fn::If`: checkov alone is silent about all of these."""

    def test_a_statement_beside_one_that_a_switch_decides(self):
        old = part(LAMBDA, "Action: servicequotas:GetServiceQuota\n", "\n  ApiHandlerFunction:")
        self.assert_found("CKV_AWS_107", "ApiHandlerRole", LAMBDA, old, READS_PASSWORDS.format(" " * 16))

    def test_a_statement_that_is_there_with_the_switch_on(self):
        old = part(MACHINE, "Action: iam:PassRole\n              Resource: !Ref InstanceProfileRoleArns\n", "            - !Ref")
        self.assert_found("CKV_AWS_107", "BorrowedOfTheCustomer", MACHINE, old, READS_PASSWORDS.format(" " * 14))

    def test_a_policy_that_is_there_with_the_switch_on(self):
        old = part(LAMBDA, 'Action: dynamodb:Query\n                  Resource: !Sub "${RecoveryPlansTableArn}/index/by-name"', "                - Sid")
        self.assert_found("CKV_AWS_107", "ExecutionFinderRole", LAMBDA, old, READS_PASSWORDS.format(" " * 18))

    def test_what_is_missing_with_the_switch_off(self):
        new = RETENTION.replace("!Ref LogRetentionDays", "!If [HasReplica, !Ref LogRetentionDays, !Ref AWS::NoValue]")
        self.assert_found("CKV_AWS_66", "ApiHandlerLogGroup", LAMBDA, RETENTION, new)


class Suppressed(Planting):
    def test_every_suppression_of_the_templates_is_needed_and_is_told_with_its_reason(self):
        code, said, complained = run(FOLDER, "--reasons")
        self.assertEqual((code, complained), (0, ""))
        written = sum(file.read_text().count("- id: CKV_") for file in FOLDER.glob("*.yaml"))
        self.assertRegex(said.splitlines()[-1], rf"^checkov: [1-9]\d+ checks passed, {written} are suppressed with their reasons$")
        self.assertEqual(len(said.splitlines()), written + 1)
        self.assertRegex(said, r"frontend-stack.yaml:\d+: ConsoleBucket: CKV_AWS_18: Only the distribution reads it,")

    def test_a_suppression_of_what_the_template_does_right(self):
        old = "          - id: CKV_AWS_18\n"
        new = f"          - id: CKV_AWS_21\n            comment: Old versions are of no use here.\n{old}"
        self.assert_found("suppression-without-use", "ConsoleBucket", FRONTEND, old, new)

    def test_a_suppression_whose_fault_is_gone(self):
        old = part(API, "  GetHealthMethod:", "  UserResource:")
        new = old.replace("AuthorizationType: NONE", "AuthorizationType: COGNITO_USER_POOLS, AuthorizerId: !Ref Authorizer")
        self.assert_found("suppression-without-use", "GetHealthMethod", API, old, new)

    def test_a_suppression_of_a_check_that_there_is_not(self):
        found = planted(FRONTEND, "- id: CKV_AWS_18\n", "- id: CKV_AWS_1800\n")
        self.assertEqual([one.rule for one in found], ["CKV_AWS_18", "suppression-without-use"])

    def test_a_suppression_in_a_comment_needs_a_reason_too(self):
        old = "  ExecutionFinderLogGroup:\n"
        self.assert_found("suppression-without-reason", "ExecutionFinderLogGroup", LAMBDA, old, f"{old}    # checkov:skip=CKV_AWS_158\n")

    def test_a_suppression_without_a_reason_suppresses_nothing(self):
        reason = part(FRONTEND, "            comment: Only the distribution reads it", "    Properties:")
        for instead in ["", "            comment: Not needed.\n"]:
            with self.subTest(instead):
                found = planted(FRONTEND, reason, instead)
                self.assertEqual([one.rule for one in found], ["CKV_AWS_18", "suppression-without-reason"])

    def test_a_reason_is_a_sentence(self):
        self.assertTrue(is_sentence("Only the distribution reads it."))
        for reason in [None, 7, "", "No comment provided", "Accepted.", "only the distribution reads it.", "Only the distribution reads it"]:
            self.assertFalse(is_sentence(reason), reason)


class NotJudged(Planting):
    def test_a_policy_that_is_no_policy(self):
        old = "        - PolicyName: api-handler\n          PolicyDocument:\n"
        new = "        - PolicyName: api-handler\n          PolicyDocument: !Ref LogLevel\n          Other:\n"
        found = planted(LAMBDA, old, new)
        self.assertIn("CKV_AWS_107", {one.rule for one in found})
        self.assertTrue(all("it could not be judged whether" in one.what for one in found), "\n".join(map(str, found)))

    def test_a_check_that_breaks(self):
        with patch.object(S3Versioning, "scan_resource_conf", side_effect=KeyError("Status")):
            found = planted(FRONTEND, "Resources:\n", "Resources:\n")
        self.assertEqual([one.rule for one in found], ["CKV_AWS_21"])

    def test_a_template_that_cannot_be_read(self):
        found = planted(SECURITY, "Resources:\n", "Resources:\n  Broken: [\n")
        self.assertEqual([str(one) for one in found], [f"{SECURITY}: checkov saw no resource in it, and has judged nothing [not-judged]"])

    def test_a_folder_without_templates(self):
        with tempfile.TemporaryDirectory() as folder, self.assertRaises(FileNotFoundError):
            run(Path(folder))


class Program(unittest.TestCase):
    def test_a_finding_ends_it_with_1(self):
        with tempfile.TemporaryDirectory() as folder:
            text = (FOLDER / FRONTEND).read_text().replace("redirect-to-https", "allow-all")
            (Path(folder) / FRONTEND).write_text(text)
            code, said, complained = run(Path(folder))
        self.assertEqual((code, said), (1, ""))
        self.assertRegex(complained, r"\[CKV_AWS_34\]\n1 finding of checkov\n$")

    def test_it_reaches_nobody(self):
        go_offline()
        for address in ["127.0.0.1", "api0.prismacloud.io"]:
            with self.subTest(address), self.assertRaises(PermissionError):
                socket.create_connection((address, 9))


if __name__ == "__main__":
    unittest.main()
