"""What is judged: the templates as they are rendered in a few settings, and the roles that come of them."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import policies
from policies import Statement
from templates import ACCOUNT, Renderer, Stack, documents, read

PROJECT, ENVIRONMENT = "drs-orchestration", "prod"
MASTER, PIPELINE = "master-template.yaml", "pipeline-role.yaml"
SAMPLE_HASH = "0" * 64
LONG_PROJECT = "p" * 22


def _boundary(project: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:policy/pipeline-{project}-{ENVIRONMENT}-boundary"


INSTANCE_ROLE = f"arn:aws:iam::{ACCOUNT}:role/instances-of-the-customer"

# Every switch off, and every switch on: between them every statement is rendered.
LEAST = {
    MASTER: {"EnableWAF": "false", "MfaConfiguration": "OFF"},
    PIPELINE: {"ExistingProviderArn": f"arn:aws:iam::{ACCOUNT}:oidc-provider/gitlab.com"},
}
MOST = {
    MASTER: {
        "EnableCloudTrail": "true",
        "AlarmEmail": "operations@example.com",
        "InstanceProfileRoleArns": INSTANCE_ROLE,
        "KmsKeyArns": f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/00000000-0000-0000-0000-000000000000",
        "TableKmsKeyArn": f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/00000000-0000-0000-0000-000000000001",
        "PermissionsBoundaryArn": _boundary(PROJECT),
        "OrchestrationReservedConcurrency": 50,
        "ReplicaBucket": f"{PROJECT}-{ENVIRONMENT}-replica-{ACCOUNT}-eu-west-1",
        "ReplicaRegion": "eu-west-1",
    },
    PIPELINE: {"AllowPlans": "true"},
}
# The longest name that a project can have: how long policies get depends on it.
LONGEST = {
    MASTER: {
        **MOST[MASTER],
        "ProjectName": LONG_PROJECT,
        "ReplicaBucket": f"{LONG_PROJECT}-{ENVIRONMENT}-replica-{ACCOUNT}-eu-west-1",
        "PermissionsBoundaryArn": _boundary(LONG_PROJECT),
    },
    PIPELINE: {**MOST[PIPELINE], "ProjectName": LONG_PROJECT},
}
SETTINGS = {"least": LEAST, "most": MOST, "longest": LONGEST}


@dataclass
class Role:
    """A role with all that it is granted: its own policies, those attached to it, and managed ones of the templates."""

    name: str
    template: str
    arn: str
    trust: dict
    boundary: str | None
    managed: list[str]
    statements: list[Statement] = field(default_factory=list)
    inline_length: int = 0

    def name_in_account(self) -> str:
        return self.arn.rsplit("/", 1)[1]


@dataclass
class Managed:
    """A policy that stands for itself."""

    template: str
    arn: str
    statements: list[Statement]
    length: int


@dataclass
class Subject:
    """The stacks of one setting, with their roles and managed policies by logical name."""

    setting: str
    stacks: list[Stack]
    roles: dict[str, Role]
    managed: dict[str, Managed]

    def resources(self) -> list[tuple[str, str, str, dict]]:
        """Of every resource: its template, its logical name, its type, its properties."""
        return [
            (stack.template, logical_id, one["Type"], one["Properties"])
            for stack in self.stacks
            for logical_id, one in stack.resources.items()
        ]

    def is_bounded(self) -> bool:
        """Whether the master was given a boundary for its roles."""
        return self.stacks[0].parameters["PermissionsBoundaryArn"] != ""

    def product_roles(self) -> list[Role]:
        return [role for role in self.roles.values() if role.template != PIPELINE]


def sources(folder: Path) -> dict[str, dict]:
    """Every template of the folder, by its file's name."""
    return {file.name: read(file) for file in sorted(folder.glob("*.yaml"))}


def subjects(written: dict[str, dict]) -> list[Subject]:
    """What is judged, in every setting."""
    return [subject(setting, given, written) for setting, given in SETTINGS.items()]


def subject(setting: str, given: dict[str, dict], written: dict[str, dict]) -> Subject:
    """The templates in one setting."""
    name = f"{given[MASTER].get('ProjectName', PROJECT)}-{ENVIRONMENT}"
    master = Renderer(MASTER, written, {**_required(written[MASTER], name), **given[MASTER]}, name).render()
    pipeline_given = {"Environment": ENVIRONMENT, "GitLabProjectPath": "platform/drs-orchestration", **given[PIPELINE]}
    pipeline = Renderer(PIPELINE, written, pipeline_given, f"pipeline-{name}").render()
    stacks = [*master, *pipeline]
    found = Subject(setting, stacks, {}, {})
    for stack in stacks:
        _collect(stack, found)
    return found


def _required(master: dict, name: str) -> dict:
    values = {"Environment": ENVIRONMENT, "DeploymentBucket": f"{name}-deploy-{ACCOUNT}-eu-central-1"}
    values["AdminEmail"] = "administrator@example.com"
    for name, parameter in master["Parameters"].items():
        if name.endswith("Key") and "Default" not in parameter:
            values[name] = f"artifacts/{name}-{SAMPLE_HASH}"
    return values


def _collect(stack: Stack, found: Subject) -> None:
    """Roles first: policies name them."""
    place = stack.template.removesuffix(".yaml")
    for logical_id, resource in stack.resources.items():
        if resource["Type"] == "AWS::IAM::Role":
            found.roles[logical_id if logical_id not in found.roles else f"{place}.{logical_id}"] = _role(stack, logical_id)
    for logical_id, resource in stack.resources.items():
        properties = resource["Properties"]
        if resource["Type"] == "AWS::IAM::ManagedPolicy":
            document = documents(properties["PolicyDocument"])
            arn = stack.renderer.arn(logical_id)
            read_policy = policies.statements(document, f"{stack.template} {logical_id}")
            found.managed[logical_id] = Managed(stack.template, arn, read_policy, length(document))
            for role in found.roles.values():
                if arn in role.managed or role.name_in_account() in properties.get("Roles", []):
                    role.statements += read_policy
        if resource["Type"] == "AWS::IAM::Policy":
            document = documents(properties["PolicyDocument"])
            for role in found.roles.values():
                if role.name_in_account() in properties.get("Roles", []):
                    role.statements += policies.statements(document, f"{stack.template} {logical_id}")
                    role.inline_length += length(document)


def _role(stack: Stack, logical_id: str) -> Role:
    properties = stack.resources[logical_id]["Properties"]
    role = Role(
        logical_id,
        stack.template,
        stack.renderer.arn(logical_id),
        documents(properties["AssumeRolePolicyDocument"]),
        properties.get("PermissionsBoundary"),
        list(properties.get("ManagedPolicyArns", [])),
    )
    for policy in properties.get("Policies", []):
        document = documents(policy["PolicyDocument"])
        role.statements += policies.statements(document, f"{stack.template} {logical_id}")
        role.inline_length += length(document)
    return role


def length(document: dict) -> int:
    """The characters of a policy as IAM counts them: without white space."""
    return len("".join(json.dumps(document).split()))
