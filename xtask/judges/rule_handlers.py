"""The role that deploys may do what the handlers of CloudFormation do for every resource of the templates."""

import functools

import aws_tables
from findings import Finding, Reasons
from policies import Allowed
from rule_actions import grants
from subjects import PIPELINE, Subject
from templates import ACCOUNT, ARNS, REGION
from wildcards import arns_meet, matches

DEPLOYER = "DeployRole"


def judge(subject: Subject, reasons: Reasons) -> list[Finding]:
    """Every action of a handler that the deploying role lacks, and every other need of a deployment that it lacks."""
    role = subject.roles[DEPLOYER]
    allowed = Allowed(role.statements)
    where = f"{role.template} {role.name}"
    found = set()
    for template, logical_id, kind, properties in subject.resources():
        if template == PIPELINE or kind.startswith("Custom::"):
            continue
        if kind not in aws_tables.handlers():
            found.add(Finding("unknown-type", f"{template} {logical_id}", f"AWS says nothing about the handlers of {kind}"))
            continue
        for action in sorted(called(kind)):
            if reaches(allowed, action, _own_arn(kind, properties)):
                continue
            if not _is_excused(kind, action, subject, reasons):
                found.add(Finding("handler-refused", where, f"the handlers of {kind} need {action}"))
    for action, why in reasons.lists.get("needed_to_deploy", {}).items():
        if not grants(allowed, action):
            found.add(Finding("deployment-refused", where, f"{action} is needed: {why}"))
    return sorted(found)


@functools.cache
def called(kind: str) -> frozenset[str]:
    """What the handlers of a type call. Some schemas name what IAM does not know; nobody could grant that."""
    names = {name for handler in aws_tables.handlers()[kind].values() for name in handler}
    return frozenset(known.name for known in map(aws_tables.action, names) if known is not None)


def reaches(allowed: Allowed, name: str, own_arn: str | None) -> bool:
    """Whether the action is granted: on the resource itself where the action takes one of its kind, else on any."""
    action = aws_tables.action(name)
    kinds = [one for kind in action.types for one in kind.formats]
    if own_arn is None or not any(arns_meet(own_arn, one) for one in kinds):
        return grants(allowed, name)
    return any(pattern == "*" or matches(pattern, own_arn) for pattern in allowed.resources(name))


def _own_arn(kind: str, properties: dict) -> str | None:
    form, naming = ARNS.get(kind, (None, None))
    name = properties.get(naming) if naming else None
    return form.format(region=REGION, account=ACCOUNT, name=name) if name else None


def _is_excused(kind: str, action: str, subject: Subject, reasons: Reasons) -> bool:
    """A handler calls some actions only for a property. The list says for which, and that no template has it."""
    by_property = reasons.lists.get("only_for_properties", {}).get(kind, {})
    for name, actions in by_property.items():
        if action in actions and not any(one == kind and name in keys(values) for _, _, one, values in subject.resources()):
            reasons.used.add(("only_for_properties", kind, name, action))
            return True
    return reasons.excuse("handlers", kind, action) or reasons.excuse("handlers", "every type", action)


def stale(reasons: Reasons) -> list[Finding]:
    """Entries that excuse nothing."""
    listed = reasons.lists.get("only_for_properties", {})
    entries = [("only_for_properties", kind, name, one) for kind, own in listed.items() for name in own for one in own[name]]
    return [
        Finding("reason-without-use", "reasons.yaml only_for_properties", f"{' '.join(entry[1:])} excuses nothing: take it out")
        for entry in entries
        if entry not in reasons.used
    ]


def keys(value) -> set[str]:
    """The names of all properties within a value."""
    if isinstance(value, dict):
        return set(value).union(*map(keys, value.values()))
    if isinstance(value, list):
        return set().union(*map(keys, value))
    return set()
