"""Wildcards as IAM reads them: `*` for any text, `?` for one letter."""

import functools
import re

ARN_PARTS = 6


@functools.cache
def _expression(pattern: str) -> re.Pattern:
    parts = (".*" if letter == "*" else "." if letter == "?" else re.escape(letter) for letter in pattern)
    return re.compile("".join(parts), re.DOTALL)


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern means this text."""
    return _expression(pattern).fullmatch(text) is not None


@functools.cache
def meet(left: str, right: str) -> bool:
    """Whether there is a text that both patterns mean."""
    if not left:
        return right.strip("*") == ""
    if not right:
        return left.strip("*") == ""
    if left[0] == "*":
        return meet(left[1:], right) or meet(left, right[1:])
    if right[0] == "*":
        return meet(left, right[1:]) or meet(left[1:], right)
    if left[0] == right[0] or "?" in (left[0], right[0]):
        return meet(left[1:], right[1:])
    return False


@functools.cache
def arns_meet(pattern: str, arn_format: str) -> bool:
    """Whether a resource of a policy can be an ARN of this format, part by part, as IAM compares them."""
    if pattern == "*":
        return True
    theirs = re.sub(r"\$\{[^}]*\}", "*", arn_format)
    ours = pattern.split(":", ARN_PARTS - 1)
    theirs = theirs.split(":", ARN_PARTS - 1)
    return len(ours) == len(theirs) and all(meet(left, right) for left, right in zip(ours, theirs))
