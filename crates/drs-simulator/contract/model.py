"""botocore's own service model of DRS: where a request goes, and what an answer may look like."""

import re
import urllib.parse

import botocore.session

SERVICE = botocore.session.get_session().get_service_model("drs")


def operation(name):
    """The model of one operation."""
    return SERVICE.operation_model(name)


def wire_request(name, members):
    """Method, path and JSON members of a request, as the model's bindings say."""
    model = operation(name)
    path, query, body = model.http["requestUri"], [], {}
    shapes = model.input_shape.members if model.input_shape else {}
    for member, value in members.items():
        serialization = shapes[member].serialization if member in shapes else {}
        wire_name = serialization.get("name", member)
        location = serialization.get("location")
        if location == "uri":
            path = path.replace("{" + wire_name + "}", urllib.parse.quote(str(value), safe=""))
        elif location == "querystring":
            query += [(wire_name, one) for one in (value if isinstance(value, list) else [value])]
        else:
            body[wire_name] = value
    if query:
        path += "?" + urllib.parse.urlencode(query)
    return model.http["method"], path, body


def has_body(name):
    """Whether requests of this operation carry a body."""
    return operation(name).http["method"] == "POST"


def answer_differences(name, answer, known=()):
    """Where a successful answer differs from the model: status, body, members."""
    model = operation(name)
    wanted = model.http.get("responseCode", 200)
    found = [] if answer.status == wanted else [f"{name}: status {answer.status}, the model says {wanted}"]
    if answer.error:
        return found + [f"{name}: {answer.error}: {answer.text}"]
    output = model.output_shape
    if output is None or not output.members:
        empty = answer.text in ("", "{}") and (wanted != 204 or answer.text == "")
        return found if empty else found + [f"{name}: a body where the model has none: {answer.text}"]
    if not isinstance(answer.body, dict):
        return found + [f"{name}: the body is no JSON object: {answer.text!r}"]
    return found + [one for one in shape_differences(name, output, answer.body) if one not in known]


def error_differences(name, error, answer):
    """Where an error answer differs from the model of this error."""
    shape = SERVICE.shape_for(error)
    status = shape.metadata["error"]["httpStatusCode"]
    found = [] if answer.status == status else [f"{name}: {error} with status {answer.status}, the model says {status}"]
    if answer.error != error:
        found.append(f"{name}: x-amzn-errortype says {answer.error!r}, not {error}")
    if not answer.headers.get("x-amzn-requestid"):
        found.append(f"{name}: {error} without x-amzn-RequestId")
    body = dict(answer.body or {})
    for member, inner in shape.members.items():
        if inner.serialization.get("location") == "header":
            value = answer.headers.get(inner.serialization["name"].lower())
            if value is not None and not value.isdigit():
                found.append(f"{name}: {error}.{member} is {value!r}")
    return found + shape_differences(f"{name}: {error}", shape, body)


def shape_differences(path, shape, value):
    """Where a value differs from its shape."""
    check = CHECKS.get(shape.type_name)
    return check(path, shape, value) if check else [f"{path}: the contract knows no type {shape.type_name}"]


def _structure(path, shape, value):
    if not isinstance(value, dict):
        return [f"{path}: {value!r} is no structure"]
    found = []
    members = {inner.serialization.get("name", name): inner for name, inner in shape.members.items()
               if inner.serialization.get("location") is None}
    for name in shape.required_members:
        if name not in value:
            found.append(f"{path}.{name}: required and absent")
    for name, inner_value in value.items():
        if name not in members:
            found.append(f"{path}.{name}: unknown to the model")
        elif inner_value is None:
            found.append(f"{path}.{name}: null, where the member must be left out")
        else:
            found += shape_differences(f"{path}.{name}", members[name], inner_value)
    if getattr(shape, "is_tagged_union", False) and len(value) != 1:
        found.append(f"{path}: a union has one member, not {sorted(value)}")
    return found


def _list(path, shape, value):
    if not isinstance(value, list):
        return [f"{path}: {value!r} is no list"]
    found = _size(path, shape, len(value))
    for one in value:
        found += shape_differences(f"{path}[]", shape.member, one)
    return found


def _map(path, shape, value):
    if not isinstance(value, dict):
        return [f"{path}: {value!r} is no map"]
    found = _size(path, shape, len(value))
    for key, inner in value.items():
        found += shape_differences(f"{path}.key", shape.key, key)
        found += shape_differences(f"{path}.{key}", shape.value, inner)
    return found


def _string(path, shape, value):
    if not isinstance(value, str):
        return [f"{path}: {value!r} is no string"]
    found = _size(path, shape, len(value))
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(pattern, value):
        found.append(f"{path}: {value!r} does not match {pattern}")
    if shape.enum and value not in shape.enum:
        found.append(f"{path}: {value} is not in the enumeration")
    return found


def _number(path, shape, value):
    if isinstance(value, bool) or not isinstance(value, int):
        return [f"{path}: {value!r} is no whole number"]
    return _size(path, shape, value)


def _boolean(path, _shape, value):
    return [] if isinstance(value, bool) else [f"{path}: {value!r} is no boolean"]


def _timestamp(path, _shape, value):
    text = isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value)
    return [] if text else [f"{path}: {value!r} is no ISO 8601 time"]


def _size(path, shape, size):
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if (least is not None and size < least) or (most is not None and size > most):
        return [f"{path}: {size} is not within {least}..{most}"]
    return []


CHECKS = {
    "structure": _structure, "list": _list, "map": _map, "string": _string, "integer": _number,
    "long": _number, "boolean": _boolean, "timestamp": _timestamp,
}
