"""What a request that the document allows may still be refused for: what nobody has, rights, states, and what relates
members to each other. Everything else that is refused is a promise of the document that is not kept."""

import re

# Ids, accounts and Regions of the right form that nobody has.
WHAT_NOBODY_HAS = {
    "DRS_NOT_INITIALISED",
    "DRS_NOT_OFFERED",
    "REGION_NOT_ENABLED",
    "REGION_OF_ANOTHER_PARTITION",
    "UNKNOWN_ACCOUNT",
    "UNKNOWN_EXECUTION",
    "UNKNOWN_GROUP",
    "UNKNOWN_REGION",
    "UNKNOWN_SOURCE_SERVER",
    "UNKNOWN_WAVE",
}
# What members say of each other, which no schema of a single one can tell.
RELATIONS = {
    "CYCLE",
    "DUPLICATE_KEY",
    "NEED_TOO_HIGH",
    "NOT_TOGETHER",
    "NO_SERVERS",
    "PLAN_TOO_LARGE",
    "SERVER_IN_TWO_WAVES",
    "SERVER_NOT_IN_GROUP",
}
# The same, where a code says more than that: the operation, the path and the code.
RELATIONS_OF_ONE_OPERATION = {
    # A RECOVERY needs it, a DRILL does not.
    ("startExecution", "confirm", "REQUIRED"),
    # It is compared with the time of the request.
    ("startExecution", "outageDeclaredAt", "OUT_OF_RANGE"),
    # One of the two, and a reason for the second.
    ("resolveExecutionHold", "jobId", "REQUIRED"),
    ("resolveExecutionHold", "reason", "REQUIRED"),
    # The end of the time that is asked for lies before its beginning.
    ("listExecutions", "startedAfter", "OUT_OF_RANGE"),
}
# A wave or a server that the execution does not have: also what nobody has, under a code that says less.
NOT_OF_THE_EXECUTION = {
    "cancelExecution": "giveUpOn",
    "retryExecution": ("sourceServerIds", "waveKey"),
    "skipExecutionWave": "waveKey",
}
# A version that has been changed since is a state too.
STATES = {409, 412}
RIGHTS = {403}
ABSENT = {404}


def refused_without_reason(operation: str, status: int, problem: dict) -> str | None:
    """A sentence about a refusal that the document does not announce, or None."""
    if status < 400 or status >= 500:
        return None
    code = problem.get("code")
    if status in STATES | RIGHTS | ABSENT and code:
        return None
    if status == 400 and code == "INVALID_CURSOR":
        return None
    faults = [(fault["path"], fault["code"]) for fault in problem.get("faults", [])]
    # The places of items say nothing about the kind of a fault.
    kinds = sorted({(re.sub(r"\[\d+\]", "[]", path), kind) for path, kind in faults})
    unannounced = [kind for kind in kinds if not is_announced(operation, *kind)]
    if status == 400 and faults and not unannounced:
        return None
    return f"it is refused with {status} {code} {unannounced}, which the document does not announce"


def is_announced(operation: str, path: str, code: str) -> bool:
    if code == "UNKNOWN_MEMBER" and operation in NOT_OF_THE_EXECUTION:
        return path.startswith(NOT_OF_THE_EXECUTION[operation])
    return code in WHAT_NOBODY_HAS | RELATIONS or (operation, path, code) in RELATIONS_OF_ONE_OPERATION
