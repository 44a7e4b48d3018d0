"""Puts what is there in the place of drawn ids that nobody has, so that requests get further than to a 404."""

import zlib

# Members and parameters, and what they name.
NAMES = {
    "accountId": "accountId",
    "continueFrom": "executionId",
    "executionId": "executionId",
    "giveUpOn": "sourceServerId",
    "protectionGroupId": "protectionGroupId",
    "protectionGroupIds": "protectionGroupId",
    "recoveryPlanId": "recoveryPlanId",
    "region": "region",
    "sourceServerId": "sourceServerId",
    "sourceServerIds": "sourceServerId",
    "waveKey": "waveKey",
}
# In so many of ten requests a drawn id stays.
DRAWN_OF_TEN = 2


def put(value, known: dict[str, list[str]], name: str = ""):
    """The value with ids that are there. What stands where depends on the value alone, so that a seed draws the same."""
    if isinstance(value, dict):
        return {member: put(inner, known, member) for member, inner in value.items()}
    if isinstance(value, list):
        return distinct(value, known, name)
    ids = known.get(NAMES.get(name, ""), [])
    if not ids or not isinstance(value, str):
        return value
    number = zlib.crc32(f"{name} {value}".encode("utf-8", "surrogatepass"))
    return value if number % 10 < DRAWN_OF_TEN else ids[number // 10 % len(ids)]


def distinct(values: list, known: dict[str, list[str]], name: str) -> list:
    """A list of different items stays one."""
    were_distinct = all(value not in values[:place] for place, value in enumerate(values))
    result = []
    for value in values:
        replaced = put(value, known, name)
        result.append(value if were_distinct and replaced in result else replaced)
    return result
