"""Requests held against the model: every constraint of every member is broken once."""

import copy
import json

import model
from samples import SAMPLES

WRONG_TYPE = {"string": 7, "integer": "seven", "long": "seven", "boolean": "yes", "list": {"a": 1},
              "map": ["a"], "structure": "a"}


def send(simulator, name, members):
    """Sends a request with these members, whatever they are."""
    method, path, body = model.wire_request(name, members)
    return simulator.send(method, path, json.dumps(body) if model.has_body(name) else None)


def try_all(claims, simulator):
    """One claim an operation."""
    broken = 0
    for name, sample in SAMPLES.items():
        mutations = list(breaches(name, sample))
        broken += len(mutations)
        claims.claim(f"{name} refuses each of {len(mutations)} breaches of its model, and takes what fits",
                     lambda name=name, sample=sample, mutations=mutations: differences(
                         simulator, name, sample, mutations))
    print(f"       {broken} constraints of requests were broken, one at a time")


def differences(simulator, name, sample, mutations):
    """Where the simulator's judgement of requests differs from the model's."""
    simulator.control("POST", "reset")
    found = []
    for variant, members in (("the sample", sample), ("an unknown member", {**sample, "inventedMember": {"a": 1}})):
        answer = send(simulator, name, members)
        if answer.error == "ValidationException":
            found.append(f"{name}: {variant} was refused: {answer.text}")
    for what, members in mutations:
        answer = send(simulator, name, members)
        if answer.error != "ValidationException":
            found.append(f"{name}: {what}: answered {answer.status} {answer.error or answer.text[:120]}")
        else:
            found += [f"{one} ({what})" for one in model.error_differences(name, "ValidationException", answer)]
            reason = (answer.body or {}).get("reason")
            if reason not in ("fieldValidationFailed", "cannotParse") or not answer.body.get("fieldList"):
                found.append(f"{name}: {what}: no field is named: {answer.text}")
    return found


def breaches(name, sample):
    """(what, members) for each constraint of the input shape, broken."""
    shape = model.operation(name).input_shape
    if shape is None:
        return
    for where, inner, required in members_of(shape, sample, ()):
        for what, value in broken_values(inner):
            if what == "of another type" and in_the_address(shape, where):
                continue
            yield f"{'.'.join(map(str, where))} {what}", changed(sample, where, value)
        if required and shape.members[where[0]].serialization.get("location") != "uri":
            yield f"{'.'.join(map(str, where))} left out", changed(sample, where, None)


def in_the_address(shape, where):
    """Whether a member stands in the path or the query, where everything is a text."""
    return shape.members[where[0]].serialization.get("location") in ("uri", "querystring")


def members_of(shape, value, where):
    """Every member that the model has, with its place; lists are entered at their first item."""
    for member, inner in shape.members.items():
        here = (*where, member)
        yield here, inner, member in shape.required_members
        given = value.get(member) if isinstance(value, dict) else None
        if inner.type_name == "structure":
            yield from members_of(inner, given or {}, here)
        elif inner.type_name == "list" and given:
            yield (*here, 0), inner.member, False
            if inner.member.type_name == "structure":
                yield from members_of(inner.member, given[0], (*here, 0))


def broken_values(shape):
    """Values that break the shape, each in one way."""
    yield "of another type", WRONG_TYPE[shape.type_name]
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    pattern = shape.metadata.get("pattern")
    if shape.type_name == "string":
        if shape.enum:
            yield "outside the enumeration", "INVENTED_VALUE"
        if pattern:
            yield "outside the pattern", "?" * (least or 1)
        if most is not None:
            yield "too long", "a" * (most + 1)
    elif shape.type_name in ("integer", "long"):
        if least is not None:
            yield "too small", least - 1
        if most is not None:
            yield "too large", most + 1
    elif shape.type_name == "list":
        if least:
            yield "too short", []
        if most is not None and shape.member.type_name == "string":
            yield "too long", [valid_text(shape.member)] * (most + 1)
        if shape.member.metadata.get("pattern"):
            yield "with a member outside the pattern", ["?" * 19]
        if most is not None and shape.member.type_name == "structure":
            yield "too long", [{name: valid_text(inner) for name, inner in shape.member.members.items()
                                if name in shape.member.required_members}] * (most + 1)
    elif shape.type_name == "map":
        if shape.key.metadata.get("max") is not None:
            yield "with a long key", {"k" * (shape.key.metadata["max"] + 1): "v"}
        if shape.value.metadata.get("max") is not None:
            yield "with a long value", {"k": "v" * (shape.value.metadata["max"] + 1)}


def valid_text(shape):
    """A text that fits an identifier's shape."""
    prefixes = {"s-": "s-00000000000000001", "drsjob-": "drsjob-00000000000000001", "i-": "i-0123456789abcdef0",
                "pit-": "pit-00000000000000001", "rct-": "rct-00000000000000001", "lct-": "lct-00000000000000001",
                ".*[0-9]{12,}": "111122223333"}
    pattern = shape.metadata.get("pattern", "")
    return next((text for prefix, text in prefixes.items() if pattern.startswith(prefix)), "a")


def changed(sample, where, value):
    """A copy of the sample with this value at this place; None takes the member out."""
    members = copy.deepcopy(sample)
    place = members
    for step, after in zip(where[:-1], where[1:]):
        if isinstance(place, dict) and step not in place:
            place[step] = [] if isinstance(after, int) else {}
        place = place[step]
    if value is None:
        place.pop(where[-1], None)
    elif isinstance(place, list):
        place[where[-1]] = value
    else:
        place[where[-1]] = value
    return members
