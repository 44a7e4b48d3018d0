"""Refuses what AWS refuses: requests, answers and waits that are longer than its quotas.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
"""

import asyncio
import json

PRIVATE_NAMES = {
    "ministack.services.apigateway_v1": ["_invoke_lambda_proxy_v1", "_gw_error"],
    "ministack.services.lambda_svc": ["_execute_function", "_invoke", "error_response_json"],
}

# What a function takes and answers when somebody waits for it, and what it takes when nobody does.
FUNCTION_REQUEST_BYTES_MAX = 6_291_456
FUNCTION_ANSWER_BYTES_MAX = 6_291_556
EVENT_BYTES_MAX = 262_144
# What the gateway takes, and how long it waits for a function.
GATEWAY_REQUEST_BYTES_MAX = 10_485_760
GATEWAY_PATIENCE_SECONDS = 29


def correct() -> None:
    """Call it once, before MiniStack serves."""
    from ministack.services import apigateway_v1, lambda_svc

    lambda_svc._execute_function = within_function_limits(lambda_svc._execute_function)
    lambda_svc._invoke = within_event_limits(lambda_svc._invoke, lambda_svc.error_response_json)
    apigateway_v1._invoke_lambda_proxy_v1 = within_gateway_limits(
        apigateway_v1._invoke_lambda_proxy_v1, apigateway_v1._gw_error
    )


def json_bytes(value) -> int:
    """The size of a value as it travels."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", errors="surrogatepass"))


def within_function_limits(execute):
    """A function that is called with too much is not called, and one that answers too much has failed."""

    def execute_within_limits(function, event):
        if (size := json_bytes(event)) > FUNCTION_REQUEST_BYTES_MAX:
            text = f"{size} byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)"
            return failure("RequestEntityTooLargeException", text, "")
        result = execute(function, event)
        if json_bytes(result.get("body")) <= FUNCTION_ANSWER_BYTES_MAX:
            return result
        text = "Response payload size exceeded maximum allowed payload size (6291556 bytes)."
        return failure("Function.ResponseSizeTooLarge", text, result.get("log", ""))

    return execute_within_limits


def failure(kind: str, text: str, log: str) -> dict:
    return {"body": {"errorMessage": text, "errorType": kind}, "error": True, "log": log}


def within_event_limits(invoke, refuse):
    """An event that nobody waits for is smaller than a request."""

    async def invoke_within_limits(name, event, headers, *rest, **named):
        kinds = [value for key, value in headers.items() if key.lower() == "x-amz-invocation-type"]
        if "Event" in kinds and (size := json_bytes(event)) > EVENT_BYTES_MAX:
            text = f"{size} byte payload is too large for the Event invocation type (limit 262144 bytes)"
            return refuse("RequestTooLargeException", text, 413)
        return await invoke(name, event, headers, *rest, **named)

    return invoke_within_limits


def within_gateway_limits(invoke, gateway_error, patience_seconds=GATEWAY_PATIENCE_SECONDS):
    """The gateway refuses a large request, waits for a while, and never tells why a function failed."""

    async def invoke_within_limits(integration, api, stage_name, stage, resource, path, method, headers, body, *rest, **named):
        # Beside its body a request carries a few thousand bytes, and as a text in JSON it is never shorter.
        if len(body or b"") > min(GATEWAY_REQUEST_BYTES_MAX, FUNCTION_REQUEST_BYTES_MAX):
            return gateway_error("REQUEST_TOO_LARGE", "Request Too Long")
        call = invoke(integration, api, stage_name, stage, resource, path, method, headers, body, *rest, **named)
        try:
            answer = await asyncio.wait_for(call, patience_seconds)
        except TimeoutError:
            return gateway_error("INTEGRATION_TIMEOUT", "Endpoint request timed out")
        if isinstance(answer, tuple) and answer[0] == 502:
            return 502, {"Content-Type": "application/json"}, json.dumps({"message": "Internal server error"}).encode()
        return answer

    return invoke_within_limits
