"""Compares what the functions asked for in a run with what their roles grant.

`python recorded.py FOLDER --status FILE` of the templates and of the running local stack: what was called must be allowed,
and what is allowed must have been called, or be listed in `reasons.yaml` with the reason why the run does not show it."""

import argparse
import json
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import aws_tables
import policies
import rule_actions
from findings import Finding, Reasons, read_reasons
from policies import Allowed, Request
from subjects import ENVIRONMENT, LEAST, MASTER, PROJECT, Role, sources, subject
from templates import ACCOUNT, REGION

sys.dont_write_bytecode = True

# What the emulator calls the functions, without the project and the environment, and whose role they have.
ROLES = {
    "api-handler": "ApiHandlerRole",
    "execution-finder": "ExecutionFinderRole",
    "execution-poller": "ExecutionPollerRole",
    "frontend-builder": "FrontendBuilderRole",
    "orchestration": "OrchestrationRole",
}
# The switches of the stack that runs, and its bucket, which is not named after the environment.
GIVEN = {**LEAST, MASTER: {**LEAST[MASTER], "DeploymentBucket": f"{PROJECT}-deployment-{ACCOUNT}-{REGION}"}}
# What the stacks tag their resources with; conditions compare it.
TAGS = {"aws:ResourceTag/Project": (PROJECT,), "aws:ResourceTag/Environment": (ENVIRONMENT,)}


@dataclass(frozen=True)
class Call:
    """What a function asked for. A resource that only the service knows is `*`."""

    function: str
    action: str
    resource: str
    context: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class Stack:
    """The names of the stack that ran, which the rendered roles have otherwise."""

    account: str
    region: str
    name: str

    def rendered(self, text: str) -> str:
        renamed = text.replace(self.name, f"{PROJECT}-{ENVIRONMENT}")
        return renamed.replace(self.account, ACCOUNT).replace(self.region, REGION)


def judge(calls: list[Call], roles: dict[str, Role], reasons: Reasons) -> list[Finding]:
    """What was called and is not allowed, and what is allowed and was neither called nor listed."""
    found = []
    for function in sorted(ROLES):
        role = roles[ROLES[function]]
        own = [call for call in calls if call.function == function]
        if not own:
            found.append(Finding("never-ran", function, "the run has no call of this function: nothing is shown"))
        found += [
            Finding("called-not-allowed", f"{role.template} {role.name}", f"{function} calls {call.action} on {call.resource}")
            for call in own
            if not is_allowed(call, role)
        ]
        found += never_called(role, {call.action.lower() for call in own}, reasons)
    for call in calls:
        if call.function not in ROLES:
            found.append(Finding("unknown-function", call.function, f"it calls {call.action}, and no role is known for it"))
    found += reasons_without_rights(roles, reasons)
    return sorted(set(found))


def reasons_without_rights(roles: dict[str, Role], reasons: Reasons) -> list[Finding]:
    """Entries for what no role grants. One for what this run happened to call stays: another run may not."""
    entries = [(name, action) for name, actions in reasons.lists.get("never_called", {}).items() for action in actions]
    return [
        Finding("reason-without-use", "reasons.yaml never_called", f"{name} does not grant {action}: take it out")
        for name, action in entries
        if name not in roles or not any(action in one.actions for one in roles[name].statements)
    ]


def is_allowed(call: Call, role: Role) -> bool:
    """Whether the role allows a call. Where the resource is not known, it must be allowed on one that the action takes."""
    action = aws_tables.action(call.action)
    if call.resource == "*" and action is not None and action.types:
        return rule_actions.grants(Allowed(role.statements), call.action)
    return policies.allows(role.statements, Request(call.action, call.resource, {**TAGS, **dict(call.context)}))


def never_called(role: Role, called: set[str], reasons: Reasons) -> list[Finding]:
    """The rights of a role that the run did not use and no list explains."""
    found = set()
    for statement in role.statements:
        document = statement.where.split()[-1]
        for name in statement.actions:
            if name.lower() in called or reasons.excuse("borrowed_by_others", document):
                continue
            if not reasons.excuse("never_called", role.name, name):
                message = f"{name} is allowed and was never called: take it away, or list why the run does not show it"
                found.add(Finding("allowed-not-called", f"{role.template} {role.name}", message))
    return sorted(found)


def read_calls(lines: list[str], callers: list[dict], stack: Stack) -> list[Call]:
    """The calls that the emulator wrote down, and those that the simulator of DRS knows."""
    recorded = []
    for line in lines:
        call = json.loads(line)
        context = tuple((key, tuple(values)) for key, values in sorted(call["context"].items()))
        recorded.append((call["function"], call["action"], call["resource"], context))
    recorded += [(call["function"], call["action"], "*", ()) for call in callers]
    return [
        Call(function.removeprefix(f"{stack.name}-"), action, stack.rendered(resource), context)
        for function, action, resource, context in recorded
    ]


def table(calls: list[Call], roles: dict[str, Role]) -> str:
    """Role by role, how many actions were called and how many are granted."""
    lines = [f"{'role':<22} {'called':>7} {'granted':>8}"]
    for function, name in sorted(ROLES.items()):
        called = {call.action for call in calls if call.function == function}
        granted = {action for one in roles[name].statements for action in one.actions}
        lines.append(f"{name:<22} {len(called):>7} {len(granted):>8}")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description="Compares what functions did with what they may do.")
    parser.add_argument("templates", type=Path, help="folder of the templates")
    parser.add_argument("--status", type=Path, required=True, help="status file of the running stack")
    parser.add_argument("--name", default="drs-orchestration-dev", help="project and environment of the stack")
    arguments = parser.parse_args()
    status = json.loads(arguments.status.read_text())
    stack = Stack(status["accountId"], status["region"], arguments.name)
    (file,) = arguments.status.parent.glob("*/calls.jsonl")
    with urllib.request.urlopen(f"{status['simulatorUrl']}/_sim/callers", timeout=30) as answer:
        callers = json.load(answer)["callers"]
    calls = read_calls(file.read_text().splitlines(), callers, stack)
    roles = subject("recorded", GIVEN, sources(arguments.templates)).roles
    found = judge(calls, roles, read_reasons())
    print(table(calls, roles))
    for finding in found:
        print(finding, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
