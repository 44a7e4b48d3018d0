"""Asks a running stack what the API's document allows and what it forbids, and says where the two differ.

`python judge.py --document FILE --status FILE --cases N [--seed N]`. Each operation gets its share of the cases: half
of them as the document allows, half with something that it forbids. The stack is changed by what is asked."""

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.dont_write_bytecode = True

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

import known
from acceptance import refused_without_reason
from stack import Stack

REGION = "us-west-2"
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.status_code_conformance,
]
ROUNDS_MAX = 5
# A version that has been changed since is looked at before what is wrong with the change.
STALE = 412
PATIENCE_SECONDS = 60
SHOWN_CHARACTERS = 600


@dataclass
class Findings:
    """What was asked and what was wrong, each kind of fault once with its first request."""

    asked: Counter = field(default_factory=Counter)
    statuses: Counter = field(default_factory=Counter)
    faults: Counter = field(default_factory=Counter)
    examples: dict = field(default_factory=dict)

    def note(self, operation: str, fault: str, example: str) -> None:
        self.faults[operation, fault] += 1
        self.examples.setdefault((operation, fault), example)


def main() -> None:
    arguments = parse_arguments()
    document = without_sign_in(json.loads(arguments.document.read_text()))
    stack = Stack(arguments.status)
    ids = stack.furnish(REGION)
    operations = [result.ok() for result in schemathesis.openapi.from_dict(document).get_all_operations()]
    findings = Findings()
    for number in range(arguments.seed, arguments.seed + ROUNDS_MAX):
        # An operation that takes little has fewer cases than its share; a further round makes up for it.
        left = arguments.cases - findings.asked.total()
        share = -(-left // (2 * len(operations)))
        if share > 0:
            for operation in operations:
                for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                    play(operation, mode, share, number, stack, ids, findings)
    report(findings)
    sys.exit(1 if findings.faults else 0)


def without_sign_in(document: dict) -> dict:
    """The document as it is for who has signed in: a request without a token would only ever get a 401."""
    document["components"].pop("securitySchemes")
    for methods in document["paths"].values():
        for operation in methods.values():
            operation.pop("security", None)
    return document


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Holds a running stack against the API's document.")
    parser.add_argument("--document", type=Path, required=True)
    parser.add_argument("--status", type=Path, required=True, help="the status file of a local stack")
    parser.add_argument("--cases", type=int, required=True, help="how many requests, over all operations")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def play(operation, mode, share: int, number: int, stack: Stack, ids: dict, findings: Findings) -> None:
    name = operation.definition.raw["operationId"]

    @seed(number)
    @settings(
        max_examples=share,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case) -> None:
        if mode == GenerationMode.POSITIVE:
            furnish(case, ids)
        elif case.path_parameters:
            # What is wrong elsewhere is only looked at where there is something to change.
            case.path_parameters = known.put(case.path_parameters, ids)
        judge(name, mode, case, stack, findings)

    try:
        ask()
    except Unsatisfiable as error:
        # Nothing can be wrong with an operation that takes nothing.
        if mode == GenerationMode.POSITIVE:
            findings.note(name, f"no case can be drawn: {error}", "")


def furnish(case, ids: dict) -> None:
    for part in ("path_parameters", "query", "body"):
        value = getattr(case, part)
        if isinstance(value, dict):
            setattr(case, part, known.put(value, ids))


def judge(name: str, mode, case, stack: Stack, findings: Findings) -> None:
    response = case.call(base_url=stack.api_url, headers=stack.headers(), timeout=PATIENCE_SECONDS)
    findings.asked[mode.value] += 1
    findings.statuses[response.status_code] += 1
    example = f"{case.as_curl_command()}\n    -> {response.status_code} {response.text}"
    rejection = [] if response.status_code == STALE else [checks.negative_data_rejection]
    try:
        case.validate_response(response, checks=CHECKS + rejection)
    except FailureGroup as group:
        for failure in group.exceptions:
            findings.note(name, failure.title, f"{failure.message}\n    {example}")
    if mode == GenerationMode.POSITIVE and response.status_code >= 400:
        fault = refused_without_reason(name, response.status_code, problem_of(response))
        if fault:
            findings.note(name, fault, example)


def problem_of(response) -> dict:
    try:
        problem = response.json()
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}


def report(findings: Findings) -> None:
    asked = ", ".join(f"{count} {mode}" for mode, count in sorted(findings.asked.items()))
    print(f"{findings.asked.total()} cases ({asked})")
    print("statuses: " + ", ".join(f"{status} x {count}" for status, count in sorted(findings.statuses.items())))
    for (operation, fault), count in findings.faults.most_common():
        print(f"\n{operation}: {fault} ({count} times), first\n    {hidden(findings.examples[operation, fault])}")


def hidden(example: str) -> str:
    """A request for people to read; its token would be a screen long."""
    lines = (line for line in example.splitlines() if "Authorization" not in line)
    return "\n    ".join(line[:SHOWN_CHARACTERS] for line in lines)


if __name__ == "__main__":
    main()
