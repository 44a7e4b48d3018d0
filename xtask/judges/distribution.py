"""The distribution, played: what of a viewer's request reaches the API, and from which address.

The function's code is the template's own, run by Node. What this does not know of a behaviour is an error."""

import fnmatch
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from firewall import Request
from subjects import Subject
from templates import Stack

# One of CloudFront's servers, which many viewers share.
SERVER = "192.0.2.53"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER_EXCEPT_HOST_HEADER = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
RUNNER = Path(__file__).with_name("viewer_request.js")
# The functions' own work is nothing; a busy machine may take long to start Node.
PATIENCE_SECONDS = 120
# Members of a behaviour that change nothing of what reaches the API.
WITHOUT_EFFECT = {"PathPattern", "ViewerProtocolPolicy", "AllowedMethods", "Compress", "ResponseHeadersPolicyId"}
PLAYED = {"TargetOriginId", "CachePolicyId", "OriginRequestPolicyId", "FunctionAssociations"}


class UnknownBehaviorError(ValueError):
    """The distribution does something that this does not know how to play."""


@dataclass(frozen=True)
class Asked:
    """A viewer's request for the API. The names of headers are in small letters; each may come more than once."""

    at: float
    address: str
    headers: dict[str, list[str]]
    path: str = "/api/executions"


class Distribution:
    """The distribution of a subject with its functions."""

    def __init__(self, subject: Subject):
        ((self.stack, properties),) = [
            (stack, one["Properties"])
            for stack in subject.stacks
            for one in stack.resources.values()
            if one["Type"] == "AWS::CloudFront::Distribution"
        ]
        self.config = properties["DistributionConfig"]

    def passes_on(self, asked: list[Asked]) -> list[Request]:
        """What the API is asked, in the same order. Every request must go the same way."""
        ways = [self._behavior(one.path) for one in asked]
        if any(way is not ways[0] for way in ways):
            raise UnknownBehaviorError("requests that go different ways")
        origin = self._origin(ways[0])
        added = {one["HeaderName"].lower(): one["HeaderValue"] for one in origin.get("OriginCustomHeaders", [])}
        headers = self._after_functions(ways[0], asked)
        return [
            Request(one.at, SERVER, {**shown, **_forwarded(shown, one), **added})
            for one, shown in zip(asked, headers, strict=True)
        ]

    def _behavior(self, path: str) -> dict:
        behaviors = self.config.get("CacheBehaviors", [])
        return next((one for one in behaviors if fnmatch.fnmatchcase(path, one["PathPattern"])), self.config["DefaultCacheBehavior"])

    def _origin(self, behavior: dict) -> dict:
        if unknown := behavior.keys() - WITHOUT_EFFECT - PLAYED:
            raise UnknownBehaviorError(f"{', '.join(sorted(unknown))} of a behaviour")
        # Only then does every request reach the API, with all that the viewer or a function has written.
        if behavior["CachePolicyId"] != CACHING_DISABLED or behavior.get("OriginRequestPolicyId") != ALL_VIEWER_EXCEPT_HOST_HEADER:
            raise UnknownBehaviorError("a behaviour that caches, or that keeps headers back")
        (origin,) = [one for one in self.config["Origins"] if one["Id"] == behavior["TargetOriginId"]]
        if "CustomOriginConfig" not in origin:
            raise UnknownBehaviorError(f"the origin {origin['Id']} is not the API")
        return origin

    def _after_functions(self, behavior: dict, asked: list[Asked]) -> list[dict[str, str]]:
        """The headers that are left when the functions have run."""
        headers = [{name: _header(values) for name, values in one.headers.items()} for one in asked]
        for association in behavior.get("FunctionAssociations", []):
            if association["EventType"] != "viewer-request":
                raise UnknownBehaviorError(f"a function at {association['EventType']}")
            events = [_event(one, shown) for one, shown in zip(asked, headers, strict=True)]
            headers = [_passed_on(answer) for answer in run(_code(self.stack, association["FunctionARN"]), events)]
        return [{name: _text(header) for name, header in one.items()} for one in headers]


def run(code: str, events: list[dict]) -> list[dict]:
    """What a function of CloudFront answers to each event."""
    given = json.dumps({"code": code, "events": events})
    ran = subprocess.run(
        ["node", str(RUNNER)], input=given, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    if ran.returncode != 0:
        raise UnknownBehaviorError(ran.stderr)
    return json.loads(ran.stdout)


def _code(stack: Stack, arn: str) -> str:
    (code,) = [
        one["Properties"]["FunctionCode"]
        for logical_id, one in stack.resources.items()
        if one["Type"] == "AWS::CloudFront::Function" and stack.renderer.attribute(logical_id, "FunctionARN") == arn
    ]
    return code


def _event(asked: Asked, headers: dict[str, dict]) -> dict:
    return {
        "version": "1.0",
        "context": {"eventType": "viewer-request"},
        "viewer": {"ip": asked.address},
        "request": {"method": "GET", "uri": asked.path, "querystring": {}, "headers": headers, "cookies": {}},
    }


def _header(values: list[str]) -> dict:
    """A header as a function sees it."""
    several = {"multiValue": [{"value": value} for value in values]} if len(values) > 1 else {}
    return {"value": values[-1], **several}


def _passed_on(answer: dict) -> dict[str, dict]:
    if "uri" not in answer:
        raise UnknownBehaviorError(f"a function that answers by itself: {answer}")
    return answer["headers"]


def _text(header: dict) -> str:
    """A header as it is sent to the API."""
    return ", ".join(one["value"] for one in header.get("multiValue", [header]))


def _forwarded(headers: dict[str, str], asked: Asked) -> dict[str, str]:
    """CloudFront adds the viewer's address behind whatever the viewer has told."""
    told = headers.get("x-forwarded-for")
    return {"x-forwarded-for": asked.address if told is None else f"{told}, {asked.address}"}
