"""Rules about single statements: the actions exist, they take the resources that are named, they know the conditions,
and what they depend on is granted with them."""

import re

import aws_tables
from findings import Finding, Reasons
from policies import Allowed, Statement
from subjects import Role, Subject
from wildcards import arns_meet, matches

LONGEST_INLINE = 10_240
LONGEST_MANAGED = 6_144


def judge(subject: Subject, reasons: Reasons) -> list[Finding]:
    """Every fault of the statements of every role and every managed policy."""
    found = []
    policies = [role.statements for role in subject.roles.values()] + [one.statements for one in subject.managed.values()]
    for statements in policies:
        for statement in statements:
            found += unknown_actions(statement)
            found += resources_that_no_action_takes(statement)
            found += unknown_conditions(statement)
    for role in subject.roles.values():
        found += missing_dependents(role, reasons)
        if role.inline_length > LONGEST_INLINE:
            message = f"its own policies have {role.inline_length} characters, and IAM takes {LONGEST_INLINE}"
            found.append(Finding("policy-too-long", f"{role.template} {role.name}", message))
    for name, policy in subject.managed.items():
        if policy.length > LONGEST_MANAGED:
            message = f"it has {policy.length} characters, and IAM takes {LONGEST_MANAGED}"
            found.append(Finding("policy-too-long", f"{policy.template} {name}", message))
    return found


def unknown_actions(statement: Statement) -> list[Finding]:
    """An action that AWS does not have grants nothing, and nobody is told."""
    return [
        Finding("unknown-action", str(statement), f"AWS has no action {name}")
        for name in statement.actions
        if not aws_tables.actions_like(name)
    ]


def resources_that_no_action_takes(statement: Statement) -> list[Finding]:
    """An action limited to what it does not take is never granted; a resource that no action takes is a mistake."""
    found = []
    taken = set()
    for name in statement.actions:
        for action in aws_tables.actions_like(name):
            meant = [one for one in statement.resources if takes(action, one)]
            taken.update(meant)
            if not meant:
                kinds = ", ".join(kind.name for kind in action.types) or "no resource, so only * grants it"
                found.append(Finding("resource-of-another-kind", str(statement), f"{action.name} takes {kinds}"))
    for resource in statement.resources:
        if resource not in taken and statement.effect == "Allow":
            found.append(Finding("resource-without-action", str(statement), f"no action takes {resource}"))
    return found


def takes(action: aws_tables.Action, resource: str) -> bool:
    """Whether a resource of a policy can be one that the action asks for."""
    formats = [one for kind in action.types for one in kind.formats]
    return resource == "*" or any(arns_meet(resource, one) for one in formats)


def unknown_conditions(statement: Statement) -> list[Finding]:
    """A condition that an action does not know never holds, or always."""
    found = []
    for _, key, _ in statement.conditions:
        if key.lower() in aws_tables.GLOBAL_KEYS:
            continue
        for name in statement.actions:
            for action in aws_tables.actions_like(name):
                if not _knows(action, key, statement.resources):
                    message = f"{action.name} does not know the condition {key}"
                    found.append(Finding("unknown-condition", str(statement), message))
    return found


def _knows(action: aws_tables.Action, key: str, resources: tuple[str, ...]) -> bool:
    kinds = [kind for kind in action.types if any(_can_be(one, kind.formats) for one in resources)]
    known = action.condition_keys.union(*(kind.condition_keys for kind in kinds))
    return any(matches(re.sub(r"\$\{[^}]*\}", "*", one), key.lower()) for one in known)


def _can_be(resource: str, formats: tuple[str, ...]) -> bool:
    return any(arns_meet(resource, one) for one in formats)


def missing_dependents(role: Role, reasons: Reasons) -> list[Finding]:
    """Some actions make AWS call others with the same rights; without those they fail, often long after."""
    found = []
    allowed = Allowed(role.statements)
    for statement in allowed.statements:
        for name in statement.actions:
            for action in aws_tables.actions_like(name):
                for dependent in sorted(_dependents(action, statement.resources)):
                    if grants(allowed, dependent) or reasons.excuse("dependents", action.name, dependent):
                        continue
                    message = f"{action.name} needs {dependent} as well"
                    found.append(Finding("missing-dependent", f"{role.template} {role.name}", message))
    return sorted(set(found))


def _dependents(action: aws_tables.Action, resources: tuple[str, ...]) -> set[str]:
    kinds = [kind for kind in action.types if any(_can_be(one, kind.formats) for one in resources)]
    return {*action.dependents, *(one for kind in kinds for one in kind.dependents)}


def grants(allowed: Allowed, name: str) -> bool:
    """Whether a statement grants an action on some resource that it takes. An unknown name is granted by nothing."""
    action = aws_tables.action(name)
    return action is not None and any(takes(action, one) for one in allowed.resources(name))
