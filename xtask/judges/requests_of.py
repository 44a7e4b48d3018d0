"""Turns a statement into the barest requests that it allows: what another policy must allow to be as wide."""

import itertools
import re

import aws_tables
import policies
from policies import Request, Statement
from templates import ACCOUNT, REGION
from wildcards import arns_meet, matches

TAG_VALUE = "drs.amazonaws.com"


def barest(statement: Statement) -> list[Request]:
    """For each action, each kind of resource and each value of a condition, the request that fulfils the statement and
    carries nothing else. A statement that denies allows none."""
    if statement.effect != "Allow":
        return []
    fulfilled = [_fulfilling(*condition) for condition in statement.conditions]
    contexts = [_context(chosen) for chosen in itertools.product(*fulfilled)]
    actions = [action for name in statement.actions for action in aws_tables.actions_like(name)]
    return [
        Request(action.name, arn, context)
        for action in actions
        for arn in _samples(action, statement.resources)
        for context in contexts
    ]


def _context(chosen: tuple[tuple[str, str | None], ...]) -> dict[str, tuple[str, ...]]:
    context = {name: (value,) for key, value in chosen if value is not None for name in _names_of(key)}
    # What comes through a service comes through one, whichever the statement asks for.
    return {**context, "aws:ViaAWSService": ("true",)} if "aws:CalledVia" in context else context


def _names_of(key: str) -> list[str]:
    """EC2 has a name of its own for the tags of its resources, which a request carries beside the common one."""
    tag = key.partition("ResourceTag/")[2]
    return [f"aws:ResourceTag/{tag}", f"ec2:ResourceTag/{tag}"] if tag else [key]


def _fulfilling(operator: str, key: str, wanted: tuple[str, ...]) -> list[tuple[str, str | None]]:
    """The values, one at a time, that fulfil a condition."""
    if operator == "Null":
        return [(key, TAG_VALUE if wanted[0] == "false" else None)]
    if operator.rpartition(":")[2] in ("StringEquals", "Bool", "StringLike", "ArnLike", "ArnEquals"):
        return [(key, one.replace("${aws:PrincipalAccount}", ACCOUNT).replace("*", "sample")) for one in wanted]
    raise policies.Unreadable(f"how a request fulfils {operator} is not known")


def _samples(action: aws_tables.Action, resources: tuple[str, ...]) -> list[str]:
    """One ARN for each kind of resource that the statement reaches; `*` where the action knows none."""
    if not action.types:
        return ["*"]
    found = set()
    for pattern in resources:
        for kind in action.types:
            for arn_format in kind.formats:
                if pattern == "*" or arns_meet(pattern, arn_format):
                    found.add(_sample(pattern, arn_format))
    return sorted(found)


def _sample(pattern: str, arn_format: str) -> str:
    known = {"Partition": "aws", "Region": REGION, "Account": ACCOUNT}
    arn = re.sub(r"\$\{([^}]*)\}", lambda part: known.get(part[1], "sample"), arn_format)
    if pattern == "*" or matches(pattern, arn):
        return arn
    # Where the pattern says more than the format does, its own text counts.
    parts = [*zip(pattern.split(":", 5), arn.split(":", 5))]
    head = [own if "*" in theirs else theirs for theirs, own in parts[:5]]
    return ":".join([*head, parts[5][0].replace("*", "sample")])
