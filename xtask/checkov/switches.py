"""Templates with their switches set.

Where a template says `Fn::If`, checkov reads neither answer: it says that a property is missing, or drops the question.
So it is shown each template twice, and reads the answers of the conditions that are true, and of those that are false.
"""

from enum import IntEnum


class Switches(IntEnum):
    """Which answer every `Fn::If` gives: the value is its place among the arguments."""

    ON = 1
    OFF = 2


class _NoValue:
    """What `AWS::NoValue` stands for: whatever has it is not there."""


def set_to(switches: Switches, node):
    """The same part of a template, changed in its place, because its parts know the lines on which they stand."""
    if isinstance(node, dict):
        if node.get("Ref") == "AWS::NoValue":
            return _NoValue
        if "Fn::If" in node:
            return set_to(switches, node["Fn::If"][switches])
        for name in list(node):
            value = set_to(switches, node[name])
            if value is _NoValue:
                del node[name]
            else:
                node[name] = value
    elif isinstance(node, list):
        values = [set_to(switches, value) for value in node]
        node[:] = [value for value in values if value is not _NoValue]
    return node
