"""Writes down what the functions ask AWS for: which function, which action, on which resource, under which conditions.

Each is written once, however often it is asked, into `calls.jsonl` of the state directory. What a function may do can so
be compared with what it does (`xtask/judges/recorded.py`). Names of resources are kept; bodies and credentials are not."""

import json
from pathlib import Path

PRIVATE_NAMES = {
    "ministack.app": ["_dispatch_service_request", "_routing_params", "detect_service", "extract_region"],
    "ministack.core.iam_actions": [
        "dynamodb_resource_arns",
        "dynamodb_transaction_checks",
        "eventbridge_resource_arns",
        "extract_iam_action",
        "extract_resource_arn",
    ],
    "ministack.core.lambda_runtime": ["execution_credentials"],
    "ministack.services.lambda_svc": ["execution_credentials"],
}
FILE = "calls.jsonl"
# A session token goes with every request of a function, so here it says whose it is. Nobody checks it.
MARK = "function/"


def begin(state_directory: Path) -> None:
    """Call it once, before MiniStack serves."""
    from ministack import app
    from ministack.core import lambda_runtime
    from ministack.services import lambda_svc

    marked = with_mark(lambda_runtime.execution_credentials)
    lambda_runtime.execution_credentials = marked
    lambda_svc.execution_credentials = marked
    app._dispatch_service_request = recorded(app._dispatch_service_request, Calls(state_directory / FILE))


def with_mark(credentials):
    """Credentials whose session token names the function that has them."""

    def marked(config: dict) -> dict[str, str]:
        return {**credentials(config), "AWS_SESSION_TOKEN": MARK + config["FunctionName"]}

    return marked


def recorded(dispatch, calls: "Calls"):
    """Answers as before, and writes down what was asked by a function."""

    async def dispatch_recorded(method, path, headers, body, query_params, request_id):
        token = headers.get("x-amz-security-token", "")
        if token.startswith(MARK):
            for action, resource, context in asked(method, path, headers, body, query_params):
                calls.note(token.removeprefix(MARK), action, resource, context)
        return await dispatch(method, path, headers, body, query_params, request_id)

    return dispatch_recorded


def asked(method, path, headers, body, query_params) -> list[tuple[str, str, dict[str, list[str]]]]:
    """What IAM would be asked about a request: the action, the resource, and what conditions compare."""
    from ministack import app
    from ministack.core import iam_actions
    from ministack.core.responses import get_account_id

    params = app._routing_params(method, path, headers, body, query_params)
    service = app.detect_service(method, path, headers, params)
    region, account = app.extract_region(headers), get_account_id()
    action = iam_actions.extract_iam_action(service, method, path, headers, body, params)
    target = headers.get("x-amz-target", "").rpartition(".")[2]
    if target == "GetServiceQuota":
        quota = json.loads(body)
        arn = f"arn:aws:servicequotas:{region}:{account}:{quota['ServiceCode']}/{quota['QuotaCode']}"
        return [("servicequotas:GetServiceQuota", arn, {})]
    if action is None:
        return [(f"{service}:{target or 'unknown'}", f"{method} {path}", {})]
    if parts := iam_actions.dynamodb_transaction_checks(action, body, region, account):
        return [(part, table, {}) for part, table in parts]
    if service == "dynamodb":
        return [(action, table, {}) for table in iam_actions.dynamodb_resource_arns(body, region, account)]
    if action == "events:PutEvents":
        sources = sorted({entry["Source"] for entry in json.loads(body)["Entries"]})
        buses = iam_actions.eventbridge_resource_arns(body, region, account)
        return [(action, bus, {"events:source": [source]}) for bus in buses for source in sources]
    resource = iam_actions.extract_resource_arn(service, method, path, headers, body, params, region, account)
    return [(action, resource, {})]


class Calls:
    """The file, and what stands in it."""

    def __init__(self, file: Path):
        self.file = file
        self.written = set(file.read_text().splitlines()) if file.exists() else set()

    def note(self, function: str, action: str, resource: str, context: dict[str, list[str]]) -> None:
        """Writes a call down that is not there yet."""
        call = {"function": function, "action": action, "resource": resource, "context": context}
        line = json.dumps(call, sort_keys=True)
        if line not in self.written:
            self.written.add(line)
            with self.file.open("a") as calls:
                calls.write(line + "\n")
