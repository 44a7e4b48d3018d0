"""What AWS's own policies let DRS do with its caller's rights, the orchestration's role lets it do as well.

Each statement of AWS is turned into the barest requests that it allows, made by DRS. Ours must allow each of them."""

import aws_tables
import policies
from findings import Finding, Reasons
from policies import Request, Statement
from requests_of import barest
from subjects import Subject

# The policies for whoever starts recoveries, with and without post-launch actions.
AWS_POLICIES = ["AWSElasticDisasterRecoveryConsoleFullAccess_v2", "AWSElasticDisasterRecoveryLaunchActionsPolicy"]
BORROWER = "OrchestrationRole"
# DRS calls with the rights of its caller, and IAM sees who is in between.
MADE_BY_DRS = {"aws:ViaAWSService": ("true",), "aws:CalledVia": ("drs.amazonaws.com",)}


def judge(subject: Subject, reasons: Reasons) -> list[Finding]:
    """Every request that AWS's policies allow and ours do not."""
    role = subject.roles[BORROWER]
    found = []
    for name in AWS_POLICIES:
        for statement in policies.statements(aws_tables.managed_policy(name), name):
            for request in made_by_drs(statement):
                if policies.allows(role.statements, request) or reasons.excuse("not_borrowed", request.action):
                    continue
                message = f"AWS lets DRS {request.action} on {request.resource} ({statement}), and this role does not"
                found.append(Finding("drs-cannot-borrow", f"{role.template} {role.name}", message))
    return sorted(set(found))


def made_by_drs(statement: Statement) -> list[Request]:
    """The requests of a statement that DRS makes; what the product asks DRS itself for is no such request."""
    found = []
    for request in barest(statement):
        if not request.action.startswith("drs:"):
            # A statement that names another service in between means a call that DRS makes through that one.
            via = dict.fromkeys((*MADE_BY_DRS["aws:CalledVia"], *request.context.get("aws:CalledVia", ())))
            context = {**request.context, **MADE_BY_DRS, "aws:CalledVia": tuple(via)}
            found.append(Request(request.action, request.resource, context))
    return found
