"""The firewall of the templates, played; faults planted into it, each of which the play must find; and what it cannot play."""

import functools
import unittest

import yaml

from distribution import SERVER, UnknownBehaviorError
from firewall import Firewall, UnknownRuleError
from play_firewall import GUESS, OFFICE, OPERATOR, STRANGER, findings, firewall_of, forged, play, straight, through
from subjects import LEAST, MOST, Subject, subject
from templates import _Loader
from test_planted import FOLDER, SECURITY, written

FRONTEND = "frontend-stack.yaml"
FUNCTION = "          request.headers['x-viewer-address'] = { value: event.viewer.ip };\n"
BY_HEADER = """              AggregateKeyType: CUSTOM_KEYS
              CustomKeys:
                - Header: { Name: x-viewer-address, TextTransformations: [{ Priority: 0, Type: NONE }] }
"""
BY_FORWARDED = """              AggregateKeyType: FORWARDED_IP
              ForwardedIPConfig: { HeaderName: X-Forwarded-For, FallbackBehavior: NO_MATCH }
"""
BY_ADDRESS = "              AggregateKeyType: IP\n"
MARK = """              ScopeDownStatement:
                ByteMatchStatement:
                  FieldToMatch: { SingleHeader: { Name: x-distribution-mark } }
                  PositionalConstraint: EXACTLY
                  SearchString: !Ref DistributionMark
                  TextTransformations: [{ Priority: 0, Type: NONE }]
"""


@functools.cache
def templates() -> Subject:
    return subject("most", MOST, written())


def changed(template: str, old: str, new: str) -> Subject:
    """The templates when one text of one of them is another."""
    text = (FOLDER / template).read_text()
    assert text.count(old) == 1, f"{template} has {text.count(old)} times: {old}"
    return subject("most", MOST, {**written(), template: yaml.load(text.replace(old, new), _Loader)})


class Played(unittest.TestCase):
    def test_neither_a_strangers_20000_forged_requests_nor_fifty_consoles_stop_anybody(self):
        self.assertEqual(findings(templates()), [])

    def test_a_stranger_is_refused_what_is_more_than_his_limits_and_the_operator_nothing(self):
        viewer, connection = (rate.limit for rate in firewall_of(templates()).rates)
        senders = {
            "operator": through(templates(), OPERATOR, 300),
            "stranger": through(templates(), STRANGER, viewer + 7, forged(OPERATOR)),
            "stranger who comes straight": straight(STRANGER, connection + 5, forged(OPERATOR)),
        }
        refused = play(templates(), senders).refused
        self.assertEqual(refused, {"stranger": 7, "stranger who comes straight": 5})

    def test_who_was_refused_is_let_through_when_his_requests_are_old(self):
        limit = firewall_of(templates()).rates[1].limit
        sent = straight(STRANGER, limit + 1, {})
        later = [type(one)(one.at + 600, one.address, one.headers) for one in sent[:1]]
        self.assertEqual(play(templates(), {"before": sent, "later": later}).refused, {"before": 1})

    def test_what_aws_manages_is_named_as_not_played(self):
        groups = ["AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet"]
        self.assertEqual(firewall_of(templates()).not_played, groups)

    def test_without_the_switch_there_is_no_firewall(self):
        self.assertIsNone(firewall_of(subject("least", LEAST, written())))

    def test_what_a_viewer_writes_into_the_two_headers_does_not_reach_the_api(self):
        twice = {**forged(OPERATOR), "x-viewer-address": [OPERATOR, OPERATOR]}
        (request,) = through(templates(), STRANGER, 1, twice)
        (plain,) = through(templates(), OFFICE, 1)
        self.assertEqual(request.headers["x-distribution-mark"], plain.headers["x-distribution-mark"])
        self.assertEqual((request.address, request.headers["x-viewer-address"]), (SERVER, STRANGER))


