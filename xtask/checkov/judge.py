"""Judges the templates by checkov's rules: `python judge.py FOLDER` of the templates.

Prints every finding and ends with 1 when there is one. With `--reasons` it prints what is suppressed, and why."""

import argparse
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from checkov.common.models.enums import CheckResult

from scan import Answer, Place, Scan, Suppression, scan

# The working tree is no place for compiled copies.
sys.dont_write_bytecode = True

# What checkov puts where there is no comment.
NO_COMMENT = "No comment provided"
WORDS_OF_A_SENTENCE = 5


@dataclass(frozen=True, order=True)
class Finding:
    """One place of a template that somebody has to mend or to explain."""

    template: str
    line: int
    what: str
    rule: str

    def __str__(self) -> str:
        place = f"{self.template}:{self.line}" if self.line else self.template
        return f"{place}: {self.what} [{self.rule}]"


@dataclass(frozen=True)
class Judgement:
    """What came of a scan."""

    findings: list[Finding]
    passed: int
    suppressed: list[Suppression]


def judge(scanned: Scan) -> Judgement:
    """What is neither right nor explained, what explains nothing, and what could not be judged."""
    against: dict[Place, Answer] = {}
    for answer in scanned.answers:
        if answer.result is not CheckResult.PASSED:
            against.setdefault(answer.place, answer)
    explained = {one.place for one in scanned.suppressions if is_sentence(one.reason)}
    found = {_unexplained(answer) for place, answer in against.items() if place not in explained}
    for one in scanned.suppressions:
        what = f"{one.place.resource}: the suppression of {one.place.check}"
        if not is_sentence(one.reason):
            found.add(Finding(one.place.template, one.line, f"{what} has no reason in a sentence", "suppression-without-reason"))
        if one.place not in against:
            found.add(Finding(one.place.template, one.line, f"{what} suppresses nothing: take it out", "suppression-without-use"))
    for template in scanned.unread:
        found.add(Finding(template, 0, "checkov saw no resource in it, and has judged nothing", "not-judged"))
    passed = {answer.place for answer in scanned.answers} - set(against)
    suppressed = [one for one in scanned.suppressions if one.place in against]
    return Judgement(sorted(found), len(passed), suppressed)


def is_sentence(reason: object) -> bool:
    """Whether this can be a reason: words enough, a beginning and an end."""
    if not isinstance(reason, str) or reason == NO_COMMENT:
        return False
    return len(reason.split()) >= WORDS_OF_A_SENTENCE and bool(re.match(r"[A-Z].*\.$", reason, re.DOTALL))


def _unexplained(answer: Answer) -> Finding:
    doubt = "it could not be judged whether to say: " if answer.result is CheckResult.UNKNOWN else ""
    what = f"{answer.place.resource} ({answer.type}): {doubt}{answer.words}"
    return Finding(answer.place.template, answer.line, what, answer.place.check)


def main() -> int:
    parser = argparse.ArgumentParser(description="Judges the templates by checkov's rules.")
    parser.add_argument("templates", type=Path, help="folder of the templates")
    parser.add_argument("--reasons", action="store_true", help="print what is suppressed, and why")
    arguments = parser.parse_args()
    judgement = judge(scan(arguments.templates))
    for finding in judgement.findings:
        print(finding, file=sys.stderr)
    if arguments.reasons:
        for one in judgement.suppressed:
            print(f"{one.place.template}:{one.line}: {one.place.resource}: {one.place.check}: {one.reason}")
    if judgement.findings:
        number = len(judgement.findings)
        print("1 finding of checkov" if number == 1 else f"{number} findings of checkov", file=sys.stderr)
        return 1
    print(f"checkov: {judgement.passed} checks passed, {len(judgement.suppressed)} are suppressed with their reasons")
    return 0


if __name__ == "__main__":
    sys.exit(main())
