"""The limits of functions and of the gateway, each just kept and just broken."""

import asyncio
import json
import unittest

import limits


def answering(body):
    """A function that answers this, and notes what it was called with."""
    calls = []

    def execute(_function, event):
        calls.append(event)
        return {"body": body, "log": "a line"}

    return execute, calls


def text_of(size: int) -> str:
    """A text that is so many bytes as JSON."""
    return "x" * (size - 2)


def gateway_error(kind, message):
    return kind, message


def asked(invoke, body=b""):
    return asyncio.run(invoke({}, "api", "stage", {}, {}, "/", "POST", {}, body))


class Functions(unittest.TestCase):
    def test_an_answer_of_the_largest_size_passes_and_a_larger_one_is_a_failure(self):
        execute, _ = answering(text_of(limits.FUNCTION_ANSWER_BYTES_MAX))
        self.assertNotIn("error", limits.within_function_limits(execute)({}, {}))
        execute, _ = answering(text_of(limits.FUNCTION_ANSWER_BYTES_MAX + 1))
        result = limits.within_function_limits(execute)({}, {})
        self.assertEqual(result["body"]["errorType"], "Function.ResponseSizeTooLarge")
        self.assertTrue(result["error"])
        self.assertEqual(result["log"], "a line")

    def test_an_answer_is_counted_in_bytes_and_not_in_letters(self):
        execute, _ = answering("世" * (limits.FUNCTION_ANSWER_BYTES_MAX // 3))
        self.assertTrue(limits.within_function_limits(execute)({}, {})["error"])

    def test_a_function_is_not_called_with_more_than_it_takes(self):
        execute, calls = answering("done")
        invoke = limits.within_function_limits(execute)
        invoke({}, text_of(limits.FUNCTION_REQUEST_BYTES_MAX))
        self.assertEqual(len(calls), 1)
        result = invoke({}, text_of(limits.FUNCTION_REQUEST_BYTES_MAX + 1))
        self.assertEqual(len(calls), 1)
        self.assertEqual(result["body"]["errorType"], "RequestEntityTooLargeException")

    def test_an_event_that_nobody_waits_for_has_256_kilobytes_at_most(self):
        async def invoke(_name, _event, _headers):
            return 202, {}, b""

        def refuse(code, message, status):
            return status, code

        limited = limits.within_event_limits(invoke, refuse)
        kept, broken = text_of(limits.EVENT_BYTES_MAX), text_of(limits.EVENT_BYTES_MAX + 1)
        event, request = {"X-Amz-Invocation-Type": "Event"}, {"x-amz-invocation-type": "RequestResponse"}
        self.assertEqual(asyncio.run(limited("poller", kept, event))[0], 202)
        self.assertEqual(asyncio.run(limited("poller", broken, event)), (413, "RequestTooLargeException"))
        self.assertEqual(asyncio.run(limited("poller", broken, request))[0], 202)


class Gateway(unittest.TestCase):
    def test_a_body_that_no_function_takes_is_refused_before_the_function(self):
        async def invoke(*_):
            return 200, {}, b""

        limited = limits.within_gateway_limits(invoke, gateway_error)
        self.assertEqual(asked(limited, b"x" * limits.FUNCTION_REQUEST_BYTES_MAX)[0], 200)
        for size in (limits.FUNCTION_REQUEST_BYTES_MAX + 1, limits.GATEWAY_REQUEST_BYTES_MAX + 1):
            self.assertEqual(asked(limited, b"x" * size), ("REQUEST_TOO_LARGE", "Request Too Long"))

    def test_a_function_that_does_not_answer_in_time_is_not_waited_for(self):
        async def invoke(*_):
            await asyncio.Event().wait()

        limited = limits.within_gateway_limits(invoke, gateway_error, patience_seconds=0.01)
        self.assertEqual(asked(limited), ("INTEGRATION_TIMEOUT", "Endpoint request timed out"))
        self.assertEqual(limits.GATEWAY_PATIENCE_SECONDS, 29)

    def test_why_a_function_failed_is_not_told(self):
        async def invoke(*_):
            return 502, {}, json.dumps({"message": "Response payload size exceeded"}).encode()

        status, _, body = asked(limits.within_gateway_limits(invoke, gateway_error))
        self.assertEqual((status, json.loads(body)), (502, {"message": "Internal server error"}))


if __name__ == "__main__":
    unittest.main()
