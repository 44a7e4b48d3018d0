"""Errors held against the model: each error of each operation, raw and as boto3 reads it."""

import json

import botocore.exceptions

import model
from samples import SAMPLES

# Any operation may answer these, whether its own list names them or not.
COMMON = ("ThrottlingException", "InternalServerException", "AccessDeniedException", "ValidationException")


def errors_of(name):
    """The errors that an operation models, and the common ones."""
    modelled = [shape.name for shape in model.operation(name).error_shapes]
    return sorted(set(modelled) | set(COMMON))


def try_all(claims, simulator, client):
    """One claim an operation."""
    pairs = 0
    for name in SAMPLES:
        errors = errors_of(name)
        pairs += len(errors)
        claims.claim(f"{name} fails with each of {len(errors)} errors as the model and boto3 know them",
                     lambda name=name, errors=errors: differences(simulator, client, name, errors))
    print(f"       {pairs} pairs of operation and error were seen")


def differences(simulator, client, name, errors):
    """Where error answers differ from the model, or are read as something else."""
    found = []
    for error in errors:
        found += raw(simulator, name, error) + through_boto3(simulator, client, name, error)
    return found


def post_fault(simulator, name, error):
    """The next request of this operation fails so."""
    retries = error in ("ThrottlingException", "InternalServerException")
    effect = {"error": error, **({"retry_after": 3} if retries else {})}
    simulator.control("POST", "faults", {"when": {"op": name}, "do": effect, "times": 1})


def raw(simulator, name, error):
    """Status, headers and members on the wire."""
    post_fault(simulator, name, error)
    method, path, body = model.wire_request(name, SAMPLES[name])
    answer = simulator.send(method, path, json.dumps(body) if model.has_body(name) else None)
    found = model.error_differences(name, error, answer)
    if error in ("ThrottlingException", "InternalServerException") and answer.headers.get("retry-after") != "3":
        found.append(f"{name}: {error} without its Retry-After")
    return found


def through_boto3(simulator, client, name, error):
    """The exception that boto3 raises."""
    post_fault(simulator, name, error)
    call = getattr(client, botocore_name(name))
    try:
        call(**SAMPLES[name])
    except botocore.exceptions.ClientError as raised:
        code = raised.response["Error"]["Code"]
        right_type = isinstance(raised, getattr(client.exceptions, error))
        return [] if code == error and right_type else [f"{name}: boto3 reads {error} as {code} ({type(raised).__name__})"]
    return [f"{name}: boto3 sees no {error}"]


def botocore_name(name):
    """`DescribeJobs` as `describe_jobs`."""
    from botocore import xform_name
    return xform_name(name)
