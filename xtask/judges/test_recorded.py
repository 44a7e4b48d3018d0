"""What a run shows is compared with what is granted, both ways, and a run that shows nothing proves nothing."""

import json
import unittest

from findings import Reasons, read_reasons
from recorded import GIVEN, ROLES, Call, Stack, is_allowed, judge, read_calls
from subjects import sources, subject
from test_planted import FOLDER

TABLE = "arn:aws:dynamodb:eu-central-1:111122223333:table/drs-orchestration-prod-recovery-plans"
STACK = Stack("999988887777", "us-west-2", "drs-orchestration-dev")


def roles():
    return subject("recorded", GIVEN, sources(FOLDER)).roles


def rules(calls: list[Call], reasons: Reasons) -> set[tuple[str, str]]:
    return {(one.rule, one.where.split()[-1]) for one in judge(calls, roles(), reasons)}


class Recorded(unittest.TestCase):
    def test_a_call_that_is_not_allowed_is_found(self):
        call = Call("execution-poller", "dynamodb:PutItem", TABLE)
        self.assertIn(("called-not-allowed", "ExecutionPollerRole"), rules([call], read_reasons()))

    def test_a_right_that_was_never_used_is_found(self):
        found = judge([Call("api-handler", "dynamodb:Query", TABLE)], roles(), Reasons({}))
        unused = {one.message.split()[0] for one in found if one.rule == "allowed-not-called" and "ApiHandler" in one.where}
        self.assertIn("states:StartExecution", unused)
        self.assertNotIn("dynamodb:Query", unused)

    def test_a_function_that_never_ran_is_found(self):
        self.assertIn(("never-ran", "frontend-builder"), rules([], read_reasons()))

    def test_a_function_without_a_role_is_found(self):
        self.assertIn(("unknown-function", "stranger"), rules([Call("stranger", "s3:GetObject", "*")], read_reasons()))

    def test_a_reason_for_what_is_not_granted_is_found(self):
        reasons = Reasons({"never_called": {"ApiHandlerRole": {"dynamodb:Scan": "a reason"}}})
        calls = [Call(function, "dynamodb:Query", TABLE) for function in ROLES]
        self.assertIn("reason-without-use", {one.rule for one in judge(calls, roles(), reasons)})

    def test_a_condition_is_compared_with_what_was_called(self):
        bus = "arn:aws:events:eu-central-1:111122223333:event-bus/default"
        role = roles()["OrchestrationRole"]
        ours = (("events:source", ("drs-orchestration",)),)
        others = (("events:source", ("aws.ec2",)),)
        self.assertTrue(is_allowed(Call("orchestration", "events:PutEvents", bus, ours), role))
        self.assertFalse(is_allowed(Call("orchestration", "events:PutEvents", bus, others), role))

    def test_names_of_the_stack_that_ran_become_those_of_the_rendered_roles(self):
        line = {
            "function": "drs-orchestration-dev-execution-finder",
            "action": "dynamodb:Query",
            "resource": "arn:aws:dynamodb:us-west-2:999988887777:table/drs-orchestration-dev-recovery-plans",
            "context": {},
        }
        callers = [{"function": "drs-orchestration-dev-execution-poller", "action": "drs:DescribeJobs"}]
        read = read_calls([json.dumps(line)], callers, STACK)
        expected = [Call("execution-finder", "dynamodb:Query", TABLE), Call("execution-poller", "drs:DescribeJobs", "*")]
        self.assertEqual(read, expected)


if __name__ == "__main__":
    unittest.main()
