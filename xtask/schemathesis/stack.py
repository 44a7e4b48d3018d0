"""The running stack: where it is, who asks, and what is there to be asked about."""

import json
import time
import urllib.error
import urllib.request
from pathlib import Path

# A token is valid for an hour.
TOKEN_SECONDS = 1_800
PATIENCE_SECONDS = 60


class Stack:
    """One local stack, by its status file."""

    def __init__(self, status: Path):
        self.status = json.loads(status.read_text())
        self.api_url = self.status["apiUrl"]
        self.token, self.token_since = "", float("-inf")

    def headers(self) -> dict[str, str]:
        """What a request of the administrator carries."""
        if time.monotonic() - self.token_since > TOKEN_SECONDS:
            self.token, self.token_since = self.sign_in(), time.monotonic()
        return {"Authorization": f"Bearer {self.token}"}

    def sign_in(self) -> str:
        user = max(self.status["users"], key=lambda user: len(user["roles"]))
        request = {
            "AuthFlow": "USER_PASSWORD_AUTH",
            "ClientId": self.status["userPoolClientId"],
            "AuthParameters": {"USERNAME": user["username"], "PASSWORD": user["password"]},
        }
        headers = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
        }
        answer = ask(self.status["awsEndpointUrl"], headers, request)
        return answer["AuthenticationResult"]["IdToken"]

    def call(self, path: str, body: dict | None = None) -> dict:
        return ask(self.api_url + path, {**self.headers(), "Content-Type": "application/json"}, body)

    def provide(self, path: str, body: dict) -> dict:
        """What an earlier run has made, or a new one."""
        there = self.call(path)["items"]
        return there[0] if there else self.call(path, body)

    def furnish(self, region: str) -> dict[str, list[str]]:
        """A group, a plan and a drill, and the ids that requests can name."""
        servers = [item["sourceServerId"] for item in self.call(f"/drs/source-servers?region={region}")["items"]]
        group = {"name": "Contract", "region": region, "sourceServerIds": servers[:2]}
        group["drillIsolation"] = {"statement": "The drill network has no way out."}
        group_id = self.provide("/protection-groups", group)["protectionGroupId"]
        waves = [{"key": "first", "protectionGroupIds": [group_id], "pauseBefore": True}]
        plan_id = self.provide("/recovery-plans", {"name": "Contract", "waves": waves})["recoveryPlanId"]
        execution_id = self.provide("/executions", {"recoveryPlanId": plan_id, "kind": "DRILL"})["executionId"]
        return {
            "executionId": [execution_id],
            "protectionGroupId": [group_id],
            "recoveryPlanId": [plan_id],
            "sourceServerId": servers[2:],
            "region": [region],
            "accountId": [self.status["accountId"]],
            "waveKey": ["first"],
        }


def ask(url: str, headers: dict[str, str], body: dict | None) -> dict:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{url} answers {error.code}: {error.read().decode(errors='replace')}") from error
