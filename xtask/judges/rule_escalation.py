"""No role can become stronger than it is: by passing a role, by writing one, or by changing the code that a role runs."""

import aws_tables
import policies
from findings import Finding
from policies import Statement
from requests_of import barest
from subjects import PIPELINE, Role, Subject
from wildcards import matches

# What changes what somebody may do.
WRITES_RIGHTS = {
    "iam:AddUserToGroup",
    "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreatePolicy",
    "iam:CreatePolicyVersion",
    "iam:CreateRole",
    "iam:CreateUser",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutGroupPolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:SetDefaultPolicyVersion",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateLoginProfile",
}
# Of these IAM asks for the boundary that the role has or gets, so that a condition can hold it.
BOUNDED = {"iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"}
# These give more than a role has, and no condition can hold them.
NEVER = {"iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:DeleteRolePermissionsBoundary"}
# What changes the code that another role runs.
WRITES_CODE = {
    "cloudformation:CreateStack",
    "cloudformation:UpdateStack",
    "lambda:CreateFunction",
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
    "states:UpdateStateMachine",
    "sts:AssumeRole",
}


def judge(subject: Subject) -> list[Finding]:
    """Every way in which a role of the templates could become stronger."""
    found = []
    for role in subject.roles.values():
        for statement in role.statements:
            if statement.effect == "Allow":
                found += passing(statement)
                found += writing(statement, role, subject)
    for role in subject.product_roles():
        found += unneeded_strength(role)
    boundary = subject.managed["Boundary"]
    found += too_wide(boundary.statements)
    if subject.is_bounded():
        found += too_tight(subject, boundary.arn, boundary.statements)
    return sorted(set(found))


def names(statement: Statement, wanted: set[str]) -> list[str]:
    """Which of these actions a statement names."""
    return sorted(one for one in wanted if any(matches(name.lower(), one.lower()) for name in statement.actions))


def passing(statement: Statement) -> list[Finding]:
    """A role is passed by its name, and to a service that is named."""
    if not names(statement, {"iam:PassRole"}):
        return []
    found = []
    for resource in statement.resources:
        role_name = resource.rpartition("/")[2]
        if resource == "*" or role_name.startswith("*"):
            found.append(Finding("passes-any-role", str(statement), f"it passes {resource}: name the roles"))
    services = [values for operator, key, values in statement.conditions if _names_services(operator, key)]
    if not services or any("*" in service for values in services for service in values):
        found.append(Finding("passes-to-any-service", str(statement), "iam:PassedToService must name the services"))
    return found


def _names_services(operator: str, key: str) -> bool:
    return operator == "StringEquals" and key.lower() == "iam:passedtoservice"


def writing(statement: Statement, role: Role, subject: Subject) -> list[Finding]:
    """Who writes rights reaches nothing of the pipeline's, and binds each role by the boundary."""
    found = []
    guarded = {name: one.arn for name, one in subject.roles.items() if one.template == PIPELINE}
    guarded |= {name: one.arn for name, one in subject.managed.items() if one.template == PIPELINE}
    guarded[role.name] = role.arn
    for name in names(statement, WRITES_RIGHTS):
        if name in NEVER:
            found.append(Finding("writes-stronger", str(statement), f"{name} makes something stronger than its boundary"))
        for other, arn in guarded.items():
            if any(pattern == "*" or matches(pattern, arn) for pattern in statement.resources):
                found.append(Finding("writes-itself", str(statement), f"{name} reaches {other}"))
        if name in BOUNDED and not any(_binds(*condition) for condition in statement.conditions):
            found.append(Finding("writes-stronger", str(statement), f"{name} asks for no iam:PermissionsBoundary"))
    return found


def _binds(operator: str, key: str, values: tuple[str, ...]) -> bool:
    exact = operator in ("StringEquals", "ArnEquals") and key.lower() == "iam:permissionsboundary"
    return exact and all("*" not in value for value in values)


def unneeded_strength(role: Role) -> list[Finding]:
    """The product's own roles write neither rights nor code."""
    where = f"{role.template} {role.name}"
    return [
        Finding("product-writes", where, f"{name} is nothing that the product does")
        for statement in role.statements
        if statement.effect == "Allow"
        for name in names(statement, WRITES_RIGHTS | WRITES_CODE)
    ]


def too_tight(subject: Subject, arn: str, boundary: list[Statement]) -> list[Finding]:
    """Whatever a role of the product is granted must be within its boundary, or it is not granted at all."""
    found = []
    for role in subject.product_roles():
        where = f"{role.template} {role.name}"
        if role.boundary != arn:
            found.append(Finding("without-boundary", where, f"its boundary is {role.boundary}, not {arn}"))
        for statement in role.statements + _managed(role):
            for request in barest(statement):
                if not policies.allows(boundary, request):
                    message = f"the boundary keeps it from {request.action} on {request.resource}"
                    found.append(Finding("boundary-too-tight", where, message))
    return found


def _managed(role: Role) -> list[Statement]:
    own = [name.partition("::aws:policy/")[2].rpartition("/")[2] for name in role.managed]
    return [one for name in own if name for one in policies.statements(aws_tables.managed_policy(name), name)]


def too_wide(boundary: list[Statement]) -> list[Finding]:
    """The boundary itself lets nobody write rights or code."""
    return [
        Finding("boundary-too-wide", str(statement), f"it would let a role {name}")
        for statement in boundary
        if statement.effect == "Allow"
        for name in names(statement, WRITES_RIGHTS | WRITES_CODE)
    ]

