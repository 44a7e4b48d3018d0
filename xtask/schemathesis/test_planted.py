"""The judge finds what is planted: a refusal that the document does not announce, and no other."""

import unittest

import known
from acceptance import refused_without_reason


def problem(code: str, *faults: tuple[str, str]) -> dict:
    return {"code": code, "faults": [{"path": path, "code": fault} for path, fault in faults]}


class Acceptance(unittest.TestCase):
    def test_a_length_that_the_document_does_not_tell_is_found(self):
        refusal = problem("INVALID_GROUP", ("description", "TOO_LONG"))
        self.assertIn("description", refused_without_reason("createProtectionGroup", 400, refusal))

    def test_one_announced_fault_does_not_excuse_another(self):
        refusal = problem("INVALID_PLAN", ("waves[0].protectionGroupIds[0]", "UNKNOWN_GROUP"), ("name", "INVALID_FORMAT"))
        self.assertIn("name", refused_without_reason("createRecoveryPlan", 400, refusal))

    def test_a_refusal_without_a_fault_is_found(self):
        self.assertIsNotNone(refused_without_reason("pauseExecution", 400, problem("MALFORMED_JSON")))
        self.assertIsNotNone(refused_without_reason("pauseExecution", 404, {}))

    def test_what_nobody_has_and_states_are_no_fault(self):
        unknown = problem("INVALID_GROUP", ("region", "UNKNOWN_REGION"))
        self.assertIsNone(refused_without_reason("createProtectionGroup", 400, unknown))
        self.assertIsNone(refused_without_reason("pauseExecution", 404, problem("NOT_FOUND")))
        self.assertIsNone(refused_without_reason("pauseExecution", 409, problem("NOT_ALLOWED_NOW")))
        self.assertIsNone(refused_without_reason("listExecutions", 400, problem("INVALID_CURSOR")))

    def test_what_one_operation_announces_is_found_in_another(self):
        missing = problem("INVALID_REQUEST", ("reason", "REQUIRED"))
        self.assertIsNone(refused_without_reason("resolveExecutionHold", 400, missing))
        self.assertIsNotNone(refused_without_reason("skipExecutionWave", 400, missing))


class Known(unittest.TestCase):
    def test_ids_that_are_there_take_the_place_of_drawn_ones_and_lists_stay_distinct(self):
        ids = {"sourceServerId": ["s-1", "s-2"], "executionId": ["e-1"]}
        drawn = {"sourceServerIds": [f"drawn-{number}" for number in range(8)], "reason": "r"}
        put = known.put(drawn, ids)
        self.assertEqual(len(set(put["sourceServerIds"])), 8)
        self.assertTrue({"s-1", "s-2"} & set(put["sourceServerIds"]))
        self.assertEqual(put["reason"], "r")
        self.assertEqual(put, known.put(drawn, ids))


if __name__ == "__main__":
    unittest.main()
