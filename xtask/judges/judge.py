"""Judges what the templates grant by the rules that AWS publishes: `python judge.py FOLDER` of the templates.

Prints every finding and ends with 1 when there is one."""

import argparse
import sys
from pathlib import Path

import rule_actions
import rule_borrowed
import rule_escalation
import rule_handlers
import rule_templates
from findings import Finding, Reasons, read_reasons
from subjects import Subject, sources, subjects

# The working tree is no place for compiled copies.
sys.dont_write_bytecode = True


def findings(written: dict[str, dict], reasons: Reasons) -> list[Finding]:
    """What is wrong with the templates as they are written, in any setting."""
    found: set[Finding] = set()
    for subject in subjects(written):
        found.update(findings_of(subject, reasons))
    found.update(reasons.stale(["dependents", "not_borrowed", "handlers"]))
    found.update(rule_handlers.stale(reasons))
    return sorted(found)


def findings_of(subject: Subject, reasons: Reasons) -> list[Finding]:
    """What is wrong in one setting."""
    return [
        *rule_actions.judge(subject, reasons),
        *rule_borrowed.judge(subject, reasons),
        *rule_handlers.judge(subject, reasons),
        *rule_escalation.judge(subject),
        *rule_templates.judge(subject),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description="Judges what the templates grant.")
    parser.add_argument("templates", type=Path, help="folder of the templates")
    arguments = parser.parse_args()
    written = sources(arguments.templates)
    found = findings(written, read_reasons())
    for finding in found:
        print(finding, file=sys.stderr)
    if found:
        print(f"{len(found)} findings about rights", file=sys.stderr)
        return 1
    print("every right that is needed is granted, and none that makes a role stronger than it is")
    return 0


if __name__ == "__main__":
    sys.exit(main())
