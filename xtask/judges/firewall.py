"""The web ACL before the API, played: whom each of its own rules counts, and what it refuses.

AWS looks at its counts every few seconds. Here each request is looked at as it comes, so nobody is let through for longer.
What this cannot play is an error, and groups of rules that AWS manages are listed by name: `not_played`."""

import ipaddress
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

# What AWS takes where a rule does not say how long it counts.
WINDOW_SECONDS = 300
# The key of addresses that are none, where a rule counts them together.
MALFORMED = "not an address"


class UnknownRuleError(ValueError):
    """The web ACL says something that this does not know how to play."""


@dataclass(frozen=True)
class Request:
    """What reaches the API. The names of headers are in small letters."""

    at: float
    address: str
    headers: Mapping[str, str]


Statement = Callable[[Request], bool]
Key = Callable[[Request], str | None]


class Firewall:
    """The web ACL with what it has counted so far. Requests come in the order of their times."""

    def __init__(self, properties: dict):
        _members(properties, {"Scope", "DefaultAction", "Rules"}, {"Name", "Description", "VisibilityConfig"})
        if properties["Scope"] != "REGIONAL" or properties["DefaultAction"] != {"Allow": {}}:
            raise UnknownRuleError(f"{properties['Scope']} with {properties['DefaultAction']}")
        self.rates: list[Rate] = []
        self.not_played: list[str] = []
        for rule in sorted(properties["Rules"], key=lambda one: one["Priority"]):
            self._add(rule)

    def _add(self, rule: dict) -> None:
        ((kind, statement),) = rule["Statement"].items()
        if kind == "ManagedRuleGroupStatement" and statement["VendorName"] == "AWS":
            self.not_played.append(statement["Name"])
            return
        _members(rule, {"Name", "Priority", "Action", "Statement"}, {"VisibilityConfig"})
        if kind != "RateBasedStatement" or rule["Action"] != {"Block": {}}:
            raise UnknownRuleError(f"{rule['Name']}: {kind} with {rule['Action']}")
        self.rates.append(Rate(rule["Name"], statement))

    def refuses(self, request: Request) -> str | None:
        """The rule that refuses this request. Those after it do not see the request any more."""
        return next((rate.name for rate in self.rates if rate.matches(request)), None)

    def counted(self) -> Counter:
        """How many requests were counted for each key, over all rules."""
        return sum((rate.counted for rate in self.rates), Counter())


class Rate:
    """A rule that refuses whoever asks more than its limit within its window."""

    def __init__(self, name: str, statement: dict):
        _members(
            statement,
            {"Limit", "AggregateKeyType"},
            {"EvaluationWindowSec", "CustomKeys", "ForwardedIPConfig", "ScopeDownStatement"},
        )
        self.name = name
        self.limit: int = statement["Limit"]
        self.window: int = statement.get("EvaluationWindowSec", WINDOW_SECONDS)
        self.counted: Counter = Counter()
        self._times: dict[str, deque[float]] = defaultdict(deque)
        self._key = _key(statement)
        scope = statement.get("ScopeDownStatement")
        self._is_meant = (lambda _: True) if scope is None else _statement(scope)

    def matches(self, request: Request) -> bool:
        """Whether this request is one too many. Those that are refused count as well."""
        if not self._is_meant(request):
            return False
        key = self._key(request)
        # AWS leaves out what lacks a part of the key.
        if key is None:
            return False
        self.counted[key] += 1
        times = self._times[key]
        times.append(request.at)
        while times[0] <= request.at - self.window:
            times.popleft()
        return len(times) > self.limit


def _key(statement: dict) -> Key:
    kind = statement["AggregateKeyType"]
    if kind == "IP":
        return lambda request: request.address
    if kind == "FORWARDED_IP":
        return _forwarded(statement["ForwardedIPConfig"])
    if kind == "CUSTOM_KEYS":
        parts = [_header_key(one) for one in statement["CustomKeys"]]
        return lambda request: _joined([part(request) for part in parts])
    raise UnknownRuleError(f"a count by {kind}")


def _header_key(key: dict) -> Key:
    ((kind, header),) = key.items()
    if kind != "Header":
        raise UnknownRuleError(f"a count by {kind}")
    _members(header, {"Name", "TextTransformations"})
    _only_untransformed(header)
    name = header["Name"].lower()
    return lambda request: request.headers.get(name)


def _joined(parts: list[str | None]) -> str | None:
    return None if None in parts else " ".join(parts)


def _forwarded(config: dict) -> Key:
    """The first address that a header tells, as AWS reads it."""
    _members(config, {"HeaderName", "FallbackBehavior"})
    name, fallback = config["HeaderName"].lower(), config["FallbackBehavior"]

    def key(request: Request) -> str | None:
        told = request.headers.get(name)
        if told is None:
            return None
        first = told.split(",")[0].strip()
        try:
            return str(ipaddress.ip_address(first))
        except ValueError:
            return MALFORMED if fallback == "MATCH" else None

    return key


def _statement(statement: dict) -> Statement:
    ((kind, inner),) = statement.items()
    if kind == "NotStatement":
        _members(inner, {"Statement"})
        negated = _statement(inner["Statement"])
        return lambda request: not negated(request)
    if kind == "ByteMatchStatement":
        return _byte_match(inner)
    raise UnknownRuleError(f"the statement {kind}")


def _byte_match(statement: dict) -> Statement:
    _members(statement, {"FieldToMatch", "PositionalConstraint", "SearchString", "TextTransformations"})
    _only_untransformed(statement)
    field, wanted = statement["FieldToMatch"], statement["SearchString"]
    if field.keys() != {"SingleHeader"} or statement["PositionalConstraint"] != "EXACTLY":
        raise UnknownRuleError(f"a comparison of {field} {statement['PositionalConstraint']}")
    name = field["SingleHeader"]["Name"].lower()
    return lambda request: request.headers.get(name) == wanted


def _only_untransformed(given: dict) -> None:
    if others := [one["Type"] for one in given["TextTransformations"] if one["Type"] != "NONE"]:
        raise UnknownRuleError(f"a transformation of text: {', '.join(others)}")


def _members(given: dict, needed: set[str], allowed: set[str] = frozenset()) -> None:
    """Nothing may be there that is not played, and nothing lack that is."""
    if wrong := (given.keys() - needed - allowed) | (needed - given.keys()):
        raise UnknownRuleError(f"{', '.join(sorted(wrong))} in {given}")
