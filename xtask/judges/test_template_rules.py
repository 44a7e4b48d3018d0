"""Faults planted into what the templates declare, each of which a rule of the templates must find."""

import unittest

from test_planted import API, FOLDER, SECURITY, found_with

FRONTEND, DATABASE, MACHINE = "frontend-stack.yaml", "database-stack.yaml", "step-functions-stack.yaml"


class PlantedIntoTemplates(unittest.TestCase):
    def assert_found(self, rule: str, template: str, old: str, new: str, times: int = 1) -> None:
        found = found_with(template, old, new, times)
        self.assertTrue([one for one in found if one.endswith(f"[{rule}]")], "\n".join(found) or "nothing was found")

    def test_logs_that_are_kept_for_ever(self):
        self.assert_found("log-retention", MACHINE, "      RetentionInDays: !Ref LogRetentionDays\n", "")

    def test_a_bucket_that_does_not_say_how_it_is_encrypted(self):
        old = """      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault: { SSEAlgorithm: AES256 }
"""
        self.assert_found("bucket-encryption", FRONTEND, old, "")

    def test_a_bucket_that_may_become_public(self):
        self.assert_found("bucket-public", FRONTEND, "RestrictPublicBuckets: true", "RestrictPublicBuckets: false")

    def test_a_bucket_that_keeps_no_versions(self):
        self.assert_found("bucket-versions", FRONTEND, "{ Status: Enabled }", "{ Status: Suspended }")

    def test_a_bucket_that_never_forgets_a_version(self):
        old = "            NoncurrentVersionExpiration: { NoncurrentDays: 30 }\n"
        self.assert_found("bucket-versions", FRONTEND, old, "")

    def test_a_bucket_that_answers_without_tls(self):
        self.assert_found("bucket-tls", FRONTEND, '"aws:SecureTransport": "false"', '"aws:SecureTransport": "true"')

    def test_a_policy_that_lets_everybody_in(self):
        old = "            Principal: { Service: cloudfront.amazonaws.com }\n            Action: s3:GetObject"
        self.assert_found("principals", FRONTEND, old, '            Principal: "*"\n            Action: s3:GetObject')

    def test_a_service_that_comes_for_any_account(self):
        text = (FOLDER / SECURITY).read_text()
        begin = text.index("            Condition:\n              StringEquals: { \"aws:SourceAccount\"")
        end = text.index("          - Sid: NoticesPublish")
        self.assert_found("principals", SECURITY, text[begin:end], "")

    def test_a_table_that_cannot_be_restored(self):
        old = "PointInTimeRecoveryEnabled: true"
        self.assert_found("table-recovery", DATABASE, old, "PointInTimeRecoveryEnabled: false", 3)

    def test_a_distribution_that_answers_without_tls(self):
        self.assert_found("distribution-tls", FRONTEND, "ViewerProtocolPolicy: https-only", "ViewerProtocolPolicy: allow-all")

    def test_an_origin_that_is_asked_without_tls(self):
        self.assert_found("distribution-tls", FRONTEND, "OriginProtocolPolicy: https-only", "OriginProtocolPolicy: match-viewer")

    def test_a_firewall_that_counts_a_forwarded_address(self):
        old = "              AggregateKeyType: IP\n"
        new = """              AggregateKeyType: FORWARDED_IP
              ForwardedIPConfig: { HeaderName: X-Forwarded-For, FallbackBehavior: NO_MATCH }
"""
        self.assert_found("firewall-address", SECURITY, old, new)

    def test_a_firewall_that_believes_a_header_without_the_mark(self):
        old = "                  FieldToMatch: { SingleHeader: { Name: x-distribution-mark } }\n                  Pos"
        new = "                  FieldToMatch: { SingleHeader: { Name: user-agent } }\n                  Pos"
        self.assert_found("firewall-mark", SECURITY, old, new)

    def test_a_firewall_that_refuses_a_comment(self):
        old = "                - Name: GenericRFI_BODY\n                  ActionToUse: { Count: {} }\n"
        self.assert_found("firewall-bodies", SECURITY, old, "")

    def test_a_firewall_that_samples_requests(self):
        old = "            SampledRequestsEnabled: false\n            CloudWatchMetricsEnabled: true\n            MetricName: common\n"
        self.assert_found("firewall-samples", SECURITY, old, old.replace("false", "true"))

    def test_a_stage_that_logs_bodies(self):
        self.assert_found("stage", API, "          DataTraceEnabled: false\n", "          DataTraceEnabled: true\n", 2)

    def test_health_without_a_throttle_of_its_own(self):
        self.assert_found("stage", API, "ResourcePath: /~1health", "ResourcePath: /~1user")

    def test_a_pool_that_anybody_may_sign_up_to(self):
        self.assert_found("sign-up", API, "AllowAdminCreateUserOnly: true", "AllowAdminCreateUserOnly: false")


if __name__ == "__main__":
    unittest.main()