class PlantedIntoTheFirewall(unittest.TestCase):
    def assert_found(self, words: str, template: str, old: str, new: str) -> None:
        found = findings(changed(template, old, new))
        self.assertTrue([one for one in found if words in one], "\n".join(found) or "nothing was found")

    def test_a_viewer_who_is_counted_by_a_forwarded_address(self):
        self.assert_found(f"10300 requests are counted for {OPERATOR}", SECURITY, BY_HEADER, BY_FORWARDED)

    def test_a_connection_that_is_counted_by_a_forwarded_address(self):
        self.assert_found(f"10300 requests are counted for {OPERATOR}", SECURITY, BY_ADDRESS, BY_FORWARDED)

    def test_a_viewer_who_is_counted_by_the_distributions_server(self):
        self.assert_found(f"10300 requests are counted for {SERVER}", SECURITY, BY_HEADER, BY_ADDRESS)

    def test_a_function_that_lets_a_viewers_own_header_through(self):
        new = FUNCTION.replace("request.headers", "if (!request.headers['x-viewer-address']) request.headers", 1)
        self.assert_found(f"10300 requests are counted for {OPERATOR}", FRONTEND, FUNCTION, new)

    def test_a_function_that_writes_nothing(self):
        self.assert_found(f"0 requests are counted for {OPERATOR}, of whom 300 are", FRONTEND, FUNCTION, "")

    def test_a_mark_that_is_not_compared(self):
        self.assert_found(f"10300 requests are counted for {OPERATOR}", SECURITY, MARK, "")

    def test_a_mark_that_anybody_knows(self):
        known = MARK.replace("!Ref DistributionMark", GUESS)
        self.assert_found(f"10000 requests are counted for {OPERATOR}", SECURITY, MARK, known)

    def test_a_distribution_that_adds_no_mark(self):
        old = "            OriginCustomHeaders:\n              - { HeaderName: x-distribution-mark, HeaderValue: !Ref DistributionMark }\n"
        self.assert_found(f"are counted for {SERVER}", FRONTEND, old, "")

    def test_a_limit_that_fifty_consoles_reach(self):
        self.assert_found("requests of fifty consoles are refused", SECURITY, "Limit: 40000", "Limit: 10000")

    def test_a_limit_of_which_fifty_consoles_use_more_than_half(self):
        self.assert_found("more than half of what rate-of-one-viewer", SECURITY, "Limit: 40000", "Limit: 20000")


class NotKnown(unittest.TestCase):
    """What cannot be played is an error and never a yes."""

    def assert_not_known(self, words: str, old: str, new: str) -> None:
        with self.assertRaisesRegex(UnknownRuleError, words):
            findings(changed(SECURITY, old, new))

    def test_a_statement_that_is_not_known(self):
        self.assert_not_known("GeoMatchStatement", MARK, "              ScopeDownStatement: { GeoMatchStatement: {} }\n")

    def test_a_comparison_that_is_not_known(self):
        self.assert_not_known("CONTAINS", MARK, MARK.replace("EXACTLY", "CONTAINS"))

    def test_a_transformation_that_is_not_known(self):
        self.assert_not_known("LOWERCASE", BY_HEADER, BY_HEADER.replace("Type: NONE", "Type: LOWERCASE"))

    def test_a_key_that_is_not_known(self):
        self.assert_not_known("CONSTANT", BY_ADDRESS, "              AggregateKeyType: CONSTANT\n")

    def test_a_part_of_a_key_that_is_not_known(self):
        self.assert_not_known("a count by Cookie", BY_HEADER, BY_HEADER.replace("- Header:", "- Cookie:"))

    def test_an_action_that_refuses_nothing(self):
        old = "          Priority: 0\n          Action: { Block: {} }\n"
        self.assert_not_known("Count", old, old.replace("Block", "Count"))

    def test_a_member_that_is_not_known(self):
        self.assert_not_known("OverrideAction", "          Priority: 0\n", "          Priority: 0\n          OverrideAction: {}\n")

    def test_a_firewall_that_refuses_what_no_rule_names(self):
        self.assert_not_known("Block", "DefaultAction: { Allow: {} }", "DefaultAction: { Block: {} }")

    def test_a_distribution_that_caches_answers_of_the_api(self):
        old = "            CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad\n"
        new = "            CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6\n"
        with self.assertRaisesRegex(UnknownBehaviorError, "caches"):
            findings(changed(FRONTEND, old, new))

    def test_an_empty_web_acl_is_none(self):
        with self.assertRaises(UnknownRuleError):
            Firewall({"Scope": "REGIONAL"})


if __name__ == "__main__":
    unittest.main()
